//! Columns: what they mean, not only their type.
use crate::Unit;

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
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Schema {
    fields: Vec<Field>,
}

impl Schema {
    /// A schema of these columns.
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields }
    }

    /// The columns, in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The column of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
