//! Well-known binary straight out of the pages of a Parquet file.
//!
//! Arrow copies each value from its page into an array, from which it would be decoded. Here it is decoded where the page
//! has it, and pages without a row that is wanted are not even decompressed.
use std::collections::VecDeque;
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::SerializedPageReader;

use super::runs::Runs;
use crate::WkbError;
use crate::wkb::POINT_SIZE;

/// What takes the values, row by row.
pub(super) trait Sink {
    fn missing(&mut self);

    fn value(&mut self, bytes: &[u8]) -> Result<(), WkbError>;

    /// Values with their lengths before them, if all are planar points; otherwise false, and none is taken.
    fn points(&mut self, values: &[[u8; RECORD]]) -> bool;
}

/// A planar point with its length before it.
pub(super) const RECORD: usize = 4 + POINT_SIZE;

/// Values that are looked at at once.
const BLOCK: usize = 512;

/// Why a column cannot be read further.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The file, or a page of it.
    Parquet(ParquetError),
    /// A page is not as it says.
    Damaged(&'static str),
    /// A value is no well-known binary.
    Wkb(WkbError),
}

const CUT: Trouble = Trouble::Damaged("a page that ends before its values do");

/// A column of bytes, read page by page.
pub(super) struct Pages {
    file: Arc<File>,
    metadata: Arc<ParquetMetaData>,
    /// Place among the columns of the file.
    column: usize,
    /// Whether values can be missing.
    optional: bool,
    /// Row groups not yet begun.
    groups: VecDeque<usize>,
    reader: Option<SerializedPageReader<File>>,
    /// Rows of the row group that are not in a page so far.
    ahead: usize,
    dictionary: Dictionary,
    page: Option<DataPage>,
    /// Rows that are wanted, counted over the row groups; all if not given.
    wanted: Option<VecDeque<Range<usize>>>,
    /// Rows read or skipped.
    place: usize,
}

impl Pages {
    /// A column of some row groups, of which some rows are wanted; `None` if it is not one of bytes at the root of the
    /// table, or in encodings other than plain and by dictionary.
    pub(super) fn of(
        file: &Arc<File>,
        metadata: &Arc<ParquetMetaData>,
        name: &str,
        groups: &[usize],
        wanted: Option<&[Range<usize>]>,
    ) -> Option<Self> {
        let columns = metadata.file_metadata().schema_descr();
        let is_it = |&column: &usize| columns.column(column).path().parts() == [name];
        let column = (0..columns.num_columns()).find(is_it)?;
        let descriptor = columns.column(column);
        let optional = descriptor.max_def_level() == 1;
        if descriptor.physical_type() != Type::BYTE_ARRAY
            || descriptor.max_rep_level() > 0
            || descriptor.max_def_level() > 1
        {
            return None;
        }
        let known = |chunk: &ColumnChunkMetaData| {
            chunk.encodings().all(|encoding| match encoding {
                Encoding::PLAIN | Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY | Encoding::RLE => {
                    true
                }
                // Of levels that are not there, some writers say so.
                #[expect(deprecated, reason = "old files have it")]
                Encoding::BIT_PACKED => !optional,
                _ => false,
            })
        };
        groups.iter().all(|&group| known(metadata.row_group(group).column(column))).then(|| Self {
            file: Arc::clone(file),
            metadata: Arc::clone(metadata),
            column,
            optional,
            groups: groups.iter().copied().collect(),
            reader: None,
            ahead: 0,
            dictionary: Dictionary::default(),
            page: None,
            wanted: wanted.map(|ranges| ranges.iter().cloned().collect()),
            place: 0,
        })
    }

    /// Hands on the next rows that are wanted, of which so many are left.
    pub(super) fn read(&mut self, rows: usize, sink: &mut impl Sink) -> Result<(), Trouble> {
        let mut left = rows;
        while left > 0 {
            let Some(wanted) = &mut self.wanted else { return self.take(left, sink) };
            let range = wanted.front_mut().ok_or(Trouble::Damaged("more rows than are wanted"))?;
            let (skip, take) = (range.start - self.place, left.min(range.len()));
            range.start += take;
            if range.start == range.end {
                wanted.pop_front();
            }
            self.skip(skip)?;
            self.take(take, sink)?;
            left -= take;
        }
        Ok(())
    }

    fn take(&mut self, rows: usize, sink: &mut impl Sink) -> Result<(), Trouble> {
        let mut left = rows;
        while left > 0 {
            match &mut self.page {
                Some(page) => {
                    let rows = left.min(page.left);
                    page.take(rows, &self.dictionary, sink)?;
                    left -= rows;
                    self.close_page();
                }
                None => {
                    self.turn(0)?;
                }
            }
        }
        self.place += rows;
        Ok(())
    }

    fn skip(&mut self, rows: usize) -> Result<(), Trouble> {
        let mut left = rows;
        while left > 0 {
            match &mut self.page {
                Some(page) => {
                    let rows = left.min(page.left);
                    page.take(rows, &self.dictionary, &mut Nowhere)?;
                    left -= rows;
                    self.close_page();
                }
                None => left -= self.turn(left)?,
            }
        }
        self.place += rows;
        Ok(())
    }

    /// Gives back the memory of a page that is read.
    fn close_page(&mut self) {
        self.page.take_if(|page| page.left == 0);
    }

    /// Goes to the next page with rows, or over a page with at most so many; how many were gone over.
    fn turn(&mut self, spare: usize) -> Result<usize, Trouble> {
        loop {
            let Some(reader) = &mut self.reader else {
                self.open()?;
                continue;
            };
            let Some(next) = reader.peek_next_page().map_err(Trouble::Parquet)? else {
                if self.ahead > 0 {
                    return Err(Trouble::Damaged("fewer rows than the row group states"));
                }
                self.reader = None;
                continue;
            };
            let rows = next.num_rows.or(next.num_levels).unwrap_or(0);
            if !next.is_dict {
                self.ahead = self
                    .ahead
                    .checked_sub(rows)
                    .ok_or(Trouble::Damaged("more rows than the row group states"))?;
                if rows <= spare {
                    reader.skip_next_page().map_err(Trouble::Parquet)?;
                    return Ok(rows);
                }
            }
            match reader.get_next_page().map_err(Trouble::Parquet)? {
                Some(page @ Page::DictionaryPage { .. }) => self.dictionary = Dictionary::of(page)?,
                Some(page) if rows > 0 => {
                    self.page = Some(DataPage::of(page, rows, self.optional)?);
                    return Ok(0);
                }
                _ => {}
            }
        }
    }

    /// Begins the next row group.
    fn open(&mut self) -> Result<(), Trouble> {
        let group = self.groups.pop_front().ok_or(Trouble::Damaged("fewer rows than the file states"))?;
        let group = self.metadata.row_group(group);
        self.ahead = usize::try_from(group.num_rows()).unwrap_or(0);
        self.dictionary = Dictionary::default();
        let reader =
            SerializedPageReader::new(Arc::clone(&self.file), group.column(self.column), self.ahead, None);
        self.reader = Some(reader.map_err(Trouble::Parquet)?);
        Ok(())
    }
}

/// Values that pages name by their place.
#[derive(Default)]
struct Dictionary {
    page: Option<Page>,
    values: Vec<Range<usize>>,
    /// Whether all values are as long as a planar point.
    even: bool,
}

impl Dictionary {
    fn of(page: Page) -> Result<Self, Trouble> {
        let (bytes, mut place) = (page.buffer(), 0);
        // The number is not trusted with memory: values end with the bytes.
        let values = (0..page.num_values()).map(|_| value(bytes, &mut place));
        let values = values.collect::<Option<Vec<_>>>().ok_or(CUT)?;
        let even = values.iter().all(|value| value.len() == POINT_SIZE);
        Ok(Self { page: Some(page), values, even })
    }

    /// The values with their lengths before them, if all are as long as a planar point.
    fn records(&self) -> Option<&[[u8; RECORD]]> {
        let page = self.page.as_ref().filter(|_| self.even)?;
        page.buffer().as_chunks().0.get(..self.values.len())
    }

    fn get(&self, place: u32) -> Option<&[u8]> {
        self.page.as_ref()?.buffer().get(self.values.get(place as usize)?.clone())
    }
}

/// A page being read.
struct DataPage {
    page: Page,
    /// 1 for a value, 0 where it is missing; not there if none can be.
    levels: Option<Runs>,
    values: Values,
    /// Rows not yet read.
    left: usize,
}

enum Values {
    /// One after the other with their lengths, the next at this place.
    Plain(usize),
    /// Their places in the dictionary.
    Places(Runs),
}

impl DataPage {
    fn of(page: Page, rows: usize, optional: bool) -> Result<Self, Trouble> {
        let bytes = page.buffer();
        let (levels, encoding) = match &page {
            Page::DataPage { encoding, def_level_encoding, .. } => {
                let length = match (optional, def_level_encoding) {
                    (false, _) => None,
                    (true, Encoding::RLE) => {
                        bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes) as usize)
                    }
                    (true, _) => {
                        return Err(Trouble::Damaged("levels in an encoding that the file does not state"));
                    }
                };
                let levels = match length {
                    Some(length) => 4..4 + length,
                    None if optional => return Err(CUT),
                    None => 0..0,
                };
                (levels, *encoding)
            }
            Page::DataPageV2 { encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let first = *rep_levels_byte_len as usize;
                (first..first + *def_levels_byte_len as usize, *encoding)
            }
            Page::DictionaryPage { .. } => return Err(Trouble::Damaged("a dictionary behind its values")),
        };
        let start = levels.end;
        if start > bytes.len() {
            return Err(CUT);
        }
        let values = match encoding {
            Encoding::PLAIN => Values::Plain(start),
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                // Where all values are missing the width is, too.
                let width = usize::from(bytes.get(start).copied().unwrap_or(0));
                if width > 32 {
                    return Err(Trouble::Damaged("places in a dictionary of more than 32 bits"));
                }
                Values::Places(Runs::new(bytes.len().min(start + 1)..bytes.len(), width))
            }
            _ => return Err(Trouble::Damaged("values in an encoding that the file does not state")),
        };
        let levels = optional.then(|| Runs::new(levels, 1));
        Ok(Self { page, levels, values, left: rows })
    }

    fn take(&mut self, rows: usize, dictionary: &Dictionary, sink: &mut impl Sink) -> Result<(), Trouble> {
        let bytes = self.page.buffer();
        let mut left = rows;
        while left > 0 {
            let (there, count) = match &mut self.levels {
                None => (1, left),
                Some(levels) => levels.stretch(bytes, left).ok_or(CUT)?,
            };
            match (there, &mut self.values) {
                (0, _) => (0..count).for_each(|_| sink.missing()),
                (_, Values::Plain(place)) => plain(bytes, place, count, sink)?,
                (_, Values::Places(places)) => by_dictionary(bytes, places, count, dictionary, sink)?,
            }
            left -= count;
        }
        self.left -= rows;
        Ok(())
    }
}

fn plain(bytes: &[u8], place: &mut usize, count: usize, sink: &mut impl Sink) -> Result<(), Trouble> {
    let mut left = count;
    while left > 0 {
        let block = left.min(BLOCK);
        let end = *place + block * RECORD;
        match bytes.get(*place..end).map(|bytes| bytes.as_chunks().0) {
            Some(records) if sink.points(records) => *place = end,
            _ => {
                for _ in 0..block {
                    let value = value(bytes, place).ok_or(CUT)?;
                    sink.value(&bytes[value]).map_err(Trouble::Wkb)?;
                }
            }
        }
        left -= block;
    }
    Ok(())
}

fn by_dictionary(
    bytes: &[u8],
    places: &mut Runs,
    count: usize,
    dictionary: &Dictionary,
    sink: &mut impl Sink,
) -> Result<(), Trouble> {
    const LACKING: Trouble = Trouble::Damaged("a value that the dictionary lacks");
    let mut block = [0; BLOCK];
    let mut gathered = [[0; RECORD]; BLOCK];
    let mut left = count;
    while left > 0 {
        let found = &mut block[..left.min(BLOCK)];
        places.fill(bytes, found).ok_or(CUT)?;
        left -= found.len();
        if let Some(records) = dictionary.records() {
            for (to, &mut place) in gathered.iter_mut().zip(&mut *found) {
                *to = *records.get(place as usize).ok_or(LACKING)?;
            }
            if sink.points(&gathered[..found.len()]) {
                continue;
            }
        }
        for &mut place in found {
            sink.value(dictionary.get(place).ok_or(LACKING)?).map_err(Trouble::Wkb)?;
        }
    }
    Ok(())
}

/// Where the value is whose length stands at a place, which moves behind it.
fn value(bytes: &[u8], place: &mut usize) -> Option<Range<usize>> {
    let length = u32::from_le_bytes(*bytes.get(*place..)?.first_chunk()?) as usize;
    let start = *place + 4;
    let end = start.checked_add(length).filter(|&end| end <= bytes.len())?;
    *place = end;
    Some(start..end)
}

/// Takes rows that are not wanted.
struct Nowhere;

impl Sink for Nowhere {
    fn missing(&mut self) {}

    fn value(&mut self, _: &[u8]) -> Result<(), WkbError> {
        Ok(())
    }

    /// Their lengths are to be followed one by one: what is no point is not told from one here.
    fn points(&mut self, _: &[[u8; RECORD]]) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
