//! dBASE tables, the attributes of Shapefiles.
use std::borrow::Cow;

use datagora_core::{FieldType, Table};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::columns::{Column, Columns, Value, free_name, parse_date};
use super::dos_pages::{CODE_PAGE_437, CODE_PAGE_850};
use super::error::Fault;
use super::note::ReadNote;

/// A table, and which of its records are marked as deleted.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) attributes: Table,
    /// One per record of the file; the deleted ones are not in the table.
    pub(super) deleted: Vec<bool>,
}

/// How text is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TextEncoding {
    Known(&'static Encoding),
    /// Upper half of a DOS code page.
    Dos(&'static str),
}

impl TextEncoding {
    fn decode<'a>(self, bytes: &'a [u8], replaced: &mut usize) -> Cow<'a, str> {
        match self {
            TextEncoding::Known(encoding) => {
                let (text, bad) = encoding.decode_without_bom_handling(bytes);
                *replaced += usize::from(bad);
                text
            }
            TextEncoding::Dos(upper) => {
                let upper: Vec<char> = upper.chars().collect();
                let decode = |&byte: &u8| {
                    let place = usize::from(byte).checked_sub(128);
                    place.map_or(char::from(byte), |place| upper.get(place).copied().unwrap_or('\u{fffd}'))
                };
                bytes.iter().map(decode).collect()
            }
        }
    }

    /// The encoding that a `.cpg` file names: `UTF-8`, `1252`, `ISO 8859-1`, `88591`, `ANSI 1252`, `CP850`…
    pub(super) fn from_label(label: &str) -> Option<Self> {
        let label = label.trim().trim_start_matches('\u{feff}');
        if let Some(encoding) = Encoding::for_label(label.as_bytes()) {
            return Some(TextEncoding::Known(encoding));
        }
        let plain: String =
            label.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        if let Some(part) = plain.strip_prefix("ISO8859").or(plain.strip_prefix("8859")) {
            return Encoding::for_label(format!("iso-8859-{part}").as_bytes()).map(TextEncoding::Known);
        }
        let page = ["CP", "ANSI", "OEM", "WINDOWS", "IBM", "DOS", "LDID"]
            .iter()
            .find_map(|prefix| plain.strip_prefix(prefix))
            .unwrap_or(&plain);
        Self::from_code_page(page.parse().ok()?)
    }

    fn from_code_page(page: u32) -> Option<Self> {
        let label = match page {
            437 => return Some(TextEncoding::Dos(CODE_PAGE_437)),
            850 => return Some(TextEncoding::Dos(CODE_PAGE_850)),
            65_001 => "utf-8",
            866 => "ibm866",
            874 => "windows-874",
            932 => "shift_jis",
            936 => "gbk",
            949 => "euc-kr",
            950 => "big5",
            1250..=1258 => return Encoding::for_label(format!("windows-{page}").as_bytes()).map(Self::Known),
            _ => return None,
        };
        Encoding::for_label(label.as_bytes()).map(TextEncoding::Known)
    }

    /// The encoding of a language driver, byte 29 of the header.
    ///
    /// ESRI (2011), *ArcPad Reference: Language driver IDs*.
    fn from_driver(driver: u8) -> Option<Self> {
        Self::from_code_page(match driver {
            0x01 | 0x09 | 0x0b | 0x0d | 0x0f | 0x11 | 0x15 | 0x18 | 0x19 | 0x1b => 437,
            0x02 | 0x08 | 0x0a | 0x0e | 0x10 | 0x12 | 0x14 | 0x16 | 0x1a | 0x1d | 0x25 | 0x37 => 850,
            0x03 | 0x57 | 0x58 | 0x59 => 1252,
            0x13 | 0x7b => 932,
            0x26 | 0x65 => 866,
            0x4d | 0x7a => 936,
            0x4e | 0x79 => 949,
            0x4f | 0x78 => 950,
            0x50 | 0x7c => 874,
            0xc8 => 1250,
            0xc9 => 1251,
            0xca => 1254,
            0xcb => 1253,
            0xcc => 1257,
            _ => return None,
        })
    }
}

struct FieldOf<'a> {
    name: Cow<'a, str>,
    kind: u8,
    start: usize,
    length: usize,
    decimals: u8,
}

/// Reads a table; `declared` is what the `.cpg` file says.
pub(super) fn read(
    bytes: &[u8],
    declared: Option<TextEncoding>,
    notes: &mut Vec<ReadNote>,
) -> Result<Records, Fault> {
    let header = bytes.get(..32).ok_or_else(|| Fault::truncated("the 32 bytes of a dBASE header"))?;
    let count = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
    let header_length = usize::from(u16::from_le_bytes([header[8], header[9]]));
    let record_length = usize::from(u16::from_le_bytes([header[10], header[11]]));
    let descriptors = bytes
        .get(32..header_length)
        .ok_or_else(|| Fault::truncated(format!("a dBASE header of {header_length} bytes")).at_byte(32))?;
    let descriptors: Vec<&[u8]> =
        descriptors.chunks_exact(32).take_while(|descriptor| descriptor[0] != 0x0d).collect();
    let body = &bytes[header_length..];
    let needed = count.saturating_mul(record_length);
    if record_length == 0 && count > 0 {
        let fault = Fault::new("records of 0 bytes", "the length of a record", "write the .dbf again");
        return Err(fault.at_byte(10));
    }
    if body.len() < needed {
        let fault = Fault::truncated(format!("{count} records of {record_length} bytes"));
        return Err(fault.at_feature(body.len() / record_length.max(1)).at_byte(bytes.len() as u64));
    }
    let records: Vec<&[u8]> =
        if count == 0 { Vec::new() } else { body.chunks_exact(record_length).take(count).collect() };
    let encoding = choose_encoding(header[29], declared, &descriptors, &records, notes);

    let mut start = 1; // after the mark of deletion
    let mut fields = Vec::with_capacity(descriptors.len());
    let mut replaced = 0;
    for descriptor in &descriptors {
        let name = descriptor[..11].split(|&byte| byte == 0).next().unwrap_or_default();
        let length = usize::from(descriptor[16]);
        fields.push(FieldOf {
            name: encoding.decode(name, &mut replaced),
            kind: descriptor[11].to_ascii_uppercase(),
            start,
            length,
            decimals: descriptor[17],
        });
        start += length;
    }
    if start > record_length && count > 0 {
        let found = format!("fields of {start} bytes in records of {record_length}");
        return Err(Fault::new(found, "fields that fit", "write the .dbf again").at_byte(32));
    }

    let deleted: Vec<bool> = records.iter().map(|record| record[0] == b'*').collect();
    let kept: Vec<&[u8]> =
        records.iter().zip(&deleted).filter(|(_, deleted)| !**deleted).map(|(record, _)| *record).collect();
    let mut columns = Columns::default();
    for (position, field) in fields.iter().enumerate() {
        let Some(kind) = field.column_type() else {
            let kind = format!("dBASE “{}”", char::from(field.kind).escape_default());
            notes.push(ReadNote::ColumnDropped { column: field.name.trim().to_owned(), kind });
            continue;
        };
        let name = free_name(&columns, field.name.trim(), position, notes);
        let slot = columns.add(Column::of_type(name, kind));
        let mut dropped = 0;
        for (row, record) in kept.iter().enumerate() {
            field.read(
                &record[field.start..field.start + field.length],
                encoding,
                &mut replaced,
                &mut dropped,
                |value| {
                    columns.set(slot, row, value);
                },
            );
        }
        if dropped > 0 {
            let column = columns.column(slot).name().to_owned();
            notes.push(ReadNote::ValuesDropped { column, values: dropped });
        }
    }
    if replaced > 0 {
        notes.push(ReadNote::TextReplaced { values: replaced });
    }
    Ok(Records { attributes: columns.finish(kept.len(), notes)?, deleted })
}

/// The encoding declared, or the one that the text shows.
fn choose_encoding(
    driver: u8,
    declared: Option<TextEncoding>,
    descriptors: &[&[u8]],
    records: &[&[u8]],
    notes: &mut Vec<ReadNote>,
) -> TextEncoding {
    if let Some(encoding) = declared {
        return encoding;
    }
    let by_driver = TextEncoding::from_driver(driver);
    let names = descriptors.iter().map(|descriptor| &descriptor[..11]);
    if names.chain(records.iter().copied()).all(<[u8]>::is_ascii) {
        return by_driver.unwrap_or(TextEncoding::Known(UTF_8));
    }
    let utf_8 = records.iter().all(|record| std::str::from_utf8(record).is_ok());
    match (by_driver, utf_8) {
        // Many programs write UTF-8 and leave the driver of Windows: bytes above 127 that happen to be UTF-8
        // throughout are not Windows text.
        (Some(TextEncoding::Known(encoding)), true) if encoding == WINDOWS_1252 => {}
        (Some(encoding), _) => return encoding,
        (None, _) => {}
    }
    let encoding = if utf_8 { UTF_8 } else { WINDOWS_1252 };
    notes.push(ReadNote::EncodingAssumed { encoding: encoding.name() });
    TextEncoding::Known(encoding)
}

impl FieldOf<'_> {
    fn column_type(&self) -> Option<FieldType> {
        Some(match (self.kind, self.length) {
            (b'C', _) => FieldType::Text,
            (b'N', _) if self.decimals == 0 => FieldType::Integer,
            (b'N' | b'F', _) | (b'O' | b'B', 8) => FieldType::Number,
            (b'I' | b'+', 4) => FieldType::Integer,
            (b'L', 1) => FieldType::Boolean,
            (b'D', 8) => FieldType::Date,
            _ => return None,
        })
    }

    fn read(
        &self,
        cell: &[u8],
        encoding: TextEncoding,
        replaced: &mut usize,
        dropped: &mut usize,
        mut set: impl FnMut(Value<'_>),
    ) {
        match self.kind {
            b'C' => {
                let end = cell.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
                if end > 0 {
                    set(Value::Text(&encoding.decode(&cell[..end], replaced)));
                }
            }
            b'I' | b'+' => {
                if let Ok(bytes) = <[u8; 4]>::try_from(cell) {
                    set(Value::Integer(i64::from(i32::from_le_bytes(bytes))));
                }
            }
            b'O' | b'B' => {
                if let Ok(bytes) = <[u8; 8]>::try_from(cell) {
                    set(Value::Number(f64::from_le_bytes(bytes)));
                }
            }
            b'L' => match cell[0] {
                b'T' | b't' | b'Y' | b'y' | b'1' => set(Value::Boolean(true)),
                b'F' | b'f' | b'N' | b'n' | b'0' => set(Value::Boolean(false)),
                b' ' | b'?' | 0 => {}
                _ => *dropped += 1,
            },
            _ => {
                let text = String::from_utf8_lossy(cell);
                let text = text.trim_matches([' ', '\0']);
                // A row of asterisks is a number that did not fit; a date of zeros is none.
                if text.is_empty() || text.bytes().all(|byte| byte == b'*') {
                    return;
                }
                let value = match self.kind {
                    b'D' if text.bytes().all(|byte| byte == b'0') => return,
                    b'D' => date(text).map(Value::Date),
                    b'N' if self.decimals == 0 => text
                        .trim_start_matches('+')
                        .parse()
                        .map(Value::Integer)
                        .ok()
                        .or_else(|| number(text).map(Value::Number)),
                    _ => number(text).map(Value::Number),
                };
                match value {
                    Some(value) => set(value),
                    None => *dropped += 1,
                }
            }
        }
    }
}

fn number(text: &str) -> Option<f64> {
    let number: f64 = text.replace(',', ".").parse().ok()?;
    number.is_finite().then_some(number)
}

fn date(text: &str) -> Option<i32> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    parse_date(&format!("{year}-{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A table of one field.
    fn table(kind: u8, length: u8, decimals: u8, driver: u8, cells: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![3, 0, 0, 0];
        bytes.extend((cells.len() as u32).to_le_bytes());
        bytes.extend(65_u16.to_le_bytes());
        bytes.extend((1 + u16::from(length)).to_le_bytes());
        bytes.resize(32, 0);
        bytes[29] = driver;
        let mut descriptor = vec![0; 32];
        descriptor[..3].copy_from_slice(b"nom");
        descriptor[11] = kind;
        descriptor[16] = length;
        descriptor[17] = decimals;
        bytes.extend(descriptor);
        bytes.push(0x0d);
        for cell in cells {
            bytes.push(b' ');
            bytes.extend(cell.iter());
        }
        bytes
    }

    fn texts(bytes: &[u8], declared: Option<TextEncoding>) -> (Vec<Option<String>>, Vec<ReadNote>) {
        let mut notes = Vec::new();
        let records = read(bytes, declared, &mut notes).unwrap();
        let column = records.attributes.text("nom").unwrap();
        (column.iter().map(|text| text.map(str::to_owned)).collect(), notes)
    }

    #[test]
    fn encodings_by_label() {
        for label in ["UTF-8", "utf8", "65001", "UTF-8\r\n"] {
            assert_eq!(TextEncoding::from_label(label), Some(TextEncoding::Known(UTF_8)), "{label}");
        }
        for label in ["1252", "ANSI 1252", "CP1252", "ISO-8859-1", "ISO 8859-1", "88591", "ISO88591"] {
            assert_eq!(TextEncoding::from_label(label), Some(TextEncoding::Known(WINDOWS_1252)), "{label}");
        }
        assert_eq!(TextEncoding::from_label("OEM 850"), Some(TextEncoding::Dos(CODE_PAGE_850)));
        assert_eq!(TextEncoding::from_label("SYSTEM"), None);
        assert_eq!((CODE_PAGE_437.chars().count(), CODE_PAGE_850.chars().count()), (128, 128));
    }

    #[test]
    fn the_driver_decides_unless_the_text_is_utf_8() {
        let latin: &[u8] = b"\xc9glise";
        assert_eq!(texts(&table(b'C', 6, 0, 0x57, &[latin]), None), (vec![Some("Église".into())], vec![]));
        let dos: &[u8] = b"\x90glise";
        assert_eq!(texts(&table(b'C', 6, 0, 0x02, &[dos]), None), (vec![Some("Église".into())], vec![]));
        let utf_8 = "Église".as_bytes();
        let assumed = |encoding| vec![ReadNote::EncodingAssumed { encoding }];
        assert_eq!(
            texts(&table(b'C', 7, 0, 0x57, &[utf_8]), None),
            (vec![Some("Église".into())], assumed("UTF-8"))
        );
        let undeclared = texts(&table(b'C', 6, 0, 0, &[latin]), None);
        assert_eq!(undeclared, (vec![Some("Église".into())], assumed("windows-1252")));
    }

    #[test]
    fn wrong_declaration_is_counted() {
        let declared = TextEncoding::from_label("UTF-8");
        let (found, notes) = texts(&table(b'C', 6, 0, 0, &[b"\xc9glise", b"      "]), declared);
        assert_eq!(found, [Some("\u{fffd}glise".into()), None]);
        assert_eq!(notes, [ReadNote::TextReplaced { values: 1 }]);
    }

    #[test]
    fn numbers_and_dates() {
        let mut notes = Vec::new();
        let bytes = table(b'N', 6, 0, 0, &[b"    12", b"******", b"      ", b"   1.5", b"   abc"]);
        let records = read(&bytes, None, &mut notes).unwrap();
        let found: Vec<_> = records.attributes.number("nom").unwrap().iter().collect();
        assert_eq!(found, [Some(12.0), None, None, Some(1.5), None]);
        assert_eq!(notes, [ReadNote::ValuesDropped { column: "nom".into(), values: 1 }]);
        let dates = table(b'D', 8, 0, 0, &[b"19700102", b"00000000", b"20240230"]);
        let records = read(&dates, None, &mut notes).unwrap();
        let column = records.attributes.column("nom").unwrap();
        let column = column.as_any().downcast_ref::<arrow::array::Date32Array>().unwrap();
        assert_eq!(column.iter().collect::<Vec<_>>(), [Some(1), None, None]);
    }

    #[test]
    fn truncated_table_names_the_record() {
        let bytes = table(b'C', 3, 0, 0, &[b"abc", b"def"]);
        let fault = read(&bytes[..bytes.len() - 1], None, &mut Vec::new()).unwrap_err();
        assert_eq!(fault.details().place.feature, Some(1));
    }

    proptest! {
        #[test]
        fn never_panics(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0_usize..600, byte: u8) {
            let _ = read(&bytes, None, &mut Vec::new());
            let mut good = table(b'N', 6, 2, 0, &[b"    12", b"******"]);
            let place = at % good.len();
            good[place] = byte;
            let _ = read(&good, None, &mut Vec::new());
            bytes.truncate(at);
            good.truncate(at);
            let _ = read(&good, None, &mut Vec::new());
        }
    }
}
