//! What the size of signs says.
mod circles;
mod lines;

use datagora_core::{Language, Unit};
use serde_json::{Value, json};

pub use circles::CircleSizes;
pub use lines::LineWidths;

use super::{StepValues, WebMapError};
use crate::legend::plain;
use crate::scale::{OF_SURFACE, OF_WIDTH, round_amounts};
use crate::semiology::not_allowed;
use crate::{Classes, Colour, Design, Exception, Variable, lint_design};

/// A line without amount, seen on light and on dark ground.
pub(super) const NO_AMOUNT: Colour = Colour::rgb(128, 128, 128);

/// Amounts, and how large the signs are that show them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sizes {
    pub(super) amount: Amount,
    pub(super) unit: Unit,
    /// Radius or width of the largest sign, px.
    pub(super) most: f64,
    pub(super) scale: Scale,
    pub(super) law: Law,
}

/// Where the amount of a feature stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Amount {
    Attribute(String),
    Steps(StepValues),
}

/// From amount to size.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scale {
    Proportional { largest: f64, unfit: Option<f64>, zeros: usize, missing: usize },
    Graduated(Classes),
}

/// What of a sign is in proportion to its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    /// The surface of a circle, whose radius is given.
    Surface,
    /// The width of a line.
    Width,
}

impl Law {
    /// The size of a share of the largest amount, where that of the whole is 1.
    fn size(self, share: f64) -> f64 {
        match self {
            Law::Surface => share.sqrt(),
            Law::Width => share,
        }
    }
}

impl Scale {
    /// The scale of these amounts, of which the largest has the largest sign.
    fn proportional(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut largest, mut unfit, mut zeros, mut missing) = (0.0f64, None, 0, 0);
        for value in values {
            match value {
                _ if value.is_nan() => missing += 1,
                _ if value < 0.0 || value.is_infinite() => unfit = unfit.or(Some(value)),
                0.0 => zeros += 1,
                _ => largest = largest.max(value),
            }
        }
        Self::Proportional { largest, unfit, zeros, missing }
    }
}

/// How signs of a law get their amounts, as the methods of what holds their [`Sizes`]: the largest sign, what is in proportion, and
/// what a class has.
macro_rules! size_methods {
    ($most:expr, $law:expr, $proportional:literal, $size:literal) => {
        fn new(amount: Amount, unit: Unit, scale: Scale) -> Self {
            Self(Sizes { amount, unit, most: $most, scale, law: $law })
        }

        #[doc = concat!($proportional, " in proportion to an amount; the values are those of all features, NaN is missing.")]
        pub fn proportional(
            attribute: impl Into<String>,
            values: impl IntoIterator<Item = f64>,
            unit: Unit,
        ) -> Self {
            Self::new(Amount::Attribute(attribute.into()), unit, Scale::proportional(values))
        }

        #[doc = concat!("One ", $size, " for each class of an amount.")]
        pub fn graduated(attribute: impl Into<String>, classes: Classes, unit: Unit) -> Self {
            Self::new(Amount::Attribute(attribute.into()), unit, Scale::Graduated(classes))
        }

        #[doc = concat!($proportional, " in proportion to an amount that changes from step to step, by one scale for all.")]
        pub fn proportional_steps(values: StepValues, unit: Unit) -> Self {
            let scale = Scale::proportional(values.all());
            Self::new(Amount::Steps(values), unit, scale)
        }

        #[doc = concat!("One ", $size, " for each class of an amount that changes from step to step; the classes are those of all steps")]
        /// ([`StepValues::all`]).
        pub fn graduated_steps(values: StepValues, classes: Classes, unit: Unit) -> Self {
            Self::new(Amount::Steps(values), unit, Scale::Graduated(classes))
        }
    };
}
use size_methods;

impl Sizes {
    /// Refuses amounts that no sign can show, and what a rule of semiology refuses.
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

    /// The amounts by step, if they change.
    pub(super) fn steps(&self) -> Option<&StepValues> {
        match &self.amount {
            Amount::Steps(values) => Some(values),
            Amount::Attribute(_) => None,
        }
    }

    /// The classes of graduated signs.
    pub(super) fn classes(&self) -> Option<&Classes> {
        match &self.scale {
            Scale::Graduated(classes) => Some(classes),
            Scale::Proportional { .. } => None,
        }
    }

    /// Features of amount zero and without amount, which no sign of the legend stands for; of steps, those of one.
    pub(super) fn zeros_and_missing(&self, step: usize) -> [usize; 2] {
        match (&self.scale, self.steps()) {
            (Scale::Proportional { .. }, Some(values)) => {
                let of_step =
                    |which: &dyn Fn(f64) -> bool| values.at(step).filter(|value| which(*value)).count();
                [of_step(&|value| value == 0.0), of_step(&|value| !value.is_finite())]
            }
            (Scale::Proportional { zeros, missing, .. }, None) => [*zeros, *missing],
            (Scale::Graduated(classes), Some(values)) => [0, values.counts(step, classes).1],
            (Scale::Graduated(classes), None) => [0, classes.missing()],
        }
    }

    /// Size of the sign of an amount, px.
    pub(super) fn size_of(&self, amount: f64) -> f64 {
        match &self.scale {
            Scale::Proportional { largest, .. } => self.most * self.law.size(amount / largest),
            Scale::Graduated(classes) => {
                classes.class_of(amount).map_or(0.0, |class| self.size_in(class, classes))
            }
        }
    }

    /// Size of the signs of a class, px: surfaces, or widths, grow by equal steps.
    pub(super) fn size_in(&self, class: usize, classes: &Classes) -> f64 {
        self.most * self.law.size((class + 1) as f64 / classes.len() as f64)
    }

    /// The signs that a legend shows: size in px and words, the largest first.
    pub(super) fn samples(&self, language: Language) -> Vec<(f64, String)> {
        match &self.scale {
            Scale::Proportional { largest, .. } => {
                let shares = match self.law {
                    Law::Surface => OF_SURFACE,
                    Law::Width => OF_WIDTH,
                };
                let sample = |amount| (self.size_of(amount), plain(amount, language));
                round_amounts(*largest, shares).into_iter().map(sample).collect()
            }
            Scale::Graduated(classes) => {
                let rounded = classes.rounded();
                let sample = |class| (self.size_in(class, classes), rounded.label(class, language));
                (0..classes.len()).rev().map(sample).collect()
            }
        }
    }

    /// The amount of a feature as an expression of MapLibre; of steps, what the page sets, and −1 without.
    pub(super) fn amount(&self, layer: &str) -> Value {
        match &self.amount {
            Amount::Attribute(attribute) => json!(["to-number", ["get", attribute]]),
            Amount::Steps(_) => json!(["coalesce", ["feature-state", state_of_size(layer)], -1]),
        }
    }

    /// The size as an expression of MapLibre; that of an amount below 0 means nothing.
    pub(super) fn expression(&self, layer: &str) -> Value {
        let amount = self.amount(layer);
        match &self.scale {
            Scale::Proportional { largest, .. } => match self.law {
                Law::Surface => json!(["*", self.most / largest.sqrt(), ["sqrt", amount]]),
                Law::Width => json!(["*", self.most / largest, amount]),
            },
            Scale::Graduated(classes) => {
                let last = classes.len() - 1;
                let mut expression = vec![json!("case")];
                for (class, bound) in classes.breaks().iter().enumerate().take(last) {
                    expression.extend([json!(["<=", amount, bound]), self.size_in(class, classes).into()]);
                }
                expression.push(self.most.into());
                if last > 0 { expression.into() } else { self.most.into() }
            }
        }
    }
}

/// Under which name the page sets the amount of a feature at the step shown. No layer has a colon in its name.
pub(super) fn state_of_size(layer: &str) -> String {
    format!("{layer}:size")
}
