//! What to remember of a chapter: five lines at most, made of its key figures and of the views that tell most.
use datagora::core::Language;
use datagora::viz;

use crate::recorder::Chapter;

/// Lines at most: more are not kept in mind.
const LINES: usize = 5;
/// Lines of views, if there are so many.
const OF_VIEWS: usize = 2;
/// Views whose highest and lowest rows say something to people who live there, the most telling of a chapter first.
const TELLING: [&str; 5] = [
    "mobility-counters",
    "greening-trees-hectare",
    "greening-parks",
    "economy-jobs",
    "economy-specialisation",
];

/// A line made of a view.
struct Told<'a> {
    number: String,
    label: String,
    view: &'a str,
}

/// Opens a chapter of the page with its lines; key figures that are not among them come after.
///
/// Of more figures than there is room for, those are taken that are spread evenly over the chapter, as are the views that they are of.
pub(crate) fn open(section: viz::Chapter, chapter: &Chapter, language: Language) -> viz::Chapter {
    let told: Vec<Told<'_>> = TELLING.iter().filter_map(|id| tell(chapter, id, language)).collect();
    let chosen = spread(chapter.figures.len(), LINES - told.len().min(OF_VIEWS));
    let mut section = section;
    for (number, label) in chosen.iter().map(|&at| &chapter.figures[at]) {
        section = section.with_takeaway(number, label, None);
    }
    for line in told.into_iter().take(LINES - chosen.len()) {
        section = section.with_takeaway(line.number, line.label, Some(line.view));
    }
    let rest = (0..chapter.figures.len()).filter(|at| !chosen.contains(at));
    rest.fold(section, |section, at| {
        let (number, label) = &chapter.figures[at];
        section.with_figure(number, label)
    })
}

/// This many of `all` places, spread evenly from the first to the last; all of them if there are not more.
fn spread(all: usize, wanted: usize) -> Vec<usize> {
    match (all <= wanted, wanted) {
        (true, _) => (0..all).collect(),
        (false, 0 | 1) => (0..wanted).collect(),
        (false, _) => (0..wanted).map(|at| (at * (all - 1) + (wanted - 1) / 2) / (wanted - 1)).collect(),
    }
}

/// The highest and the lowest row of a view.
fn tell<'a>(chapter: &'a Chapter, id: &str, language: Language) -> Option<Told<'a>> {
    let view = &chapter.plates.iter().find(|plate| plate.view.id() == id)?.view;
    let highest = view.table().highest(language)?;
    let title = view.title();
    let colon = language.pick("\u{a0}: ", ": ");
    let mut label = format!("{title}{colon}maximum, {}", named(&highest.rows, language));
    if let Some(lowest) = view.table().lowest(language) {
        let semicolon = language.pick("\u{202f}; ", "; ");
        label = format!("{label}{semicolon}minimum, {} ({})", named(&lowest.rows, language), lowest.amount);
    }
    Some(Told { number: highest.amount, label, view: view.id() })
}

/// One of them by name, and how many others.
fn named(rows: &[String], language: Language) -> String {
    match rows {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} {} {second}", language.pick("et", "and")),
        [first, rest @ ..] => {
            let others = language.group_digits(rest.len() as u64);
            match language {
                Language::French => format!("{first} et {others} autres"),
                Language::English => format!("{first} and {others} others"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_spread_over_the_chapter() {
        assert_eq!(spread(2, 3), [0, 1]);
        assert_eq!(spread(5, 3), [0, 2, 4]);
        assert_eq!(spread(12, 3), [0, 6, 11]);
        assert_eq!(spread(9, 5), [0, 2, 4, 6, 8]);
        assert_eq!(spread(7, 1), [0]);
        assert_eq!(spread(7, 0), [0; 0]);
    }

    #[test]
    fn rows_of_one_value_are_counted() {
        let rows = ["Bron", "Lyon", "Oullins"].map(String::from);
        assert_eq!(named(&rows[..1], Language::French), "Bron");
        assert_eq!(named(&rows[..2], Language::English), "Bron and Lyon");
        assert_eq!(named(&rows, Language::French), "Bron et 2 autres");
    }
}
