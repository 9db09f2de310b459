//! Whether the numbers of a column are what its CRS says.
#[cfg(test)]
mod tests;

use datagora_core::Crs;

use crate::types::Rect;
use crate::{GeometryColumn, Transform};

/// A system in which the numbers of a column make sense: what [`fitting_crs`] finds.
#[derive(Clone, Debug, PartialEq)]
pub struct CrsFit {
    /// The system.
    pub crs: Crs,
    /// Whether east and north are exchanged.
    pub swapped: bool,
    /// Share of the coordinates examined that fall into the area of interest, 0 to 1.
    pub share: f64,
}

/// A column whose numbers contradict its CRS: what [`doubt_crs`] finds.
///
/// It is an error value, to be returned by who will not go on with it. [`mended`](Self::mended) mends the column.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[error("the CRS declared is {declared}, in which {outside} % of the coordinates lie outside the area of interest; {advice}",
    outside = percent(1.0 - self.share), advice = self.advice())]
pub struct CrsDoubt {
    /// What the column says.
    pub declared: Crs,
    /// Share of the coordinates that fall into the area of interest as declared, 0 to 1.
    pub share: f64,
    /// What the numbers fit; `None` if they fit no system we know.
    pub fits: Option<CrsFit>,
}

impl CrsDoubt {
    fn advice(&self) -> String {
        match &self.fits {
            None => "they fit no system we know: check the file and the area".to_owned(),
            Some(CrsFit { crs, swapped, share }) => {
                let order = if *swapped { " with east and north exchanged" } else { "" };
                format!("{} % fit {crs}{order}: declare that, if the publisher confirms", percent(*share))
            }
        }
    }

    /// The column with the CRS and the order of axes that its numbers fit; unchanged if they fit none.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{GeometryColumn, doubt_crs};
    ///
    /// let lyon = Rect::new(coord! { x: 4.6, y: 45.5 }, coord! { x: 5.1, y: 46.0 });
    /// let swapped = GeometryColumn::points(vec![45.76], vec![4.84], Crs::WGS84);
    /// let doubt = doubt_crs(&swapped, &lyon).expect("Lyon is not in Somalia");
    /// assert_eq!(doubt.mended(swapped), GeometryColumn::points(vec![4.84], vec![45.76], Crs::WGS84));
    /// ```
    pub fn mended(&self, column: GeometryColumn) -> GeometryColumn {
        match &self.fits {
            None => column,
            Some(CrsFit { crs, swapped, .. }) => {
                let column = if *swapped { column.with_axes_swapped() } else { column };
                column.declared_as(crs.clone())
            }
        }
    }
}

/// Share as a percentage without useless digits.
fn percent(share: f64) -> f64 {
    (share * 1000.0).round() / 10.0
}

/// Systems in which French data are published; longitude and latitude first. UTM stands for all realisations of a zone,
/// whose numbers do not differ.
const CANDIDATES: [u32; 16] =
    [4326, 2154, 3946, 3857, 3945, 3947, 3944, 3948, 3943, 3949, 3942, 3950, 3035, 32631, 32630, 32632];
/// Coordinates examined, spread over the column.
const SAMPLE: usize = 10_000;
/// Share of the coordinates that must be in the area: a few strays do not make a CRS wrong.
const ENOUGH: f64 = 0.9;

/// The systems that the numbers of a column fit, best first: those in which at least half of the coordinates fall into
/// an area of interest. The column's CRS is not looked at.
///
/// # Arguments
///
/// * `area_of_interest`: where the data should be, longitude and latitude. A generous rectangle will do (the
///   Rhône-Alpes for data of Lyon): the numbers of the systems tried are far apart.
///
/// Tried are longitude and latitude, Lambert-93, CC42 to CC50, Web Mercator, LAEA Europe, UTM 30 to 32, each also with
/// east and north exchanged. Coordinates that are missing are passed over, those that are not finite fit nothing.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, fitting_crs};
///
/// let lyon = Rect::new(coord! { x: 4.6, y: 45.5 }, coord! { x: 5.1, y: 46.0 });
/// let mislabelled = GeometryColumn::points(vec![1_842_735.], vec![5_174_971.], Crs::LAMBERT_93);
/// let fits = fitting_crs(&mislabelled, &lyon);
/// assert_eq!((&fits[0].crs, fits[0].swapped, fits[0].share), (&Crs::CC46, false, 1.0));
/// ```
pub fn fitting_crs(column: &GeometryColumn, area_of_interest: &Rect) -> Vec<CrsFit> {
    let (x, y) = sample(column);
    let mut fits: Vec<CrsFit> = CANDIDATES
        .into_iter()
        .map(Crs::from_epsg)
        .flat_map(|crs| [false, true].map(|swapped| (crs.clone(), swapped)))
        .map(|(crs, swapped)| {
            let (x, y) = if swapped { (&y, &x) } else { (&x, &y) };
            let share = share_inside(&crs, x, y, area_of_interest);
            CrsFit { crs, swapped, share }
        })
        .filter(|fit| fit.share >= 0.5)
        .collect();
    // Stable: among equals the more usual system, and the order as it is, come first.
    fits.sort_by(|a, b| b.share.total_cmp(&a.share));
    fits
}

/// Whether a column's numbers contradict its CRS: more than a tenth of them lie outside an area of interest, as declared.
///
/// `None` if there is nothing to doubt, that is also for a column without coordinates. A CRS that is not supported by
/// [`Transform`] is doubted only if the numbers fit one that is.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, doubt_crs};
///
/// let lyon = Rect::new(coord! { x: 4.6, y: 45.5 }, coord! { x: 5.1, y: 46.0 });
/// let mislabelled = GeometryColumn::points(vec![1_842_735.], vec![5_174_971.], Crs::LAMBERT_93);
/// assert_eq!(
///     doubt_crs(&mislabelled, &lyon).expect("it is CC46").to_string(),
///     "the CRS declared is EPSG:2154, in which 100 % of the coordinates lie outside the area of interest; \
///      100 % fit EPSG:3946: declare that, if the publisher confirms"
/// );
/// assert_eq!(doubt_crs(&mislabelled.declared_as(Crs::CC46), &lyon), None);
/// ```
pub fn doubt_crs(column: &GeometryColumn, area_of_interest: &Rect) -> Option<CrsDoubt> {
    let (x, y) = sample(column);
    if x.is_empty() {
        return None;
    }
    let known = Transform::between(column.crs(), &Crs::WGS84).is_ok();
    let share = share_inside(column.crs(), &x, &y, area_of_interest);
    if share >= ENOUGH {
        return None;
    }
    let better = fitting_crs(column, area_of_interest).into_iter().find(|fit| fit.share > share);
    let fits = better.filter(|fit| fit.share >= ENOUGH);
    (known || fits.is_some()).then(|| CrsDoubt { declared: column.crs().clone(), share, fits })
}

/// Coordinates spread over the column, without those of missing points.
fn sample(column: &GeometryColumn) -> (Vec<f64>, Vec<f64>) {
    let (x, y) = column.coordinates();
    let step = x.len().div_ceil(SAMPLE).max(1);
    x.iter().zip(y).step_by(step).filter(|(x, y)| !x.is_nan() && !y.is_nan()).unzip()
}

/// Share of points that are in the area if they are of a system; 0 if the system is not known.
fn share_inside(crs: &Crs, x: &[f64], y: &[f64], area: &Rect) -> f64 {
    let Ok(transform) = Transform::between(crs, &Crs::WGS84) else { return 0.0 };
    let (longitude, latitude) = transform.convert_where_defined(x, y);
    let (west, east) = (area.min().x, area.max().x);
    let (south, north) = (area.min().y, area.max().y);
    let inside = |(longitude, latitude): &(&f64, &f64)| {
        (west..=east).contains(*longitude) && (south..=north).contains(*latitude)
    };
    longitude.iter().zip(&latitude).filter(inside).count() as f64 / x.len().max(1) as f64
}
