//! What lies around a place, the nearer the more it counts.
use std::f64::consts::LN_2;

use datagora_core::Metres;

use crate::GeometryColumn;
use crate::cores::each_run;
use crate::distance::{DistanceError, greatest_square, measurable, points, same_crs};
use crate::measure::centroid;

/// How the weight of what is far away falls with distance. At the span it is one half by either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Decay {
    /// exp(−α·dᵝ), α = ln 2 / spanᵝ: nearly nothing beyond a few spans; with β = 2 the bell of Gauss.
    #[default]
    Exponential,
    /// (1 + α·d)^−β, α = (2^(1/β) − 1) / span: a long tail, in which far places still count.
    Pareto,
}

/// How far what lies around a place counts.
///
/// ```
/// use datagora_core::Metres;
/// use datagora_geo::{Decay, PotentialOptions};
///
/// let options = PotentialOptions::new(Metres(2_000.0)).with_decay(Decay::Pareto, 3.0);
/// assert_eq!(options.weight(0.0), 1.0);
/// assert!((options.weight(2_000.0) - 0.5).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PotentialOptions {
    /// Distance at which something counts for half.
    pub span: Metres,
    /// Form of the fall.
    pub decay: Decay,
    /// Exponent of the fall; 2 by default.
    pub beta: f64,
    /// Distance beyond which nothing counts; without limit by default.
    pub limit: Metres,
}

impl PotentialOptions {
    /// Things count for half at this distance: exponential with exponent 2, which is a smoothing by the bell of Gauss.
    pub fn new(span: Metres) -> Self {
        Self { span, decay: Decay::default(), beta: 2.0, limit: Metres(f64::INFINITY) }
    }

    /// With another form and exponent of the fall.
    #[must_use]
    pub fn with_decay(mut self, decay: Decay, beta: f64) -> Self {
        (self.decay, self.beta) = (decay, beta);
        self
    }

    /// Leaves out what is further away.
    #[must_use]
    pub fn with_limit(mut self, limit: Metres) -> Self {
        self.limit = limit;
        self
    }

    /// How much something at this distance, m, counts: 1 at 0, one half at the span, 0 beyond the limit.
    pub fn weight(&self, distance: f64) -> f64 {
        if distance > self.limit.0 { 0.0 } else { self.falling().at(distance * distance) }
    }

    fn falling(&self) -> Falling {
        let span_squared = self.span.0 * self.span.0;
        match self.decay {
            Decay::Exponential => Falling::Exponential { span_squared, half_beta: 0.5 * self.beta },
            Decay::Pareto => {
                Falling::Pareto { span_squared, slope: 2f64.powf(1.0 / self.beta) - 1.0, beta: self.beta }
            }
        }
    }

    fn check(&self) -> Result<(), PotentialError> {
        let parameters = [("span", self.span.0), ("beta", self.beta)];
        match parameters.into_iter().find(|(_, value)| !(value.is_finite() && *value > 0.0)) {
            Some((what, found)) => Err(PotentialError::Parameter { what, found }),
            None => Ok(()),
        }
    }
}

/// A decay with its constants, as a function of the squared distance: in spans, so that no power overflows.
#[derive(Clone, Copy)]
enum Falling {
    Exponential { span_squared: f64, half_beta: f64 },
    Pareto { span_squared: f64, slope: f64, beta: f64 },
}

impl Falling {
    fn at(self, squared: f64) -> f64 {
        if squared == 0.0 {
            return 1.0;
        }
        match self {
            Falling::Exponential { span_squared, half_beta: 1.0 } => (-LN_2 * (squared / span_squared)).exp(),
            Falling::Exponential { span_squared, half_beta } => {
                (-LN_2 * (squared / span_squared).powf(half_beta)).exp()
            }
            Falling::Pareto { span_squared, slope, beta } => {
                (1.0 + slope * (squared / span_squared).sqrt()).powf(-beta)
            }
        }
    }
}

/// A potential that cannot be computed.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum PotentialError {
    /// Distances that cannot be taken.
    #[error(transparent)]
    Distance(#[from] DistanceError),
    /// A parameter of the decay that is no positive number.
    #[error("{what} is {found}; a finite number greater than 0 is needed")]
    Parameter {
        /// Which.
        what: &'static str,
        /// What was given.
        found: f64,
    },
}

/// What [`potential`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Potential {
    /// The potential of each place, in the unit of the amounts; NaN for places without position.
    pub values: Vec<f64>,
    /// At each place, the weight of the sources whose amount is known as a share of the weight of all, 0 to 1; NaN where
    /// nothing has weight.
    pub completeness: Vec<f64>,
    /// Sources without position, which count nowhere.
    pub unplaced: usize,
}

/// Places worked on at a time.
const RUN: usize = 256;

/// The potential of places: the amounts of all sources, each weighted by a function of its distance that falls from 1.
///
/// With people as amounts it tells how many can be met around a place, whatever the zones in which they were counted: a
/// smoothed map that does not depend on borders. The ratio of two potentials with one span, such as of jobs to
/// inhabitants, is a smoothed rate. Points are taken as they are, of zones and lines the centroid.
///
/// # Shapes and units
///
/// `n` sources with an amount each, `m` places → `m` potentials in the unit of the amounts. Metric CRSs. The work is
/// n·m.
///
/// # Missing values
///
/// A source whose amount is `NaN` adds nothing, and [`Potential::completeness`] says how much that weighs at each place.
/// Sources without position are counted. Places without position get `NaN`.
///
/// # Errors
///
/// [`PotentialError::Distance`] if CRSs differ or are not metric, a coordinate is infinite, or there are not as many
/// amounts as sources; [`PotentialError::Parameter`] for a span or exponent that is not positive.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::{GeometryColumn, PotentialOptions, potential};
///
/// let towns = GeometryColumn::points(vec![0.0, 2_000.0], vec![0.0, 0.0], Crs::LAMBERT_93);
/// let found = potential(&towns, &[1_000.0, 400.0], &towns, &PotentialOptions::new(Metres(2_000.0)))?;
/// assert_eq!(found.values, [1_200.0, 900.0]);
/// # Ok::<(), datagora_geo::PotentialError>(())
/// ```
///
/// # References
///
/// Stewart, J. Q. (1941). An inverse distance variation for certain social influences. Science 93(2404), 89–90.
/// doi:10.1126/science.93.2404.89. Functions of span and beta: Giraud, T., Commenges, H., the R packages SpatialPosition
/// and potential; they write 0.6931472 for ln 2.
pub fn potential(
    sources: &GeometryColumn,
    amounts: &[f64],
    places: &GeometryColumn,
    options: &PotentialOptions,
) -> Result<Potential, PotentialError> {
    options.check()?;
    same_crs(sources.crs(), places.crs())?;
    measurable(sources)?;
    measurable(places)?;
    if amounts.len() != sources.len() {
        return Err(DistanceError::Values { rows: sources.len(), found: amounts.len() }.into());
    }
    let within = greatest_square(options.limit)?;
    let (middles, targets) = (middles_of(sources), middles_of(places));
    let (x, y) = points(&middles)?;
    let (to_x, to_y) = points(&targets)?;
    let placed: Vec<usize> = (0..x.len()).filter(|&row| !x[row].is_nan()).collect();
    let unplaced = x.len() - placed.len();
    let complete = placed.iter().all(|&row| !amounts[row].is_nan());
    let falling = options.falling();
    let at = |place: usize| {
        if to_x[place].is_nan() {
            return (f64::NAN, f64::NAN);
        }
        let (mut sum, mut known, mut unknown) = (0.0, 0.0, 0.0);
        for &row in &placed {
            let squared = (x[row] - to_x[place]).powi(2) + (y[row] - to_y[place]).powi(2);
            if squared > within {
                continue;
            }
            let weight = falling.at(squared);
            if amounts[row].is_nan() {
                unknown += weight;
            } else {
                sum += weight * amounts[row];
                known += weight;
            }
        }
        let completeness = if complete && known > 0.0 { 1.0 } else { known / (known + unknown) };
        (sum, completeness)
    };
    let runs = each_run(to_x.len(), RUN, |run| run.map(at).collect::<Vec<_>>());
    let (values, completeness) = runs.into_iter().flatten().unzip();
    Ok(Potential { values, completeness, unplaced })
}

/// Points as they are, of other geometries the centroid.
fn middles_of(column: &GeometryColumn) -> GeometryColumn {
    if column.as_points().is_some() { column.clone() } else { centroid(column) }
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use proptest::prelude::*;

    use super::*;
    use crate::types::{Coord, Rect};

    fn points_at(places: &[(f64, f64)]) -> GeometryColumn {
        let (x, y) = places.iter().copied().unzip();
        GeometryColumn::points(x, y, Crs::LAMBERT_93)
    }

    /// NumPy 2.4.6: `(amounts * weights(np.hypot(dx, dy))).sum(axis=1)` with the formulas of the R package `potential`
    /// (functions "e" and "p", limit as its `limit`), ln 2 in place of 0.6931472.
    #[test]
    fn potentials_are_those_of_numpy() {
        let sources = points_at(&[
            (842_000.0, 6_518_000.0),
            (843_500.0, 6_519_200.0),
            (846_200.0, 6_517_400.0),
            (841_100.0, 6_522_000.0),
            (844_000.0, 6_520_500.0),
        ]);
        let amounts = [51_200.0, 8_300.0, 0.0, 12_750.0, 30_400.0];
        let places =
            points_at(&[(842_000.0, 6_518_000.0), (844_321.5, 6_519_876.25), (850_000.0, 6_525_000.0)]);
        let cases = [
            (
                PotentialOptions::new(Metres(2_000.0)),
                [61_417.719983351904, 46_634.35674698776, 1.7960302068691756],
            ),
            (
                PotentialOptions::new(Metres(1_500.0)).with_decay(Decay::Exponential, 1.5),
                [58_296.79107878761, 37_884.4713407342, 13.959713173230805],
            ),
            (
                PotentialOptions::new(Metres(2_000.0)).with_decay(Decay::Pareto, 3.0),
                [69_699.01457923526, 51_941.96185273648, 9_759.309636257016],
            ),
            (
                PotentialOptions::new(Metres(800.0))
                    .with_decay(Decay::Pareto, 2.0)
                    .with_limit(Metres(3_000.0)),
                [53_286.25506735758, 27_708.180698250195, 0.0],
            ),
        ];
        for (options, expected) in cases {
            let found = potential(&sources, &amounts, &places, &options).unwrap();
            for (found, expected) in found.values.iter().zip(expected) {
                assert!((found - expected).abs() <= 1e-12 * expected, "{options:?}: {found} {expected}");
            }
            assert!(found.completeness[..2].iter().all(|&share| share == 1.0));
        }
    }

    #[test]
    fn what_is_not_known_is_told() {
        let sources = points_at(&[(0.0, 0.0), (1_000.0, 0.0), (f64::NAN, f64::NAN)]);
        let places = points_at(&[(0.0, 0.0), (f64::NAN, f64::NAN)]);
        let options = PotentialOptions::new(Metres(1_000.0));
        let found = potential(&sources, &[f64::NAN, 8.0, 5.0], &places, &options).unwrap();
        assert_eq!((found.values[0], found.unplaced), (4.0, 1));
        assert!((found.completeness[0] - 1.0 / 3.0).abs() < 1e-12);
        assert!(found.values[1].is_nan() && found.completeness[1].is_nan());
        let near = options.with_limit(Metres(10.0));
        let nothing = potential(&sources.take(&[1]), &[8.0], &places, &near).unwrap();
        assert_eq!(nothing.values[0], 0.0);
        assert!(nothing.completeness[0].is_nan());
    }

    #[test]
    fn zones_count_at_their_centroid() {
        let zone = Rect::new(Coord { x: -50.0, y: -10.0 }, Coord { x: 50.0, y: 10.0 });
        let zones = GeometryColumn::new([zone.into()], Crs::LAMBERT_93);
        let at = |places| potential(&zones, &[6.0], places, &PotentialOptions::new(Metres(9.0))).unwrap();
        assert_eq!(at(&zones).values, at(&points_at(&[(0.0, 0.0)])).values);
    }

    #[test]
    fn what_cannot_be_computed_is_named() {
        let towns = points_at(&[(0.0, 0.0)]);
        let options = PotentialOptions::new(Metres(100.0));
        let with = |options: &PotentialOptions| potential(&towns, &[1.0], &towns, options).unwrap_err();
        for beta in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let refused = with(&options.with_decay(Decay::Pareto, beta));
            assert!(matches!(refused, PotentialError::Parameter { what: "beta", .. }));
        }
        let refused = with(&PotentialOptions::new(Metres(0.0)));
        assert_eq!(refused, PotentialError::Parameter { what: "span", found: 0.0 });
        let refused = with(&options.with_limit(Metres(-1.0)));
        assert!(matches!(refused, PotentialError::Distance(DistanceError::Reach { .. })));
        let refused = potential(&towns, &[], &towns, &options).unwrap_err();
        assert!(matches!(refused, PotentialError::Distance(DistanceError::Values { rows: 1, found: 0 })));
        let degrees = GeometryColumn::points(vec![4.8], vec![45.7], Crs::WGS84);
        assert!(matches!(
            potential(&degrees, &[1.0], &degrees, &options),
            Err(PotentialError::Distance(DistanceError::Unsuited(_)))
        ));
        let mixed = potential(&towns, &[1.0], &degrees, &options).unwrap_err();
        assert!(matches!(mixed, PotentialError::Distance(DistanceError::CrsMismatch { .. })));
    }

    fn decays() -> impl Strategy<Value = PotentialOptions> {
        (1.0..1e5f64, prop::bool::ANY, 0.05..900.0f64).prop_map(|(span, pareto, beta)| {
            let decay = if pareto { Decay::Pareto } else { Decay::Exponential };
            PotentialOptions::new(Metres(span)).with_decay(decay, beta)
        })
    }

    proptest! {
        #[test]
        fn weights_fall_from_one_through_one_half(options in decays(), distances in prop::collection::vec(0.0..1e6f64, 2..20)) {
            prop_assert_eq!(options.weight(0.0), 1.0);
            prop_assert!((options.weight(options.span.0) - 0.5).abs() < 1e-9);
            let mut distances = distances;
            distances.sort_by(f64::total_cmp);
            let weights: Vec<f64> = distances.iter().map(|&d| options.weight(d)).collect();
            prop_assert!(weights.iter().all(|w| (0.0..=1.0).contains(w)), "{weights:?}");
            prop_assert!(weights.windows(2).all(|pair| pair[1] <= pair[0]), "{weights:?}");
        }

        #[test]
        fn potentials_add_up(
            options in decays(),
            sources in prop::collection::vec((0.0..1e4f64, 0.0..1e4f64, 0.0..1e5f64, 0.0..1e5f64), 1..30),
        ) {
            let towns = points_at(&sources.iter().map(|s| (s.0, s.1)).collect::<Vec<_>>());
            let of = |amounts: Vec<f64>| potential(&towns, &amounts, &towns, &options).unwrap().values;
            let parts = [of(sources.iter().map(|s| s.2).collect()), of(sources.iter().map(|s| s.3).collect())];
            let whole = of(sources.iter().map(|s| s.2 + s.3).collect());
            for (row, whole) in whole.into_iter().enumerate() {
                let sum = parts[0][row] + parts[1][row];
                prop_assert!((sum - whole).abs() <= 1e-9 * whole.max(1.0), "{sum} {whole}");
                prop_assert!(whole >= sources[row].2 + sources[row].3 - 1e-9 * whole);
            }
        }
    }
}
