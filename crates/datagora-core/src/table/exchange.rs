//! Tables from and to Arrow, whose layouts are many.
use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field as ArrowField, Schema as ArrowSchema};

use super::{Table, TableError};
use crate::{Field, FieldType, Role, Schema, Unit};

/// Names under which role and unit of a column travel in Arrow's metadata.
const ROLE: &str = "datagora:role";
const UNIT: &str = "datagora:unit";

impl Table {
    /// A table of the columns a schema names, found in a record batch and brought into our layout: no copy where the layout is
    /// the same; other widths of numbers, other layouts of text and dictionaries are cast. Other columns are left out.
    ///
    /// # Errors
    ///
    /// [`TableError::Missing`]; [`TableError::Type`] if a column holds another kind of values (an instant without zone is one:
    /// it names no instant); [`TableError::Value`] if a value does not fit; [`TableError::Gaps`].
    pub fn from_batch(batch: &RecordBatch, schema: Schema) -> Result<Self, TableError> {
        let found = batch.schema();
        let mut columns = Vec::with_capacity(schema.fields().len());
        for field in schema.fields() {
            let position = found.fields().iter().position(|other| *other.name() == field.name);
            let Some(position) = position else {
                return Err(TableError::Missing {
                    name: field.name.clone(),
                    found: found.fields().iter().map(|field| field.name().clone()).collect(),
                });
            };
            let column = to_layout(&field.name, field.kind, batch.column(position))?;
            if !field.nullable && column.null_count() > 0 {
                return Err(TableError::Gaps {
                    name: field.name.clone(),
                    missing: column.null_count(),
                    first: (0..column.len()).find(|row| column.is_null(*row)).unwrap_or_default(),
                });
            }
            columns.push(column);
        }
        Table::assemble(schema.fields().to_vec(), columns, batch.num_rows())
    }

    /// A table of all columns of a record batch. Roles and units are those that [`to_batch`](Table::to_batch) left in the
    /// metadata; a column without is an [`Attribute`](Role::Attribute).
    ///
    /// # Errors
    ///
    /// As [`Table::from_batch`]; a column of a type that no [`FieldType`] stands for, such as a list, is
    /// [`TableError::Type`]: leave it out of the batch.
    pub fn from_arrow(batch: &RecordBatch) -> Result<Self, TableError> {
        let schema = schema_of(&batch.schema())?;
        Self::from_batch(batch, schema)
    }

    /// The columns as a record batch that remembers roles and units in its metadata. Values are shared, not copied.
    pub fn to_batch(&self) -> RecordBatch {
        let fields: Vec<_> = self
            .schema
            .fields()
            .iter()
            .zip(self.batch.columns())
            .map(|(field, column)| {
                let mut metadata = HashMap::from([(ROLE.to_owned(), role_name(field.role).to_owned())]);
                if let Some(unit) = &field.unit {
                    metadata.insert(UNIT.to_owned(), unit.code().to_owned());
                }
                // A column that should have no gaps may have some all the same: it was never refused.
                let nullable = field.nullable || column.null_count() > 0;
                ArrowField::new(&field.name, column.data_type().clone(), nullable).with_metadata(metadata)
            })
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.len()));
        let columns = self.batch.columns().to_vec();
        RecordBatch::try_new_with_options(Arc::new(ArrowSchema::new(fields)), columns, &options)
            .expect("the columns of a table, all of one length")
    }
}

/// What the columns of an Arrow schema mean, as far as it says.
fn schema_of(schema: &ArrowSchema) -> Result<Schema, TableError> {
    let fields = schema
        .fields()
        .iter()
        .map(|arrow_field| {
            let kind = kind_of(arrow_field.data_type()).ok_or_else(|| TableError::Type {
                name: arrow_field.name().clone(),
                found: arrow_field.data_type().to_string(),
                needed: FieldType::Text,
            })?;
            let metadata = arrow_field.metadata();
            let role = metadata.get(ROLE).and_then(|name| role_of(name)).unwrap_or(Role::Attribute);
            let unit = metadata.get(UNIT).and_then(|code| Unit::parse(code).ok());
            Ok(Field {
                unit,
                nullable: arrow_field.is_nullable(),
                ..Field::new(arrow_field.name(), kind, role)
            })
        })
        .collect::<Result<_, TableError>>()?;
    Ok(Schema::new(fields))
}

const ROLES: [(Role, &str); 8] = [
    (Role::Identifier, "identifier"),
    (Role::Dimension, "dimension"),
    (Role::Time, "time"),
    (Role::Geometry, "geometry"),
    (Role::Measure, "measure"),
    (Role::Attribute, "attribute"),
    (Role::LowerBound, "lower_bound"),
    (Role::UpperBound, "upper_bound"),
];

fn role_name(role: Role) -> &'static str {
    ROLES.iter().find(|(known, _)| *known == role).map_or("attribute", |(_, name)| name)
}

fn role_of(name: &str) -> Option<Role> {
    ROLES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role)
}

/// The type of values an Arrow type stores, whatever the layout.
pub(crate) fn kind_of(stored: &DataType) -> Option<FieldType> {
    Some(match stored {
        DataType::Boolean => FieldType::Boolean,
        kind if kind.is_integer() => FieldType::Integer,
        kind if kind.is_floating() => FieldType::Number,
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => FieldType::Number,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => FieldType::Text,
        DataType::Date32 | DataType::Date64 => FieldType::Date,
        DataType::Timestamp(_, Some(_)) => FieldType::Instant,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => FieldType::Geometry,
        DataType::Dictionary(_, values) => return kind_of(values),
        _ => return None,
    })
}

/// The column in the layout of its type.
pub(crate) fn to_layout(name: &str, kind: FieldType, column: &ArrayRef) -> Result<ArrayRef, TableError> {
    let (found, needed) = (column.data_type(), kind.arrow());
    if *found == needed {
        return Ok(column.clone());
    }
    if *found == DataType::Null {
        return Ok(new_null_array(&needed, column.len()));
    }
    // A whole number is a number.
    let fits = kind_of(found).is_some_and(|kind_found| {
        kind_found == kind || (kind_found, kind) == (FieldType::Integer, FieldType::Number)
    });
    if !fits {
        return Err(TableError::Type { name: name.to_owned(), found: found.to_string(), needed: kind });
    }
    let options = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(column, &needed, &options).map_err(|source| TableError::Value {
        name: name.to_owned(),
        found: found.to_string(),
        needed: kind,
        source: Box::new(source),
    })
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        AsArray, DictionaryArray, Float32Array, Int32Array, LargeStringArray, StringArray, StringViewArray,
        TimestampMicrosecondArray, UInt64Array,
    };
    use arrow::datatypes::Int32Type;

    use super::*;

    fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
        RecordBatch::try_from_iter(columns).unwrap()
    }

    #[test]
    fn layouts_become_ours() {
        let dictionary: DictionaryArray<Int32Type> = vec![Some("a"), None, Some("a")].into_iter().collect();
        let found = batch(vec![
            ("large", Arc::new(LargeStringArray::from(vec!["é", "b", "c"]))),
            ("view", Arc::new(StringViewArray::from(vec![Some("é"), None, Some("c")]))),
            ("dictionary", Arc::new(dictionary)),
            ("int", Arc::new(Int32Array::from(vec![1, 2, 3]))),
            ("float", Arc::new(Float32Array::from(vec![0.5, 1.5, 2.5]))),
            (
                "instant",
                Arc::new(TimestampMicrosecondArray::from(vec![1_000, 2_000, 3_000]).with_timezone("+00:00")),
            ),
            ("text", Arc::new(StringArray::from(vec!["a", "b", "c"]))),
        ]);
        let table = Table::from_arrow(&found).unwrap();
        assert_eq!(table.text_values("view").unwrap().collect::<Vec<_>>(), [Some("é"), None, Some("c")]);
        assert_eq!(
            table.text_values("dictionary").unwrap().collect::<Vec<_>>(),
            [Some("a"), None, Some("a")]
        );
        assert_eq!(table.text("large").unwrap().value(0), "é");
        assert_eq!(table.numbers("int").unwrap(), [1.0, 2.0, 3.0]);
        assert_eq!(table.numbers("float").unwrap(), [0.5, 1.5, 2.5]);
        assert_eq!(table.instant("instant").unwrap().values().as_ref(), [1, 2, 3]);
        let before = found.column_by_name("text").unwrap().as_string::<i32>().values().as_ptr();
        assert_eq!(table.text("text").unwrap().values().as_ptr(), before, "the same layout is not copied");
        let measured = Schema::new(vec![Field::new("int", FieldType::Number, Role::Measure)]);
        assert_eq!(Table::from_batch(&found, measured).unwrap().numbers("int").unwrap(), [1.0, 2.0, 3.0]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let found = batch(vec![
            ("huge", Arc::new(UInt64Array::from(vec![1, u64::MAX]))),
            ("gaps", Arc::new(Int32Array::from(vec![Some(1), None]))),
            ("local", Arc::new(TimestampMicrosecondArray::from(vec![1, 2]))),
        ]);
        let asked = |name: &str, kind| {
            Table::from_batch(&found, Schema::new(vec![Field::new(name, kind, Role::Attribute).required()]))
        };
        assert!(matches!(asked("huge", FieldType::Integer), Err(TableError::Value { .. })));
        assert!(matches!(
            asked("gaps", FieldType::Integer),
            Err(TableError::Gaps { missing: 1, first: 1, .. })
        ));
        assert!(matches!(asked("gaps", FieldType::Text), Err(TableError::Type { .. })));
        assert!(matches!(asked("local", FieldType::Instant), Err(TableError::Type { .. })));
        assert!(matches!(asked("other", FieldType::Text), Err(TableError::Missing { .. })));
        assert!(matches!(Table::from_arrow(&found), Err(TableError::Type { .. })));
    }

    #[test]
    fn roles_and_units_travel() {
        let table = Table::empty()
            .with_text("zone", Role::Identifier, [Some("69123")])
            .unwrap()
            .with_number("density", Role::Measure, Unit::of("{tree}/har"), [Some(1.0)])
            .unwrap();
        let batch = table.to_batch();
        assert_eq!(Table::from_arrow(&batch).unwrap(), table);
        let stripped = ArrowSchema::new(vec![
            ArrowField::new("zone", DataType::Utf8, true),
            ArrowField::new("density", DataType::Float64, true),
        ]);
        let plain = RecordBatch::try_new(Arc::new(stripped), batch.columns().to_vec()).unwrap();
        assert_eq!(Table::from_arrow(&plain).unwrap().schema().fields()[1].role, Role::Attribute);
    }
}
