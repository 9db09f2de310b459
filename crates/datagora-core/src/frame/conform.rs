//! Data frames held against a schema.
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType as ArrowType;
use polars::prelude::{Column, DataFrame, DataType, Expr, LazyFrame, TimeUnit, col};

use super::{FrameError, exchange, query};
use crate::cell::{CellFormat, Cells};
use crate::said::{missing_value, wrong_text};
use crate::table::{kind_of, to_layout};
use crate::{Field, FieldType, Problem, ProblemKind, Report, Schema};

/// The columns a schema names, in its order and with its types: what a typed view of a data frame starts from.
///
/// Columns that have the type already are shared, not copied. Other widths of numbers widen, whole numbers do where numbers
/// are needed, and texts are read: `12,5` as a number, `31/05/2024` as a date. A number where a text is needed is a problem: it
/// may be a code that lost its zeros. So are times without zone, which name no instant.
///
/// # Missing values
///
/// Stay missing; in a required column each is a problem.
///
/// # Errors
///
/// [`FrameError::Nonconforming`] with *all* problems: columns that are not there, columns of another type, and for each value
/// its row (counted from 1), column, what was found and what was needed.
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Field, FieldType, Role, Schema, conform};
///
/// let frame = df!("insee" => ["69123", "69266"], "trees" => ["51000", "many"])?;
/// let schema = Schema::new(vec![
///     Field::new("insee", FieldType::Text, Role::Identifier).required(),
///     Field::new("trees", FieldType::Integer, Role::Measure),
/// ]);
/// let problem = conform(&frame, &schema).unwrap_err().to_string();
/// assert!(problem.contains("row 2, column “trees”: found “many”, needed a whole number"));
/// # Ok::<(), PolarsError>(())
/// ```
pub fn conform(frame: &DataFrame, schema: &Schema) -> Result<DataFrame, FrameError> {
    let mut report = missing_columns(schema, &names(frame));
    let mut columns: Vec<Column> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let Ok(column) = frame.column(&field.name) else { continue };
        if *column.dtype() == engine_type(field.kind) {
            required(column, field, &mut report);
            columns.push(column.clone());
        } else if let Some(array) = array(column, field, &mut report)? {
            columns.push(exchange::to_series(&field.name, &array)?.into());
        }
    }
    report.into_result().map_err(FrameError::Nonconforming)?;
    DataFrame::new(frame.height(), columns).map_err(query)
}

/// Collects the columns a schema names, and conforms them; see [`conform`]. Missing columns are told before anything is
/// computed, and columns that the schema does not name are never computed.
///
/// # Errors
///
/// As [`conform`]; [`FrameError::Query`] if the query fails.
pub fn conform_lazy(mut frame: LazyFrame, schema: &Schema) -> Result<DataFrame, FrameError> {
    let found = frame.collect_schema().map_err(query)?;
    let names: Vec<&str> = found.iter_names().map(|name| name.as_str()).collect();
    missing_columns(schema, &names).into_result().map_err(FrameError::Nonconforming)?;
    let wanted: Vec<Expr> = schema.fields().iter().map(|field| col(field.name.as_str())).collect();
    conform(&frame.select(wanted).collect().map_err(query)?, schema)
}

/// The columns a schema names as arrays of our layouts.
pub(super) fn arrays(frame: &DataFrame, schema: &Schema) -> Result<Vec<ArrayRef>, FrameError> {
    let mut report = missing_columns(schema, &names(frame));
    let mut arrays = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        if let Ok(column) = frame.column(&field.name) {
            arrays.extend(array(column, field, &mut report)?);
        }
    }
    report.into_result().map_err(FrameError::Nonconforming)?;
    Ok(arrays)
}

fn names(frame: &DataFrame) -> Vec<&str> {
    frame.columns().iter().map(|column| column.name().as_str()).collect()
}

fn missing_columns(schema: &Schema, there: &[&str]) -> Report {
    let mut report = Report::default();
    report.extend(Problem::lacking_columns(schema.fields().iter().map(|field| field.name.as_str()), there));
    report
}

/// The type by which Polars knows ours.
fn engine_type(kind: FieldType) -> DataType {
    match kind {
        FieldType::Boolean => DataType::Boolean,
        FieldType::Integer => DataType::Int64,
        FieldType::Number => DataType::Float64,
        FieldType::Text => DataType::String,
        FieldType::Date => DataType::Date,
        FieldType::Instant => {
            DataType::Datetime(TimeUnit::Milliseconds, Some(polars::prelude::TimeZone::UTC))
        }
        FieldType::Geometry => DataType::Binary,
    }
}

/// Tells each missing value of a required column.
fn required(column: &Column, field: &Field, report: &mut Report) {
    if field.nullable || column.null_count() == 0 {
        return;
    }
    for (row, missing) in column.is_null().iter().enumerate() {
        if missing == Some(true) {
            report.add(missing_value().at_row(row as u64 + 1).in_column(&field.name));
        }
    }
}

/// The column in our layout; `None`, and told why, if it does not conform.
fn array(column: &Column, field: &Field, report: &mut Report) -> Result<Option<ArrayRef>, FrameError> {
    required(column, field, report);
    let found = exchange::to_array(column.as_materialized_series())?;
    let stored = found.data_type().clone();
    if kind_of(&stored) == Some(FieldType::Text) && field.kind != FieldType::Text {
        return Ok(Some(read_texts(&found, field, report)));
    }
    if let Ok(array) = to_layout(&field.name, field.kind, &found) {
        return Ok(Some(array));
    }
    let needed = field.kind.plural();
    let widens = kind_of(&stored) == Some(field.kind)
        || (kind_of(&stored), field.kind) == (Some(FieldType::Integer), FieldType::Number);
    if !widens {
        let problem = Problem::new(column.dtype().to_string(), needed).of_kind(ProblemKind::WrongType);
        report.add(problem.in_column(&field.name));
        return Ok(None);
    }
    // The kind is right: single values do not fit. A cast that leaves gaps shows which.
    let Ok(gapped) = cast(&found, &field.kind.arrow()) else {
        let problem = Problem::new(stored.to_string(), needed).of_kind(ProblemKind::WrongType);
        report.add(problem.in_column(&field.name));
        return Ok(None);
    };
    for row in (0..found.len()).filter(|row| gapped.is_null(*row) && found.is_valid(*row)) {
        let text = arrow::util::display::array_value_to_string(&found, row).unwrap_or_default();
        report.add(wrong_text(&text, needed).at_row(row as u64 + 1).in_column(&field.name));
    }
    Ok(None)
}

/// Texts read as values of another type; what stands for none is told.
fn read_texts(found: &ArrayRef, field: &Field, report: &mut Report) -> ArrayRef {
    let format = CellFormat { decimal_comma: true, zone: None };
    let mut cells = Cells::new(field.kind);
    let Ok(texts) = cast(found, &ArrowType::Utf8View) else {
        // Nothing but missing values: they are told already.
        (0..found.len()).for_each(|_| cells.push_missing());
        return cells.finish();
    };
    for (row, text) in texts.as_string_view().iter().enumerate() {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            cells.push_missing();
            continue;
        };
        if let Err(needed) = cells.push(text, format) {
            cells.push_missing();
            report.add(wrong_text(text, needed).at_row(row as u64 + 1).in_column(&field.name));
        }
    }
    cells.finish()
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoLazy, NamedFrom, Series, df};

    use super::*;
    use crate::{Role, Table, Unit};

    fn schema() -> Schema {
        Schema::new(vec![
            Field::new("insee", FieldType::Text, Role::Identifier).required(),
            Field::new("trees", FieldType::Number, Role::Measure).with_unit(Unit::of("{tree}")),
            Field::new("day", FieldType::Date, Role::Time),
        ])
    }

    fn told(error: FrameError) -> Vec<String> {
        match error {
            FrameError::Nonconforming(report) => report.problems().map(ToString::to_string).collect(),
            other => panic!("expected problems, got {other}"),
        }
    }

    #[test]
    fn numbers_are_shared_both_ways() {
        let frame =
            df!("trees" => [1.0, 2.5, 3.0], "insee" => ["a", "é", "c"], "day" => [None::<&str>, None, None])
                .unwrap();
        let before = frame.column("trees").unwrap().f64().unwrap().cont_slice().unwrap().as_ptr();
        let table = Table::from_data_frame(&frame, &schema()).unwrap();
        assert_eq!(table.number("trees").unwrap().values().as_ptr(), before);
        let back = table.to_data_frame().unwrap();
        assert_eq!(back.column("trees").unwrap().f64().unwrap().cont_slice().unwrap().as_ptr(), before);
        assert_eq!(
            table.text_values("insee").unwrap().collect::<Vec<_>>(),
            [Some("a"), Some("é"), Some("c")]
        );
    }

    #[test]
    fn every_type_comes_back() {
        let table = Table::empty()
            .with_text(
                "text",
                Role::Identifier,
                [Some("a long text that does not fit into a view"), None, Some("")],
            )
            .unwrap()
            .with_boolean("boolean", Role::Attribute, [Some(true), None, Some(false)])
            .unwrap()
            .with_integer("integer", Role::Measure, Unit::ONE, [Some(i64::MAX), None, Some(-1)])
            .unwrap()
            .with_number("number", Role::Measure, Unit::METRE, [Some(0.1), None, Some(f64::INFINITY)])
            .unwrap()
            .with_date("date", Role::Time, [crate::NaiveDate::from_ymd_opt(2024, 2, 29), None, None])
            .unwrap()
            .with_instant("instant", Role::Time, [crate::DateTime::from_timestamp_millis(1_500), None, None])
            .unwrap();
        for table in [table.clone(), table.take(&[]), table.take(&[2, 1])] {
            let frame = table.to_data_frame().unwrap();
            assert_eq!(Table::from_data_frame(&frame, table.schema()).unwrap(), table);
            assert!(conform(&frame, table.schema()).unwrap().equals_missing(&frame));
        }
        let frame = table.to_data_frame().unwrap();
        // A slice and several chunks.
        let mut pieces = frame.slice(1, 2);
        pieces.vstack_mut(&frame).unwrap();
        let joined = Table::from_data_frame(&pieces, table.schema()).unwrap();
        assert_eq!(joined, Table::concat([&table.take(&[1, 2]), &table]).unwrap());
    }

    #[test]
    fn all_problems_are_told_with_row_and_column() {
        let frame = df!(
            "insee" => [Some("69123"), None, Some("69266")],
            "trees" => ["51 000,5", "many", ""],
            "other" => [1, 2, 3],
        )
        .unwrap();
        assert_eq!(
            told(conform(&frame, &schema()).unwrap_err()),
            [
                "column “day”: found only the columns insee, trees, other, needed a column of this name",
                "row 2, column “trees”: found “many”, needed a number",
                "row 2, column “insee”: found nothing, needed a value, since the column is required",
            ]
        );
        let codes = Schema::new(vec![Field::new("other", FieldType::Text, Role::Identifier)]);
        let problems = told(Table::from_data_frame(&frame, &codes).unwrap_err());
        assert!(problems[0].starts_with("column “other”: found i32, needed"), "{problems:?}");
    }

    #[test]
    fn values_that_do_not_fit_are_told_one_by_one() {
        let large = Series::new("n".into(), [1u64, u64::MAX, 3]);
        let frame = DataFrame::new(3, vec![large.into()]).unwrap();
        let whole = Schema::new(vec![Field::new("n", FieldType::Integer, Role::Measure)]);
        let problems = told(conform(&frame, &whole).unwrap_err());
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].contains("row 2") && problems[0].contains("18446744073709551615"),
            "{problems:?}"
        );
    }

    #[test]
    fn types_widen_and_texts_are_read() {
        let frame = df!(
            "insee" => ["69123", "69266"],
            "trees" => [Some(51_000i32), None],
            "day" => ["31/05/2024", ""],
        )
        .unwrap();
        let conformed = conform(&frame, &schema()).unwrap();
        assert_eq!(conformed.column("trees").unwrap().dtype(), &DataType::Float64);
        assert_eq!(conformed.column("day").unwrap().dtype(), &DataType::Date);
        assert_eq!(conformed.column("day").unwrap().null_count(), 1);
        let lazy = conform_lazy(frame.clone().lazy(), &schema()).unwrap();
        assert!(lazy.equals_missing(&conformed));
        let without = frame.lazy().select([col("trees")]);
        assert_eq!(told(conform_lazy(without, &schema()).unwrap_err()).len(), 2);
    }
}
