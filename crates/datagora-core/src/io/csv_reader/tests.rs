use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::Unit;
use crate::io::write_csv_to;

fn data(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("DATAGORA_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("DATAGORA_DATA absent: {name} not checked");
    None
}

fn read(bytes: &'static [u8], options: CsvOptions) -> Result<Csv, ReadError> {
    let mut reader = CsvReader::from_reader(bytes, "test.csv", options)?;
    let table = reader.read_all()?;
    Ok(Csv { table, report: reader.into_report() })
}

fn counts() -> Schema {
    Schema::new(vec![
        Field::new("site", FieldType::Text, Role::Identifier).required(),
        Field::new("day", FieldType::Date, Role::Time),
        Field::new("count", FieldType::Number, Role::Measure).with_unit(Unit::ONE),
    ])
}

fn problems(result: Result<Csv, ReadError>) -> Vec<String> {
    match result {
        Err(ReadError::Content { report, .. }) => report.problems().map(Problem::to_string).collect(),
        other => panic!("expected problems, got {other:?}"),
    }
}

#[test]
fn encodings_are_found() {
    for (bytes, encoding) in [
        (b"nom\n\xC3\xA9t\xC3\xA9\n".as_slice(), TextEncoding::Utf8),
        (b"\xEF\xBB\xBFnom\n\xC3\xA9t\xC3\xA9\n", TextEncoding::Utf8),
        (b"nom\n\xE9t\xE9\n", TextEncoding::Windows1252),
        (b"\xFF\xFEn\0o\0m\0\n\0\xE9\0t\0\xE9\0\n\0", TextEncoding::Utf16Le),
        (b"\xFE\xFF\0n\0o\0m\0\n\0\xE9\0t\0\xE9\0\n", TextEncoding::Utf16Be),
    ] {
        let csv = read(bytes, CsvOptions::default()).unwrap();
        assert_eq!(csv.report.encoding, encoding);
        assert_eq!(csv.table.text("nom").unwrap().value(0), "été");
    }
    let told = CsvOptions::default().with_encoding(TextEncoding::MacRoman);
    assert_eq!(read(b"nom\n\x8Et\x8E\n", told).unwrap().table.text("nom").unwrap().value(0), "été");
}

#[test]
fn separators_and_decimals_are_found() {
    let csv = read(
        b"site;day;count\na, b;31/05/2024;1 234,5\nc;2024-06-01;2.5\n",
        CsvOptions::default().with_schema(counts()),
    )
    .unwrap();
    assert_eq!(csv.report.separator, ';');
    assert_eq!(csv.table.number("count").unwrap().values().as_ref(), [1234.5, 2.5]);
    for (text, separator) in
        [("a|b\n1|2\n", '|'), ("a\tb\n1\t2\n", '\t'), ("a\n1\n", ','), ("a,b;c\n\"1;5\",\"2;3\"\n", ',')]
    {
        assert_eq!(
            read(text.as_bytes(), CsvOptions::default()).unwrap().report.separator,
            separator,
            "{text}"
        );
    }
}

/// A damaged file may have thousands of equal headers: each gets its name at once, not after trying all numbers before.
#[test]
fn many_equal_headers_take_no_time() {
    let header = std::io::Cursor::new("x;".repeat(20_000).into_bytes());
    let options = CsvOptions::default().with_separator(';');
    let schema = CsvReader::from_reader(header, "x", options).unwrap().schema();
    let names: Vec<_> = schema.fields().iter().map(|field| field.name.as_str()).collect();
    assert_eq!((names.len(), names[0], names[19_999]), (20_001, "x", "x:19999"));
}

#[test]
fn headers_become_names_of_their_own() {
    let csv = read(b"siret,x,siret,,siret:1\n1,2,3,4,5\n", CsvOptions::default()).unwrap();
    let names: Vec<_> = csv.table.schema().fields().iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["siret", "x", "siret:2", "column_4", "siret:1"]);
    assert_eq!(csv.report.renamed, [("siret".into(), "siret:2".into()), (String::new(), "column_4".into())]);
    let headerless = CsvOptions::default().with_column_names(["a", "b"]);
    let table = read(b"1,2\n3,4\n", headerless).unwrap().table;
    assert_eq!(table.text("b").unwrap().value(1), "4");
}

#[test]
fn all_problems_are_told_with_their_place() {
    let text =
        b"site,day,count\n\"a\nb\",2024-05-31,1\n,2024-05-31,2\nc,yesterday,\"1,5\"\nd,2024-05-31\ne,,x\n";
    assert_eq!(
        problems(read(text, CsvOptions::default().with_schema(counts()))),
        [
            "row 4 (line 6): found 2 cells, needed 3 cells",
            "row 3 (line 5), column “day”: found “yesterday”, needed a date such as 2024-05-31 or 31/05/2024",
            "row 3 (line 5), column “count”: found “1,5”, needed a number with a decimal point",
            "row 5 (line 7), column “count”: found “x”, needed a number with a decimal point",
            "row 2 (line 4), column “site”: found nothing, needed a value, since the column is required",
        ]
    );
    let few = read(text, CsvOptions::default().with_schema(counts()).with_max_problems(1)).unwrap_err();
    assert!(
        matches!(&few, ReadError::Content { report, .. } if report.count() == 5 && report.problems().count() == 3)
    );
    assert!(few.to_string().starts_with("test.csv: 5 problems"), "{few}");
}

#[test]
fn skipped_rows_are_told() {
    let text = b"site,day,count\na,,1\nb,,x\nc,,3,4\nd,,5\n";
    for batch in [1, 2, 100] {
        let options = CsvOptions::default()
            .with_schema(counts())
            .with_on_problem(OnProblem::SkipRow)
            .with_batch_rows(batch);
        let csv = read(text, options).unwrap();
        assert_eq!(csv.table.number("count").unwrap().values().as_ref(), [1.0, 5.0]);
        assert_eq!((csv.report.rows, csv.report.skipped, csv.report.problems.count()), (2, 2, 2));
    }
}

#[test]
fn files_without_what_is_needed() {
    for bytes in [b"".as_slice(), b"\xEF\xBB\xBF", b"\n \n"] {
        assert!(matches!(read(bytes, CsvOptions::default()), Err(ReadError::Empty { .. })));
    }
    let only_header = read(b"site,day,count\n", CsvOptions::default().with_schema(counts())).unwrap();
    assert_eq!((only_header.table.len(), only_header.table.schema()), (0, &counts()));
    let lacking = problems(read(b"place,day\n1,2\n", CsvOptions::default().with_schema(counts())));
    assert_eq!(lacking.len(), 2);
    assert!(lacking[0].contains("“site”") && lacking[0].contains("place, day"), "{lacking:?}");
    let cut = problems(read(b"site,day,count\na,,1\n\"b,,2\nc,,3\n", CsvOptions::default()));
    assert!(
        cut.iter().any(|problem| problem.contains("never ends") && problem.contains("line 3")),
        "{cut:?}"
    );
    let error = read_csv("/nowhere.csv", &CsvOptions::default()).unwrap_err();
    assert!(matches!(&error, ReadError::Unreadable { .. }) && error.to_string().contains("/nowhere.csv"));
}

#[test]
fn a_stream_whose_encoding_changes_is_refused() {
    let mut bytes = b"nom\n".to_vec();
    bytes.extend(b"ascii only\n".repeat(SAMPLE / 11 + 1));
    bytes.extend(b"\xE9t\xE9\n");
    let mut reader =
        CsvReader::from_reader(std::io::Cursor::new(bytes), "stream", CsvOptions::default()).unwrap();
    let error = reader.read_all().unwrap_err().to_string();
    assert!(error.contains("UTF-8; tell the encoding"), "{error}");
}

#[test]
fn streams_give_tables_of_the_size_asked_for() {
    let options = CsvOptions::default().with_batch_rows(2);
    let reader = CsvReader::from_reader(b"a\n1\n2\n3\n4\n5\n".as_slice(), "stream", options).unwrap();
    let sizes: Vec<usize> = reader.map(|table| table.unwrap().len()).collect();
    assert_eq!(sizes, [2, 2, 1]);
}

#[test]
fn sirene_with_all_its_flaws() {
    let Some(path) = data("lyon_economy/sirene_industrie_69_42.csv") else { return };
    let csv = read_csv(&path, &CsvOptions::default().with_mojibake_repaired()).unwrap();
    let table = &csv.table;
    assert_eq!((table.len(), table.schema().fields().len()), (6_791, 37));
    assert_eq!(table.text("siret").unwrap(), table.text("siret:1").unwrap());
    assert_eq!(table.text("Activité").unwrap().value(0), "fabrication d’articles de brosseri");
    let groups: BTreeSet<_> = table.text("Groupe").unwrap().iter().flatten().collect();
    assert_eq!(groups.len(), 15);
    assert!(groups.iter().all(|group| !group.contains('Ã')), "{groups:?}");
    assert!(csv.report.repaired["Groupe"] > 1_000, "{:?}", csv.report.repaired);
    assert_eq!(csv.report.separator, ',');

    let typed = Schema::new(vec![
        Field::new("siret", FieldType::Text, Role::Identifier).required(),
        Field::new("x", FieldType::Number, Role::Attribute),
        Field::new("x_longitude", FieldType::Number, Role::Attribute),
    ]);
    let typed = read_csv(&path, &CsvOptions::default().with_schema(typed).with_batch_rows(1000)).unwrap();
    assert_eq!(typed.table.number("x_longitude").unwrap().value(0), 5.0371067818);
    assert_eq!(typed.report.ignored.len(), 34);
    assert_eq!(typed.report.content_hash.as_deref().map(str::len), Some(64));
}

#[test]
fn counters_and_nomenclatures() {
    if let Some(path) = data("lyon_mobility/cyclopolis_monthly_counts.csv") {
        let schema = Schema::new(vec![
            Field::new("counter", FieldType::Text, Role::Identifier).required(),
            Field::new("month", FieldType::Date, Role::Time).required(),
            Field::new("count", FieldType::Integer, Role::Measure),
        ]);
        let csv = read_csv(path, &CsvOptions::default().with_schema(schema)).unwrap();
        assert_eq!(csv.table.len(), 13_280);
    }
    if let Some(path) = data("lyon_economy/naf2008_5_niveaux.csv") {
        let csv = read_csv(path, &CsvOptions::default()).unwrap();
        assert_eq!((csv.table.len(), csv.report.separator), (732, ';'));
        assert!(!csv.table.schema().fields()[0].name.contains('\u{feff}'));
    }
}

#[test]
fn conformance_files() {
    let Some(folder) = data("conformance/frictionless/csv") else { return };
    let first = |name: &str, options: CsvOptions| read_csv(folder.join(name), &options);
    for (name, separator) in
        [("comma.csv", ','), ("semicolon.csv", ';'), ("tab.csv", '\t'), ("pipes.csv", '|')]
    {
        let csv = first(&format!("separators/{name}"), CsvOptions::default()).unwrap();
        assert_eq!(csv.report.separator, separator);
        assert!(csv.table.schema().fields().len() > 1);
    }
    for (name, separator) in [("carets.csv", '^'), ("colon.csv", ':')] {
        let told = CsvOptions::default().with_separator(separator);
        assert!(first(&format!("separators/{name}"), told).unwrap().table.schema().fields().len() > 1);
    }
    assert!(
        first("inconsistent-column-number.csv", CsvOptions::default())
            .unwrap_err()
            .to_string()
            .contains("2 cells")
    );
    assert_eq!(first("1030_columns.csv", CsvOptions::default()).unwrap().table.schema().fields().len(), 1030);
    let texts =
        |name: &str, options: CsvOptions| first(name, options).unwrap().table.batch().columns().to_vec();
    let utf8 = texts("encodings/utf8.csv", CsvOptions::default());
    assert_eq!(utf8, texts("encodings/iso8859.csv", CsvOptions::default()));
    let roman = CsvOptions::default().with_encoding(TextEncoding::MacRoman);
    assert_eq!(utf8, texts("encodings/western-macos-roman.csv", roman));
    let empty = data("conformance/frictionless/empty-files/empty.csv").unwrap();
    assert!(matches!(read_csv(empty, &CsvOptions::default()), Err(ReadError::Empty { .. })));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), repair in any::<bool>()) {
        let mut options = CsvOptions::default().with_schema(counts()).with_on_problem(OnProblem::SkipRow);
        if repair {
            options = options.with_mojibake_repaired();
        }
        let mut text = b"site,day,count\n".to_vec();
        text.extend(&bytes);
        for source in [bytes, text] {
            if let Ok(mut reader) = CsvReader::from_reader(std::io::Cursor::new(source), "random", options.clone()) {
                let _ = reader.read_all();
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back(
        texts in proptest::collection::vec(proptest::option::of("[^\r]*[a-z\"\n,;é][^\r]*"), 1..20),
        numbers in proptest::collection::vec(proptest::option::of(proptest::num::f64::ANY), 20),
    ) {
        let texts: Vec<Option<String>> = texts.into_iter().map(|text| text.filter(|text| !text.trim().is_empty())).collect();
        let numbers: Vec<Option<f64>> =
            numbers[..texts.len()].iter().map(|number| number.filter(|number| !number.is_nan())).collect();
        let table = Table::empty()
            .with_text("text", Role::Attribute, texts.iter().map(Option::as_deref)).expect("new")
            .with_number("number", Role::Measure, Unit::ONE, numbers).expect("same length");
        let mut bytes = Vec::new();
        write_csv_to(&mut bytes, &table).expect("in memory");
        let options = CsvOptions::default().with_schema(table.schema().clone()).with_separator(',');
        let mut reader = CsvReader::from_reader(std::io::Cursor::new(bytes), "own", options).expect("sound");
        prop_assert_eq!(reader.read_all().expect("sound"), table);
    }
}

#[test]
fn rows_know_their_place() {
    let text = "a,b\n1,2\n\"x\ny\",3\n4\n5,6\n";
    let options = CsvOptions::default().with_on_problem(OnProblem::SkipRow);
    let mut reader = CsvReader::from_reader(text.as_bytes(), "places.csv", options).unwrap();
    assert_eq!(reader.next().unwrap().unwrap().len(), 3);
    assert_eq!(reader.places(), [(1, 2), (2, 3), (4, 6)]);

    // Rows that are left out for a value have none, as rows of the table do.
    let text = "site,day,count\na,2024-05-31,1\nb,yesterday,2\nc,2024-05-31,3\n";
    let options = CsvOptions::default().with_schema(counts()).with_on_problem(OnProblem::SkipRow);
    let mut reader = CsvReader::from_reader(text.as_bytes(), "places.csv", options).unwrap();
    assert_eq!(reader.next().unwrap().unwrap().len(), 2);
    assert_eq!(reader.places(), [(1, 2), (3, 4)]);
}
