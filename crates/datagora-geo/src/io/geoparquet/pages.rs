//! Well-known binary straight out of the pages of a Parquet file.
//!
//! Arrow copies each value from its page into an array, from which it would be decoded. Here it is decoded where the page
//! has it, and pages without a row that is wanted are not even decompressed.
mod values;

use std::collections::VecDeque;
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::SerializedPageReader;

use self::values::{DataPage, Dictionary};
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
