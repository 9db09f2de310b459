//! The catalogue of species of the Métropole de Lyon.
use std::borrow::Cow;
use std::path::Path;

use datagora_core::io::ReadError;
use datagora_core::{Lineage, Problem, ProblemKind, Report, content_hash};
use serde_json::{Map, Value};

use crate::greening::{CatalogueSpecies, Level, Occupant, PlantingUse, Range, SoilTolerance, WaterNeed};

/// A catalogue that was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SpeciesCatalogue {
    /// Its species, in the order of the file.
    pub species: Vec<CatalogueSpecies>,
    /// What was not as needed; a value that cannot be read is missing.
    pub problems: Report,
    /// The file, for the lineage of what is made of it.
    pub lineage: Lineage,
}

/// Column of each of [`PlantingUse::ALL`].
const USES: [&str; 9] = [
    "Alignement routier",
    "Autre situation urbaine",
    "Petit Jardin",
    "Parc et grand jardin",
    "Foret gourmande",
    "Haie",
    "Noue et jardin de pluie",
    "Ripisylve",
    "Boisement",
];

/// Reads the catalogue of species of the Métropole de Lyon and Erasme, a JSON list.
///
/// The file is under CC BY-SA 4.0 and is not part of this crate: credit it, and share what is derived from it alike.
///
/// # Units
///
/// Classes of height and crown width become metres, as the legend of the catalogue says.
///
/// # Missing values
///
/// Empty cells and `N/A` are unknown. For uses, `X` is recommended and an empty text is not; a use that a record does not have is unknown. Other values are told
/// and missing. A record without a Latin name is told and left out.
///
/// # Errors
///
/// [`ReadError`] for files that cannot be read, or lack `Genre` or `Espèce`.
///
/// # Example
///
/// ```
/// # let path = std::env::temp_dir().join(format!("datagora-species-{}.json", std::process::id()));
/// use datagora_indicators::greening::io::read_species_catalogue;
/// use datagora_indicators::greening::{Level, PlantingUse, Range};
///
/// std::fs::write(&path, r#"[{"Nom commun": "Ailante", "Genre": "Ailanthus", "Espèce": "altissima", "Taille des arbres": "2",
///     "Potentiel invasif": "Fort", "Indice de potentiel d'adaptation": "2,9", "Alignement routier": "X"}]"#)?;
/// let ailanthus = read_species_catalogue(&path)?.species.remove(0);
/// assert_eq!(ailanthus.taxon.species(), Some("Ailanthus altissima"));
/// assert_eq!((ailanthus.height, ailanthus.invasive), (Some(Range::between(15.0, 20.0)), Some(Level::High)));
/// assert_eq!(ailanthus.suits(PlantingUse::StreetRow), Some(true));
/// assert_eq!(ailanthus.suits(PlantingUse::Hedge), None);
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Métropole de Lyon, Erasme: *Outil de sélection des essences*, catalogue and legend, <https://github.com/urbanlab/Outil_selection_essences>.
pub fn read_species_catalogue(path: impl AsRef<Path>) -> Result<SpeciesCatalogue, ReadError> {
    let path = path.as_ref();
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| ReadError::Unreadable { file: file.clone(), source })?;
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    // An empty text says that a use is not recommended, and a member that lacks says nothing: the reader of tables takes both as missing.
    let records: Vec<Map<String, Value>> =
        serde_json::from_slice(text).map_err(|source| ReadError::Malformed {
            file: file.clone(),
            needed: "a JSON list of species",
            source: Box::new(source),
        })?;
    let mut problems = Report::with_limit(100);
    let needed = ["Genre", "Espèce"]
        .into_iter()
        .filter(|name| !records.iter().any(|record| record.contains_key(*name)));
    problems.extend(needed.map(|name| {
        let problem = Problem::new("no species with it", "a member of this name in each species");
        problem.of_kind(ProblemKind::MissingColumn).in_column(name)
    }));
    if !problems.is_empty() && !records.is_empty() {
        return Err(ReadError::Content { file, report: problems });
    }
    let mut species = Vec::with_capacity(records.len());
    for (at, members) in records.iter().enumerate() {
        let mut record = Record { members, row: at as u64 + 1, problems: &mut problems };
        species.extend(record.species());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let title = path.file_stem().unwrap_or_default().to_string_lossy();
    let lineage = Lineage::source(title, name, content_hash(&bytes));
    Ok(SpeciesCatalogue { species, problems: problems.in_file(&file), lineage })
}

/// Heights of the classes 1 to 4 of the legend; the third begins at 8 to 10 m.
const HEIGHTS: [Range; 4] =
    [Range::at_least(20.0), Range::between(15.0, 20.0), Range::between(8.0, 15.0), Range::between(0.0, 10.0)];

/// Widths of the crown of the classes 1 to 4.
const CROWNS: [Range; 4] =
    [Range::at_least(12.0), Range::between(8.0, 12.0), Range::between(5.0, 8.0), Range::between(0.0, 5.0)];

/// Soils of the classes 1 to 5.
const SOILS: [SoilTolerance; 5] = [
    SoilTolerance::Any,
    SoilTolerance::NeutralToBasic,
    SoilTolerance::Neutral,
    SoilTolerance::NeutralToAcid,
    SoilTolerance::Acid,
];

/// Water of the classes 1 to 4.
const WATERS: [WaterNeed; 4] =
    [WaterNeed::Moist, WaterNeed::Variable, WaterNeed::ModeratelyDry, WaterNeed::Dry];

/// What a class from 1 on stands for.
fn of_class<T: Copy, const N: usize>(class: &str, values: [T; N]) -> Option<T> {
    values.get(class.parse::<usize>().ok()?.checked_sub(1)?).copied()
}

/// A number from 0 to a limit, with a comma or a point.
fn within(text: &str, most: f64) -> Option<f64> {
    text.replace(',', ".").parse::<f64>().ok().filter(|number| (0.0..=most).contains(number))
}

/// Classes of light, one or a range such as `2 - 4`.
fn light_range(text: &str) -> Option<(u8, u8)> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let class = |text: &str| text.trim().parse::<u8>().ok().filter(|class| (1..=4).contains(class));
    class(from).zip(class(to)).filter(|(from, to)| from <= to)
}

fn level(text: &str) -> Option<Level> {
    match text {
        "Faible à négligeable" => Some(Level::Low),
        "Modéré" => Some(Level::Moderate),
        "Fort" => Some(Level::High),
        _ => None,
    }
}

/// One species of the file.
struct Record<'a> {
    members: &'a Map<String, Value>,
    row: u64,
    problems: &'a mut Report,
}

impl<'a> Record<'a> {
    fn species(&mut self) -> Option<CatalogueSpecies> {
        let [genus, epithet] = ["Genre", "Espèce"].map(|name| self.cell(name).unwrap_or_default());
        let occupant = Occupant::from_columns(&genus, &epithet, "");
        let Some(taxon) = occupant.tree().filter(|taxon| taxon.genus().is_some()) else {
            let problem = Problem::new("no Latin name", "one in Genre and Espèce; left out");
            self.problems.add(problem.of_kind(ProblemKind::MissingValue).at_row(self.row));
            return None;
        };
        let mut read = CatalogueSpecies::new(taxon.clone());
        read.common_name = self.cell("Nom commun").map(Cow::into_owned);
        read.height = self.read("Taille des arbres", |class| of_class(class, HEIGHTS));
        read.crown = self.read("Largeur houpier", |class| of_class(class, CROWNS));
        read.soil = self.read("Tolérance pour le pH du sol", |class| of_class(class, SOILS));
        read.water = self.read("Besoin en eau et humidité", |class| of_class(class, WATERS));
        read.light = self.read("Besoin en ensoleillement", light_range);
        read.allergen = self.read("Pollen et potentiel allergisant", level);
        read.invasive = self.read("Potentiel invasif", level);
        read.biodiversity = self.read("Impact sur la biodiversité", |text| match text {
            "Positif" => Some(Level::High),
            "Neutre" => Some(Level::Moderate),
            "Négatif" => Some(Level::Low),
            _ => None,
        });
        read.adaptation = self.read("Indice de potentiel d'adaptation", |text| within(text, 5.0));
        let shade = [Level::High, Level::Moderate, Level::Low];
        read.canopy = self.read("Potentiel Canopée", |class| of_class(class, shade));
        read.availability = self.read("Disponibilité en pépinière", |class| of_class(class, [1, 2, 3, 4]));
        read.confidence = self.read("Indice de confiance", |text| within(text, 5.0).map(|index| index as u8));
        for (planting, name) in PlantingUse::ALL.into_iter().zip(USES) {
            let said = self.members.get(name).and_then(Value::as_str);
            read.uses[planting as usize] = said.map(|text| text.trim().eq_ignore_ascii_case("x"));
        }
        Some(read)
    }

    /// A member that says something, a text or a number.
    fn cell(&self, name: &str) -> Option<Cow<'a, str>> {
        match self.members.get(name)? {
            Value::String(text) => {
                Some(Cow::Borrowed(text.trim())).filter(|text| !text.is_empty() && text != "N/A")
            }
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            _ => None,
        }
    }

    fn read<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.cell(name)?;
        let value = read(&text);
        if value.is_none() {
            let problem = Problem::new(format!("“{text}”"), "a value of the legend: taken as missing");
            self.problems.add(problem.of_kind(ProblemKind::UnknownCode).in_column(name).at_row(self.row));
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_beyond_the_legend_are_told_and_missing() {
        let path = std::env::temp_dir().join(format!("datagora-{}-essences.json", std::process::id()));
        let text = r#"[{"Genre": "Acer", "Espèce": "x peronai", "Taille des arbres": "7", "Besoin en ensoleillement": "N/A",
            "Potentiel Canopée": "1", "Indice de confiance": "9", "Haie": ""}, {"Genre": "", "Espèce": "?"}]"#;
        std::fs::write(&path, text).unwrap();
        let found = read_species_catalogue(&path).unwrap();
        std::fs::write(&path, r#"[{"Nom": "Érable"}]"#).unwrap();
        let lacking = read_species_catalogue(&path);
        std::fs::remove_file(path).unwrap();
        assert_eq!((found.species.len(), found.problems.count()), (1, 3));
        let maple = &found.species[0];
        assert_eq!(
            (maple.height, maple.light, maple.canopy, maple.confidence),
            (None, None, Some(Level::High), None)
        );
        assert_eq!(maple.taxon.to_string(), "Acer ×peronai");
        assert!(matches!(lacking, Err(ReadError::Content { report, .. }) if report.count() == 2));
    }

    #[test]
    fn classes_and_ranges() {
        assert_eq!(light_range("2 - 4"), Some((2, 4)));
        assert_eq!(light_range("3"), Some((3, 3)));
        assert_eq!([light_range("4 - 2"), light_range("0 - 9"), light_range("")], [None; 3]);
        assert_eq!([of_class("0", [1, 2]), of_class("3", [1, 2]), of_class("-1", [1, 2])], [None; 3]);
        assert_eq!(within("2,9", 5.0), Some(2.9));
    }
}
