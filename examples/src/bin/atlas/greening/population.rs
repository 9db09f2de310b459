//! The trees as a population: which species, of what age, how diverse, how much carbon.
use datagora::core::{Bilingual, Dataset, Language, Measured, Unit};
use datagora::indicators::greening::{
    AgeClass, CarbonOptions, Dominant, IdealAges, SantamourRule, TaxonRank, age_structure,
};
use datagora::viz::{BarChart, format_number, format_percent};

use crate::figures::titled;
use crate::material::Inventory;
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Trouble, blend, captions};

/// How many species are shown.
const SHOWN: usize = 12;

/// Adds the views of the population of trees to the chapter.
pub(super) fn add(
    data: &Dataset<Inventory>,
    recorder: &mut Recorder,
    chapter: &mut Chapter,
    progress: &mut Progress,
) {
    let about = || Bilingual::new("Population d’arbres", "Population of trees");
    let plate = progress.step("greening: species of trees", || species(data, recorder));
    recorder.plate(chapter, about(), plate);
    let plate = progress.step("greening: ages of trees", || ages(data, recorder));
    recorder.plate(chapter, about(), plate);
    // Figures speak of the place alone.
    if data.payload().elsewhere.is_none()
        && let Err(trouble) = progress.step("greening: carbon in trees", || figures(data, recorder, chapter))
    {
        recorder.fail(about(), trouble.as_ref());
    }
}

fn figures(data: &Dataset<Inventory>, recorder: &Recorder, chapter: &mut Chapter) -> Result<(), Trouble> {
    let language = recorder.language;
    let trees = &data.payload().trees;
    if let Some(species) = trees.diversity(TaxonRank::Species).hill(1.0).value() {
        let label = recorder.say(
            "espèces d’arbres également fréquentes seraient aussi diverses (nombre de Hill d’ordre 1)",
            "equally common species of trees would be as diverse (Hill number of order 1)",
        );
        chapter.figures.push((format_number(species, 1, language), label));
    }
    let carbon = trees.carbon(&CarbonOptions::default())?;
    let known = format_percent(carbon.total.measured().completeness(), 0, language);
    let words = carbon.total.text(language);
    // The number stands large, what it is worth beside it.
    let (number, range) = words.split_once(" (").unwrap_or((&words, ""));
    let range = range.trim_end_matches(')');
    let label = match language {
        Language::French => format!(
            "de carbone dans les arbres recensés ({range}, {known} des arbres ont une équation et une circonférence)"
        ),
        Language::English => format!(
            "of carbon in the recorded trees ({range}, {known} of the trees have an equation and a girth)"
        ),
    };
    chapter.figures.push((number.to_owned(), label));
    Ok(())
}

/// Why trees of elsewhere are here.
fn warning(inventory: &Inventory, language: Language) -> Option<String> {
    let place = inventory.elsewhere.as_ref()?.get(language);
    Some(match language {
        Language::French => format!(
            "Ces arbres sont à {place}\u{202f}; ils ne disent rien de ce territoire, dont l’inventaire à notre disposition n’a pas d’espèces. La \
             figure montre ce que l’atlas dirait avec elles."
        ),
        Language::English => format!(
            "These trees are in {place}; they say nothing of this place, whose inventory at hand has no species. The picture shows what \
             the atlas would say with them."
        ),
    })
}

/// The most common species against the limit of a tenth, and how diverse all are.
fn species(data: &Dataset<Inventory>, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let inventory = data.payload();
    let trees = &inventory.trees;
    let rule = SantamourRule::TEN_TWENTY_THIRTY;
    let metadata = blend(
        "species of trees",
        &[
            ("limits of species, genus and family, %", "10, 20, 30"),
            ("of", "all trees, unidentified ones too"),
        ],
        &[data],
    )?;
    let (all, counts) = (trees.len(), trees.counts(TaxonRank::Species));
    let share = |count: u64| 100.0 * count as f64 / all as f64;
    let bars = counts
        .iter()
        .map(|&(name, count)| (name, Measured::new(share(count), Unit::PERCENT).with_observations(count)));
    let diversity = trees.diversity(TaxonRank::Species);
    let found = trees.santamour(rule);
    let number = |value: &Measured, decimals| {
        value.value().map_or_else(
            || recorder.say("inconnu", "unknown"),
            |value| format_number(value, decimals, language),
        )
    };
    let largest = |dominant: &Dominant, limit: f64| {
        let name = dominant.name.as_deref().unwrap_or("–");
        let share = dominant.share.value().unwrap_or(f64::NAN) / 100.0;
        let verdict = match dominant.keeps {
            Some(true) => language.pick("tenue", "kept"),
            Some(false) => language.pick("dépassée", "exceeded"),
            None => language.pick("incertaine", "uncertain"),
        };
        let (share, limit) = (format_percent(share, 0, language), format_percent(limit / 100.0, 0, language));
        match language {
            Language::French => format!("{name} {share} (limite de {limit} {verdict})"),
            Language::English => format!("{name} {share} (limit of {limit} {verdict})"),
        }
    };
    let (genus, family) = (largest(&found.genus, rule.genus), largest(&found.family, rule.family));
    let (kinds, alike) = (number(&diversity.richness(), 0), number(&diversity.hill(1.0), 1));
    let known = format_percent(diversity.richness().completeness(), 0, language);
    let total = format_number(all as f64, 0, language);
    let note = match language {
        Language::French => format!(
            "Règle de Santamour (1990)\u{a0}: au plus 10\u{202f}% d’une espèce, 20\u{202f}% d’un genre, 30\u{202f}% d’une famille. Premier genre\u{a0}: {genus}. \
             Première famille\u{a0}: {family}. {kinds} espèces, aussi diverses que {alike} espèces également fréquentes (nombre de Hill \
             d’ordre 1). L’espèce de {known} des arbres est connue\u{202f}; les parts sont celles de tous. Un inventaire complet n’est pas \
             un échantillon\u{a0}: il n’y a pas d’intervalle."
        ),
        Language::English => format!(
            "Santamour’s rule (1990): at most 10% of a species, 20% of a genus, 30% of a family. First genus: {genus}. First family: \
             {family}. {kinds} species, as diverse as {alike} equally common ones (Hill number of order 1). The species of {known} of the \
             trees is known; shares are of all. A whole inventory is no sample: there is no interval."
        ),
    };
    let place = inventory.elsewhere.as_ref();
    let title = titled(place, "une espèce domine-t-elle\u{202f}?", "does one species dominate?", language);
    let subtitle = match language {
        Language::French => format!("part des {total} arbres recensés, {SHOWN} premières espèces"),
        Language::English => format!("share of the {total} recorded trees, first {SHOWN} species"),
    };
    let mut words = captions("greening-species", &title, &subtitle, &metadata, language).with_note(note);
    if let Some(warning) = warning(inventory, language) {
        words = words.with_note(warning);
    }
    let chart = BarChart::new(Unit::PERCENT)
        .with_heading(language.pick("Espèce", "Species"))
        .with_bars(bars)
        .sorted()
        .with_limit(SHOWN)
        .with_reference(rule.species, language.pick("limite d’une espèce", "limit of a species"));
    Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
}

/// Ages by thickness against a lasting population, or by the words of the inventory where nothing was measured.
fn ages(data: &Dataset<Inventory>, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let inventory = data.payload();
    let trees = &inventory.trees;
    let measured = trees.diameters().iter().any(|diameter| !diameter.is_nan());
    let (bars, parameters, subtitle, note) =
        if measured { by_thickness(inventory, recorder)? } else { by_words(inventory, recorder) };
    let metadata = blend("ages of trees", &[("by", parameters)], &[data])?;
    let place = inventory.elsewhere.as_ref();
    let title = titled(place, "des arbres de tous les âges\u{202f}?", "trees of all ages?", language);
    let mut words = captions("greening-ages", &title, &subtitle, &metadata, language).with_note(note);
    if let Some(warning) = warning(inventory, language) {
        words = words.with_note(warning);
    }
    let heading = language.pick("Classe", "Class");
    let chart = BarChart::new(Unit::PERCENT).with_heading(heading).with_bars(bars);
    Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
}

/// Bars, what they are by, subtitle, note.
type Ages = (Vec<(String, Measured)>, &'static str, String, String);

fn by_thickness(inventory: &Inventory, recorder: &Recorder) -> Result<Ages, Trouble> {
    let language = recorder.language;
    let found = age_structure(inventory.trees.diameters(), &IdealAges::richards(), 0.95)?;
    let bars = found.classes.iter().map(|class| {
        let (from, ideal) = (class.from, format_percent(class.ideal / 100.0, 0, language));
        let name = match (language, class.below) {
            (Language::French, Some(below)) => format!("{from} à {below} cm (visée {ideal})"),
            (Language::English, Some(below)) => format!("{from} to {below} cm (aim {ideal})"),
            (Language::French, None) => format!("{from} cm et plus (visée {ideal})"),
            (Language::English, None) => format!("{from} cm and more (aim {ideal})"),
        };
        (name, class.share.clone())
    });
    let percent = |value: &Measured| format_percent(value.value().unwrap_or(f64::NAN) / 100.0, 0, language);
    let (gap, missing) = (percent(&found.gap), percent(&found.missing));
    let note = match language {
        Language::French => format!(
            "Visée\u{a0}: ce qu’il faut de chaque classe pour que la population dure (Richards 1983). {gap} des arbres devraient être dans une \
             autre classe. Le diamètre manque pour {missing} des arbres\u{202f}; traits\u{a0}: 95\u{202f}%, comme si les autres étaient tirés au \
             hasard. Le diamètre ne vaut âge qu’au sein d’une espèce."
        ),
        Language::English => format!(
            "Aim: what a population needs in each class to last (Richards 1983). {gap} of the trees would have to be in another class. The \
             diameter of {missing} of the trees is missing; whiskers: 95%, as if the others were drawn at random. Diameter stands for \
             age only within a species."
        ),
    };
    let subtitle = recorder.say(
        "part des arbres par diamètre du tronc à 1,3 m, de ceux dont il est connu",
        "share of the trees by diameter of the trunk at 1.3 m, of those of which it is known",
    );
    Ok((bars.collect(), "diameter at breast height, Richards (1983)", subtitle, note))
}

fn by_words(inventory: &Inventory, recorder: &Recorder) -> Ages {
    let language = recorder.language;
    let classes = inventory.trees.age_classes();
    let known = classes.iter().flatten().count();
    let all = [AgeClass::Young, AgeClass::YoungAdult, AgeClass::Adult, AgeClass::Old];
    let bars = all.into_iter().filter_map(|class| {
        let count = classes.iter().filter(|of| **of == Some(class)).count();
        let value = Measured::new(100.0 * count as f64 / known as f64, Unit::PERCENT)
            .with_observations(count as u64)
            .with_completeness(known as f64 / classes.len() as f64);
        (count > 0).then(|| (class.name(language).to_owned(), value))
    });
    let share = format_percent(known as f64 / classes.len() as f64, 0, language);
    let note = match language {
        Language::French => format!(
            "Le stade de développement de {share} des arbres est connu\u{202f}; il est jugé à l’œil. L’inventaire ne mesure ni diamètre ni \
             hauteur\u{a0}: il n’en suit aucune masse de carbone, et aucune comparaison avec une répartition qui dure."
        ),
        Language::English => format!(
            "The stage of growth of {share} of the trees is known; it is judged by eye. The inventory measures neither diameter nor height: \
             no mass of carbon follows from it, and no comparison with a distribution that lasts."
        ),
    };
    let subtitle = recorder.say(
        "part des arbres par stade de développement, de ceux dont il est connu",
        "share of the trees by stage of growth, of those of which it is known",
    );
    (bars.collect(), "stage of growth", subtitle, note)
}
