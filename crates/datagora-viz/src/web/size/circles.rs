//! Circles that show amounts.
use datagora_core::Unit;

use super::{Amount, Law, Scale, Sizes, size_methods};
use crate::Classes;
use crate::web::StepValues;

/// By which amount circles are small or large.
///
/// *Proportional* circles have a surface in proportion to an amount, so that twice the jobs are twice the ink. *Graduated* circles
/// have one size for each class: for amounts so uneven that small ones would vanish. Both are drawn with the largest below, so that
/// none hides another. A feature without the amount is a small hollow circle; a zero has none, and the legend counts them.
///
/// The amount is an attribute, or changes from step to step of [`WebMap::with_time`](crate::WebMap::with_time): one scale for all
/// steps, so that a size means the same at each, and circles grow and shrink while time plays.
///
/// ```
/// use datagora_core::Unit;
/// use datagora_viz::{CircleSizes, Colour, Method, StepValues, WebLayer, classify};
///
/// let jobs = [120.0, 4_300.0, 0.0, f64::NAN];
/// let sizes = CircleSizes::proportional("jobs", jobs, Unit::of("{job}")).with_largest_radius(32.0);
/// let layer = WebLayer::sized_circles("jobs", "places", "Jobs", sizes).with_colour(Colour::rgb(0, 114, 178));
///
/// let classes = classify(&jobs[..3], 2, &Method::Quantile)?;
/// let graduated = CircleSizes::graduated("jobs", classes, Unit::of("{job}"));
///
/// // Bicycles at two stations at three hours.
/// let bicycles = StepValues::new([vec![4.0, 12.0], vec![0.0, 20.0], vec![9.0, f64::NAN]], 0);
/// let by_hour = CircleSizes::proportional_steps(bicycles, Unit::of("{bicycle}"));
/// let layer = WebLayer::sized_circles("bicycles", "stations", "Bicycles", by_hour);
/// # Ok::<(), datagora_viz::ClassifyError>(())
/// ```
///
/// # References
///
/// Bertin, J. (1967). *Sémiologie graphique*: size shows amounts. Brewer, C. A. & Campbell, A. J. (1998). Beyond graduated
/// circles. *Cartographic Perspectives* 29, 6–25.
#[derive(Clone, Debug, PartialEq)]
pub struct CircleSizes(pub(in crate::web) Sizes);

/// Radius of the largest circle, px.
const RADIUS: f64 = 28.0;

impl CircleSizes {
    size_methods!(RADIUS, Law::Surface, "Surfaces", "size");

    /// With a largest circle of this radius, px; 28 without, 4 at least.
    pub fn with_largest_radius(self, radius: f64) -> Self {
        Self(Sizes { most: radius.clamp(4.0, 200.0), ..self.0 })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::web::WebMapError;
    use crate::{Exception, Method, classify};

    #[test]
    fn surfaces_are_in_proportion() {
        let sizes = CircleSizes::proportional("n", [4.0, 0.0, f64::NAN, 16.0], Unit::of("{job}")).0;
        assert_eq!([sizes.size_of(16.0), sizes.size_of(4.0), sizes.size_of(0.0)], [28.0, 14.0, 0.0]);
        assert_eq!(sizes.expression("a"), json!(["*", 7.0, ["sqrt", ["to-number", ["get", "n"]]]]));
        assert_eq!(sizes.zeros_and_missing(0), [1, 1]);
        let classes = classify(&[1.0, 2.0, 30.0, 40.0], 4, &Method::Quantile).unwrap();
        let graduated = CircleSizes::graduated("n", classes, Unit::of("{job}")).with_largest_radius(20.0).0;
        assert_eq!([graduated.size_of(1.0), graduated.size_of(40.0)], [10.0, 20.0]);
        assert_eq!(graduated.size_of(99.0), 0.0);
    }

    #[test]
    fn one_scale_holds_for_all_steps() {
        let values = StepValues::new([vec![4.0, f64::NAN], vec![0.0, 16.0], vec![0.0, 0.0]], 0);
        let sizes = CircleSizes::proportional_steps(values.clone(), Unit::of("{job}")).0;
        assert_eq!(sizes.size_of(16.0), 28.0);
        assert_eq!([0, 1, 2].map(|step| sizes.zeros_and_missing(step)), [[0, 1], [1, 0], [2, 0]]);
        let amount = json!(["coalesce", ["feature-state", "a:size"], -1]);
        assert_eq!(sizes.expression("a"), json!(["*", 7.0, ["sqrt", amount]]));
        let classes = classify(&values.all(), 2, &Method::Manual(vec![4.0])).unwrap();
        let graduated = CircleSizes::graduated_steps(values, classes, Unit::of("{job}")).0;
        assert_eq!([0, 1].map(|step| graduated.zeros_and_missing(step)), [[0, 1], [0, 0]]);
    }

    #[test]
    fn what_circles_cannot_show_is_refused() {
        let sizes = |values: &[f64], unit| CircleSizes::proportional("n", values.iter().copied(), unit).0;
        let refused = |values, unit| sizes(values, unit).check("a", &[]).unwrap_err();
        let job = Unit::of("{job}");
        assert!(matches!(refused(&[3.0, -1.0], job.clone()), WebMapError::Amount { value: -1.0, .. }));
        assert!(matches!(refused(&[f64::INFINITY], job.clone()), WebMapError::Amount { .. }));
        assert!(matches!(refused(&[f64::NAN, 0.0], job), WebMapError::NoValues { .. }));
        assert!(matches!(refused(&[3.0], Unit::PERCENT), WebMapError::Semiology { .. }));
        assert!(sizes(&[3.0], Unit::PERCENT).check("a", &[Exception::RateAsSize]).is_ok());
    }
}
