//! Tree inventories as portals publish them, CSV or JSON.
use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use arrow::array::{Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datagora_core::io::{CsvOptions, JsonOptions, ReadError, read_csv, read_json};
use datagora_core::{Crs, InseeCode, Lineage, NaiveDate, Problem, ProblemKind, Report, Table};

use crate::greening::{Occupant, Planted, PlausibleTree, TreeColumns, Trees};

/// By which schema an inventory is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TreeSchema {
    /// *Arbres d'alignement de la Métropole de Lyon*: `genre`, `espece`, `variete`, `hauteurtotale_m`, `circonference_cm`, `diametrecouronne_m` or
    /// `rayoncouronne_m`, `dateplantation` or `anneeplantation`, `codeinsee`, `identifiant`, and `lon` and `lat` where the export has them.
    Lyon,
    /// The national schema *arbres urbains* (Natural Solutions, version 0.2.0 on schema.data.gouv.fr): `id`, `longitude`, `latitude`, `genre_arbre`,
    /// `espece_arbre`, `cultivar_variete_arbre`, `code_insee`, `date_plantation`, `hauteur` in centimetres, `diametre` in centimetres at 1.5 m, which is
    /// taken for that at breast height.
    ArbresUrbains,
}

/// Names of the columns of a schema; of several for one thing, those that come first go first.
struct Names {
    needed: &'static [&'static str],
    key: &'static str,
    genus: &'static str,
    species: &'static str,
    variety: &'static str,
    height: &'static str,
    /// What a height is divided by to be in metres.
    height_unit: f64,
    girth: &'static str,
    diameter: &'static str,
    crown: &'static str,
    crown_radius: &'static str,
    planted: [&'static str; 2],
    commune: &'static str,
    place: [&'static str; 2],
}

/// A column that a schema does not have.
const NONE: &str = "";

impl TreeSchema {
    const fn names(self) -> Names {
        match self {
            TreeSchema::Lyon => Names {
                needed: &["genre", "espece"],
                key: "identifiant",
                genus: "genre",
                species: "espece",
                variety: "variete",
                height: "hauteurtotale_m",
                height_unit: 1.0,
                girth: "circonference_cm",
                diameter: NONE,
                crown: "diametrecouronne_m",
                crown_radius: "rayoncouronne_m",
                planted: ["dateplantation", "anneeplantation"],
                commune: "codeinsee",
                place: ["lon", "lat"],
            },
            TreeSchema::ArbresUrbains => Names {
                needed: &["id", "longitude", "latitude", "genre_arbre"],
                key: "id",
                genus: "genre_arbre",
                species: "espece_arbre",
                variety: "cultivar_variete_arbre",
                height: "hauteur",
                height_unit: 100.0,
                girth: NONE,
                diameter: "diametre",
                crown: NONE,
                crown_radius: NONE,
                planted: ["date_plantation", NONE],
                commune: "code_insee",
                place: ["longitude", "latitude"],
            },
        }
    }
}

/// An inventory that was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TreeFile {
    /// Its trees.
    pub trees: Trees,
    /// Rows of the file.
    pub rows: u64,
    /// Address of the next page, if a portal gave only a part of the inventory.
    pub next: Option<String>,
    /// What was not as needed.
    pub problems: Report,
    /// The file, for the lineage of what is made of it.
    pub lineage: Lineage,
}

/// Reads a tree inventory, a CSV file or a JSON file with a list of records, such as a page of a portal's API.
///
/// # Units
///
/// Those of [`Trees`]; heights in centimetres become metres.
///
/// # Missing values
///
/// Empty cells and what [`PlausibleTree`] does not let pass, told by row; in Lyon's inventory 0 m and 0 cm mean that nobody measured. Numbers, dates
/// and codes that cannot be read are told and missing. A tree that comes twice by its identifier is told; both are kept.
///
/// # Errors
///
/// [`ReadError`] for files that cannot be read or lack a column that the schema needs.
///
/// # Example
///
/// ```
/// # let path = std::env::temp_dir().join(format!("datagora-trees-{}.json", std::process::id()));
/// use datagora_indicators::greening::PlausibleTree;
/// use datagora_indicators::greening::io::{TreeSchema, read_trees};
///
/// std::fs::write(&path, r#"{"values": [{"identifiant": 116912, "genre": "Acer", "espece": "campestre", "variete": "Elsrijk",
///     "hauteurtotale_m": 7, "circonference_cm": 0, "dateplantation": "2005-03-15", "codeinsee": 69116}], "next": "…?start=2"}"#)?;
/// let file = read_trees(&path, TreeSchema::Lyon, &PlausibleTree::default())?;
/// assert_eq!(file.trees.taxa().next().unwrap().to_string(), "Acer campestre 'Elsrijk'");
/// assert_eq!((file.trees.heights()[0], file.trees.planting_years()[0]), (7.0, Some(2005)));
/// assert!(file.trees.diameters()[0].is_nan() && file.problems.count() == 1); // 0 cm
/// assert!(file.next.is_some()); // not the whole inventory
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_trees(
    path: impl AsRef<Path>,
    schema: TreeSchema,
    rule: &PlausibleTree,
) -> Result<TreeFile, ReadError> {
    let path = path.as_ref();
    let title = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let file = path.display().to_string();
    let (table, next, lineage) = if is_json(path)? {
        let json = read_json(path, &JsonOptions::default())?;
        let lineage = json.lineage(title);
        (json.table, json.report.next, lineage)
    } else {
        let csv = read_csv(path, &CsvOptions::default())?;
        let lineage = csv.lineage(title);
        (csv.table, None, lineage)
    };
    let names = schema.names();
    let fields = table.schema().fields();
    let there: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let mut problems = Report::with_limit(100);
    problems.extend(Problem::lacking_columns(names.needed.iter().copied(), &there));
    if !problems.is_empty() && !table.is_empty() {
        return Err(ReadError::Content { file, report: problems });
    }
    let cells = Cells { table: &table, problems: &mut problems };
    let trees = cells.trees(&names, rule, &file)?;
    Ok(TreeFile { trees, rows: table.len() as u64, next, problems: problems.in_file(&file), lineage })
}

/// Does the file begin as JSON does?
fn is_json(path: &Path) -> Result<bool, ReadError> {
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(64).read_to_end(&mut first));
    read.map_err(|source| ReadError::Unreadable { file: path.display().to_string(), source })?;
    let first = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&first);
    Ok(first.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| matches!(byte, b'{' | b'[')))
}

struct Cells<'a> {
    table: &'a Table,
    problems: &'a mut Report,
}

impl Cells<'_> {
    fn trees(mut self, names: &Names, rule: &PlausibleTree, file: &str) -> Result<Trees, ReadError> {
        let rows = self.table.len();
        let [keys, genera, species, varieties] =
            [names.key, names.genus, names.species, names.variety].map(|name| self.texts(name));
        let cell = |column: &Option<StringArray>, at: usize| -> String {
            column
                .as_ref()
                .filter(|column| column.is_valid(at))
                .map_or(String::new(), |column| column.value(at).to_owned())
        };
        let occupants: Vec<Occupant> = (0..rows)
            .map(|at| Occupant::from_columns(&cell(&genera, at), &cell(&species, at), &cell(&varieties, at)))
            .collect();
        let keys: Vec<String> = (0..rows).map(|at| cell(&keys, at)).collect();
        self.tell_twins(names.key, &keys);
        let mut heights = self.numbers(names.height);
        heights.iter_mut().for_each(|height| *height /= names.height_unit);
        let (girths, diameters) = (self.numbers(names.girth), self.numbers(names.diameter));
        let mut crowns = self.numbers(names.crown);
        let radii = self.numbers(names.crown_radius);
        if crowns.is_empty() {
            crowns = radii.iter().map(|radius| 2.0 * radius).collect();
        } else {
            for (crown, radius) in crowns.iter_mut().zip(&radii).filter(|(crown, _)| crown.is_nan()) {
                *crown = 2.0 * radius;
            }
        }
        let planted =
            names.planted.map(|name| self.parsed(name, "a date such as 2005-03-15, or a year", planted));
        let [mut planted, years] = planted;
        if planted.is_empty() {
            planted = years;
        } else {
            for (date, year) in planted.iter_mut().zip(years) {
                *date = date.or(year);
            }
        }
        let communes = self.parsed(names.commune, "a code of a commune such as 69123", commune);
        let [east, north] = names.place.map(|name| self.numbers(name));
        let places: Vec<Option<[f64; 2]>> = east
            .iter()
            .zip(&north)
            .map(|(east, north)| (!east.is_nan() && !north.is_nan()).then_some([*east, *north]))
            .collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut columns = TreeColumns::new(&occupants)
            .with_keys(&keys)
            .with_heights(&heights)
            .with_girths(&girths)
            .with_diameters(&diameters)
            .with_crowns(&crowns)
            .with_planted(&planted)
            .with_communes(&communes);
        if !places.is_empty() {
            columns = columns.with_places(Crs::WGS84, &places);
        }
        let (trees, found) = Trees::new(&columns, rule).map_err(|error| ReadError::Malformed {
            file: file.to_owned(),
            needed: "columns of one length",
            source: Box::new(error),
        })?;
        self.problems.merge(found);
        Ok(trees)
    }

    /// A column as text, whatever the type of its values; `None` if it is not there.
    fn texts(&self, name: &str) -> Option<StringArray> {
        let column = self.table.column(name).ok()?;
        let texts = cast(column, &DataType::Utf8).ok()?;
        texts.as_any().downcast_ref::<StringArray>().cloned()
    }

    /// A column read cell by cell; empty if it is not there.
    fn parsed<T>(&mut self, name: &str, needed: &str, read: impl Fn(&str) -> Option<T>) -> Vec<Option<T>> {
        let Some(texts) = self.texts(name) else { return Vec::new() };
        let mut column = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            let text = text.map(str::trim).filter(|text| !text.is_empty());
            let value = text.and_then(&read);
            if let (Some(text), None) = (text, &value) {
                let problem = Problem::new(format!("“{text}”"), format!("{needed}: taken as missing"));
                self.problems
                    .add(problem.of_kind(ProblemKind::WrongType).in_column(name).at_row(at as u64 + 1));
            }
            column.push(value);
        }
        column
    }

    fn numbers(&mut self, name: &str) -> Vec<f64> {
        let read = |text: &str| text.replace(',', ".").parse::<f64>().ok();
        self.parsed(name, "a number", read).into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()
    }

    fn tell_twins(&mut self, column: &str, keys: &[String]) {
        let mut known = HashSet::new();
        for (at, key) in keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
            if !known.insert(key) {
                let problem =
                    Problem::new(format!("“{key}” a second time"), "each tree once: both were kept");
                let problem = problem.of_kind(ProblemKind::DuplicateRow).in_column(column);
                self.problems.add(problem.at_row(at as u64 + 1).of_key(key.as_str()));
            }
        }
    }
}

/// A day, alone or before a time, or a year.
fn planted(text: &str) -> Option<Planted> {
    if text.len() <= 6
        && let Ok(year) = text.trim_end_matches(".0").parse()
    {
        return Some(Planted::Year(year));
    }
    let day = text.get(..10)?;
    let date =
        NaiveDate::parse_from_str(day, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(day, "%d/%m/%Y"));
    date.ok().map(Planted::Date)
}

/// A code of a commune, also one that lost its leading zero as a number.
fn commune(text: &str) -> Option<InseeCode> {
    InseeCode::parse(text).ok().or_else(|| InseeCode::from_number(text.parse().ok()?).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::greening::TaxonRank;

    fn read(name: &str, text: &str, schema: TreeSchema) -> Result<TreeFile, ReadError> {
        let path = std::env::temp_dir().join(format!("datagora-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let file = read_trees(&path, schema, &PlausibleTree::default());
        std::fs::remove_file(path).unwrap();
        file
    }

    #[test]
    fn the_national_schema_is_in_centimetres() {
        let text = "id,longitude,latitude,genre_arbre,espece_arbre,cultivar_variete_arbre,code_insee,date_plantation,hauteur,diametre\n\
            1,4.83,45.76,Platanus,x acerifolia,,69383,1950-11-25,1850,70\n\
            2,4.84,45.77,Malus,,Cripps Pink,1004,25/11/2001,\"450,5\",12\n\
            2,4.84,450,Tilia,sp.,,69000,bientôt,viel,0\n";
        let file = read("urbains.csv", text, TreeSchema::ArbresUrbains).unwrap();
        let trees = &file.trees;
        assert_eq!((file.rows, trees.len(), file.next), (3, 3, None));
        assert_eq!(trees.heights()[..2], [18.5, 4.505]);
        assert_eq!(trees.diameters()[..2], [70.0, 12.0]);
        assert_eq!(trees.planting_years(), [Some(1950), Some(2001), None]);
        assert_eq!(trees.communes()[1].map(|code| code.to_string()).as_deref(), Some("01004"));
        assert_eq!(trees.counts(TaxonRank::Species), [("Platanus acerifolia", 1)]);
        assert_eq!(trees.places().unwrap().1[2], None);
        let told: Vec<String> = file.problems.problems().map(ToString::to_string).collect();
        // The key that comes twice, the commune, the date, the height, the diameter and the position of the last row.
        assert_eq!(told.len(), 6, "{told:#?}");
        assert!(
            told.iter().all(|problem| problem.contains("row 3") && problem.contains("urbains.csv")),
            "{told:#?}"
        );
    }

    #[test]
    fn files_without_the_columns_are_refused() {
        let text = "id,longitude\n1,4.8\n";
        let Err(ReadError::Content { report, .. }) = read("lack.csv", text, TreeSchema::ArbresUrbains) else {
            panic!("it was read");
        };
        assert_eq!(report.count(), 2);
        assert!(read("empty.json", "", TreeSchema::Lyon).is_err());
        assert!(read("list.json", "[]", TreeSchema::Lyon).unwrap().trees.is_empty());
    }

    #[test]
    fn dates_and_years() {
        assert_eq!(planted("2005"), Some(Planted::Year(2005)));
        assert_eq!(planted("2005.0"), Some(Planted::Year(2005)));
        let day = NaiveDate::from_ymd_opt(2005, 3, 15).map(Planted::Date);
        assert_eq!(
            [planted("2005-03-15"), planted("2005-03-15T00:00:00+01:00"), planted("15/03/2005")],
            [day; 3]
        );
        assert_eq!([planted("n.c."), planted("é2005-03-15"), planted("20050315")], [None; 3]);
    }
}
