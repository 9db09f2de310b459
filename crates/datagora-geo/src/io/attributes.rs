//! Columns other than geometries.
use std::error::Error;

use arrow::array::{Array, AsArray, RecordBatch, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::Schema;
use datagora_core::{Field, Role, Table, Zone};

use super::arrow_columns::{conform, field_type, placed};
use super::note::ReadNote;

/// The columns that have a place in a table, out of pieces of each; times without zone are in this one, if one is given.
pub(super) fn attributes(
    schema: &Schema,
    batches: &[RecordBatch],
    kept: impl Fn(&str) -> bool,
    zone: Option<Zone>,
    notes: &mut Vec<ReadNote>,
) -> Result<Table, Box<dyn Error + Send + Sync>> {
    let mut table = Table::empty();
    for (place, field) in schema.fields().iter().enumerate() {
        let name = field.name();
        if field_type(field.data_type()).is_none() || !kept(name) {
            continue;
        }
        let pieces: Vec<&dyn Array> = batches.iter().map(|batch| batch.column(place).as_ref()).collect();
        // Arrow's offsets are 32 bits.
        let text =
            |piece: &&dyn Array| piece.as_string_opt::<i32>().map_or(0, |text| text.value_data().len());
        if pieces.iter().map(text).sum::<usize>() > i32::MAX as usize {
            return Err(format!("column “{name}” holds more than 2 GiB of text; split the file").into());
        }
        let mut whole = match pieces.is_empty() {
            true => new_empty_array(field.data_type()),
            false => concat(&pieces)?,
        };
        if let Some(zone) = zone {
            whole = placed(&whole, zone, name, notes)?;
        }
        if let (Some(kind), Some(values)) = (field_type(whole.data_type()), conform(&whole, name, notes)?) {
            table = table.with_column(Field::new(name, kind, Role::Attribute), values)?;
        }
    }
    Ok(table)
}
