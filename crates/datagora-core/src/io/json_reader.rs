//! Tables in JSON files: lists of records, as portals publish them.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::csv_options::OnProblem;
use super::encoding::repair_mojibake;
use super::error::ReadError;
use super::json_node::Node;
use crate::cell::{CellFormat, Cells};
use crate::said::{missing_value, wrong_text};
use crate::{
    Field, FieldType, Lineage, Problem, ProblemKind, Report, Role, Schema, Table, Zone, content_hash,
};

/// How a JSON file is to be read.
///
/// ```
/// use datagora_core::io::JsonOptions;
///
/// let stations = JsonOptions::default().with_records("/data/stations");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct JsonOptions {
    schema: Option<Schema>,
    records: Option<String>,
    repair_mojibake: bool,
    zone: Option<Zone>,
    on_problem: OnProblem,
    max_problems: usize,
}

impl Default for JsonOptions {
    fn default() -> Self {
        Self {
            schema: None,
            records: None,
            repair_mojibake: false,
            zone: None,
            on_problem: OnProblem::Refuse,
            max_problems: 100,
        }
    }
}

impl JsonOptions {
    /// Reads these members of each record, in this order and as these types; others are left out, and told in the report.
    ///
    /// Without a schema all members are read, as the type their values have in common.
    pub fn with_schema(self, schema: Schema) -> Self {
        Self { schema: Some(schema), ..self }
    }

    /// Where the list of records is, as a JSON Pointer such as `/data/stations` (RFC 6901). Found out otherwise: the file
    /// itself, or the only list of objects among its members and theirs.
    pub fn with_records(self, pointer: impl Into<String>) -> Self {
        Self { records: Some(pointer.into()), ..self }
    }

    /// Undoes double encoding in every text; the report tells how many changed.
    pub fn with_mojibake_repaired(self) -> Self {
        Self { repair_mojibake: true, ..self }
    }

    /// Zone of instants that are written without offset from UTC; without it they are problems.
    pub fn with_zone(self, zone: Zone) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// What becomes of records that are not as needed.
    pub fn with_on_problem(self, on_problem: OnProblem) -> Self {
        Self { on_problem, ..self }
    }

    /// How many problems of a kind are told one by one; all are counted.
    pub fn with_max_problems(self, max_problems: usize) -> Self {
        Self { max_problems, ..self }
    }
}

/// What was found out about a JSON file, and what was done to it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct JsonReport {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of its bytes.
    pub content_hash: String,
    /// JSON Pointer to the records; empty if the file is the list.
    pub records: String,
    /// Address of the next page, if the file says that there is one: it does not hold all records.
    pub next: Option<String>,
    /// Members of records that the schema does not name.
    pub ignored: Vec<String>,
    /// How many texts of a column were doubly encoded and have been repaired.
    pub repaired: BTreeMap<String, u64>,
    /// Records given.
    pub rows: u64,
    /// Records left out because of a problem.
    pub skipped: u64,
    /// Why records were left out.
    pub problems: Report,
}

/// A JSON file that was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Json {
    /// Its records.
    pub table: Table,
    /// What was found out about it.
    pub report: JsonReport,
}

impl Json {
    /// The lineage of data read from this file, without what depends on the machine: the file's name and content.
    pub fn lineage(&self, title: impl Into<String>) -> Lineage {
        let name = Path::new(&self.report.file).file_name().unwrap_or_default();
        Lineage::source(title, name.to_string_lossy(), self.report.content_hash.clone())
    }
}

/// Reads a JSON file that holds a list of records, itself or somewhere inside, such as a page `{"values": [ … ]}` of a
/// portal's API.
///
/// A member that a record lacks, or that is `null`, is a missing value. Codes are read whether they are published as texts or
/// as numbers; lists and objects inside records become JSON text.
///
/// # Errors
///
/// [`ReadError`]; all problems of the content are told, not only the first.
///
/// # Example
///
/// ```no_run
/// use datagora_core::io::{JsonOptions, read_json};
///
/// let stations = read_json("gbfs_lyon_station_information.json", &JsonOptions::default())?;
/// println!("{} stations", stations.table.len());
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
///
/// # References
///
/// Bray, T. (2017). *The JavaScript Object Notation (JSON) Data Interchange Format*. RFC 8259.
pub fn read_json(path: impl AsRef<Path>, options: &JsonOptions) -> Result<Json, ReadError> {
    let file = path.as_ref().display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => parse_json(&bytes, file, options),
        Err(source) => Err(ReadError::Unreadable { file, source }),
    }
}

/// Reads the bytes of a JSON file; `name` is what errors call it.
///
/// # Errors
///
/// As [`read_json`].
pub fn parse_json(bytes: &[u8], name: impl Into<String>, options: &JsonOptions) -> Result<Json, ReadError> {
    let file = name.into();
    let content = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if content.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty { file });
    }
    let root: Node = serde_json::from_slice(content).map_err(|source| ReadError::Malformed {
        file: file.clone(),
        needed: "JSON",
        source: Box::new(source),
    })?;
    let (pointer, records) = match find_records(&root, options.records.as_deref()) {
        Ok(found) => found,
        Err(problem) => return Err(ReadError::content(file, *problem)),
    };
    let report = JsonReport {
        file,
        content_hash: content_hash(bytes),
        records: pointer,
        next: root.member("next").and_then(Node::cell).map(String::from),
        ignored: Vec::new(),
        repaired: BTreeMap::new(),
        rows: 0,
        skipped: 0,
        problems: Report::with_limit(options.max_problems),
    };
    Conformer { options, report }.table(records)
}

/// The list of records, and where it is.
fn find_records<'a>(root: &'a Node, told: Option<&str>) -> Result<(String, &'a [Node]), Box<Problem>> {
    if let Some(pointer) = told {
        let mut node = Some(root);
        for part in pointer.split('/').skip(1) {
            let name = part.replace("~1", "/").replace("~0", "~");
            node = node.and_then(|node| match node {
                Node::List(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
                other => other.member(&name),
            });
        }
        return match node {
            Some(Node::List(items)) => Ok((pointer.to_owned(), items)),
            Some(other) => Err(unfound(format!("{} at {pointer}", other.name()), "a list of records there")),
            None => Err(unfound(format!("nothing at {pointer}"), "a list of records there")),
        };
    }
    let Node::Object(members) = root else {
        return match root {
            Node::List(items) => Ok((String::new(), items)),
            other => Err(unfound(other.name(), "a list of records")),
        };
    };
    let escape = |name: &str| name.replace('~', "~0").replace('/', "~1");
    let mut lists: Vec<(String, &[Node])> = Vec::new();
    for (name, member) in members {
        match member {
            Node::List(items) => lists.push((format!("/{}", escape(name)), items)),
            Node::Object(inner) => lists.extend(inner.iter().filter_map(|(inner, member)| match member {
                Node::List(items) => Some((format!("/{}/{}", escape(name), escape(inner)), items.as_slice())),
                _ => None,
            })),
            _ => {}
        }
    }
    // A list of objects before an empty one, which could be a list of anything.
    for sought in [true, false] {
        let fitting = |items: &[Node]| match items.first() {
            Some(first) => sought && matches!(first, Node::Object(_)),
            None => !sought,
        };
        let mut found = lists.iter().filter(|(_, items)| fitting(items));
        match (found.next(), found.next()) {
            (Some((pointer, items)), None) => return Ok((pointer.clone(), items)),
            (Some((one, _)), Some((other, _))) => {
                let found = format!("several lists ({one}, {other})");
                return Err(unfound(found, "one; tell which in the options"));
            }
            _ => {}
        }
    }
    Err(unfound("an object without a list of objects", "a list of records; tell where it is in the options"))
}

fn unfound(found: impl Into<String>, needed: &str) -> Box<Problem> {
    Box::new(Problem::new(found, needed).of_kind(ProblemKind::Unreadable))
}

struct Conformer<'a> {
    options: &'a JsonOptions,
    report: JsonReport,
}

impl Conformer<'_> {
    fn table(mut self, records: &[Node]) -> Result<Json, ReadError> {
        let all = infer(records);
        let schema = match &self.options.schema {
            Some(schema) => {
                let ignored = all.fields().iter().filter(|field| schema.field(&field.name).is_none());
                self.report.ignored = ignored.map(|field| field.name.clone()).collect();
                schema.clone()
            }
            None => all.clone(),
        };
        if !records.is_empty() {
            let there: Vec<&str> = all.fields().iter().map(|field| field.name.as_str()).collect();
            let needed = schema.fields().iter().map(|field| field.name.as_str());
            self.report.problems.extend(Problem::lacking_columns(needed, &there));
        }
        let incomplete = !self.report.problems.is_empty();
        let mut columns: Vec<Cells> = schema.fields().iter().map(|field| Cells::new(field.kind)).collect();
        let mut keep = Vec::with_capacity(records.len());
        for (row, record) in records.iter().enumerate() {
            let sound = self.push(row as u64 + 1, record, schema.fields(), &mut columns);
            self.report.skipped += u64::from(!sound);
            keep.push(sound);
        }
        let refuse = self.options.on_problem == OnProblem::Refuse && !self.report.problems.is_empty();
        if refuse || incomplete {
            return Err(ReadError::Content { file: self.report.file, report: self.report.problems });
        }
        let arrays = columns.iter_mut().map(Cells::finish).collect();
        let table = Table::assemble(schema.fields().to_vec(), arrays, keep.len()).map_err(|source| {
            let file = self.report.file.clone();
            ReadError::Malformed { file, needed: "a table", source: Box::new(source) }
        })?;
        let table = if keep.contains(&false) { table.filter(|row| keep[row]) } else { table };
        self.report.rows = table.len() as u64;
        Ok(Json { table, report: self.report })
    }

    /// Adds a record to the columns, and tells whether it is sound; what is not leaves gaps.
    fn push(&mut self, row: u64, record: &Node, fields: &[Field], columns: &mut [Cells]) -> bool {
        if !matches!(record, Node::Object(_)) {
            columns.iter_mut().for_each(Cells::push_missing);
            let problem = Problem::new(record.name(), "an object with named members");
            self.report.problems.add(problem.of_kind(ProblemKind::WrongType).at_row(row));
            return false;
        }
        let format = CellFormat { decimal_comma: true, zone: self.options.zone };
        let mut sound = true;
        for (field, cells) in fields.iter().zip(columns) {
            let text = record.member(&field.name).and_then(Node::cell).filter(|text| !text.trim().is_empty());
            let problem = match text {
                None => {
                    cells.push_missing();
                    if field.nullable {
                        continue;
                    }
                    missing_value()
                }
                Some(text) => {
                    let repaired = if self.options.repair_mojibake { repair_mojibake(&text) } else { None };
                    if repaired.is_some() {
                        *self.report.repaired.entry(field.name.clone()).or_default() += 1;
                    }
                    let text = repaired.as_deref().unwrap_or(&text);
                    let Err(needed) = cells.push(text, format) else { continue };
                    cells.push_missing();
                    wrong_text(text, needed)
                }
            };
            sound = false;
            self.report.problems.add(problem.at_row(row).in_column(&field.name));
        }
        sound
    }
}

/// The columns of records: members in the order in which they first come, and the type their values have in common.
fn infer(records: &[Node]) -> Schema {
    let mut names: Vec<&str> = Vec::new();
    let mut kinds: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for record in records {
        let Node::Object(members) = record else { continue };
        for (name, value) in members {
            let found = kinds.entry(name).or_insert_with(|| {
                names.push(name);
                BTreeSet::new()
            });
            match value {
                Node::Null => {}
                Node::Boolean(_) => drop(found.insert("boolean")),
                Node::Whole(_) => drop(found.insert("whole")),
                Node::Number(_) => drop(found.insert("number")),
                _ => drop(found.insert("text")),
            }
        }
    }
    let field = |name: &&str| {
        let found: Vec<&str> = kinds[name].iter().copied().collect();
        let kind = match found.as_slice() {
            ["boolean"] => FieldType::Boolean,
            ["whole"] => FieldType::Integer,
            ["number"] | ["number", "whole"] => FieldType::Number,
            _ => FieldType::Text,
        };
        Field::new(*name, kind, Role::Attribute)
    };
    Schema::new(names.iter().map(field).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Unit;

    fn read(text: &str, options: JsonOptions) -> Result<Json, ReadError> {
        parse_json(text.as_bytes(), "test.json", &options)
    }

    #[test]
    fn types_are_those_values_have_in_common() {
        let text = r#"[{"id": 1, "x": 1.5, "open": true, "tags": ["a", {"b": 1}], "mixed": 1, "z": null},
                       {"x": 2, "id": 2, "mixed": "one", "new": "é"}]"#;
        let table = read(text, JsonOptions::default()).unwrap().table;
        let kinds: Vec<_> =
            table.schema().fields().iter().map(|field| (field.name.as_str(), field.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("id", FieldType::Integer),
                ("x", FieldType::Number),
                ("open", FieldType::Boolean),
                ("tags", FieldType::Text),
                ("mixed", FieldType::Text),
                ("z", FieldType::Text),
                ("new", FieldType::Text),
            ]
        );
        assert_eq!(table.text("tags").unwrap().value(0), r#"["a",{"b":1}]"#);
        assert_eq!(table.numbers("x").unwrap(), [1.5, 2.0]);
        assert_eq!(table.text_values("new").unwrap().collect::<Vec<_>>(), [None, Some("é")]);
    }

    #[test]
    fn records_are_found_where_portals_put_them() {
        for (text, pointer) in [
            (r#"[{"a": 1}]"#, ""),
            (r#"{"fields": ["a"], "nb_results": 1, "values": [{"a": 1}], "next": null}"#, "/values"),
            (r#"{"data": {"stations": [{"a": 1}]}, "ttl": 5}"#, "/data/stations"),
        ] {
            let json = read(text, JsonOptions::default()).unwrap();
            assert_eq!((json.report.records.as_str(), json.table.len()), (pointer, 1));
        }
        let paged =
            read(r#"{"values": [{"a": 1}], "next": "https://x.org/2"}"#, JsonOptions::default()).unwrap();
        assert_eq!(paged.report.next.as_deref(), Some("https://x.org/2"));
        let two = r#"{"a": [{"x": 1}], "b": [{"x": 1}, {"x": 2}]}"#;
        assert!(
            read(two, JsonOptions::default()).unwrap_err().to_string().contains("several lists (/a, /b)")
        );
        assert_eq!(read(two, JsonOptions::default().with_records("/b")).unwrap().table.len(), 2);
        assert!(read(two, JsonOptions::default().with_records("/c")).is_err());
        assert_eq!(read(r#"{"values": []}"#, JsonOptions::default()).unwrap().table.len(), 0);
    }

    #[test]
    fn codes_are_read_however_they_are_published() {
        let schema = Schema::new(vec![
            Field::new("insee", FieldType::Text, Role::Identifier).required(),
            Field::new("trees", FieldType::Number, Role::Measure).with_unit(Unit::of("{tree}")),
        ]);
        let text = r#"[{"insee": 69383, "trees": "12,5", "other": 1}, {"insee": "01004", "trees": 2}]"#;
        let json = read(text, JsonOptions::default().with_schema(schema.clone())).unwrap();
        assert_eq!(
            json.table.text_values("insee").unwrap().collect::<Vec<_>>(),
            [Some("69383"), Some("01004")]
        );
        assert_eq!(json.table.numbers("trees").unwrap(), [12.5, 2.0]);
        assert_eq!(json.report.ignored, ["other"]);

        let bad = r#"[{"trees": "x"}, 5, {"insee": "1", "trees": []}]"#;
        let error = read(bad, JsonOptions::default().with_schema(schema.clone())).unwrap_err();
        let ReadError::Content { report, .. } = &error else { panic!("{error}") };
        let told: Vec<String> = report.problems().map(Problem::to_string).collect();
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(
            told.contains(&"row 2: found a number, needed an object with named members".to_owned()),
            "{told:?}"
        );
        let skip = JsonOptions::default().with_schema(schema.clone()).with_on_problem(OnProblem::SkipRow);
        let skipped = read(r#"[{"trees": 1}, {"insee": "1"}]"#, skip).unwrap();
        assert_eq!((skipped.table.len(), skipped.report.skipped, skipped.report.problems.count()), (1, 1, 1));
        let lacking = read(r#"[{"insee": 1}]"#, JsonOptions::default().with_schema(schema)).unwrap_err();
        assert!(lacking.to_string().contains("column “trees”: found only the columns insee"), "{lacking}");
    }

    #[test]
    fn broken_files_are_named() {
        assert!(matches!(read(" ", JsonOptions::default()), Err(ReadError::Empty { .. })));
        let error = read(r#"[{"a": 1}, {"a"#, JsonOptions::default()).unwrap_err();
        assert!(
            matches!(error, ReadError::Malformed { .. }) && error.to_string().contains("line 1"),
            "{error}"
        );
        assert!(read("5", JsonOptions::default()).is_err());
    }

    #[test]
    fn files_of_portals() {
        let folder = std::env::var("DATAGORA_DATA")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
        for (name, rows) in [
            ("lyon_green/dash_vegetal.json", 100),
            ("lyon_mobility/cerema_avatar_count_points_lyon.json", 1_754),
            ("lyon_green/erasme_essences_arbres.json", 352),
        ] {
            let path = Path::new(&folder).join(name);
            if !path.exists() {
                eprintln!("DATAGORA_DATA absent: {name} not checked");
                continue;
            }
            assert_eq!(read_json(&path, &JsonOptions::default()).unwrap().table.len(), rows, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in r#"[\[\]{}":,a0-9.\\ -]{0,60}"#) {
            let _ = parse_json(&bytes, "random", &JsonOptions::default());
            let _ = parse_json(text.as_bytes(), "random", &JsonOptions::default().with_mojibake_repaired());
        }
    }
}
