//! Heavy vehicles among all, and the distance that all drive.
use datagora_core::{Interval, Kilometres, Measured, Suppression, Unit};

/// Share of heavy vehicles.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HeavyShare {
    /// Heavy among classified vehicles; the interval lets the unclassified all be light, or all heavy.
    pub share: Measured,
    /// Unclassified among all vehicles.
    pub unclassified_share: Measured,
}

/// Share of heavy vehicles in the traffic (*part de poids lourds*).
///
/// `PL / (PL + VL)`; vehicles without class are left out, and reported.
///
/// # Shapes and units
///
/// Heavy, light and unclassified vehicles of the same time → shares from 0 to 1.
///
/// # Missing values
///
/// A NaN makes both shares undefined; without classified vehicles there is no share of heavy ones. The completeness is
/// the classified share; the bounds hold for certain.
///
/// # Interpretation
///
/// Say what is heavy: SIREDO counts from 3.5 t, by length; FHWA its classes 4 to 13.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::heavy_share;
///
/// let found = heavy_share(60.0, 540.0, 200.0);
/// assert_eq!(found.share.value(), Some(0.1));
/// assert_eq!(found.unclassified_share.value(), Some(0.25));
/// let bounds = found.share.interval().unwrap();
/// assert_eq!((bounds.lower, bounds.upper), (0.075, 0.325));
/// ```
///
/// # References
///
/// Cerema, *SIREDO*: classes by length and weight. FHWA (2022). *Traffic Monitoring Guide*, appendix C.
pub fn heavy_share(heavy: f64, light: f64, unclassified: f64) -> HeavyShare {
    let counts = [heavy, light, unclassified];
    let undefined =
        |reason: &str| Measured::suppressed(Unit::ONE, Suppression::Undefined { reason: reason.to_owned() });
    if counts.iter().any(|count| !(count.is_finite() && *count >= 0.0)) {
        let none = undefined("a class was not counted").with_completeness(0.0);
        return HeavyShare { share: none.clone(), unclassified_share: none };
    }
    let (classified, all) = (heavy + light, heavy + light + unclassified);
    if all == 0.0 {
        let none = undefined("nothing was counted").with_completeness(0.0);
        return HeavyShare { share: none.clone(), unclassified_share: none };
    }
    let share = if classified > 0.0 {
        let bounds = Interval { lower: heavy / all, upper: (heavy + unclassified) / all, level: None };
        Measured::new(heavy / classified, Unit::ONE).with_interval(bounds)
    } else {
        undefined("no vehicle was classified")
    };
    HeavyShare {
        share: share.with_observations(classified as u64).with_completeness(classified / all),
        unclassified_share: Measured::new(unclassified / all, Unit::ONE).with_observations(all as u64),
    }
}

/// Segments of which some have no length, or no traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found {values} values of traffic and {lengths} lengths; each segment has one of each: suppress a missing value"
)]
pub struct SegmentsError {
    /// Values given.
    pub values: usize,
    /// Lengths given.
    pub lengths: usize,
}

/// Vehicle-kilometres of a network in a number of days: `Σ AADT_l · L_l · days`.
///
/// # Shapes and units
///
/// Average daily traffic and length of each segment, row by row → vehicle-kilometres. Take 365 or 366 days for a year.
///
/// # Missing values
///
/// Segments without a value are left out; the completeness is the share of the length that has one. Nothing is
/// extrapolated to the rest. Without any the value is suppressed.
///
/// Intervals of one level combine in quadrature, as for segments with counters of their own; if levels differ there is no
/// interval.
///
/// # Interpretation
///
/// Average traffic does not add up over segments, as the same vehicle passes many; vehicle-kilometres do.
///
/// # Errors
///
/// [`SegmentsError`] if there is not one length for each value.
///
/// # Example
///
/// ```
/// use datagora_core::{Kilometres, Measured, Unit};
/// use datagora_indicators::mobility::vehicle_kilometres;
///
/// let aadt = |value| Measured::new(value, Unit::of("{vehicle}/d"));
/// let ring = vehicle_kilometres(&[aadt(80_000.0), aadt(20_000.0)], &[Kilometres(2.0), Kilometres(0.5)], 365)?;
/// assert_eq!(ring.value(), Some(170_000.0 * 365.0));
/// # Ok::<(), datagora_indicators::mobility::SegmentsError>(())
/// ```
///
/// # References
///
/// FHWA (2022). *Traffic Monitoring Guide* (vehicle distance travelled).
pub fn vehicle_kilometres(
    aadt: &[Measured],
    lengths: &[Kilometres],
    days: u32,
) -> Result<Measured, SegmentsError> {
    if aadt.len() != lengths.len() {
        return Err(SegmentsError { values: aadt.len(), lengths: lengths.len() });
    }
    let unit = Unit::of("{vehicle}.km");
    let measures = |length: &&Kilometres| length.0 >= 0.0 && length.0.is_finite();
    let whole: f64 = lengths.iter().filter(measures).map(|length| length.0).sum();
    let known: Vec<(&Measured, f64, f64)> = aadt
        .iter()
        .zip(lengths)
        .filter(|(_, length)| measures(length))
        .filter_map(|(aadt, length)| Some((aadt, aadt.value()?, length.0)))
        .collect();
    let covered: f64 = known.iter().map(|(_, _, length)| length).sum();
    let weight = |length: &f64| length * f64::from(days);
    if known.is_empty() {
        let none = Measured::suppressed(unit, Suppression::Incomplete { needed: 0.0 });
        return Ok(none.with_completeness(0.0));
    }
    let value: f64 = known.iter().map(|(_, value, length)| value * weight(length)).sum();
    let mut levels = known.iter().filter_map(|(aadt, ..)| aadt.interval().map(|interval| interval.level));
    let level = levels.next();
    let common = level.is_some() && levels.all(|other| Some(other) == level);
    let reach = |side: fn(f64, Interval) -> f64| {
        let parts = known
            .iter()
            .filter_map(|(aadt, value, length)| Some(side(*value, aadt.interval()?) * weight(length)));
        // Certain bounds add up; bounds with a level are those of independent errors.
        if level == Some(None) { parts.sum() } else { parts.map(|part| part * part).sum::<f64>().sqrt() }
    };
    let measured = Measured::new(value, unit);
    let measured = match level.filter(|_| common) {
        Some(level) => measured.with_interval(Interval {
            lower: value - reach(|value, interval| value - interval.lower),
            upper: value + reach(|value, interval| interval.upper - value),
            level,
        }),
        None => measured,
    };
    let imputed: f64 =
        known.iter().map(|(aadt, value, length)| aadt.imputed_share() * value * weight(length)).sum();
    Ok(measured
        .with_observations(known.len() as u64)
        .with_completeness(if whole > 0.0 { (covered / whole).min(1.0) } else { 1.0 })
        .with_imputed_share(if value > 0.0 { (imputed / value).clamp(0.0, 1.0) } else { 0.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(value: f64, by: f64, level: Option<f64>) -> Measured {
        let interval = Interval { lower: value - by, upper: value + by, level };
        Measured::new(value, Unit::of("{vehicle}/d")).with_interval(interval)
    }

    #[test]
    fn segments_without_a_value_are_told() {
        let none = Measured::suppressed(Unit::of("{vehicle}/d"), Suppression::Incomplete { needed: 1.0 });
        let lengths = [Kilometres(1.0), Kilometres(3.0)];
        let found = vehicle_kilometres(&[day(100.0, 5.0, Some(0.95)), none.clone()], &lengths, 10).unwrap();
        assert_eq!((found.value(), found.completeness(), found.observations()), (Some(1_000.0), 0.25, 1));
        let of = |aadt: &[Measured], lengths: &[Kilometres]| vehicle_kilometres(aadt, lengths, 10);
        assert_eq!(of(std::slice::from_ref(&none), &lengths[..1]).unwrap().value(), None);
        assert_eq!(of(&[], &[]).unwrap().value(), None);
        assert_eq!(of(&[day(100.0, 5.0, None)], &[Kilometres(f64::NAN)]).unwrap().value(), None);
        assert_eq!(of(&[none], &lengths), Err(SegmentsError { values: 1, lengths: 2 }));
        assert_eq!(of(&[], &lengths), Err(SegmentsError { values: 0, lengths: 2 }));
    }

    #[test]
    fn intervals_combine_by_their_kind() {
        let lengths = [Kilometres(1.0); 2];
        let of = |a, b| {
            let days = [day(100.0, 3.0, a), day(200.0, 4.0, b)];
            vehicle_kilometres(&days, &lengths, 1).unwrap().interval()
        };
        assert_eq!(of(Some(0.95), Some(0.95)).map(|i| (i.lower, i.upper)), Some((295.0, 305.0)));
        assert_eq!(of(None, None).map(|i| (i.lower, i.upper)), Some((293.0, 307.0)));
        assert_eq!(of(Some(0.95), Some(0.9)), None);
    }

    #[test]
    fn shares_of_nothing_are_undefined() {
        for found in
            [heavy_share(0.0, 0.0, 0.0), heavy_share(f64::NAN, 1.0, 0.0), heavy_share(1.0, -1.0, 0.0)]
        {
            assert!(found.share.value().is_none() && found.share.check().is_ok());
        }
        let unknown = heavy_share(0.0, 0.0, 9.0);
        assert_eq!((unknown.share.value(), unknown.unclassified_share.value()), (None, Some(1.0)));
    }

    proptest! {
        #[test]
        fn the_bounds_hold_the_share(heavy in 0.0..1e6_f64, light in 0.0..1e6_f64, unknown in 0.0..1e6_f64) {
            let found = heavy_share(heavy, light, unknown);
            if let (Some(share), Some(bounds)) = (found.share.value(), found.share.interval()) {
                prop_assert!(bounds.lower <= share + 1e-12 && share <= bounds.upper + 1e-12);
            }
        }
    }
}
