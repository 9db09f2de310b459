//! A data frame whose geometry is decoded.
use datagora_core::polars::prelude::{Column, DataFrame, IdxCa, LazyFrame, NamedFrom, Series};
use datagora_core::{Crs, Dataset, Field, FieldType, FrameError, Role, Schema, conform, conform_lazy};

use super::{AdapterError, query};
use crate::{GeometryColumn, read_wkb, write_wkb};

/// An eager or lazy data frame, held against a schema.
pub trait Frame {
    /// The columns that the schema names, with its types.
    ///
    /// # Errors
    ///
    /// As [`conform`] and [`conform_lazy`].
    fn conformed(&self, schema: &Schema) -> Result<DataFrame, FrameError>;
}

impl Frame for DataFrame {
    fn conformed(&self, schema: &Schema) -> Result<DataFrame, FrameError> {
        conform(self, schema)
    }
}

impl Frame for LazyFrame {
    fn conformed(&self, schema: &Schema) -> Result<DataFrame, FrameError> {
        conform_lazy(self.clone(), schema)
    }
}

/// The columns of a data frame without its geometry, and the geometry: as many rows of both.
#[derive(Clone, Debug)]
pub struct SpatialFrame {
    attributes: DataFrame,
    geometry: GeometryColumn,
}

impl SpatialFrame {
    /// Of columns as long as the geometry.
    pub(super) fn new(columns: Vec<Column>, geometry: GeometryColumn) -> Result<Self, AdapterError> {
        Ok(Self { attributes: assemble(geometry.len(), columns)?, geometry })
    }

    /// What is known of each row, but for where it is.
    pub fn attributes(&self) -> &DataFrame {
        &self.attributes
    }

    /// Where each row is.
    pub fn geometry(&self) -> &GeometryColumn {
        &self.geometry
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.geometry.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.geometry.is_empty()
    }

    /// With more columns, each as long as the frame.
    pub(super) fn with_columns(
        &self,
        columns: impl IntoIterator<Item = Column>,
    ) -> Result<Self, AdapterError> {
        let mut all = self.attributes.columns().to_vec();
        for column in columns {
            if all.iter().any(|other| other.name() == column.name()) {
                return Err(AdapterError::NameTaken { name: column.name().to_string() });
            }
            all.push(column);
        }
        Ok(Self { attributes: assemble(self.len(), all)?, geometry: self.geometry.clone() })
    }

    /// The rows named, in the order named.
    pub(super) fn take(&self, rows: &IdxCa) -> Result<Self, AdapterError> {
        let places: Vec<usize> = rows.into_no_null_iter().map(|row| row as usize).collect();
        let attributes = self.attributes.take(rows).map_err(query)?;
        Ok(Self { attributes, geometry: self.geometry.take(&places) })
    }

    pub(super) fn with_geometry(&self, geometry: GeometryColumn) -> Self {
        Self { attributes: self.attributes.clone(), geometry }
    }
}

fn assemble(rows: usize, columns: Vec<Column>) -> Result<DataFrame, AdapterError> {
    DataFrame::new(rows, columns).map_err(query)
}

/// The CRS a dataset declares.
fn crs_of<F>(data: &Dataset<F>) -> Result<Crs, AdapterError> {
    let metadata = data.metadata();
    metadata.crs.clone().ok_or_else(|| AdapterError::NoCrs { title: metadata.title.clone() })
}

/// Finds the geometry of a frame by its role, and decodes it from well-known binary; columns that the schema does not name
/// are left out.
///
/// # Missing values
///
/// A missing geometry is a missing row of the [`GeometryColumn`].
///
/// # Errors
///
/// [`AdapterError::Geometry`] unless exactly one column has the role, [`AdapterError::NoCrs`], [`AdapterError::Frame`] with
/// all that does not conform to the schema, [`AdapterError::Wkb`] for the first row that is no geometry.
///
/// # Example
///
/// See the [module](crate::table).
pub fn spatial<F: Frame>(data: &Dataset<F>) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let crs = crs_of(data)?;
    let schema = &data.metadata().schema;
    let named: Vec<&Field> = schema.with_role(Role::Geometry).collect();
    let [field] = named[..] else {
        let found = named.iter().map(|field| field.name.clone()).collect();
        return Err(AdapterError::Geometry { title: data.metadata().title.clone(), found });
    };
    let name = field.name.clone();
    data.as_ref().try_map_payload(|frame| {
        let frame = frame.conformed(schema)?;
        let (mut columns, rows) = (frame.columns().to_vec(), frame.height());
        let at = columns.iter().position(|column| column.name().as_str() == name);
        let binary =
            at.map(|at| columns.remove(at)).expect("a conformed frame has the columns of its schema");
        let values = binary.binary().expect("a conformed geometry is binary");
        let mut geometries = Vec::with_capacity(rows);
        for (row, bytes) in values.iter().enumerate() {
            let decoded = bytes.map(read_wkb).transpose();
            let decoded =
                decoded.map_err(|source| AdapterError::Wkb { column: name.clone(), row, source })?;
            geometries.push(decoded.and_then(|decoded| decoded.geometry));
        }
        Ok(SpatialFrame {
            attributes: assemble(rows, columns)?,
            geometry: GeometryColumn::from_options(geometries, crs),
        })
    })
}

/// Takes two columns of coordinates, named, as the geometry of a frame; they are no longer attributes.
///
/// # Missing values
///
/// A row with either coordinate missing, NaN or infinite has no geometry.
///
/// # Errors
///
/// [`AdapterError::NoCrs`]; [`AdapterError::Frame`] with all that does not conform to the schema, the two columns being
/// numbers; [`AdapterError::Geometry`] if there is a geometry already.
///
/// # Example
///
/// See the [module](crate::table).
pub fn spatial_points<F: Frame>(
    data: &Dataset<F>,
    x: &str,
    y: &str,
) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let crs = crs_of(data)?;
    let named: Vec<String> =
        data.metadata().schema.with_role(Role::Geometry).map(|field| field.name.clone()).collect();
    if !named.is_empty() {
        return Err(AdapterError::Geometry { title: data.metadata().title.clone(), found: named });
    }
    let coordinate = |name: &str| Field::new(name, FieldType::Number, Role::Attribute);
    let attributes = data.metadata().schema.fields().iter();
    let mut fields: Vec<Field> =
        attributes.filter(|field| field.name != x && field.name != y).cloned().collect();
    let wanted: Vec<Field> = fields.iter().cloned().chain([coordinate(x), coordinate(y)]).collect();
    let located = data.as_ref().try_map_payload(|frame| {
        let frame = frame.conformed(&Schema::new(wanted))?;
        let values = |name: &str| -> Vec<f64> {
            let column = frame.column(name).expect("a conformed frame has the columns of its schema");
            let numbers = column.f64().expect("a conformed number is a float");
            let known = |value: Option<f64>| value.filter(|value| value.is_finite()).unwrap_or(f64::NAN);
            numbers.iter().map(known).collect()
        };
        let geometry = GeometryColumn::points(values(x), values(y), crs);
        let columns = frame.columns().iter().filter(|column| *column.name() != x && *column.name() != y);
        let attributes = assemble(geometry.len(), columns.cloned().collect())?;
        Ok::<_, AdapterError>(SpatialFrame { attributes, geometry })
    })?;
    fields.push(Field::new(free_name(&fields), FieldType::Geometry, Role::Geometry));
    Ok(located.describe(|metadata| metadata.with_schema(Schema::new(fields))))
}

/// A name for the geometry that no attribute has.
fn free_name(fields: &[Field]) -> String {
    let taken = |name: &str| fields.iter().any(|field| field.name == name);
    let numbered = (2..).map(|number| format!("geometry_{number}"));
    std::iter::once("geometry".to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

/// The data frame with its geometry as well-known binary, under the name and at the place the schema gives it.
///
/// # Errors
///
/// [`AdapterError::Frame`] if Polars refuses the columns.
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Field, FieldType, Metadata, Role, Schema};
/// use datagora_geo::table::{spatial_points, to_data_frame};
///
/// let schema = ["lon", "lat"].map(|name| Field::new(name, FieldType::Number, Role::Attribute));
/// let metadata = Metadata::new("trees").with_schema(Schema::new(schema.to_vec())).with_crs(Crs::WGS84);
/// let trees = Dataset::new(df!("lon" => [4.84], "lat" => [45.76])?, metadata);
/// let frame = to_data_frame(&spatial_points(&trees, "lon", "lat")?)?;
/// assert_eq!(frame.payload().column("geometry")?.dtype(), &DataType::Binary);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_data_frame(data: &Dataset<SpatialFrame>) -> Result<Dataset<DataFrame>, AdapterError> {
    let fields = data.metadata().schema.fields();
    data.as_ref().try_map_payload(|spatial| {
        let place = fields.iter().position(|field| field.role == Role::Geometry).unwrap_or(fields.len());
        let name = fields.get(place).map_or("geometry", |field| &field.name);
        let bytes: Vec<Option<Vec<u8>>> =
            spatial.geometry.iter().map(|geometry| geometry.as_ref().map(write_wkb)).collect();
        let mut columns = spatial.attributes.columns().to_vec();
        columns.insert(place.min(columns.len()), Series::new(name.into(), bytes).into());
        assemble(spatial.len(), columns)
    })
}
