//! Names of made places.
use std::collections::BTreeSet;

use crate::random::Stream;

const STEMS: [&str; 20] = [
    "Clair", "Mont", "Roche", "Bel", "Font", "Haute", "Vieu", "Pré", "Char", "Noire", "Bois", "Ferre",
    "Grand", "Vern", "Orme", "Saule", "Tour", "Aube", "Brin", "Marne",
];
const ENDS: [&str; 14] = [
    "val", "orge", "combe", "fontaine", "lieu", "rive", "ac", "igny", "ville", "court", "bourg", "lac",
    "champ", "pierre",
];
const STREET_KINDS: [&str; 5] = ["Rue", "Avenue", "Chemin", "Impasse", "Boulevard"];
const STREET_NAMES: [&str; 24] = [
    "des Tilleuls",
    "du Marché",
    "de la Fontaine",
    "des Écoles",
    "du Moulin",
    "des Lilas",
    "de la Gare",
    "du Canal",
    "des Tisserands",
    "de l’Horloge",
    "des Vergers",
    "du Lavoir",
    "des Cordiers",
    "de la Liberté",
    "du Belvédère",
    "des Platanes",
    "de la Ferme",
    "des Carrières",
    "du Pont",
    "des Jardins",
    "du Stade",
    "de l’Église",
    "des Forgerons",
    "du Levant",
];

/// Names for `count` communes; the first is the middle one.
pub(crate) fn communes(count: usize, seed: u64) -> Vec<String> {
    let mut stream = Stream::new(seed, "commune names", 0);
    let mut names = vec!["Agora".to_owned()];
    let mut used = BTreeSet::new();
    while names.len() < count {
        let base = format!("{}{}", STEMS[stream.below(STEMS.len())], ENDS[stream.below(ENDS.len())]);
        // After 280 plain names come those of the next valleys.
        let name = if used.len() < 200 { base } else { format!("{base}-sur-Nymphe {}", used.len() / 200) };
        if used.insert(name.clone()) {
            names.push(name);
        }
    }
    names.truncate(count);
    names
}

/// The name of a street.
pub(crate) fn street(stream: &mut Stream) -> String {
    let kind = STREET_KINDS[stream.weighted(&[10.0, 3.0, 3.0, 1.0, 1.0])];
    format!("{kind} {}", STREET_NAMES[stream.below(STREET_NAMES.len())])
}

/// The name of a park.
pub(crate) fn park(number: usize, stream: &mut Stream) -> String {
    let kind = ["Parc", "Square", "Jardin"][stream.weighted(&[3.0, 2.0, 2.0])];
    format!("{kind} {} ({})", STREET_NAMES[stream.below(STREET_NAMES.len())], number + 1)
}
