//! Arrow columns of any type, as columns of tables.
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, LargeListArray, ListArray, MapArray, StringArray, StringBuilder,
    StructArray, TimestampMillisecondArray, UInt64Array, make_array, new_null_array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit, TimestampMillisecondType};
use arrow::error::ArrowError;
use arrow::util::display::array_value_to_string;
use datagora_core::{FieldType, Repeated, Zone};
use serde_json::Value;

use super::note::ReadNote;

/// The type that a column gets in a table; `None` if it has no place there.
pub(super) fn field_type(kind: &DataType) -> Option<FieldType> {
    Some(match kind {
        DataType::Boolean => FieldType::Boolean,
        DataType::UInt64 => FieldType::Integer,
        kind if kind.is_integer() => FieldType::Integer,
        kind if kind.is_floating() || kind.is_decimal() => FieldType::Number,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => FieldType::Text,
        DataType::Date32 | DataType::Date64 => FieldType::Date,
        DataType::Timestamp(_, Some(_)) => FieldType::Instant,
        DataType::Timestamp(_, None) | DataType::Time32(_) | DataType::Time64(_) => FieldType::Text,
        kind if kind.is_nested() => FieldType::Text,
        DataType::Dictionary(_, value) => field_type(value)?,
        _ => return None,
    })
}

/// Times without zone as the instants that they are in a zone. Those that the clocks there skip or show twice are none, and
/// missing, with a note; other columns stay as they are.
pub(super) fn placed(
    array: &ArrayRef,
    zone: Zone,
    name: &str,
    notes: &mut Vec<ReadNote>,
) -> Result<ArrayRef, ArrowError> {
    let DataType::Timestamp(_, None) = array.data_type() else { return Ok(Arc::clone(array)) };
    let local = cast(array, &DataType::Timestamp(TimeUnit::Millisecond, None))?;
    let local = local.as_primitive::<TimestampMillisecondType>();
    let instant = |time: i64| {
        let local = chrono::DateTime::from_timestamp_millis(time)?.naive_utc();
        zone.instant(local, Repeated::Refuse).ok().map(|instant| instant.timestamp_millis())
    };
    let instants: TimestampMillisecondArray = local.iter().map(|time| time.and_then(instant)).collect();
    let values = instants.null_count() - local.null_count();
    if values > 0 {
        notes.push(ReadNote::ValuesDropped { column: name.to_owned(), values });
    }
    Ok(Arc::new(instants.with_timezone("UTC")))
}

/// Puts a column into the one layout that tables have for its type.
///
/// # Errors
///
/// Those of Arrow, where values do not fit: whole numbers beyond 64 signed bits, more than 2 GiB of text.
pub(super) fn conform(
    array: &ArrayRef,
    name: &str,
    notes: &mut Vec<ReadNote>,
) -> Result<Option<ArrayRef>, ArrowError> {
    let Some(kind) = field_type(array.data_type()) else {
        return Ok(None);
    };
    Ok(Some(match array.data_type() {
        DataType::Null => new_null_array(&DataType::Utf8, array.len()),
        DataType::Timestamp(_, None) => {
            let column = name.to_owned();
            notes.push(ReadNote::ZoneMissing { column });
            cast(array, &DataType::Utf8)?
        }
        DataType::UInt64 => {
            let values: &UInt64Array = array.as_primitive();
            if let Some(value) = values.iter().flatten().find(|value| i64::try_from(*value).is_err()) {
                return Err(ArrowError::CastError(format!(
                    "the whole number {value} is beyond 64 signed bits"
                )));
            }
            cast(array, &kind.arrow())?
        }
        nested if nested.is_nested() => {
            notes.push(ReadNote::NestedAsText { column: name.to_owned() });
            let mut builder = StringBuilder::new();
            for row in 0..array.len() {
                if array.is_null(row) {
                    builder.append_null();
                } else {
                    builder.append_value(json(array, row)?.to_string());
                }
            }
            Arc::new(builder.finish())
        }
        _ => cast(array, &kind.arrow())?,
    }))
}

/// A value as JSON.
fn json(array: &dyn Array, row: usize) -> Result<Value, ArrowError> {
    if array.is_null(row) {
        return Ok(Value::Null);
    }
    let list = |values: ArrayRef| -> Result<Value, ArrowError> {
        (0..values.len()).map(|row| json(&values, row)).collect::<Result<Vec<_>, _>>().map(Value::from)
    };
    let any = array.as_any();
    if let Some(values) = any.downcast_ref::<ListArray>() {
        return list(values.value(row));
    }
    if let Some(values) = any.downcast_ref::<LargeListArray>() {
        return list(values.value(row));
    }
    if let Some(entries) = any.downcast_ref::<MapArray>() {
        return list(Arc::new(entries.value(row)));
    }
    if let Some(members) = any.downcast_ref::<StructArray>() {
        let mut object = serde_json::Map::new();
        for (field, column) in members.fields().iter().zip(members.columns()) {
            object.insert(field.name().clone(), json(column, row)?);
        }
        return Ok(Value::Object(object));
    }
    if let Some(values) = any.downcast_ref::<BooleanArray>() {
        return Ok(Value::Bool(values.value(row)));
    }
    let one = make_array(array.to_data().slice(row, 1));
    Ok(match array.data_type() {
        kind if kind.is_integer() => {
            let value = cast(&one, &DataType::Int64)?;
            Value::from(value.as_primitive::<arrow::datatypes::Int64Type>().value(0))
        }
        kind if kind.is_floating() => {
            let value = cast(&one, &DataType::Float64)?;
            Value::from(value.as_primitive::<arrow::datatypes::Float64Type>().value(0))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let value = cast(&one, &DataType::Utf8)?;
            Value::from(value.as_any().downcast_ref::<StringArray>().map_or("", |value| value.value(0)))
        }
        _ => Value::from(array_value_to_string(&one, 0)?),
    })
}
