//! Arithmetic that keeps a value honest.
use super::{Interval, Measured, Suppression, ValueError};
use crate::Unit;

/// How the four operations differ.
struct Operation {
    value: fn(f64, f64) -> f64,
    bounds: fn(Interval, Interval) -> (f64, f64),
    /// Partial derivatives at the values.
    slopes: fn(f64, f64) -> (f64, f64),
    divides: bool,
}

const ADD: Operation =
    Operation { value: |a, b| a + b, bounds: Interval::plus, slopes: |_, _| (1.0, 1.0), divides: false };
const SUB: Operation =
    Operation { value: |a, b| a - b, bounds: Interval::minus, slopes: |_, _| (1.0, -1.0), divides: false };
const MUL: Operation =
    Operation { value: |a, b| a * b, bounds: Interval::times, slopes: |a, b| (b, a), divides: false };
const DIV: Operation = Operation {
    value: |a, b| a / b,
    bounds: Interval::over,
    slopes: |a, b| (1.0 / b, -a / (b * b)),
    divides: true,
};

impl Measured {
    /// Sum, in the unit of the first term.
    ///
    /// A withheld term makes the sum withheld. Certain bounds add up; bounds of one level combine in quadrature, for
    /// errors that are independent; a term without bounds is taken as exact. Observations add up, and the completeness
    /// is that of all the data the terms needed.
    ///
    /// # Errors
    ///
    /// [`ValueError::Unit`] if the units are not comparable, [`ValueError::NotAdditive`] for degrees Celsius and
    /// decibels, [`ValueError::Levels`] for bounds of different levels; those of [`Measured::check`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Interval, Measured, Unit};
    ///
    /// let near = |value, by| {
    ///     Interval::at_level(value - by, value + by, 0.95)
    ///         .map(|bounds| Measured::new(value, Unit::of("{vehicle}")).with_interval(bounds))
    /// };
    /// let sum = near(100.0, 3.0)?.add(&near(200.0, 4.0)?)?;
    /// assert_eq!(sum.interval().map(|bounds| (bounds.lower, bounds.upper)), Some((295.0, 305.0)));
    /// # Ok::<(), datagora_core::ValueError>(())
    /// ```
    pub fn add(&self, other: &Measured) -> Result<Measured, ValueError> {
        let other = self.additive(other)?;
        self.combine(&other, self.unit.clone(), &ADD, true)
    }

    /// Difference, in the unit of the first term; between temperatures in degrees Celsius, in kelvins.
    ///
    /// As [`Measured::add`]. Errors are taken as independent: of two values that share data, such as the same counters
    /// in two years, the interval is too wide.
    ///
    /// # Errors
    ///
    /// As [`Measured::add`], but temperatures can be subtracted.
    pub fn sub(&self, other: &Measured) -> Result<Measured, ValueError> {
        let difference = self.unit.of_difference();
        if difference != self.unit {
            let other = other.to_unit(&self.unit)?;
            return self.combine(&other, difference, &SUB, true);
        }
        let other = self.additive(other)?;
        self.combine(&other, difference, &SUB, true)
    }

    /// Product, in the product of the units.
    ///
    /// # Errors
    ///
    /// [`ValueError::Unit`] for a malformed unit, [`ValueError::Levels`]; those of [`Measured::check`].
    pub fn mul(&self, other: &Measured) -> Result<Measured, ValueError> {
        self.combine(other, self.unit.multiply(&other.unit)?, &MUL, false)
    }

    /// Quotient, in the quotient of the units. Nothing below the line gives a withheld value,
    /// [`Suppression::Undefined`]; a divisor whose bounds hold 0 gives bounds that are infinite.
    ///
    /// # Errors
    ///
    /// As [`Measured::mul`].
    pub fn div(&self, other: &Measured) -> Result<Measured, ValueError> {
        let unit = self.unit.divide(&other.unit)?;
        let zero = other.value == Some(0.0)
            || other.value.is_none()
                && other.interval.is_some_and(|bounds| bounds.lower == 0.0 && bounds.upper == 0.0);
        if zero && self.suppression.is_none() {
            let reason = if self.value == Some(0.0) { "0 / 0" } else { "… / 0" }.to_owned();
            let evidence = self.clone().check()?.evidence(&other.clone().check()?, false);
            return Ok(evidence.into_suppressed(unit, Suppression::Undefined { reason }));
        }
        self.combine(other, unit, &DIV, false)
    }

    /// Multiplied by an exact number; the unit stays.
    ///
    /// # Errors
    ///
    /// [`ValueError::NotFinite`] if the number is not finite; those of [`Measured::check`].
    pub fn scale(&self, factor: f64) -> Result<Measured, ValueError> {
        if !factor.is_finite() {
            return Err(ValueError::NotFinite { found: factor });
        }
        let exact = Interval { lower: factor, upper: factor, level: None };
        let interval = self.interval.map(|bounds| {
            let (lower, upper) = bounds.times(exact);
            Interval { lower, upper, level: bounds.level }
        });
        Self { value: self.value.map(|value| value * factor), interval, ..self.clone() }.check()
    }

    /// Sum of any number of terms, in a unit; of none, 0 from no observations.
    ///
    /// One withheld term makes the sum withheld: what may be shown is then the sum of chosen terms, under another name.
    ///
    /// # Errors
    ///
    /// As [`Measured::add`].
    pub fn sum<'a>(
        unit: &Unit,
        terms: impl IntoIterator<Item = &'a Measured>,
    ) -> Result<Measured, ValueError> {
        let mut terms = terms.into_iter();
        let Some(first) = terms.next() else {
            return Ok(Measured::new(0.0, unit.clone()));
        };
        let start = first.to_unit(unit)?.check()?;
        terms.try_fold(start, |sum, term| sum.add(term))
    }

    /// The other term in this one's unit, if the two have a sum.
    fn additive(&self, other: &Measured) -> Result<Measured, ValueError> {
        let converted = other.to_unit(&self.unit)?;
        if self.unit.is_additive() {
            return Ok(converted);
        }
        let hint = if self.unit.is_comparable(&Unit::KELVIN) {
            "temperatures have means and differences, not sums"
        } else {
            "levels combine by their energies, not by addition"
        };
        Err(ValueError::NotAdditive { unit: self.unit.clone(), hint })
    }

    fn combine(&self, other: &Self, unit: Unit, by: &Operation, sum: bool) -> Result<Self, ValueError> {
        let (left, right) = (self.clone().check()?, other.clone().check()?);
        let evidence = left.clone().evidence(&right, sum);
        if let Some(reason) = left.suppression.as_ref().or(right.suppression.as_ref()) {
            let reason = reason.derived();
            return Ok(evidence.into_suppressed(unit, reason));
        }
        let interval = left.bounds_with(&right, by)?;
        let value = left.value.zip(right.value).map(|(a, b)| (by.value)(a, b));
        if value.is_some_and(|value| !value.is_finite()) {
            return Ok(evidence.into_suppressed(unit, Suppression::NotFinite));
        }
        Self { value, interval, unit, ..evidence }.check()
    }

    fn into_suppressed(self, unit: Unit, reason: Suppression) -> Self {
        Self { value: None, interval: None, suppression: Some(reason), unit, ..self }
    }

    /// Bounds of the result, of which both operands have a value or bounds.
    fn bounds_with(&self, other: &Self, by: &Operation) -> Result<Option<Interval>, ValueError> {
        let level = |side: &Self| side.interval.and_then(|bounds| bounds.level);
        if self.interval.is_none() && other.interval.is_none() {
            return Ok(None);
        }
        let common = match (level(self), level(other)) {
            (Some(left), Some(right)) if left != right => return Err(ValueError::Levels { left, right }),
            (left, right) => left.or(right),
        };
        let exact = |value: f64| Interval { lower: value, upper: value, level: None };
        let range = |side: &Self| side.interval.or(side.value.map(exact)).unwrap_or(exact(0.0));
        let (left, right) = (range(self), range(other));
        let certain = |side: &Self| side.interval.is_some() && level(side).is_none();
        let (lower, upper) = match (common, self.value.zip(other.value)) {
            (None, _) => (by.bounds)(left, right),
            _ if certain(self) || certain(other) => (by.bounds)(left, right),
            (_, Some((a, b))) => quadrature(by, (a, left), (b, right)),
            (Some(level), None) => return Err(ValueError::Centre { level }),
        };
        Ok(Some(Interval { lower, upper, level: common }))
    }

    /// What the result rests on; its value is still to be set.
    fn evidence(self, other: &Self, sum: bool) -> Self {
        let counted = self.observations > 0 && other.observations > 0;
        let (own, others) = (self.observations as f64, other.observations as f64);
        let observations = match (sum, counted) {
            (true, _) => self.observations.saturating_add(other.observations),
            (false, true) => self.observations.min(other.observations),
            (false, false) => self.observations.max(other.observations),
        };
        let weighted = sum && counted && self.completeness > 0.0 && other.completeness > 0.0;
        let completeness = if weighted {
            ((own + others) / (own / self.completeness + others / other.completeness)).clamp(0.0, 1.0)
        } else {
            self.completeness.min(other.completeness)
        };
        let imputed_share = if sum && counted {
            (own * self.imputed_share + others * other.imputed_share) / (own + others)
        } else {
            self.imputed_share.max(other.imputed_share)
        };
        Self { observations, completeness, imputed_share, suppression: None, ..self }
    }
}

/// Bounds around the result from independent errors of both sides, below and above kept apart.
fn quadrature(by: &Operation, (a, left): (f64, Interval), (b, right): (f64, Interval)) -> (f64, f64) {
    // A divisor that may be 0 has no first order.
    if by.divides && right.contains(0.0) {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    let (slope_a, slope_b) = (by.slopes)(a, b);
    // A value outside its own interval has no reach on that side.
    let reach = |slope: f64, value: f64, bounds: Interval| {
        let (down, up) = ((value - bounds.lower).max(0.0), (bounds.upper - value).max(0.0));
        let effect = |distance: f64| if slope == 0.0 { 0.0 } else { slope.abs() * distance };
        if slope >= 0.0 { (effect(down), effect(up)) } else { (effect(up), effect(down)) }
    };
    let (down_a, up_a) = reach(slope_a, a, left);
    let (down_b, up_b) = reach(slope_b, b, right);
    let centre = (by.value)(a, b);
    (centre - down_a.hypot(down_b), centre + up_a.hypot(up_b))
}
