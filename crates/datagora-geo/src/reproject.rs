//! Change of CRS.
#[cfg(feature = "proj")]
mod by_proj;
mod ellipsoid;
mod laea;
mod lambert;
pub(crate) mod near;
mod panels;
mod stage;
#[cfg(test)]
mod tests;
mod transverse_mercator;
mod web_mercator;

use datagora_core::Crs;

#[cfg(feature = "proj")]
use self::by_proj::ByProj;
use self::ellipsoid::Ellipsoid;
use self::laea::EqualArea;
use self::lambert::Lambert;
use self::stage::Chunk;
use self::transverse_mercator::TransverseMercator;
use self::web_mercator::WebMercator;
use crate::GeometryColumn;

/// Points worked on at a time: what fits the nearest cache.
const CHUNK: usize = 2048;
/// Points that a thread takes at a time.
#[cfg(feature = "parallel")]
const BLOCK: usize = 64 * CHUNK;

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
/// | 5490, 2972, 2975, 4471 | UTM of Martinique and Guadeloupe, French Guiana, La Réunion, Mayotte |
/// | 3857 | Web Mercator |
/// | 3035 | ETRS89 / LAEA Europe |
///
/// With feature `proj`, every other one that PROJ 9.6 knows, by EPSG code, WKT, PROJJSON or PROJ string
/// ([`Crs::custom`]): if one of the two is not in the table, PROJ does the whole conversion. It has no grids of shifts
/// here, so that old datums such as NTF (EPSG:27572) are converted by a few parameters, to a metre or worse:
/// [`operation`](Self::operation) says which way it takes, and how exact that is.
///
/// WGS 84, RGF93 and ETRS89 are taken as the same datum, as PROJ does: no shift is applied between them. They differ by
/// less than a metre (the European plate has moved 2.5 cm a year against WGS 84 since 1989).
///
/// # Accuracy
///
/// Within 1e-6 m of PROJ 9.5.1 over metropolitan France, and there and back again; farther away as near as the digits
/// of the coordinates allow. What a coordinate becomes depends on that coordinate alone, so that shared borders stay
/// shared, and on no machine or number of threads.
///
/// # Speed
///
/// Functions of the latitude are tabulated as polynomials of 11° each, functions of small angles are series: ten million
/// points take as long as reading and writing them. Where neither holds (the poles, far from the central meridian), each
/// point takes the closed form. Memory that is new costs as much again: [`convert_into`](Self::convert_into) takes
/// buffers that are there, [`convert_in_place`](Self::convert_in_place) those of the points themselves.
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
    to: Crs,
    route: Route,
}

/// Who does the conversion.
#[derive(Debug)]
enum Route {
    /// Formulas, from one projection to degrees and on to the other.
    Own(Projection, Projection),
    #[cfg(feature = "proj")]
    Proj(ByProj),
}

/// How a [`Transform`] goes from one CRS to the other: what [`Transform::operation`] finds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// In words, as PROJ and the EPSG register call it.
    pub name: String,
    /// As a PROJ pipeline; empty for our own formulas.
    pub definition: String,
    /// Accuracy that the register gives, m; `None` if it gives none.
    pub accuracy: Option<f64>,
}

/// Coordinates that cannot be converted.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum ReprojectError {
    /// A system we have no formulas for, without feature `proj`.
    #[error(
        "{found} cannot be reprojected without the feature `proj` of datagora-geo; supported are EPSG:4326, 4171, 4258 (longitude and latitude), 2154 (Lambert-93), 3942 to 3950 (CC42 to CC50), 326xx, 327xx, 258xx, 5490, 2972, 2975 and 4471 (UTM), 3857 (Web Mercator) and 3035 (LAEA Europe)"
    )]
    Unsupported {
        /// The system.
        found: Crs,
    },
    /// Systems between which PROJ finds no way.
    #[error("PROJ finds no way from {from} to {to}: {reason}")]
    NoWay {
        /// CRS of the coordinates.
        from: Crs,
        /// CRS wanted.
        to: Crs,
        /// What PROJ says.
        reason: String,
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
    /// Buffers that do not hold as many numbers as there are points.
    #[error("{points} points were given, and buffers of {x} and {y} numbers; as many are needed")]
    Buffers {
        /// Number of points.
        points: usize,
        /// Length of the buffer for eastings.
        x: usize,
        /// Length of the buffer for northings.
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
            Some(5490) => utm(20, false, Ellipsoid::grs80()),
            Some(2972) => utm(22, false, Ellipsoid::grs80()),
            Some(2975) => utm(40, true, Ellipsoid::grs80()),
            Some(4471) => utm(38, true, Ellipsoid::grs80()),
            Some(3857) => Projection::WebMercator(Box::new(WebMercator::new())),
            Some(3035) => Projection::EqualArea(Box::new(EqualArea::europe())),
            _ => return Err(ReprojectError::Unsupported { found: crs.clone() }),
        })
    }

    /// Degrees to the projection; whether a point was lost.
    fn forward(&self, chunk: Chunk<'_>) -> bool {
        match self {
            // From one geographic system to another: the same numbers, if they are degrees.
            Projection::Geographic => chunk.copy_if(|x, y| is_longitude(x) & (y.abs() <= 90.0)),
            Projection::Lambert(projection) => projection.forward(chunk),
            Projection::TransverseMercator(projection) => projection.forward(chunk),
            Projection::WebMercator(projection) => projection.forward(chunk),
            Projection::EqualArea(projection) => projection.forward(chunk),
        }
    }

    /// The projection to degrees; whether a point was lost.
    fn inverse(&self, chunk: Chunk<'_>) -> bool {
        match self {
            Projection::Geographic => chunk.copy_if(|x, y| is_longitude(x) & (y.abs() <= 90.0)),
            Projection::Lambert(projection) => projection.inverse(chunk),
            Projection::TransverseMercator(projection) => projection.inverse(chunk),
            Projection::WebMercator(projection) => projection.inverse(chunk),
            Projection::EqualArea(projection) => projection.inverse(chunk),
        }
    }
}

/// Rounding at the date line is let pass.
#[inline(always)]
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
    /// [`ReprojectError::Unsupported`] for a system that is not in the table above. With feature `proj`,
    /// [`ReprojectError::NoWay`] for one that PROJ does not know either.
    pub fn between(from: &Crs, to: &Crs) -> Result<Self, ReprojectError> {
        let own = Projection::of(from).and_then(|first| Ok(Route::Own(first, Projection::of(to)?)));
        #[cfg(feature = "proj")]
        let own = own.or_else(|_| Ok(Route::Proj(ByProj::between(from, to)?)));
        Ok(Transform { from: from.clone(), to: to.clone(), route: own? })
    }

    /// How a point gets from one CRS to the other, and how exactly; `None` for one that does not.
    ///
    /// Where PROJ knows several ways it chooses by the place, so that this depends on the point.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::Transform;
    ///
    /// let to_cc46 = Transform::between(&Crs::LAMBERT_93, &Crs::CC46)?;
    /// let operation = to_cc46.operation(842_622.6, 6_519_479.0).expect("Lyon is in both");
    /// assert_eq!(operation.name, "own formulas, one datum");
    /// # Ok::<(), datagora_geo::ReprojectError>(())
    /// ```
    pub fn operation(&self, x: f64, y: f64) -> Option<Operation> {
        match &self.route {
            Route::Own(..) => {
                self.convert(&[x], &[y]).ok().filter(|(x, _)| !x[0].is_nan()).map(|_| Operation {
                    name: "own formulas, one datum".to_owned(),
                    definition: String::new(),
                    // WGS 84, RGF93 and ETRS89 differ by less.
                    accuracy: Some(1.0),
                })
            }
            #[cfg(feature = "proj")]
            Route::Proj(pair) => pair.operation(x, y),
        }
    }

    /// Converts points: `n` eastings and northings → as many. A point with a NaN becomes (NaN, NaN).
    ///
    /// # Errors
    ///
    /// [`ReprojectError::OutsideDomain`] for the first point that is not defined in both systems, infinite ones
    /// included: no NaN comes out where none went in. [`ReprojectError::Lengths`] if the slices differ in length.
    pub fn convert(&self, x: &[f64], y: &[f64]) -> Result<(Vec<f64>, Vec<f64>), ReprojectError> {
        // Zeros that the system has at hand: they are not written before the results are.
        let (mut to_x, mut to_y) = (vec![0.0; x.len()], vec![0.0; y.len()]);
        self.convert_into(x, y, &mut to_x, &mut to_y)?;
        Ok((to_x, to_y))
    }

    /// As [`convert`](Self::convert), into buffers that are there: new memory costs as much as the conversion.
    ///
    /// # Errors
    ///
    /// As [`convert`](Self::convert), [`ReprojectError::Lengths`] also for buffers of another length. After
    /// [`ReprojectError::OutsideDomain`] the other points are converted.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::Transform;
    ///
    /// let to_lambert = Transform::between(&Crs::WGS84, &Crs::LAMBERT_93)?;
    /// let (mut x, mut y) = ([0.0; 2], [0.0; 2]);
    /// for batch in [[4.83, 4.84], [4.85, 4.86]] {
    ///     to_lambert.convert_into(&batch, &[45.76, 45.77], &mut x, &mut y)?;
    ///     assert!(x[0] > 842_000.0 && y[1] > 6_519_000.0);
    /// }
    /// # Ok::<(), datagora_geo::ReprojectError>(())
    /// ```
    pub fn convert_into(
        &self,
        x: &[f64],
        y: &[f64],
        to_x: &mut [f64],
        to_y: &mut [f64],
    ) -> Result<(), ReprojectError> {
        if x.len() != y.len() {
            return Err(ReprojectError::Lengths { x: x.len(), y: y.len() });
        }
        if to_x.len() != x.len() || to_y.len() != y.len() {
            return Err(ReprojectError::Buffers { points: x.len(), x: to_x.len(), y: to_y.len() });
        }
        if !self.convert_blocks(x, y, to_x, to_y) {
            return Ok(());
        }
        let row = (0..x.len()).find(|&row| is_lost((x[row], y[row]), (to_x[row], to_y[row]))).unwrap_or(0);
        let (from, to) = (self.from.clone(), self.to.clone());
        Err(ReprojectError::OutsideDomain { row, x: x[row], y: y[row], from, to })
    }

    /// As [`convert`](Self::convert), each point in its place: no memory is asked for.
    ///
    /// # Errors
    ///
    /// As [`convert`](Self::convert). After [`ReprojectError::OutsideDomain`], which tells the point as it was, those that
    /// cannot be converted are (NaN, NaN), and the others are converted.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::Transform;
    ///
    /// let (mut x, mut y) = ([4.835], [45.76]);
    /// Transform::between(&Crs::WGS84, &Crs::CC46)?.convert_in_place(&mut x, &mut y)?;
    /// assert_eq!(format!("{:.3} {:.3}", x[0], y[0]), "1842734.915 5174970.739");
    /// # Ok::<(), datagora_geo::ReprojectError>(())
    /// ```
    pub fn convert_in_place(&self, x: &mut [f64], y: &mut [f64]) -> Result<(), ReprojectError> {
        if x.len() != y.len() {
            return Err(ReprojectError::Lengths { x: x.len(), y: y.len() });
        }
        let Some(Lost { row, x, y }) = self.replace_blocks(x, y) else { return Ok(()) };
        let (from, to) = (self.from.clone(), self.to.clone());
        Err(ReprojectError::OutsideDomain { row, x, y, from, to })
    }

    /// The first point lost.
    #[cfg(feature = "parallel")]
    fn replace_blocks(&self, x: &mut [f64], y: &mut [f64]) -> Option<Lost> {
        use rayon::prelude::*;
        let blocks = x.par_chunks_mut(BLOCK).zip(y.par_chunks_mut(BLOCK)).enumerate();
        let lost = blocks.filter_map(|(block, (x, y))| self.replace_block(block * BLOCK, x, y));
        lost.min_by_key(|lost| lost.row)
    }

    /// The first point lost.
    #[cfg(not(feature = "parallel"))]
    fn replace_blocks(&self, x: &mut [f64], y: &mut [f64]) -> Option<Lost> {
        self.replace_block(0, x, y)
    }

    /// Converts points that begin at a row, from copies that stay in the nearest cache.
    fn replace_block(&self, start: usize, x: &mut [f64], y: &mut [f64]) -> Option<Lost> {
        let (mut from_x, mut from_y) = ([0.0; CHUNK], [0.0; CHUNK]);
        let mut first = None;
        for (chunk, (x, y)) in x.chunks_mut(CHUNK).zip(y.chunks_mut(CHUNK)).enumerate() {
            let (from_x, from_y) = (&mut from_x[..x.len()], &mut from_y[..y.len()]);
            from_x.copy_from_slice(x);
            from_y.copy_from_slice(y);
            let lost = self.convert_chunk(Chunk { x: from_x, y: from_y, to_x: x, to_y: y });
            if lost && first.is_none() {
                let row = (0..x.len()).find(|&row| is_lost((from_x[row], from_y[row]), (x[row], y[row])));
                first =
                    row.map(|row| Lost { row: start + chunk * CHUNK + row, x: from_x[row], y: from_y[row] });
            }
        }
        first
    }

    /// Converts what can be; the other points become (NaN, NaN).
    pub(crate) fn convert_where_defined(&self, x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut to_x, mut to_y) = (vec![0.0; x.len()], vec![0.0; y.len()]);
        self.convert_blocks(x, y, &mut to_x, &mut to_y);
        (to_x, to_y)
    }

    /// Whether a point was lost.
    #[cfg(feature = "parallel")]
    fn convert_blocks(&self, x: &[f64], y: &[f64], to_x: &mut [f64], to_y: &mut [f64]) -> bool {
        use rayon::prelude::*;
        let from = x.par_chunks(BLOCK).zip(y.par_chunks(BLOCK));
        let to = to_x.par_chunks_mut(BLOCK).zip(to_y.par_chunks_mut(BLOCK));
        let block = |((x, y), (to_x, to_y))| self.convert_block(x, y, to_x, to_y);
        from.zip(to).map(block).reduce(|| false, |a, b| a | b)
    }

    /// Whether a point was lost.
    #[cfg(not(feature = "parallel"))]
    fn convert_blocks(&self, x: &[f64], y: &[f64], to_x: &mut [f64], to_y: &mut [f64]) -> bool {
        self.convert_block(x, y, to_x, to_y)
    }

    fn convert_block(&self, x: &[f64], y: &[f64], to_x: &mut [f64], to_y: &mut [f64]) -> bool {
        let from = x.chunks(CHUNK).zip(y.chunks(CHUNK));
        let to = to_x.chunks_mut(CHUNK).zip(to_y.chunks_mut(CHUNK));
        let mut lost = false;
        for ((x, y), (to_x, to_y)) in from.zip(to) {
            lost |= self.convert_chunk(Chunk { x, y, to_x, to_y });
        }
        lost
    }

    /// Whether a point was lost.
    fn convert_chunk(&self, chunk: Chunk<'_>) -> bool {
        if self.from == self.to {
            return chunk.copy_if(|x, y| x.is_finite() & y.is_finite());
        }
        let (from, to) = match &self.route {
            Route::Own(from, to) => (from, to),
            #[cfg(feature = "proj")]
            Route::Proj(pair) => return pair.convert(chunk),
        };
        match (from, to) {
            (Projection::Geographic, to) => to.forward(chunk),
            (from, Projection::Geographic) => from.inverse(chunk),
            (from, to) => {
                let Chunk { x, y, to_x, to_y } = chunk;
                let (mut longitude, mut latitude) = ([0.0; CHUNK], [0.0; CHUNK]);
                let (longitude, latitude) = (&mut longitude[..x.len()], &mut latitude[..x.len()]);
                let lost = from.inverse(Chunk { x, y, to_x: longitude, to_y: latitude });
                lost | to.forward(Chunk { x: longitude, y: latitude, to_x, to_y })
            }
        }
    }
}

/// A point that cannot be converted, as it was.
#[derive(Clone, Copy, Debug)]
struct Lost {
    row: usize,
    x: f64,
    y: f64,
}

/// Whether what was a point is none any more.
fn is_lost(from: (f64, f64), to: (f64, f64)) -> bool {
    (to.0.is_nan() | to.1.is_nan()) & !from.0.is_nan() & !from.1.is_nan()
}

impl GeometryColumn {
    /// The same geometries in another CRS: each vertex is converted, edges stay straight between them. Missing rows
    /// stay missing. Which systems, and how exactly: [`Transform`].
    ///
    /// A column that is not needed any more is better given to [`into_reprojected`](Self::into_reprojected): for ten
    /// million points the memory of a second one costs more than the conversion.
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
        let converted = Transform::between(self.crs(), to)?.convert(x, y);
        let (x, y) = converted.map_err(|error| error.by_row(self))?;
        Ok(self.with_coordinates(x, y, to.clone()))
    }

    /// As [`reproject`](Self::reproject), in the memory of the column, which is given away.
    ///
    /// # Errors
    ///
    /// As [`reproject`](Self::reproject); the column is lost then.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::GeometryColumn;
    ///
    /// let trees = GeometryColumn::points(vec![4.8226], vec![45.7623], Crs::WGS84);
    /// let projected = trees.reproject(&Crs::LAMBERT_93)?;
    /// assert_eq!(trees.into_reprojected(&Crs::LAMBERT_93)?, projected);
    /// # Ok::<(), datagora_geo::ReprojectError>(())
    /// ```
    pub fn into_reprojected(self, to: &Crs) -> Result<GeometryColumn, ReprojectError> {
        if self.crs() == to {
            return Ok(self);
        }
        let transform = Transform::between(self.crs(), to)?;
        let (column, converted) = self.changed(to.clone(), |x, y| transform.convert_in_place(x, y));
        converted.map_err(|error| error.by_row(&column))?;
        Ok(column)
    }
}

impl ReprojectError {
    /// With the row of the coordinate instead of its place.
    fn by_row(self, column: &GeometryColumn) -> Self {
        match self {
            ReprojectError::OutsideDomain { row, x, y, from, to } => {
                ReprojectError::OutsideDomain { row: column.row_of_coordinate(row), x, y, from, to }
            }
            other => other,
        }
    }
}
