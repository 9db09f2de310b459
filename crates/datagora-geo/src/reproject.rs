//! Change of CRS.
mod ellipsoid;
mod laea;
mod lambert;
mod panels;
#[cfg(test)]
mod tests;
mod transverse_mercator;
mod web_mercator;

use datagora_core::Crs;

use self::ellipsoid::Ellipsoid;
use self::laea::EqualArea;
use self::lambert::Lambert;
use self::transverse_mercator::TransverseMercator;
use self::web_mercator::WebMercator;
use crate::GeometryColumn;

/// Points worked on at a time: what fits the nearest cache.
const CHUNK: usize = 1024;

/// Conversion of coordinates from one CRS to another, prepared once and used for many points.
///
/// # Which systems
///
/// | EPSG | |
/// |---|---|
/// | 4326, 4171, 4258 | longitude and latitude on WGS 84, RGF93, ETRS89 |
/// | 2154 | RGF93 / Lambert-93 |
/// | 3942 to 3950 | RGF93 / CC42 to CC50 |
/// | 32601 to 32660, 32701 to 32760 | WGS 84 / UTM north and south |
/// | 25828 to 25838 | ETRS89 / UTM |
/// | 3857 | Web Mercator |
/// | 3035 | ETRS89 / LAEA Europe |
///
/// WGS 84, RGF93 and ETRS89 are taken as the same datum, as PROJ does: no shift is applied between them. They differ by
/// less than a metre (the European plate has moved 2.5 cm a year against WGS 84 since 1989).
///
/// # Accuracy
///
/// Within 1e-6 m of PROJ 9.5.1 over metropolitan France, and there and back again. What a coordinate becomes depends on
/// that coordinate alone, so that shared borders stay shared.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::Transform;
///
/// let to_cc46 = Transform::between(&Crs::WGS84, &Crs::CC46)?;
/// let (x, y) = to_cc46.convert(&[4.835], &[45.76])?;
/// assert_eq!(format!("{:.3} {:.3}", x[0], y[0]), "1842734.915 5174970.739");
/// # Ok::<(), datagora_geo::ReprojectError>(())
/// ```
#[derive(Debug)]
pub struct Transform {
    from: Crs,
    from_projection: Projection,
    to: Crs,
    to_projection: Projection,
}

/// Coordinates that cannot be converted.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum ReprojectError {
    /// A system we have no formulas for.
    #[error(
        "{found} cannot be reprojected; supported are EPSG:4326, 4171, 4258 (longitude and latitude), 2154 (Lambert-93), 3942 to 3950 (CC42 to CC50), 326xx, 327xx and 258xx (UTM), 3857 (Web Mercator) and 3035 (LAEA Europe)"
    )]
    Unsupported {
        /// The system.
        found: Crs,
    },
    /// A point where source or target is not defined.
    #[error(
        "row {row} has the coordinate ({x}, {y}), which {from} → {to} cannot convert; check whether {from} is its CRS and (east, north) its order"
    )]
    OutsideDomain {
        /// Row, from 0.
        row: usize,
        /// East, as found.
        x: f64,
        /// North, as found.
        y: f64,
        /// CRS of the coordinate.
        from: Crs,
        /// CRS wanted.
        to: Crs,
    },
    /// Coordinate columns of different lengths.
    #[error("{x} eastings and {y} northings were given; as many of both are needed")]
    Lengths {
        /// Number of eastings.
        x: usize,
        /// Number of northings.
        y: usize,
    },
}

/// How a system maps longitude and latitude in degrees.
#[derive(Debug)]
enum Projection {
    Geographic,
    Lambert(Box<Lambert>),
    TransverseMercator(Box<TransverseMercator>),
    WebMercator(Box<WebMercator>),
    EqualArea(Box<EqualArea>),
}

impl Projection {
    fn of(crs: &Crs) -> Result<Self, ReprojectError> {
        let utm = |zone, south, ellipsoid| {
            Projection::TransverseMercator(Box::new(TransverseMercator::utm(zone, south, ellipsoid)))
        };
        Ok(match crs.epsg() {
            Some(4326 | 4171 | 4258) => Projection::Geographic,
            Some(2154) => Projection::Lambert(Box::new(Lambert::lambert_93())),
            Some(code @ 3942..=3950) => Projection::Lambert(Box::new(Lambert::conique_conforme(code - 3900))),
            Some(code @ 32601..=32660) => utm(code - 32600, false, Ellipsoid::wgs84()),
            Some(code @ 32701..=32760) => utm(code - 32700, true, Ellipsoid::wgs84()),
            Some(code @ 25828..=25838) => utm(code - 25800, false, Ellipsoid::grs80()),
            Some(3857) => Projection::WebMercator(Box::new(WebMercator::new())),
            Some(3035) => Projection::EqualArea(Box::new(EqualArea::europe())),
            _ => return Err(ReprojectError::Unsupported { found: crs.clone() }),
        })
    }

    fn forward(&self, x: &mut [f64], y: &mut [f64]) {
        match self {
            Projection::Geographic => x.iter_mut().zip(y).for_each(|(x, y)| {
                if !(is_longitude(*x) && y.abs() <= 90.0) {
                    *x = f64::NAN;
                }
            }),
            Projection::Lambert(projection) => projection.forward(x, y),
            Projection::TransverseMercator(projection) => projection.forward(x, y),
            Projection::WebMercator(projection) => projection.forward(x, y),
            Projection::EqualArea(projection) => projection.forward(x, y),
        }
    }

    fn inverse(&self, x: &mut [f64], y: &mut [f64]) {
        match self {
            // What is no longitude or latitude is found out by the other half of the conversion.
            Projection::Geographic => {}
            Projection::Lambert(projection) => projection.inverse(x, y),
            Projection::TransverseMercator(projection) => projection.inverse(x, y),
            Projection::WebMercator(projection) => projection.inverse(x, y),
            Projection::EqualArea(projection) => projection.inverse(x, y),
        }
    }
}

/// Rounding at the date line is let pass.
fn is_longitude(degrees: f64) -> bool {
    degrees.abs() <= 180.0 + 1e-9
}

/// Into −180…180, for differences of longitudes.
fn wrap_longitude(degrees: f64) -> f64 {
    if degrees > 180.0 {
        degrees - 360.0
    } else if degrees < -180.0 {
        degrees + 360.0
    } else {
        degrees
    }
}

impl Transform {
    /// Prepares the conversion.
    ///
    /// # Errors
    ///
    /// [`ReprojectError::Unsupported`] for a system that is not in the table above.
    pub fn between(from: &Crs, to: &Crs) -> Result<Self, ReprojectError> {
        Ok(Transform {
            from_projection: Projection::of(from)?,
            to_projection: Projection::of(to)?,
            from: from.clone(),
            to: to.clone(),
        })
    }

    /// Converts points: `n` eastings and northings → as many. A point with a NaN becomes (NaN, NaN).
    ///
    /// # Errors
    ///
    /// [`ReprojectError::OutsideDomain`] for the first point that is not defined in both systems, infinite ones
    /// included: no NaN comes out where none went in. [`ReprojectError::Lengths`] if the slices differ in length.
    pub fn convert(&self, x: &[f64], y: &[f64]) -> Result<(Vec<f64>, Vec<f64>), ReprojectError> {
        if x.len() != y.len() {
            return Err(ReprojectError::Lengths { x: x.len(), y: y.len() });
        }
        let (to_x, to_y) = self.convert_where_defined(x, y);
        match first_lost(x, y, &to_x, &to_y) {
            None => Ok((to_x, to_y)),
            Some(row) => Err(ReprojectError::OutsideDomain {
                row,
                x: x[row],
                y: y[row],
                from: self.from.clone(),
                to: self.to.clone(),
            }),
        }
    }

    /// Converts what can be; the other points become (NaN, NaN).
    pub(crate) fn convert_where_defined(&self, x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut to_x, mut to_y) = (x.to_vec(), y.to_vec());
        self.convert_in_place(&mut to_x, &mut to_y);
        (to_x, to_y)
    }

    #[cfg(feature = "parallel")]
    fn convert_in_place(&self, x: &mut [f64], y: &mut [f64]) {
        use rayon::prelude::*;
        x.par_chunks_mut(CHUNK).zip(y.par_chunks_mut(CHUNK)).for_each(|(x, y)| self.convert_chunk(x, y));
    }

    #[cfg(not(feature = "parallel"))]
    fn convert_in_place(&self, x: &mut [f64], y: &mut [f64]) {
        x.chunks_mut(CHUNK).zip(y.chunks_mut(CHUNK)).for_each(|(x, y)| self.convert_chunk(x, y));
    }

    fn convert_chunk(&self, x: &mut [f64], y: &mut [f64]) {
        if self.from != self.to {
            self.from_projection.inverse(x, y);
            self.to_projection.forward(x, y);
        }
        for (x, y) in x.iter_mut().zip(y) {
            if !(x.is_finite() && y.is_finite()) {
                (*x, *y) = (f64::NAN, f64::NAN);
            }
        }
    }
}

/// The first point that was a point and is no more.
fn first_lost(x: &[f64], y: &[f64], to_x: &[f64], to_y: &[f64]) -> Option<usize> {
    let lost =
        |row: &usize| (to_x[*row].is_nan() || to_y[*row].is_nan()) && !x[*row].is_nan() && !y[*row].is_nan();
    (0..x.len()).find(lost)
}

impl GeometryColumn {
    /// The same geometries in another CRS: each vertex is converted, edges stay straight between them. Missing rows
    /// stay missing. Which systems, and how exactly: [`Transform`].
    ///
    /// # Errors
    ///
    /// [`ReprojectError::Unsupported`] for a system that is not supported, [`ReprojectError::OutsideDomain`] for the
    /// first row with a coordinate that is not defined in both systems.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::GeometryColumn;
    ///
    /// let fourviere = GeometryColumn::points(vec![4.8226], vec![45.7623], Crs::WGS84);
    /// let projected = fourviere.reproject(&Crs::LAMBERT_93)?;
    /// let (x, y) = projected.as_points().expect("points stay points");
    /// assert_eq!((x[0].round(), y[0].round()), (841_653., 6_519_712.));
    ///
    /// let wrong = projected.declared_as(Crs::WGS84).reproject(&Crs::CC46);
    /// assert!(wrong.unwrap_err().to_string().contains("row 0"));
    /// # Ok::<(), datagora_geo::ReprojectError>(())
    /// ```
    pub fn reproject(&self, to: &Crs) -> Result<GeometryColumn, ReprojectError> {
        if self.crs() == to {
            return Ok(self.clone());
        }
        let (x, y) = self.coordinates();
        match Transform::between(self.crs(), to)?.convert(x, y) {
            Ok((x, y)) => Ok(self.with_coordinates(x, y, to.clone())),
            Err(ReprojectError::OutsideDomain { row, x, y, from, to }) => {
                Err(ReprojectError::OutsideDomain { row: self.row_of_coordinate(row), x, y, from, to })
            }
            Err(other) => Err(other),
        }
    }
}
