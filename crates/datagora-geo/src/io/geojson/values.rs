//! Properties of features, into columns.
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::super::columns::{Column, Columns, Value};
use super::Reader;

impl Reader {
    /// Sets the properties of a row from JSON that was kept back.
    pub(super) fn set_properties(&mut self, row: usize, properties: &serde_json::Value) {
        match properties {
            serde_json::Value::Null => {}
            serde_json::Value::Object(members) => {
                for (name, value) in members {
                    let slot = self.columns.slot(name);
                    set_json(self, slot, row, value);
                }
            }
            other => {
                let slot = self.columns.slot("properties");
                set_json(self, slot, row, other);
            }
        }
    }
}

pub(super) fn set_json(reader: &mut Reader, slot: usize, row: usize, value: &serde_json::Value) {
    let nested;
    let value = match value {
        serde_json::Value::Null => return,
        serde_json::Value::Bool(value) => Value::Boolean(*value),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Value::Integer(value),
            (None, Some(value)) => Value::Number(value),
            (None, None) => return,
        },
        serde_json::Value::String(text) => Value::Text(text),
        other => {
            nested = other.to_string();
            Value::Nested(&nested)
        }
    };
    reader.columns.set(slot, row, value);
}

/// The properties of the feature being read, straight into the columns.
pub(super) struct Properties<'r> {
    pub(super) reader: &'r mut Reader,
}

impl<'de> DeserializeSeed<'de> for Properties<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Properties<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        let row = self.reader.row();
        self.reader.set_properties(row, &serde_json::Value::from(value));
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let row = self.reader.row();
        while let Some(slot) = map.next_key_seed(Slot { columns: &mut self.reader.columns })? {
            let column = self.reader.columns.column(slot);
            map.next_value_seed(Scalar { column, row })?;
        }
        Ok(())
    }
}

/// The column that a key names.
struct Slot<'r> {
    columns: &'r mut Columns,
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<usize, E> {
        Ok(self.columns.slot(name))
    }
}

/// A value for one cell.
pub(super) struct Scalar<'r> {
    pub(super) column: &'r mut Column,
    pub(super) row: usize,
}

impl<'de> DeserializeSeed<'de> for Scalar<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Scalar<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.column.set(self.row, Value::Boolean(value));
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.column.set(self.row, Value::Integer(value));
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        let value = i64::try_from(value).map_or(Value::Number(value as f64), Value::Integer);
        self.column.set(self.row, value);
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.column.set(self.row, Value::Number(value));
        Ok(())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        self.column.set(self.row, Value::Text(value));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut values: Vec<serde_json::Value> = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        self.column.set(self.row, Value::Nested(&serde_json::Value::from(values).to_string()));
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut members = serde_json::Map::new();
        while let Some((name, value)) = map.next_entry::<String, serde_json::Value>()? {
            members.insert(name, value);
        }
        self.column.set(self.row, Value::Nested(&serde_json::Value::from(members).to_string()));
        Ok(())
    }
}
