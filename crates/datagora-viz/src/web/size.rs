//! What the size of circles says.
use datagora_core::Unit;
use serde_json::{Value, json};

use super::WebMapError;
use crate::semiology::not_allowed;
use crate::{Classes, Design, Exception, Variable, lint_design};

/// By which attribute circles are small or large.
///
/// *Proportional* circles have a surface in proportion to an amount, so that twice the jobs are twice the ink. *Graduated* circles
/// have one size for each class: for amounts so uneven that small ones would vanish. Both are drawn with the largest below, so that
/// none hides another. A feature without the attribute is a small hollow circle; a zero has none, and the legend counts them.
///
/// ```
/// use datagora_core::Unit;
/// use datagora_viz::{CircleSizes, Colour, Method, WebLayer, classify};
///
/// let jobs = [120.0, 4_300.0, 0.0, f64::NAN];
/// let sizes = CircleSizes::proportional("jobs", jobs, Unit::of("{job}")).with_largest_radius(32.0);
/// let layer = WebLayer::sized_circles("jobs", "places", "Jobs", sizes).with_colour(Colour::rgb(0, 114, 178));
///
/// let classes = classify(&jobs[..3], 2, &Method::Quantile)?;
/// let graduated = CircleSizes::graduated("jobs", classes, Unit::of("{job}"));
/// # Ok::<(), datagora_viz::ClassifyError>(())
/// ```
///
/// # References
///
/// Bertin, J. (1967). *Sémiologie graphique*: size shows amounts. Brewer, C. A. & Campbell, A. J. (1998). Beyond graduated
/// circles. *Cartographic Perspectives* 29, 6–25.
#[derive(Clone, Debug, PartialEq)]
pub struct CircleSizes {
    pub(super) attribute: String,
    pub(super) unit: Unit,
    pub(super) radius: f64,
    pub(super) scale: Scale,
}

/// From amount to radius.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scale {
    Proportional { largest: f64, unfit: Option<f64>, zeros: usize, missing: usize },
    Graduated(Classes),
}

/// Radius of the largest circle, px.
const RADIUS: f64 = 28.0;

impl CircleSizes {
    /// Surfaces in proportion to an amount; the values are those of all features, NaN is missing.
    pub fn proportional(
        attribute: impl Into<String>,
        values: impl IntoIterator<Item = f64>,
        unit: Unit,
    ) -> Self {
        let (mut largest, mut unfit, mut zeros, mut missing) = (0.0f64, None, 0, 0);
        for value in values {
            match value {
                _ if value.is_nan() => missing += 1,
                _ if value < 0.0 || value.is_infinite() => unfit = unfit.or(Some(value)),
                0.0 => zeros += 1,
                _ => largest = largest.max(value),
            }
        }
        let scale = Scale::Proportional { largest, unfit, zeros, missing };
        Self { attribute: attribute.into(), unit, radius: RADIUS, scale }
    }

    /// One size for each class of an amount.
    pub fn graduated(attribute: impl Into<String>, classes: Classes, unit: Unit) -> Self {
        Self { attribute: attribute.into(), unit, radius: RADIUS, scale: Scale::Graduated(classes) }
    }

    /// With a largest circle of this radius, px; 28 without, 4 at least.
    pub fn with_largest_radius(self, radius: f64) -> Self {
        Self { radius: radius.clamp(4.0, 200.0), ..self }
    }

    /// Refuses amounts that no circle can show, and what a rule of semiology refuses.
    pub(super) fn check(&self, layer: &str, exceptions: &[Exception]) -> Result<(), WebMapError> {
        if let Scale::Proportional { largest, unfit, .. } = self.scale {
            if let Some(value) = unfit {
                return Err(WebMapError::Amount { layer: layer.to_owned(), value });
            }
            if largest == 0.0 {
                return Err(WebMapError::NoValues { what: format!("the sizes of layer {layer:?}") });
            }
        }
        let design = Design {
            variable: Variable::Size,
            unit: Some(self.unit.clone()),
            ordered: false,
            ..Design::default()
        };
        let findings = not_allowed(lint_design(&design), exceptions);
        match findings.is_empty() {
            true => Ok(()),
            false => Err(WebMapError::Semiology { layer: layer.to_owned(), findings }),
        }
    }

    /// Radius of the circle of an amount, px.
    pub(super) fn radius_of(&self, amount: f64) -> f64 {
        match &self.scale {
            Scale::Proportional { largest, .. } => self.radius * (amount / largest).sqrt(),
            Scale::Graduated(classes) => {
                classes.class_of(amount).map_or(0.0, |class| self.radius_in(class, classes))
            }
        }
    }

    /// Radius of a class, px: the surfaces of the circles grow by equal steps.
    pub(super) fn radius_in(&self, class: usize, classes: &Classes) -> f64 {
        self.radius * ((class + 1) as f64 / classes.len() as f64).sqrt()
    }

    /// The radius as an expression of MapLibre.
    pub(super) fn expression(&self) -> Value {
        let value = json!(["to-number", ["get", self.attribute]]);
        match &self.scale {
            Scale::Proportional { largest, .. } => {
                json!(["*", self.radius / largest.sqrt(), ["sqrt", value]])
            }
            Scale::Graduated(classes) => {
                let last = classes.len() - 1;
                let mut expression = vec![json!("case")];
                for (class, bound) in classes.breaks().iter().enumerate().take(last) {
                    expression.extend([json!(["<=", value, bound]), self.radius_in(class, classes).into()]);
                }
                expression.push(self.radius.into());
                if last > 0 { expression.into() } else { self.radius.into() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Method, classify};

    #[test]
    fn surfaces_are_in_proportion() {
        let sizes = CircleSizes::proportional("n", [4.0, 0.0, f64::NAN, 16.0], Unit::of("{job}"));
        assert_eq!([sizes.radius_of(16.0), sizes.radius_of(4.0), sizes.radius_of(0.0)], [28.0, 14.0, 0.0]);
        assert_eq!(sizes.expression(), json!(["*", 7.0, ["sqrt", ["to-number", ["get", "n"]]]]));
        assert!(matches!(sizes.scale, Scale::Proportional { zeros: 1, missing: 1, .. }));
        let classes = classify(&[1.0, 2.0, 30.0, 40.0], 4, &Method::Quantile).unwrap();
        let graduated = CircleSizes::graduated("n", classes, Unit::of("{job}")).with_largest_radius(20.0);
        assert_eq!([graduated.radius_of(1.0), graduated.radius_of(40.0)], [10.0, 20.0]);
        assert_eq!(graduated.radius_of(99.0), 0.0);
    }

    #[test]
    fn what_circles_cannot_show_is_refused() {
        let sizes = |values: &[f64], unit| CircleSizes::proportional("n", values.iter().copied(), unit);
        let refused = |values, unit| sizes(values, unit).check("a", &[]).unwrap_err();
        let job = Unit::of("{job}");
        assert!(matches!(refused(&[3.0, -1.0], job.clone()), WebMapError::Amount { value: -1.0, .. }));
        assert!(matches!(refused(&[f64::INFINITY], job.clone()), WebMapError::Amount { .. }));
        assert!(matches!(refused(&[f64::NAN, 0.0], job), WebMapError::NoValues { .. }));
        assert!(matches!(refused(&[3.0], Unit::PERCENT), WebMapError::Semiology { .. }));
        assert!(sizes(&[3.0], Unit::PERCENT).check("a", &[Exception::RateAsSize]).is_ok());
    }
}
