//! CSV files, as they are found.
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};
use sha2::{Digest, Sha256};

use super::csv_detect::{SAMPLE, Scan, find_separator};
use super::csv_options::{CsvOptions, OnProblem};
use super::encoding::{TextEncoding, Transcoder, Utf8Check, repair_mojibake};
use super::error::ReadError;
use super::quotes::QuoteWatch;
use crate::cell::{CellFormat, Cells};
use crate::said::{missing_value, quoted, wrong_text};
use crate::{Field, FieldType, Lineage, Problem, ProblemKind, Report, Role, Schema, Table};

/// What was found out about a CSV file, and what was done to it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CsvReport {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of its bytes, if they were read from a file.
    pub content_hash: Option<String>,
    /// Encoding told or found.
    pub encoding: TextEncoding,
    /// Separator told or found.
    pub separator: char,
    /// Headers that came twice or were empty: what stands in the file (or its position) and what the column is called.
    pub renamed: Vec<(String, String)>,
    /// Columns of the file that the schema does not name.
    pub ignored: Vec<String>,
    /// How many cells of a column were doubly encoded and have been repaired.
    pub repaired: BTreeMap<String, u64>,
    /// Records given.
    pub rows: u64,
    /// Records left out because of a problem.
    pub skipped: u64,
    /// Why records were left out.
    pub problems: Report,
}

/// A CSV file that was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Csv {
    /// Its records.
    pub table: Table,
    /// What was found out about it.
    pub report: CsvReport,
}

impl Csv {
    /// The lineage of data read from this file, without what depends on the machine: the file's name and content.
    pub fn lineage(&self, title: impl Into<String>) -> Lineage {
        let name = Path::new(&self.report.file).file_name().unwrap_or_default();
        Lineage::source(title, name.to_string_lossy(), self.report.content_hash.clone().unwrap_or_default())
    }
}

/// Reads a whole CSV file.
///
/// Encoding, separator and decimal mark are found out unless told; cells may hold line ends; headers that come twice are
/// renamed (`siret`, `siret:1`); empty cells are missing values. Columns are text, or as the schema of the options says.
///
/// # Errors
///
/// [`ReadError::Empty`] and [`ReadError::Unreadable`]; [`ReadError::Content`] with *all* problems: columns the schema needs
/// and the file lacks, records of another length than the header, cells that are not of the type, missing values in a
/// required column, quoted text that never ends, bytes that are no text.
///
/// # Example
///
/// ```no_run
/// use datagora_core::io::{CsvOptions, read_csv};
///
/// let csv = read_csv("sirene_industrie_69_42.csv", &CsvOptions::default().with_mojibake_repaired())?;
/// println!("{} establishments, {} columns", csv.table.len(), csv.table.schema().fields().len());
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
///
/// # References
///
/// Shafranovich, Y. (2005). *Common Format and MIME Type for CSV Files*. RFC 4180.
pub fn read_csv(path: impl AsRef<Path>, options: &CsvOptions) -> Result<Csv, ReadError> {
    let mut reader = CsvReader::open(path, options.clone())?;
    let table = reader.read_all()?;
    Ok(Csv { table, report: reader.into_report() })
}

type Source = QuoteWatch<Transcoder<Box<dyn Read + Send>>>;

/// Reads a CSV file in tables of some thousand rows, so that memory does not grow with the file.
///
/// When there are problems and the options do not say to skip, the iterator reads on to the end of the file to gather them,
/// and gives one error as its last item.
pub struct CsvReader {
    records: csv::Reader<Source>,
    options: CsvOptions,
    format: CellFormat,
    width: usize,
    fields: Vec<Field>,
    positions: Vec<usize>,
    first: Option<ByteRecord>,
    report: CsvReport,
    repaired: Vec<u64>,
    row: u64,
    places: Vec<(u64, u64)>,
    finished: bool,
    refused: bool,
}

fn unreadable(file: &str, source: std::io::Error) -> ReadError {
    ReadError::Unreadable { file: file.to_owned(), source }
}

impl CsvReader {
    /// Opens a file. It is read through once, to find its encoding and hash.
    ///
    /// # Errors
    ///
    /// As [`read_csv`], for what can be told from the header.
    pub fn open(path: impl AsRef<Path>, options: CsvOptions) -> Result<Self, ReadError> {
        let file = path.as_ref().display().to_string();
        let broken = |source| unreadable(&file, source);
        let mut reader = File::open(path.as_ref()).map_err(broken)?;
        let (mut sample, mut check, mut digest) = (Vec::new(), Utf8Check::default(), Sha256::new());
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = reader.read(&mut buffer).map_err(broken)?;
            if read == 0 {
                break;
            }
            let piece = &buffer[..read];
            let room = SAMPLE.saturating_sub(sample.len()).min(read);
            sample.extend_from_slice(&piece[..room]);
            check.update(piece);
            digest.update(piece);
        }
        reader.seek(SeekFrom::Start(0)).map_err(broken)?;
        let scan = Scan {
            content_hash: Some(crate::lineage::hexadecimal(&digest.finalize())),
            ..Scan::new(sample, check.valid(true), options.encoding)
        };
        Self::start(Box::new(reader), file, options, scan)
    }

    /// Reads from any source of bytes. Only its beginning is looked at to find the encoding; a byte further on that
    /// contradicts it is a problem, and the encoding has to be told.
    ///
    /// `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// As [`read_csv`], for what can be told from the header.
    pub fn from_reader(
        reader: impl Read + Send + 'static,
        name: impl Into<String>,
        options: CsvOptions,
    ) -> Result<Self, ReadError> {
        let file = name.into();
        let mut reader = reader;
        let mut sample = Vec::new();
        (&mut reader)
            .take(SAMPLE as u64)
            .read_to_end(&mut sample)
            .map_err(|source| unreadable(&file, source))?;
        let mut check = Utf8Check::default();
        check.update(&sample);
        let scan = Scan::new(sample, check.valid(false), options.encoding);
        let whole = std::io::Cursor::new(scan.sample.clone()).chain(reader);
        Self::start(Box::new(whole), file, options, scan)
    }

    fn start(
        mut bytes: Box<dyn Read + Send>,
        file: String,
        options: CsvOptions,
        scan: Scan,
    ) -> Result<Self, ReadError> {
        let content = &scan.sample[scan.mark..];
        if content.iter().all(u8::is_ascii_whitespace) && content.len() < SAMPLE - scan.mark {
            return Err(ReadError::Empty { file });
        }
        let mut mark = vec![0; scan.mark];
        bytes.read_exact(&mut mark).map_err(|source| unreadable(&file, source))?;
        let separator = match options.separator {
            Some(separator) => u8::try_from(separator).ok().filter(u8::is_ascii).ok_or_else(|| {
                let found = format!("the separator {separator:?} in the options");
                ReadError::content(&file, Problem::new(found, "an ASCII character"))
            })?,
            None => find_separator(content, scan.encoding),
        };
        let source = QuoteWatch::new(Transcoder::new(bytes, scan.encoding), separator);
        let mut records = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .buffer_capacity(1 << 16)
            .from_reader(source);
        let report = CsvReport {
            file,
            content_hash: scan.content_hash,
            encoding: scan.encoding,
            separator: char::from(separator),
            renamed: Vec::new(),
            ignored: Vec::new(),
            repaired: BTreeMap::new(),
            rows: 0,
            skipped: 0,
            problems: Report::with_limit(options.max_problems),
        };
        let mut header = ByteRecord::new();
        if !records.read_byte_record(&mut header).map_err(|error| csv_error(&report.file, error))? {
            return Err(ReadError::Empty { file: report.file });
        }
        let format = options.format(separator);
        let mut reader = Self {
            records,
            format,
            width: header.len(),
            fields: Vec::new(),
            positions: Vec::new(),
            first: None,
            report,
            row: 0,
            places: Vec::new(),
            repaired: Vec::new(),
            finished: false,
            refused: false,
            options,
        };
        let names = match reader.options.columns.clone() {
            Some(names) => {
                reader.first = Some(header);
                reader.width = names.len();
                reader.name_columns(names)
            }
            None => {
                let names =
                    header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
                reader.name_columns(names)
            }
        };
        reader.choose(&names)?;
        reader.repaired = vec![0; reader.fields.len()];
        Ok(reader)
    }

    /// Gives each column a name of its own.
    fn name_columns(&mut self, names: Vec<String>) -> Vec<String> {
        let mut taken: BTreeSet<String> = names.iter().cloned().collect();
        let mut seen = BTreeSet::new();
        // Numbers up to these are taken: of thousands of equal headers none is tried twice.
        let mut last: BTreeMap<String, usize> = BTreeMap::new();
        let mut unique = Vec::with_capacity(names.len());
        for (position, found) in names.into_iter().enumerate() {
            let mut name = match repair_mojibake(&found).filter(|_| self.options.repair_mojibake) {
                Some(repaired) => repaired,
                None => found.clone(),
            };
            if name.is_empty() {
                name = format!("column_{}", position + 1);
            }
            if seen.contains(&name) {
                let number = last.entry(name.clone()).or_default();
                loop {
                    *number += 1;
                    let free = format!("{name}:{number}");
                    if taken.insert(free.clone()) {
                        name = free;
                        break;
                    }
                }
            }
            if name != found {
                self.report.renamed.push((found, name.clone()));
            }
            seen.insert(name.clone());
            unique.push(name);
        }
        unique
    }

    /// Finds the columns of the schema among those of the file.
    fn choose(&mut self, names: &[String]) -> Result<(), ReadError> {
        let Some(schema) = &self.options.schema else {
            self.fields =
                names.iter().map(|name| Field::new(name, FieldType::Text, Role::Attribute)).collect();
            self.positions = (0..names.len()).collect();
            return Ok(());
        };
        let there: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut report = Report::with_limit(self.options.max_problems);
        report.extend(Problem::lacking_columns(
            schema.fields().iter().map(|field| field.name.as_str()),
            &there,
        ));
        if !report.is_empty() {
            return Err(ReadError::Content { file: self.report.file.clone(), report });
        }
        for field in schema.fields() {
            self.positions.extend(names.iter().position(|name| *name == field.name));
            self.fields.push(field.clone());
        }
        self.report.ignored = names.iter().filter(|name| schema.field(name).is_none()).cloned().collect();
        Ok(())
    }

    /// The columns of the tables it gives.
    pub fn schema(&self) -> Schema {
        Schema::new(self.fields.clone())
    }

    /// Record and line of each row of the table given last, both counted from 1: what a problem found later needs to say
    /// where it is.
    pub fn places(&self) -> &[(u64, u64)] {
        &self.places
    }

    /// What was found out so far; complete after the last table.
    pub fn report(&self) -> &CsvReport {
        &self.report
    }

    /// What was found out so far, for itself.
    pub fn into_report(self) -> CsvReport {
        self.report
    }

    /// All tables that are left, as one.
    ///
    /// # Errors
    ///
    /// As [`read_csv`].
    pub fn read_all(&mut self) -> Result<Table, ReadError> {
        let tables: Vec<Table> = self.by_ref().collect::<Result<_, _>>()?;
        if tables.is_empty() {
            let columns = self.fields.iter().map(|field| Cells::new(field.kind).finish()).collect();
            return self.assemble(columns, 0);
        }
        Table::concat(&tables).map_err(|source| ReadError::Malformed {
            file: self.report.file.clone(),
            needed: "small enough for one table",
            source: Box::new(source),
        })
    }

    fn assemble(&self, columns: Vec<arrow::array::ArrayRef>, rows: usize) -> Result<Table, ReadError> {
        Table::assemble(self.fields.clone(), columns, rows).map_err(|source| ReadError::Malformed {
            file: self.report.file.clone(),
            needed: "a table",
            source: Box::new(source),
        })
    }

    fn next_record(&mut self, record: &mut ByteRecord) -> Result<bool, csv::Error> {
        match self.first.take() {
            Some(first) => {
                *record = first;
                Ok(true)
            }
            None => self.records.read_byte_record(record),
        }
    }

    /// Adds a record to the columns, and tells whether it is sound. One of another length adds nothing; a cell that stands for
    /// no value leaves a gap, so that the columns stay aligned until the record is left out.
    fn push(&mut self, record: &ByteRecord, columns: &mut [Cells]) -> bool {
        let place = |problem: Problem, row| match record.position() {
            Some(position) => problem.at_row(row).at_line(position.line()),
            None => problem.at_row(row),
        };
        if record.len() != self.width {
            let problem = Problem::new(count(record.len()), count(self.width));
            self.report.problems.add(place(problem.of_kind(ProblemKind::Unreadable), self.row));
            return false;
        }
        let mut sound = true;
        for (index, cells) in columns.iter_mut().enumerate() {
            let bytes = &record[self.positions[index]];
            let problem = match std::str::from_utf8(bytes) {
                Ok(text) if self.options.is_missing(text) => {
                    cells.push_missing();
                    if self.fields[index].nullable {
                        continue;
                    }
                    missing_value()
                }
                Ok(text) => {
                    let repaired = if self.options.repair_mojibake { repair_mojibake(text) } else { None };
                    self.repaired[index] += u64::from(repaired.is_some());
                    let text = repaired.as_deref().unwrap_or(text);
                    let Err(needed) = cells.push(text, self.format) else { continue };
                    cells.push_missing();
                    wrong_text(text, needed)
                }
                Err(_) => {
                    cells.push_missing();
                    let found = quoted(&String::from_utf8_lossy(bytes));
                    Problem::new(found, "UTF-8; tell the encoding in the options")
                        .of_kind(ProblemKind::Encoding)
                }
            };
            sound = false;
            self.report.problems.add(place(problem, self.row).in_column(&self.fields[index].name));
        }
        sound
    }

    /// Reads the next records into columns; says which of them to keep.
    fn read_batch(&mut self, columns: &mut [Cells]) -> Result<Vec<bool>, ReadError> {
        let mut keep: Vec<bool> = Vec::new();
        let mut record = ByteRecord::new();
        self.places.clear();
        while keep.len() < self.options.batch_rows {
            let more = self.next_record(&mut record).map_err(|error| {
                self.finished = true;
                csv_error(&self.report.file, error)
            })?;
            if !more {
                self.finish();
                break;
            }
            self.row += 1;
            let sound = self.push(&record, columns);
            if record.len() == self.width {
                keep.push(sound);
                if sound {
                    let line = record.position().map_or(self.row, csv::Position::line);
                    self.places.push((self.row, line));
                }
            }
            self.report.skipped += u64::from(!sound);
        }
        Ok(keep)
    }

    fn next_table(&mut self) -> Option<Result<Table, ReadError>> {
        while !self.finished {
            let mut columns: Vec<Cells> = self.fields.iter().map(|field| Cells::new(field.kind)).collect();
            let keep = match self.read_batch(&mut columns) {
                Ok(keep) => keep,
                Err(error) => return Some(Err(error)),
            };
            if self.options.on_problem == OnProblem::Refuse && !self.report.problems.is_empty() {
                // Read on: all problems are told at once.
                continue;
            }
            if keep.is_empty() {
                return None;
            }
            let arrays = columns.iter_mut().map(Cells::finish).collect();
            let table = self.assemble(arrays, keep.len()).map(|table| match keep.contains(&false) {
                true => table.filter(|row| keep[row]),
                false => table,
            });
            if let Ok(table) = &table {
                self.report.rows += table.len() as u64;
            }
            return Some(table);
        }
        let refused = self.options.on_problem == OnProblem::Refuse && !self.report.problems.is_empty();
        (refused && !std::mem::replace(&mut self.refused, true)).then(|| {
            Err(ReadError::Content { file: self.report.file.clone(), report: self.report.problems.clone() })
        })
    }

    /// Looks at what can only be told at the end.
    fn finish(&mut self) {
        self.finished = true;
        let counts = self.fields.iter().zip(&self.repaired).filter(|(_, count)| **count > 0);
        self.report.repaired = counts.map(|(field, count)| (field.name.clone(), *count)).collect();
        let source = self.records.get_ref();
        let (open, malformed) = (source.open_since(), source.inner().malformed());
        if let Some(line) = open {
            let problem = Problem::new(
                "quoted text that never ends",
                "a closing quote; the file may be truncated, fetch it again",
            );
            self.report.problems.add(problem.of_kind(ProblemKind::Unreadable).at_row(self.row).at_line(line));
        }
        if malformed {
            let found = format!("bytes that stand for nothing in {}", self.report.encoding);
            let problem = Problem::new(found, "another encoding, told in the options");
            self.report.problems.add(problem.of_kind(ProblemKind::Encoding));
        }
    }
}

impl Iterator for CsvReader {
    type Item = Result<Table, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_table()
    }
}

impl std::fmt::Debug for CsvReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CsvReader")
            .field("report", &self.report)
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

fn count(cells: usize) -> String {
    if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") }
}

fn csv_error(file: &str, error: csv::Error) -> ReadError {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => unreadable(file, source),
        other => {
            ReadError::Malformed { file: file.to_owned(), needed: "CSV", source: format!("{other:?}").into() }
        }
    }
}

#[cfg(test)]
mod tests;
