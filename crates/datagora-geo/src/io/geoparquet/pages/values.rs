//! The values of one page.
use std::ops::Range;

use parquet::basic::Encoding;
use parquet::column::page::Page;

use super::super::runs::Runs;
use super::{RECORD, Sink, Trouble};
use crate::wkb::POINT_SIZE;

/// Values that are looked at at once.
const BLOCK: usize = 512;

const CUT: Trouble = Trouble::Damaged("a page that ends before its values do");

/// Values that pages name by their place.
#[derive(Default)]
pub(super) struct Dictionary {
    page: Option<Page>,
    values: Vec<Range<usize>>,
    /// Whether all values are as long as a planar point.
    even: bool,
}

impl Dictionary {
    pub(super) fn of(page: Page) -> Result<Self, Trouble> {
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
pub(super) struct DataPage {
    page: Page,
    /// 1 for a value, 0 where it is missing; not there if none can be.
    levels: Option<Runs>,
    values: Values,
    /// Rows not yet read.
    pub(super) left: usize,
}

enum Values {
    /// One after the other with their lengths, the next at this place.
    Plain(usize),
    /// Their places in the dictionary.
    Places(Runs),
}

impl DataPage {
    pub(super) fn of(page: Page, rows: usize, optional: bool) -> Result<Self, Trouble> {
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

    pub(super) fn take(
        &mut self,
        rows: usize,
        dictionary: &Dictionary,
        sink: &mut impl Sink,
    ) -> Result<(), Trouble> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::WkbError;

    /// Counts what it takes; any record is a point to it, or none.
    struct Count {
        rows: usize,
        points: bool,
    }

    impl Sink for Count {
        fn missing(&mut self) {
            self.rows += 1;
        }

        fn value(&mut self, _: &[u8]) -> Result<(), WkbError> {
            self.rows += 1;
            Ok(())
        }

        fn points(&mut self, values: &[[u8; RECORD]]) -> bool {
            self.rows += if self.points { values.len() } else { 0 };
            self.points
        }
    }

    /// Bytes of which many are small, as lengths are.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![3 => Just(0_u8), 2 => 0..26_u8, 1 => any::<u8>()];
        prop::collection::vec(byte, 0..300)
    }

    proptest! {
        /// No guard stands around this: whatever the bytes, nothing panics.
        #[test]
        fn any_bytes_are_as_many_values_as_asked_for_or_an_error(
            data in bytes(), words in bytes(), entries in 0..9_u32, rows in 1..1500_usize, optional: bool, places: bool,
            second: bool, levels in prop_oneof![0..12_u32, any::<u32>()], points: bool
        ) {
            let dictionary = Page::DictionaryPage {
                buf: words.into(), num_values: entries, encoding: Encoding::PLAIN, is_sorted: false
            };
            let dictionary = Dictionary::of(dictionary).unwrap_or_default();
            let (buf, num_values) = (data.into(), rows as u32);
            let encoding = if places { Encoding::RLE_DICTIONARY } else { Encoding::PLAIN };
            let page = match second {
                true => Page::DataPageV2 {
                    buf, num_values, encoding, num_nulls: 0, num_rows: num_values, def_levels_byte_len: levels,
                    rep_levels_byte_len: 0, is_compressed: false, statistics: None
                },
                false => Page::DataPage {
                    buf, num_values, encoding, def_level_encoding: Encoding::RLE, rep_level_encoding: Encoding::RLE,
                    statistics: None
                },
            };
            if let Ok(mut page) = DataPage::of(page, rows, optional) {
                let mut sink = Count { rows: 0, points };
                let halves = [rows / 2, rows - rows / 2];
                if halves.iter().all(|&half| page.take(half, &dictionary, &mut sink).is_ok()) {
                    prop_assert_eq!((sink.rows, page.left), (rows, 0));
                }
            }
        }
    }
}
