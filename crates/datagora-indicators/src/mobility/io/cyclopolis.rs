//! Monthly counts of Lyon's bicycle and car counters, and the counting points that Cerema knows.
use std::collections::BTreeSet;
use std::path::Path;

use arrow::array::Array;
use datagora_core::io::{CsvOptions, CsvReader, JsonOptions, OnProblem, ReadError, read_json};
use datagora_core::{Field, FieldType, Month, Problem, ProblemKind, Report, Role, Schema, Unit};

use super::SourceFile;
use crate::mobility::{Channel, CountsError, Mode, MonthlyCounts};

/// Counters with their monthly totals.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Cyclopolis {
    /// The counters; their identifier is `mode/counter`, as that of the channels of the counts.
    pub channels: Vec<Channel>,
    /// Monthly totals.
    pub counts: MonthlyCounts,
    /// Rows of counts read.
    pub rows: u64,
    /// Rows of counts that could not be used; the problems say why.
    pub left_out: u64,
    /// Rows that could not be used, counters without counts, counts without counter.
    pub problems: Report,
    /// The file of counters, and that of counts.
    pub files: [SourceFile; 2],
}

/// Reads the monthly counts of Cyclopolis: a file of counters and one of counts, both CSV.
///
/// # Units
///
/// Counts per calendar month; positions as longitude and latitude in degrees.
///
/// # Missing values
///
/// An empty count and a month without row are missing. Zeros are kept: see [`find_outages`](crate::mobility::find_outages). A row
/// with another mode than `velo` and `voiture`, another month than `2016-02-01`, a negative count, or a month for the second time is
/// left out and listed.
///
/// # Errors
///
/// [`ReadError`] for files that cannot be read or lack a column, or hold no usable count at all.
///
/// # Example
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("datagora-cyclopolis-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let (counters, months) = (folder.join("counters.csv"), folder.join("months.csv"));
/// use datagora_indicators::mobility::io::read_cyclopolis;
///
/// std::fs::write(&counters, "mode,counter,name,sector,lon,lat\nvelo,avenue-leclerc,Avenue Leclerc,Lyon 7,4.8323,45.7460\n")?;
/// std::fs::write(&months, "mode,counter,month,count\nvelo,avenue-leclerc,2016-02-01,41000\nvelo,avenue-leclerc,2016-03-01,\n")?;
/// let lyon = read_cyclopolis(&counters, &months)?;
/// assert_eq!(lyon.counts.channels(), ["velo/avenue-leclerc"]);
/// assert_eq!(lyon.counts.series(0)[0], 41_000.0);
/// assert_eq!(lyon.channels[0].position, Some([4.8323, 45.7460]));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_cyclopolis(
    counters: impl AsRef<Path>,
    months: impl AsRef<Path>,
) -> Result<Cyclopolis, ReadError> {
    let mut problems = Report::with_limit(100);
    let mut channels: Vec<Channel> = Vec::new();
    let mut known = BTreeSet::new();
    let text = |name: &str| Field::new(name, FieldType::Text, Role::Attribute).required();
    let degrees =
        |name: &str| Field::new(name, FieldType::Number, Role::Attribute).with_unit(Unit::of("deg"));
    let schema =
        Schema::new(vec![text("mode"), text("counter"), text("name"), degrees("lon"), degrees("lat")]);
    let of_counters = each(counters.as_ref(), schema, &mut problems, |table, at, problem, problems| {
        let cell = |name: &str| table.text(name).map(|column| column.value(at)).unwrap_or_default();
        let id = format!("{}/{}", cell("mode"), cell("counter"));
        let Some(mode) = mode_of(cell("mode")) else {
            problems.add(problem(
                &format!("the mode “{}”", cell("mode")),
                "velo or voiture; left out",
                "mode",
                &id,
            ));
            return;
        };
        if !known.insert(id.clone()) {
            let twice = problem("a counter for the second time", "each once; left out", "counter", &id);
            problems.add(twice.of_kind(ProblemKind::DuplicateRow));
            return;
        }
        let mut channel =
            Channel::new(&*id).with_site(cell("counter")).with_name(cell("name")).with_mode(mode);
        let number = |name: &str| {
            table.number(name).ok().filter(|column| column.is_valid(at)).map(|column| column.value(at))
        };
        match number("lon").zip(number("lat")) {
            Some((lon, lat)) if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) => {
                channel = channel.with_position(lon, lat);
            }
            found => {
                let found = found.map_or("nothing".to_owned(), |(lon, lat)| format!("({lon}, {lat})"));
                problems.add(problem(&found, "longitude and latitude in degrees", "lon", &id));
            }
        }
        channels.push(channel);
    })?;

    let mut rows = Vec::new();
    let count = Field::new("count", FieldType::Number, Role::Measure).with_unit(Unit::of("{vehicle}"));
    let schema = Schema::new(vec![text("mode"), text("counter"), text("month"), count]);
    let of_months = each(months.as_ref(), schema, &mut problems, |table, at, problem, problems| {
        let cell = |name: &str| table.text(name).map(|column| column.value(at)).unwrap_or_default();
        let id = format!("{}/{}", cell("mode"), cell("counter"));
        if mode_of(cell("mode")).is_none() {
            problems.add(problem(
                &format!("the mode “{}”", cell("mode")),
                "velo or voiture; left out",
                "mode",
                &id,
            ));
            return;
        }
        let text = cell("month");
        let month = text.strip_suffix("-01").filter(|month| month.len() == 7).unwrap_or(text);
        let Ok(month) = Month::parse(month) else {
            let wrong = problem(
                &format!("“{text}”"),
                "the first day of a month such as 2016-02-01; left out",
                "month",
                &id,
            );
            problems.add(wrong.of_kind(ProblemKind::WrongType));
            return;
        };
        let count =
            table.number("count").ok().filter(|column| column.is_valid(at)).map(|column| column.value(at));
        rows.push((id, month, count.unwrap_or(f64::NAN)));
    })?;
    let file = months.as_ref().display().to_string();
    let usable = rows.len();
    let (counts, found) = MonthlyCounts::from_rows(rows).map_err(|error: CountsError| {
        let mut report = Report::default();
        report.add(Problem::new(error.to_string(), "counts of months").in_file(file.clone()));
        ReadError::Content { file: file.clone(), report }
    })?;
    let left_out = of_months.rows - usable as u64 + found.len() as u64;
    for one in found {
        problems.add(Problem::new(one.to_string(), "each month once, with a count").in_file(file.clone()));
    }
    for channel in counts.channels().iter().filter(|id| !known.contains(*id)) {
        let problem = Problem::new("counts of a counter that the list lacks", "one of the file of counters");
        problems
            .add(problem.of_kind(ProblemKind::UnknownCode).in_file(file.clone()).of_key(channel.as_str()));
    }
    for channel in channels.iter().filter(|channel| counts.channel(&channel.id).is_none()) {
        let problem = Problem::new("a counter without counts", "counts of each counter");
        problems.add(
            problem.of_kind(ProblemKind::MissingValue).in_file(file.clone()).of_key(channel.id.as_str()),
        );
    }
    let files = [of_counters.file, of_months.file];
    Ok(Cyclopolis { channels, counts, rows: of_months.rows, left_out, problems, files })
}

fn mode_of(text: &str) -> Option<Mode> {
    match text {
        "velo" => Some(Mode::Bike),
        // Loops count all motor vehicles.
        "voiture" => Some(Mode::Mixed),
        _ => None,
    }
}

/// Makes a problem of what was found, what was needed, the column and the key.
type Maker<'a> = &'a dyn Fn(&str, &str, &str, &str) -> Problem;

/// What was read of one file.
struct Rows {
    file: SourceFile,
    /// Of them all, those left out as well.
    rows: u64,
}

/// Reads a CSV file row by row; rows that are not as the schema says are left out and listed.
fn each(
    path: &Path,
    schema: Schema,
    problems: &mut Report,
    mut take: impl FnMut(&datagora_core::Table, usize, Maker<'_>, &mut Report),
) -> Result<Rows, ReadError> {
    let options = CsvOptions::default().with_schema(schema).with_on_problem(OnProblem::SkipRow);
    let mut reader = CsvReader::open(path, options)?;
    let file = reader.report().file.clone();
    while let Some(table) = reader.next() {
        let table = table?;
        for (at, &(row, line)) in reader.places().iter().enumerate() {
            let problem = |found: &str, needed: &str, column: &str, key: &str| {
                Problem::new(found, needed)
                    .in_file(file.clone())
                    .at_row(row)
                    .at_line(line)
                    .in_column(column)
                    .of_key(key)
            };
            take(&table, at, &problem, problems);
        }
    }
    let report = reader.into_report();
    problems.merge(report.problems.in_file(&file));
    let hash = report.content_hash.unwrap_or_default();
    Ok(Rows { file: SourceFile::new(path, hash), rows: report.rows + report.skipped })
}

/// Reads the counting points of Cerema's Avatar, a JSON list: where motor traffic is counted, without counts.
///
/// The channel has the point's number as identifier, its station as site and the road as name.
///
/// # Missing values
///
/// A point without number is left out and listed; points have no position in this file.
///
/// # Errors
///
/// [`ReadError`] for files that cannot be read, or are no list of points.
///
/// # Example
///
/// ```
/// # let path = std::env::temp_dir().join(format!("datagora-cerema-{}.json", std::process::id()));
/// use datagora_indicators::mobility::io::read_cerema_count_points;
///
/// std::fs::write(&path, r#"[{"id": 1500, "count_point_name": "36", "station_name": "Lafayette_Liberte_Moliere",
///     "op_road_name": "CRS LAFAYETTE"}]"#)?;
/// let (points, problems) = read_cerema_count_points(&path)?;
/// assert_eq!((points[0].id.as_str(), points[0].name.as_deref()), ("1500", Some("CRS LAFAYETTE")));
/// assert!(problems.is_empty());
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_cerema_count_points(path: impl AsRef<Path>) -> Result<(Vec<Channel>, Report), ReadError> {
    let text = |name: &str| Field::new(name, FieldType::Text, Role::Attribute);
    let schema = Schema::new(vec![text("id").required(), text("station_name"), text("op_road_name")]);
    let options = JsonOptions::default().with_schema(schema).with_on_problem(OnProblem::SkipRow);
    let json = read_json(path, &options)?;
    let mut problems = Report::with_limit(100);
    problems.merge(json.report.problems.in_file(&json.report.file));
    let cell = |name: &str, at: usize| {
        let column = json.table.text(name).ok()?;
        (column.is_valid(at) && !column.value(at).is_empty()).then(|| column.value(at).to_owned())
    };
    let mut known = BTreeSet::new();
    let mut points = Vec::with_capacity(json.table.len());
    for at in 0..json.table.len() {
        let Some(id) = cell("id", at) else { continue };
        if !known.insert(id.clone()) {
            let problem = Problem::new(format!("“{id}” a second time"), "each point once; left out");
            let problem = problem.of_kind(ProblemKind::DuplicateRow).in_column("id").of_key(id);
            problems.add(problem.in_file(json.report.file.clone()).at_row(at as u64 + 1));
            continue;
        }
        let mut point = Channel::new(id).with_mode(Mode::Mixed);
        (point.site, point.name) = (cell("station_name", at), cell("op_road_name", at));
        points.push(point);
    }
    Ok((points, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that is gone at the end of the test.
    struct Temporary(std::path::PathBuf);

    impl Temporary {
        fn with(name: &str, text: &str) -> Self {
            let path = std::env::temp_dir().join(format!("datagora-{}-{name}", std::process::id()));
            std::fs::write(&path, text).unwrap();
            Self(path)
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[test]
    fn every_row_left_out_is_counted_and_told() {
        let counters = Temporary::with(
            "cyclopolis-counters.csv",
            "mode,counter,name,lon,lat\nvelo,quai,Quai,4.83,45.74\nvelo,pont,Pont,4.84,45.75\n",
        );
        let mut text = "mode,counter,month,count\nvelo,quai,2016-02-01,41000\nvelo,quai,2016-02-01,1\n\
            velo,quai,2016-03-01,-4\ntrottinette,quai,2016-03-01,7\nvelo,quai,mars,7\nvelo,gare,2016-03-01,\n"
            .to_owned();
        // More than are told one by one.
        for _ in 0..250 {
            text += "velo,quai,2016-04-01,many\n";
        }
        let months = Temporary::with("cyclopolis-months.csv", &text);
        let found = read_cyclopolis(&counters.0, &months.0).unwrap();
        assert_eq!((found.rows, found.left_out), (256, 254));
        let hash = datagora_core::content_hash(text.as_bytes());
        assert_eq!(found.files[1], SourceFile::new(&months.0, hash));
        assert_ne!(found.files[0].content_hash, found.files[1].content_hash);
        assert_eq!(found.counts.channels(), ["velo/gare", "velo/quai"]);
        // Besides them: counts without counter, a counter without counts.
        assert_eq!(found.problems.count(), 254 + 2);
        assert_eq!(found.problems.count_of(ProblemKind::WrongType), 251);
        let name = months.0.display().to_string();
        assert!(found.problems.problems().all(|problem| problem.file.as_deref() == Some(&*name)));
    }
}
