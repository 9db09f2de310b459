//! Lines that show amounts.
use datagora_core::Unit;

use super::{Amount, Law, Scale, Sizes, size_methods};
use crate::Classes;
use crate::web::StepValues;

/// By which amount lines are thin or wide.
///
/// *Proportional* lines are as wide as their amount is large, so that twice the vehicles are twice the ink of a metre of street.
/// *Graduated* lines have one width for each class. The widest lie below, so that a thin one is not hidden. A feature without the
/// amount is a thin dashed line; a zero has none, and the legend counts them. Widths are those of the screen at every zoom, so that
/// the legend always holds.
///
/// Width is for amounts: vehicles, passengers, litres. A rate (a speed, a share) belongs into the colour, and a width for it is
/// refused.
///
/// ```
/// use datagora_core::Unit;
/// use datagora_viz::{LineWidths, Method, Palette, StepValues, WebLayer, classify};
///
/// let (vehicles, speeds) = ([12_000.0, 800.0, f64::NAN], [31.0, 48.0, 27.0]);
/// let widths = LineWidths::proportional("vehicles", vehicles, Unit::of("{vehicle}/d")).with_widest(16.0);
/// let traffic = WebLayer::sized_lines("traffic", "streets", "Traffic", widths).with_classes(
///     "speed",
///     classify(&speeds, 3, &Method::Fisher)?,
///     Palette::default(),
///     Unit::of("km/h"),
/// );
///
/// // The same streets at two hours.
/// let by_hour = StepValues::new([vec![90.0, 4.0, f64::NAN], vec![700.0, 60.0, 0.0]], 0);
/// let widths = LineWidths::proportional_steps(by_hour, Unit::of("{vehicle}/h"));
/// # Ok::<(), datagora_viz::ClassifyError>(())
/// ```
///
/// # References
///
/// Bertin, J. (1967). *Sémiologie graphique*: size shows amounts. Robinson, A. H. (1955). The 1837 maps of Henry Drury Harness. *The
/// Geographical Journal* 121(4), 440–450: lines as wide as what they carry.
#[derive(Clone, Debug, PartialEq)]
pub struct LineWidths(pub(in crate::web) Sizes);

/// Width of the widest line, px.
const WIDTH: f64 = 14.0;

impl LineWidths {
    size_methods!(WIDTH, Law::Width, "Widths", "width");

    /// With a widest line of this width, px; 14 without, 2 at least.
    pub fn with_widest(self, width: f64) -> Self {
        Self(Sizes { most: width.clamp(2.0, 60.0), ..self.0 })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::web::WebMapError;
    use crate::{Method, classify};

    #[test]
    fn widths_are_in_proportion() {
        let unit = Unit::of("{vehicle}/d");
        let widths =
            LineWidths::proportional("n", [4.0, 0.0, f64::NAN, 16.0], unit.clone()).with_widest(8.0).0;
        assert_eq!([16.0, 4.0, 0.0].map(|amount| widths.size_of(amount)), [8.0, 2.0, 0.0]);
        assert_eq!(widths.expression("a"), json!(["*", 0.5, ["to-number", ["get", "n"]]]));
        assert_eq!(widths.zeros_and_missing(0), [1, 1]);
        assert!(widths.check("a", &[]).is_ok());
        let classes = classify(&[1.0, 2.0, 30.0, 40.0], 4, &Method::Quantile).unwrap();
        let graduated = LineWidths::graduated("n", classes, unit).with_widest(20.0).0;
        assert_eq!([1.0, 40.0, 99.0].map(|amount| graduated.size_of(amount)), [5.0, 20.0, 0.0]);
    }

    #[test]
    fn a_rate_has_no_width() {
        let widths = LineWidths::proportional("speed", [30.0], Unit::of("km/h")).0;
        assert!(matches!(widths.check("a", &[]), Err(WebMapError::Semiology { .. })));
    }
}
