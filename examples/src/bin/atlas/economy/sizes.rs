//! Which activities have large establishments.
use std::collections::BTreeMap;

use datagora::core::{Dataset, Measured, Unit};
use datagora::viz::{Colour, Sankey, format_percent};

use super::Work;
use crate::material::Establishments;
use crate::recorder::{Plate, Recorder, Trouble, captions};

/// Activities shown one by one; the others are one node.
const SHOWN: usize = 8;
/// Least staff of each class, its words, and its colour: the more staff the darker.
const SIZES: [(u32, &str, &str, Colour); 5] = [
    (0, "aucun salarié", "no employee", Colour::rgb(198, 219, 239)),
    (1, "1 à 9 salariés", "1 to 9 employees", Colour::rgb(133, 188, 220)),
    (10, "10 à 49 salariés", "10 to 49 employees", Colour::rgb(66, 146, 198)),
    (50, "50 à 249 salariés", "50 to 249 employees", Colour::rgb(8, 88, 158)),
    (250, "250 salariés et plus", "250 employees or more", Colour::rgb(8, 40, 90)),
];
/// Activities named for their large establishments.
const NAMED: usize = 3;
const LARGEST: usize = SIZES.len() - 1;
/// Establishments whose staff is not known.
const UNKNOWN: usize = SIZES.len();

pub(super) fn plate(
    data: &Dataset<Establishments>,
    work: &Work,
    recorder: &Recorder,
    figures: &mut Vec<(String, String)>,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let ranked = work.ranked(work.sectors.len(), |sector| work.table.establishments(None, Some(sector)));
    // One more would be as long as « the others ».
    let shown = if ranked.len() <= SHOWN + 1 { ranked.len() } else { SHOWN };
    let mut counts: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    let inside = work.located.iter().zip(&work.sector).zip(&data.payload().staff);
    for ((_, sector), staff) in inside.filter(|((commune, _), _)| commune.is_some()) {
        let rank = ranked.iter().position(|&of| Some(of as u32) == *sector);
        let Some(rank) = rank else { continue };
        let size = staff.map_or(UNKNOWN, |staff| {
            SIZES.iter().rposition(|(least, ..)| *least <= staff.bounds().0).unwrap_or(0)
        });
        *counts.entry((rank, size)).or_default() += 1;
    }
    let unit = Unit::of("{establishment}");
    let size_name = |size: usize| {
        SIZES
            .get(size)
            .map_or(language.pick("effectif inconnu", "staff unknown"), |(_, french, english, _)| {
                language.pick(french, english)
            })
    };
    let mut chart = Sankey::new(unit.clone())
        .with_stages([recorder.say("Activité", "Activity"), recorder.say("Taille", "Size")])
        .coloured_by_target()
        .in_given_order()
        .with_colour(size_name(UNKNOWN), Colour::MUTED.lighter(0.5));
    for (size, (.., colour)) in SIZES.iter().enumerate() {
        chart = chart.with_colour(size_name(size), *colour);
    }
    let others = recorder.say("autres activités", "other activities");
    let mut links: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for (&(rank, size), count) in &counts {
        *links.entry((rank.min(shown), size)).or_default() += count;
    }
    for ((node, size), count) in links {
        let activity = if node < shown { &work.sectors[ranked[node]] } else { &others };
        chart = chart.with_colour(activity, Colour::MUTED).with_transition(
            0,
            activity,
            size_name(size),
            Measured::new(count as f64, unit.clone()),
        );
    }
    let of_size = |wanted: usize| -> u64 {
        counts.iter().filter(|((_, size), _)| *size == wanted).map(|(_, count)| count).sum()
    };
    let all: u64 = counts.values().sum();
    let known = all - of_size(UNKNOWN);
    if known == 0 {
        return Err("no establishment of the communes has a bracket of staff; sizes need some".into());
    }
    let small = format_percent((of_size(0) + of_size(1)) as f64 / known as f64, 0, language);
    let few = recorder.say(
        "des établissements industriels ont moins de dix salariés",
        "of industrial establishments have fewer than ten employees",
    );
    let title = format!("{small} {few}");
    figures.push((small, few));
    let subtitle = recorder.say(
        "nombre d’établissements des communes, de leur activité à leur tranche d’effectif",
        "number of establishments of the communes, from their activity to their bracket of staff",
    );
    let mut large: Vec<(usize, u64)> = counts
        .iter()
        .filter(|((_, size), _)| *size == LARGEST)
        .map(|((rank, _), count)| (*rank, *count))
        .collect();
    large.sort_by_key(|&(rank, count)| (std::cmp::Reverse(count), rank));
    let large: Vec<String> = large
        .iter()
        .take(NAMED)
        .map(|(rank, count)| format!("{} ({count})", work.sectors[ranked[*rank]]))
        .collect();
    let mut note = recorder.say(
        "Des nombres d’établissements ne sont pas secrets.",
        "Numbers of establishments are not secret.",
    );
    if !large.is_empty() {
        let lead = language
            .pick("De 250 salariés et plus, surtout\u{a0}: ", "Of 250 employees or more, above all: ");
        note = format!("{lead}{}. {note}", large.join(language.pick("\u{202f}; ", "; ")));
    }
    if of_size(UNKNOWN) > 0 {
        note.push_str(language.pick(
            " Ceux dont la tranche manque ne sont pas dans ce pourcentage.",
            " Those whose bracket is missing are not in this percentage.",
        ));
    }
    let words = captions("economy-sizes", &title, &subtitle, &work.metadata, language).with_note(note);
    Ok(Plate { view: chart.draw(&words)?, metadata: work.metadata.clone(), geometry: None })
}
