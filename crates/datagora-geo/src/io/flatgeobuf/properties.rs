//! Attributes of features.
use datagora_core::{FieldType, Table};
use flatgeobuf::{ColumnType, Feature, Header};

use super::super::columns::{Column, Columns, Value, free_name, parse_date, parse_instant};
use super::super::error::Fault;
use super::super::note::ReadNote;

/// The columns of a file under construction.
pub(super) struct Properties {
    columns: Columns,
    /// What the header declares: the type, and the place in the table if it has one.
    declared: Vec<(ColumnType, Option<usize>)>,
}

impl Properties {
    pub(super) fn new(header: &Header<'_>, notes: &mut Vec<ReadNote>) -> Self {
        let mut columns = Columns::default();
        let mut declared = Vec::new();
        for (position, column) in header.columns().iter().flat_map(|columns| columns.iter()).enumerate() {
            let (name, kind) = (column.name(), column.type_());
            if kind == ColumnType::Binary {
                notes.push(ReadNote::ColumnDropped { column: name.to_owned(), kind: "binary".into() });
                declared.push((kind, None));
                continue;
            }
            let name = free_name(&columns, name, position, notes);
            let made = match field_type(kind) {
                Some(kind) => Column::of_type(name, kind),
                None => Column::new(name),
            };
            let made = if column.primary_key() { made.identifying() } else { made };
            declared.push((kind, Some(columns.add(made))));
        }
        Self { columns, declared }
    }

    pub(super) fn feature(&mut self, feature: &Feature<'_>, row: usize) -> Result<(), Fault> {
        // A feature may declare columns of its own.
        let own: Option<Vec<(ColumnType, Option<usize>)>> = feature.columns().map(|own| {
            own.iter()
                .map(|column| match column.type_() {
                    ColumnType::Binary => (ColumnType::Binary, None),
                    kind => (kind, Some(self.columns.slot(column.name()))),
                })
                .collect()
        });
        let declared = own.as_ref().unwrap_or(&self.declared);
        let mut rest = feature.properties().map_or(&[][..], |properties| properties.bytes());
        let short =
            || Fault::new("attributes that end early", "their values", "the file is corrupt, fetch it again");
        // One byte more than there should be is met behind binary values.
        while rest.len() > 1 {
            let index = usize::from(u16::from_le_bytes(take(&mut rest).ok_or_else(short)?));
            let Some(&(kind, slot)) = declared.get(index) else {
                let found = format!("a value of column {index}");
                let needed = format!("one of the {} columns declared", declared.len());
                return Err(Fault::new(found, needed, "the file is corrupt, fetch it again"));
            };
            let mut set = |value: Value<'_>| {
                if let Some(slot) = slot {
                    self.columns.set(slot, row, value);
                }
            };
            match kind {
                ColumnType::Byte => {
                    set(Value::Integer(i8::from_le_bytes(take(&mut rest).ok_or_else(short)?).into()))
                }
                ColumnType::UByte => {
                    set(Value::Integer(u8::from_le_bytes(take(&mut rest).ok_or_else(short)?).into()))
                }
                ColumnType::Bool => {
                    set(Value::Boolean(u8::from_le_bytes(take(&mut rest).ok_or_else(short)?) != 0))
                }
                ColumnType::Short => {
                    set(Value::Integer(i16::from_le_bytes(take(&mut rest).ok_or_else(short)?).into()))
                }
                ColumnType::UShort => {
                    set(Value::Integer(u16::from_le_bytes(take(&mut rest).ok_or_else(short)?).into()))
                }
                ColumnType::Int => {
                    set(Value::Integer(i32::from_le_bytes(take(&mut rest).ok_or_else(short)?).into()))
                }
                ColumnType::UInt => {
                    set(Value::Integer(u32::from_le_bytes(take(&mut rest).ok_or_else(short)?).into()))
                }
                ColumnType::Long => {
                    set(Value::Integer(i64::from_le_bytes(take(&mut rest).ok_or_else(short)?)))
                }
                ColumnType::ULong => {
                    let value = u64::from_le_bytes(take(&mut rest).ok_or_else(short)?);
                    // Beyond 63 bits the column becomes one of numbers.
                    set(i64::try_from(value).map_or(Value::Number(value as f64), Value::Integer));
                }
                ColumnType::Float => {
                    set(Value::Number(f32::from_le_bytes(take(&mut rest).ok_or_else(short)?).into()))
                }
                ColumnType::Double => {
                    set(Value::Number(f64::from_le_bytes(take(&mut rest).ok_or_else(short)?)))
                }
                _ => {
                    let length = u32::from_le_bytes(take(&mut rest).ok_or_else(short)?) as usize;
                    let bytes = rest.split_off(..length).ok_or_else(short)?;
                    if kind == ColumnType::Binary {
                        continue;
                    }
                    let text = String::from_utf8_lossy(bytes);
                    let time = || {
                        parse_date(&text)
                            .map(Value::Date)
                            .or_else(|| parse_instant(&text).map(Value::Instant))
                    };
                    set(match kind {
                        ColumnType::DateTime => time().unwrap_or(Value::Text(&text)),
                        ColumnType::Json => Value::Nested(&text),
                        _ => Value::Text(&text),
                    });
                }
            }
        }
        self.columns.rewind();
        Ok(())
    }

    pub(super) fn finish(self, rows: usize, notes: &mut Vec<ReadNote>) -> Result<Table, Fault> {
        self.columns.finish(rows, notes)
    }
}

/// The next bytes.
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (chunk, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*chunk)
}

/// The type of a column; `None` where the values decide.
fn field_type(kind: ColumnType) -> Option<FieldType> {
    Some(match kind {
        ColumnType::Bool => FieldType::Boolean,
        ColumnType::Float | ColumnType::Double => FieldType::Number,
        ColumnType::String | ColumnType::Json => FieldType::Text,
        ColumnType::DateTime => return None,
        _ => FieldType::Integer,
    })
}
