//! Columns: what they mean, not only their type.
use crate::{Problem, ProblemKind, Report, Unit, UnitError};

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Role {
    /// Identifies the row, or the unit it is about.
    Identifier,
    /// Groups rows: a zone, a mode, a sector.
    Dimension,
    /// When.
    Time,
    /// Where.
    Geometry,
    /// How much; may be summed or averaged according to its unit.
    Measure,
    /// Describes, without being counted.
    Attribute,
    /// Lower bound of a measure.
    LowerBound,
    /// Upper bound of a measure.
    UpperBound,
}

/// Type of the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum FieldType {
    /// True or false.
    Boolean,
    /// Whole number.
    Integer,
    /// Number.
    Number,
    /// Text.
    Text,
    /// Calendar date.
    Date,
    /// Instant, UTC.
    Instant,
    /// Geometry.
    Geometry,
}

impl FieldType {
    /// What values of this type are called, for messages.
    pub(crate) const fn plural(self) -> &'static str {
        match self {
            FieldType::Boolean => "true or false values",
            FieldType::Integer => "whole numbers",
            FieldType::Number => "numbers",
            FieldType::Text => "texts",
            FieldType::Date => "dates",
            FieldType::Instant => "instants",
            FieldType::Geometry => "geometries",
        }
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Field {
    /// Name of the column.
    pub name: String,
    /// Type of its values.
    pub kind: FieldType,
    /// What it is for.
    pub role: Role,
    /// Unit, of a measure.
    pub unit: Option<Unit>,
    /// May values be missing?
    pub nullable: bool,
}

impl Field {
    /// A column whose values may be missing, without unit.
    pub fn new(name: impl Into<String>, kind: FieldType, role: Role) -> Self {
        Self { name: name.into(), kind, role, unit: None, nullable: true }
    }

    /// With a unit.
    pub fn with_unit(self, unit: Unit) -> Self {
        Self { unit: Some(unit), ..self }
    }

    /// No value may be missing.
    pub fn required(self) -> Self {
        Self { nullable: false, ..self }
    }
}

/// The columns of a dataset, in order.
///
/// # Example
///
/// ```
/// use datagora_core::{Field, FieldType, FoundColumn, Role, Schema, Unit};
///
/// let schema = Schema::new(vec![
///     Field::new("insee", FieldType::Text, Role::Identifier).required(),
///     Field::new("trees", FieldType::Integer, Role::Measure).with_unit(Unit::of("{tree}")),
/// ])
/// .check()?;
/// assert_eq!(schema.with_role(Role::Measure).count(), 1);
///
/// let report = schema.conform("trees.csv", &[FoundColumn::new("insee", FieldType::Integer)]);
/// assert_eq!(report.count(), 2); // a code that lost its zeros, and a column that is not there
/// # Ok::<(), datagora_core::SchemaError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Schema {
    fields: Vec<Field>,
}

/// A column as it was found in data, to be held against a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundColumn {
    /// Its name.
    pub name: String,
    /// Type of its values.
    pub kind: FieldType,
    /// Number of missing values.
    pub missing: u64,
    /// Its unit, if it is known.
    pub unit: Option<Unit>,
}

impl FoundColumn {
    /// A column without missing values, of unknown unit.
    pub fn new(name: impl Into<String>, kind: FieldType) -> Self {
        Self { name: name.into(), kind, missing: 0, unit: None }
    }

    /// With missing values.
    pub fn with_missing(self, missing: u64) -> Self {
        Self { missing, ..self }
    }

    /// With a known unit.
    pub fn with_unit(self, unit: Unit) -> Self {
        Self { unit: Some(unit), ..self }
    }
}

/// Why columns do not make a schema.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// Two columns of one name.
    #[error("two columns are called “{name}”; names must differ, rename one")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A column without a name.
    #[error("column {position} has no name; name it")]
    Unnamed {
        /// Which column, counted from 1.
        position: usize,
    },
    /// The geometry role on something else, or the other way round.
    #[error(
        "column “{name}” has type {kind:?} and role {role:?}; geometries have both type and role Geometry"
    )]
    NotGeometry {
        /// The column.
        name: String,
        /// Its type.
        kind: FieldType,
        /// Its role.
        role: Role,
    },
    /// A unit that is not one.
    #[error("column “{name}” has a unit that cannot be read")]
    Unit {
        /// The column.
        name: String,
        /// Why.
        #[source]
        source: UnitError,
    },
}

impl Schema {
    /// A schema of these columns. That their names differ is checked by [`Schema::check`].
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields }
    }

    /// The same schema if it makes sense: names given and different, units readable, geometries in geometry columns.
    ///
    /// # Errors
    ///
    /// [`SchemaError`], of the first column that does not.
    pub fn check(self) -> Result<Self, SchemaError> {
        for (position, field) in self.fields.iter().enumerate() {
            let name = field.name.clone();
            if name.is_empty() {
                return Err(SchemaError::Unnamed { position: position + 1 });
            }
            if self.fields[..position].iter().any(|earlier| earlier.name == name) {
                return Err(SchemaError::DuplicateName { name });
            }
            let Field { kind, role, .. } = *field;
            if (kind == FieldType::Geometry) != (role == Role::Geometry) {
                return Err(SchemaError::NotGeometry { name, kind, role });
            }
            if let Some(Err(source)) = field.unit.as_ref().map(Unit::dimension) {
                return Err(SchemaError::Unit { name, source });
            }
        }
        Ok(self)
    }

    /// The columns, in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The column of this name; the first, should there be two.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The columns of a role, in order.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| field.role == role)
    }

    /// Holds the columns found in a file or table against the schema and reports every difference: columns missing or
    /// there twice, other types, units that do not convert, missing values where none may be.
    ///
    /// Whole numbers do where numbers are needed. Columns that the schema does not name are no problem.
    pub fn conform(&self, file: &str, columns: &[FoundColumn]) -> Report {
        let mut report = Report::default();
        for field in &self.fields {
            let problem = |kind, found: String, needed: String| {
                Problem::new(found, needed).of_kind(kind).in_file(file).in_column(&field.name)
            };
            let mut same_name = columns.iter().filter(|column| column.name == field.name);
            let Some(column) = same_name.next() else {
                let near = nearest(&field.name, columns);
                let found =
                    near.map_or("no such column".to_owned(), |name| format!("no such column but “{name}”"));
                let needed = format!("a column of {}", field.kind.plural());
                report.add(problem(ProblemKind::MissingColumn, found, needed));
                continue;
            };
            if same_name.next().is_some() {
                let found = "two columns of this name".to_owned();
                report.add(problem(ProblemKind::DuplicateColumn, found, "one".to_owned()));
            }
            let widens = (column.kind, field.kind) == (FieldType::Integer, FieldType::Number);
            if column.kind != field.kind && !widens {
                let (found, needed) = (column.kind.plural().to_owned(), field.kind.plural().to_owned());
                report.add(problem(ProblemKind::WrongType, found, needed));
            }
            if let (Some(found), Some(needed)) = (&column.unit, &field.unit)
                && !found.is_comparable(needed)
            {
                let needed = format!("a unit that converts to {needed}");
                report.add(problem(ProblemKind::WrongUnit, format!("unit {found}"), needed));
            }
            if !field.nullable && column.missing > 0 {
                let found = format!("{} missing values", column.missing);
                report.add(problem(ProblemKind::MissingValue, found, "a value in every row".to_owned()));
            }
        }
        report
    }
}

/// A column whose name differs only in case, spaces or punctuation.
fn nearest<'a>(name: &str, columns: &'a [FoundColumn]) -> Option<&'a str> {
    let plain = |name: &str| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(name);
    columns.iter().map(|column| column.name.as_str()).find(|found| plain(found) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        Schema::new(vec![
            Field::new("insee", FieldType::Text, Role::Identifier).required(),
            Field::new("area", FieldType::Number, Role::Measure).with_unit(Unit::HECTARE),
            Field::new("outline", FieldType::Geometry, Role::Geometry),
        ])
    }

    #[test]
    fn a_sound_schema_passes() {
        assert_eq!(schema().check(), Ok(schema()));
        let schema = schema();
        let names: Vec<&str> = schema.with_role(Role::Measure).map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["area"]);
    }

    #[test]
    fn contradictions_are_refused() {
        let with = |field: Field| Schema::new(schema().fields.into_iter().chain([field]).collect()).check();
        let text = |name: &str| Field::new(name, FieldType::Text, Role::Attribute);
        assert_eq!(with(text("area")), Err(SchemaError::DuplicateName { name: "area".to_owned() }));
        assert_eq!(with(text("")), Err(SchemaError::Unnamed { position: 4 }));
        let geometry = Field::new("point", FieldType::Geometry, Role::Attribute);
        assert!(matches!(with(geometry), Err(SchemaError::NotGeometry { .. })));
        let unfinished = "m/";
        let speed = Field::new("speed", FieldType::Number, Role::Measure).with_unit(Unit::of(unfinished));
        assert!(matches!(with(speed), Err(SchemaError::Unit { .. })));
    }

    #[test]
    fn conforming_columns_pass() {
        let columns = [
            FoundColumn::new("insee", FieldType::Text),
            FoundColumn::new("area", FieldType::Integer).with_missing(3).with_unit(Unit::SQUARE_METRE),
            FoundColumn::new("outline", FieldType::Geometry),
            FoundColumn::new("whatever", FieldType::Date),
        ];
        assert_eq!(schema().conform("communes.csv", &columns).into_result(), Ok(()));
    }

    #[test]
    fn every_difference_is_reported() {
        let columns = [
            FoundColumn::new("INSEE", FieldType::Text),
            FoundColumn::new("area", FieldType::Text).with_unit(Unit::METRE),
            FoundColumn::new("area", FieldType::Number),
            FoundColumn::new("outline", FieldType::Geometry).with_missing(2),
        ];
        let report = schema().conform("communes.csv", &columns);
        assert_eq!(
            report.to_string(),
            "4 problems\n  \
             communes.csv, column “insee”: found no such column but “INSEE”, needed a column of texts\n  \
             communes.csv, column “area”: found two columns of this name, needed one\n  \
             communes.csv, column “area”: found texts, needed numbers\n  \
             communes.csv, column “area”: found unit m, needed a unit that converts to har"
        );
        let missing = [FoundColumn::new("insee", FieldType::Text).with_missing(2)];
        let report = Schema::new(schema().fields[..1].to_vec()).conform("communes.csv", &missing);
        assert_eq!(report.count_of(ProblemKind::MissingValue), 1);
    }
}
