//! Columns that find their type while they are filled.
use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Array, Float64Builder, Int64Builder, StringBuilder,
    TimestampMillisecondBuilder,
};
use datagora_core::{Field, FieldType, Role, Table};

use super::error::Fault;
use super::note::ReadNote;

/// A value of a feature, as its file has it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(&'a str),
    /// JSON text of an object or a list.
    Nested(&'a str),
    /// Days since 1970-01-01.
    Date(i32),
    /// Milliseconds since 1970-01-01, UTC.
    Instant(i64),
}

enum Builder {
    /// So many missing values, of a type not yet known.
    Unset(usize),
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Text(StringBuilder),
    Date(Date32Builder),
    Instant(TimestampMillisecondBuilder),
}

/// Sends one expression to whichever builder there is.
macro_rules! each {
    ($builder:expr, $rows:ident => $unset:expr, $inner:ident => $known:expr) => {
        match $builder {
            Builder::Unset($rows) => $unset,
            Builder::Boolean($inner) => $known,
            Builder::Integer($inner) => $known,
            Builder::Number($inner) => $known,
            Builder::Text($inner) => $known,
            Builder::Date($inner) => $known,
            Builder::Instant($inner) => $known,
        }
    };
}

/// One column under construction.
pub(super) struct Column {
    name: String,
    role: Role,
    values: Builder,
    text_bytes: usize,
    mixed: bool,
    nested: bool,
    repeated: usize,
    overflow: Option<usize>,
}

impl Column {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            role: Role::Attribute,
            values: Builder::Unset(0),
            text_bytes: 0,
            mixed: false,
            nested: false,
            repeated: 0,
            overflow: None,
        }
    }

    /// A column whose type the file declares.
    pub(super) fn of_type(name: impl Into<String>, kind: FieldType) -> Self {
        let values = match kind {
            FieldType::Boolean => Builder::Boolean(BooleanBuilder::new()),
            FieldType::Integer => Builder::Integer(Int64Builder::new()),
            FieldType::Number => Builder::Number(Float64Builder::new()),
            FieldType::Date => Builder::Date(Date32Builder::new()),
            FieldType::Instant => Builder::Instant(TimestampMillisecondBuilder::new()),
            _ => Builder::Text(StringBuilder::new()),
        };
        Self { values, ..Self::new(name) }
    }

    /// The same column, as what identifies the rows.
    pub(super) fn identifying(self) -> Self {
        Self { role: Role::Identifier, ..self }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn len(&self) -> usize {
        each!(&self.values, rows => *rows, inner => inner_len(inner))
    }

    /// Adds missing values up to a number of rows.
    pub(super) fn pad(&mut self, rows: usize) {
        let missing = rows.saturating_sub(self.len());
        each!(&mut self.values, known => *known += missing, inner => for _ in 0..missing { inner.append_null() });
    }

    /// Sets the value of a row; rows skipped are missing. A second value for a row is left out and counted.
    pub(super) fn set(&mut self, row: usize, value: Value<'_>) {
        if self.len() > row {
            self.repeated += 1;
            return;
        }
        self.pad(row);
        self.make_room(value);
        match (&mut self.values, value) {
            (Builder::Boolean(builder), Value::Boolean(value)) => builder.append_value(value),
            (Builder::Integer(builder), Value::Integer(value)) => builder.append_value(value),
            (Builder::Number(builder), Value::Integer(value)) => builder.append_value(value as f64),
            (Builder::Number(builder), Value::Number(value)) => builder.append_value(value),
            (Builder::Date(builder), Value::Date(value)) => builder.append_value(value),
            (Builder::Instant(builder), Value::Instant(value)) => builder.append_value(value),
            (_, Value::Boolean(value)) => self.append_text(row, if value { "true" } else { "false" }),
            (_, Value::Integer(value)) => self.append_text(row, &value.to_string()),
            (_, Value::Number(value)) => self.append_text(row, &value.to_string()),
            (_, Value::Text(value)) => self.append_text(row, value),
            (_, Value::Nested(value)) => {
                self.nested = true;
                self.append_text(row, value);
            }
            (_, Value::Date(value)) => self.append_text(row, &date_text(value)),
            (_, Value::Instant(value)) => self.append_text(row, &instant_text(value)),
        }
    }

    /// Makes the column's type one that holds the value.
    fn make_room(&mut self, value: Value<'_>) {
        let rows = self.len();
        if let Builder::Unset(_) = self.values {
            let kind = match value {
                Value::Boolean(_) => FieldType::Boolean,
                Value::Integer(_) => FieldType::Integer,
                Value::Number(_) => FieldType::Number,
                Value::Text(_) | Value::Nested(_) => FieldType::Text,
                Value::Date(_) => FieldType::Date,
                Value::Instant(_) => FieldType::Instant,
            };
            self.values = Self::of_type("", kind).values;
            self.pad(rows);
            return;
        }
        match (&mut self.values, value) {
            (Builder::Integer(builder), Value::Number(_)) => {
                let wider = builder
                    .finish()
                    .iter()
                    .map(|value| value.map(|value| value as f64))
                    .collect::<Float64Array>();
                let mut numbers = Float64Builder::with_capacity(wider.len() + 1);
                numbers.append_array(&wider);
                self.values = Builder::Number(numbers);
            }
            (Builder::Boolean(_), Value::Boolean(_))
            | (Builder::Integer(_), Value::Integer(_))
            | (Builder::Number(_), Value::Integer(_) | Value::Number(_))
            | (Builder::Text(_), Value::Text(_) | Value::Nested(_))
            | (Builder::Date(_), Value::Date(_))
            | (Builder::Instant(_), Value::Instant(_)) => {}
            (Builder::Text(_), _) => self.mixed = true,
            _ => {
                self.mixed = true;
                self.become_text();
            }
        }
    }

    fn become_text(&mut self) {
        let before = std::mem::replace(&mut self.values, Builder::Text(StringBuilder::new()));
        let mut texts: Vec<Option<String>> = Vec::new();
        match before {
            Builder::Unset(rows) => texts.resize(rows, None),
            Builder::Boolean(mut inner) => {
                texts.extend(inner.finish().iter().map(|value| value.map(|value| value.to_string())));
            }
            Builder::Integer(mut inner) => {
                texts.extend(inner.finish().iter().map(|value| value.map(|value| value.to_string())));
            }
            Builder::Number(mut inner) => {
                texts.extend(inner.finish().iter().map(|value| value.map(|value| value.to_string())));
            }
            Builder::Date(mut inner) => texts.extend(inner.finish().iter().map(|value| value.map(date_text))),
            Builder::Instant(mut inner) => {
                texts.extend(inner.finish().iter().map(|value| value.map(instant_text)));
            }
            Builder::Text(inner) => {
                self.values = Builder::Text(inner);
                return;
            }
        }
        for (row, text) in texts.into_iter().enumerate() {
            match text {
                Some(text) => self.append_text(row, &text),
                None => self.pad(row + 1),
            }
        }
    }

    fn append_text(&mut self, row: usize, text: &str) {
        if let Builder::Text(builder) = &mut self.values {
            // Arrow's offsets are 32 bits.
            if self.text_bytes + text.len() > i32::MAX as usize {
                self.overflow.get_or_insert(row);
                builder.append_null();
            } else {
                self.text_bytes += text.len();
                builder.append_value(text);
            }
        }
    }

    fn finish(mut self, rows: usize, notes: &mut Vec<ReadNote>) -> Result<(Field, ArrayRef), Fault> {
        if let Some(row) = self.overflow {
            let found = "more than 2 GiB of text in one column";
            return Err(Fault::new(found, "less", "split the file").at_feature(row).in_column(&self.name));
        }
        self.pad(rows);
        let column = self.name.clone();
        if self.mixed {
            notes.push(ReadNote::MixedTypes { column: column.clone() });
        }
        if self.nested {
            notes.push(ReadNote::NestedAsText { column: column.clone() });
        }
        if self.repeated > 0 {
            notes.push(ReadNote::NameRepeated { column: column.clone(), values: self.repeated });
        }
        let (kind, array): (FieldType, ArrayRef) = match self.values {
            // Nothing but missing values: text, the type that can hold whatever a later file has there.
            Builder::Unset(rows) => {
                let mut builder = StringBuilder::new();
                for _ in 0..rows {
                    builder.append_null();
                }
                (FieldType::Text, Arc::new(builder.finish()))
            }
            Builder::Boolean(mut inner) => (FieldType::Boolean, Arc::new(inner.finish())),
            Builder::Integer(mut inner) => (FieldType::Integer, Arc::new(inner.finish())),
            Builder::Number(mut inner) => (FieldType::Number, Arc::new(inner.finish())),
            Builder::Text(mut inner) => (FieldType::Text, Arc::new(inner.finish())),
            Builder::Date(mut inner) => (FieldType::Date, Arc::new(inner.finish())),
            Builder::Instant(mut inner) => {
                (FieldType::Instant, Arc::new(inner.finish().with_timezone("UTC")))
            }
        };
        Ok((Field::new(column, kind, self.role), array))
    }
}

fn inner_len<B: arrow::array::ArrayBuilder>(builder: &B) -> usize {
    builder.len()
}

/// Days from the start of the common era to 1970-01-01.
const EPOCH: i32 = 719_163;

/// Days since 1970-01-01 of an ISO 8601 calendar date.
pub(super) fn parse_date(text: &str) -> Option<i32> {
    let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(chrono::Datelike::num_days_from_ce(&date) - EPOCH)
}

/// Milliseconds since 1970-01-01 of an RFC 3339 instant: a time without its zone is none.
pub(super) fn parse_instant(text: &str) -> Option<i64> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.timestamp_millis())
}

/// ISO 8601 calendar date; the bare number of days where the calendar does not reach.
pub(super) fn date_text(days: i32) -> String {
    days.checked_add(EPOCH)
        .and_then(chrono::NaiveDate::from_num_days_from_ce_opt)
        .map_or_else(|| days.to_string(), |date| date.to_string())
}

/// RFC 3339 text of an instant; the bare number of milliseconds where the calendar does not reach.
pub(super) fn instant_text(milliseconds: i64) -> String {
    chrono::DateTime::from_timestamp_millis(milliseconds).map_or_else(
        || milliseconds.to_string(),
        |instant| instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
    )
}

/// The columns of a file, in the order in which their names appear.
#[derive(Default)]
pub(super) struct Columns {
    columns: Vec<Column>,
    slots: HashMap<String, usize>,
    /// Features mostly name their values in one order: the slot expected next.
    next: usize,
}

impl Columns {
    /// The place of the column with this name, made if need be.
    pub(super) fn slot(&mut self, name: &str) -> usize {
        let guess = self.next;
        let slot = if self.columns.get(guess).is_some_and(|column| column.name == name) {
            guess
        } else if let Some(&slot) = self.slots.get(name) {
            slot
        } else {
            self.add(Column::new(name))
        };
        self.next = slot + 1;
        slot
    }

    /// Adds a column whose name is not yet there.
    pub(super) fn add(&mut self, column: Column) -> usize {
        let slot = self.columns.len();
        self.slots.insert(column.name.clone(), slot);
        self.columns.push(column);
        slot
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.slots.contains_key(name)
    }

    pub(super) fn column(&mut self, slot: usize) -> &mut Column {
        &mut self.columns[slot]
    }

    pub(super) fn set(&mut self, slot: usize, row: usize, value: Value<'_>) {
        self.columns[slot].set(row, value);
    }

    /// The next feature begins.
    pub(super) fn rewind(&mut self) {
        self.next = 0;
    }

    /// Puts a column before the others, under its own name or the other one if that is taken.
    pub(super) fn prepend(&mut self, mut column: Column, otherwise: &str) {
        if self.contains(&column.name) {
            column.name = otherwise.to_owned();
        }
        if !self.contains(&column.name) {
            self.columns.insert(0, column);
        }
    }

    /// The table, each column as long as there are rows.
    pub(super) fn finish(self, rows: usize, notes: &mut Vec<ReadNote>) -> Result<Table, Fault> {
        let mut table = Table::empty();
        for column in self.columns {
            let name = column.name.clone();
            let (field, array) = column.finish(rows, notes)?;
            table = table.with_column(field, array).map_err(|error| {
                Fault::new(error.to_string(), "columns of one name and length each", "rename the column")
                    .in_column(&name)
            })?;
        }
        Ok(table)
    }
}

/// A name that no column has yet: the one given, or with a number behind.
pub(super) fn free_name(columns: &Columns, name: &str, position: usize, notes: &mut Vec<ReadNote>) -> String {
    let base = if name.is_empty() { format!("column_{position}") } else { name.to_owned() };
    let mut free = base.clone();
    let mut number = 2;
    while columns.contains(&free) {
        free = format!("{base}_{number}");
        number += 1;
    }
    if free != name {
        notes.push(ReadNote::ColumnRenamed { from: name.to_owned(), to: free.clone() });
    }
    free
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, BooleanArray};

    use super::*;

    fn column(values: &[Option<Value<'_>>]) -> (FieldType, Table, Vec<ReadNote>) {
        let mut columns = Columns::default();
        let slot = columns.slot("x");
        for (row, value) in values.iter().enumerate() {
            if let Some(value) = value {
                columns.set(slot, row, *value);
            }
        }
        let mut notes = Vec::new();
        let table = columns.finish(values.len(), &mut notes).unwrap();
        (table.schema().fields()[0].kind, table, notes)
    }

    #[test]
    fn whole_numbers_widen_to_numbers() {
        let (kind, table, notes) =
            column(&[None, Some(Value::Integer(1)), None, Some(Value::Number(2.5)), Some(Value::Integer(3))]);
        assert_eq!(kind, FieldType::Number);
        let found: Vec<_> = table.number("x").unwrap().iter().collect();
        assert_eq!(found, [None, Some(1.0), None, Some(2.5), Some(3.0)]);
        assert_eq!(notes, []);
    }

    #[test]
    fn mixed_types_become_text_with_a_note() {
        let (kind, table, notes) = column(&[
            Some(Value::Integer(69_383)),
            None,
            Some(Value::Text("2A004")),
            Some(Value::Boolean(true)),
        ]);
        assert_eq!(kind, FieldType::Text);
        let found: Vec<_> = table.text("x").unwrap().iter().collect();
        assert_eq!(found, [Some("69383"), None, Some("2A004"), Some("true")]);
        assert_eq!(notes, [ReadNote::MixedTypes { column: "x".into() }]);
    }

    #[test]
    fn nothing_but_missing_values_is_text() {
        let (kind, table, _) = column(&[None, None]);
        assert_eq!((kind, table.len()), (FieldType::Text, 2));
        assert_eq!(table.text("x").unwrap().null_count(), 2);
    }

    #[test]
    fn second_value_of_a_row_is_counted() {
        let mut columns = Columns::default();
        let slot = columns.slot("x");
        columns.set(slot, 0, Value::Integer(1));
        columns.set(slot, 0, Value::Integer(2));
        let mut notes = Vec::new();
        let table = columns.finish(1, &mut notes).unwrap();
        assert_eq!(table.integer("x").unwrap().value(0), 1);
        assert_eq!(notes, [ReadNote::NameRepeated { column: "x".into(), values: 1 }]);
    }

    #[test]
    fn boolean_column_stays_boolean() {
        let (kind, table, _) = column(&[Some(Value::Boolean(true)), None]);
        assert_eq!(kind, FieldType::Boolean);
        assert_eq!(table.boolean("x").unwrap(), &BooleanArray::from(vec![Some(true), None]));
    }
}
