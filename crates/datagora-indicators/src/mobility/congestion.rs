//! For how long traffic is congested.
use datagora_core::{Interval, KilometresPerHour, Measured, Minutes, Suppression, Unit};

use crate::wrong::Wrong;

/// State of the traffic at a loop, from the share of the time that it is occupied.
///
/// The four states that the City of Paris publishes with its permanent counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TrafficState {
    /// *Fluide*: occupied for less than 15 % of the time.
    Fluid,
    /// *Pré-saturé*: 15 % to 30 %.
    PreSaturated,
    /// *Saturé*: 30 % to 50 %.
    Saturated,
    /// *Bloqué*: 50 % and more.
    Blocked,
}

impl TrafficState {
    /// All states, from free to blocked.
    pub const ALL: [TrafficState; 4] = [Self::Fluid, Self::PreSaturated, Self::Saturated, Self::Blocked];

    /// Lowest occupancy of each state, percent: Ville de Paris, *Comptage routier – Données trafic issues des capteurs
    /// permanents*, opendata.paris.fr.
    const FROM: [f64; 4] = [0.0, 15.0, 30.0, 50.0];

    /// The state of an occupancy in percent; none of one that is missing or lies outside 0 to 100.
    ///
    /// ```
    /// use datagora_indicators::mobility::TrafficState;
    ///
    /// assert_eq!(TrafficState::of(14.9), Some(TrafficState::Fluid));
    /// assert_eq!(TrafficState::of(50.0), Some(TrafficState::Blocked));
    /// assert_eq!(TrafficState::of(120.0), None);
    /// ```
    pub fn of(occupancy: f64) -> Option<Self> {
        if !(0.0..=100.0).contains(&occupancy) {
            return None;
        }
        Self::ALL.into_iter().rev().find(|state| occupancy >= Self::FROM[*state as usize])
    }
}

/// For how long a point was congested.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Congestion {
    /// Congested hours of an average day. The interval has the unknown time all free or all congested.
    pub hours_per_day: Measured,
    /// Share of the known time in each traffic state, percent, from free to blocked; from speeds two: free and congested.
    pub states: Vec<Measured>,
    /// Number of unbroken congested times; one that an unknown time breaks counts as two.
    pub spells: usize,
    /// The longest of them, minutes; a lower bound where it ends at an unknown time.
    pub longest: Measured,
}

/// Congestion cannot be measured.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CongestionError {
    /// Not an occupancy.
    #[error(
        "found {found} occupancies outside 0 to 100 %, the first {value} at {at}; mark a missing one as NaN, and check whether they are shares from 0 to 1"
    )]
    NotAnOccupancy {
        /// Position of the first.
        at: usize,
        /// What stood there.
        value: f64,
        /// How many there are.
        found: usize,
    },
    /// Not a speed.
    #[error(
        "found {found} values that are no speeds, the first {value} at {at}; speeds are finite and not negative: mark a missing one as NaN"
    )]
    NotASpeed {
        /// Position of the first.
        at: usize,
        /// What stood there.
        value: f64,
        /// How many there are.
        found: usize,
    },
    /// An option makes no sense.
    #[error("found {name} of {value}; needed is {needed}")]
    Option {
        /// Which.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        needed: &'static str,
    },
}

/// Duration of congestion at a loop, from its occupancy: the time in a state of the traffic or a worse one.
///
/// # Shapes and units
///
/// Occupancies in percent, one for each interval in the order of time, all intervals of the same length → hours a day,
/// percent, minutes.
///
/// # Missing values
///
/// NaN is unknown: left out of the shares, and in the interval all free or all congested. Nothing is imputed.
///
/// # Interpretation
///
/// `saturated` is the usual threshold. A loop sees one point: the end of the queue may be upstream. An hourly mean hides
/// short congestion: compare only the same interval lengths.
///
/// # Errors
///
/// [`CongestionError::NotAnOccupancy`] outside 0 to 100 %; [`CongestionError::Option`] for an interval without length.
///
/// # Example
///
/// ```
/// use datagora_core::Minutes;
/// use datagora_indicators::mobility::{TrafficState, congestion_by_occupancy};
///
/// let hours = [5.0, 35.0, 60.0, 8.0, f64::NAN, 12.0];
/// let found = congestion_by_occupancy(&hours, Minutes(60.0), TrafficState::Saturated)?;
/// assert_eq!(found.hours_per_day.value(), Some(9.6)); // two of five known hours
/// assert_eq!(found.hours_per_day.interval().unwrap().upper, 12.0); // three of six
/// assert_eq!(found.longest.value(), Some(120.0));
/// # Ok::<(), datagora_indicators::mobility::CongestionError>(())
/// ```
///
/// # References
///
/// Ville de Paris, *Comptage routier – Données trafic issues des capteurs permanents*, opendata.paris.fr (states).
pub fn congestion_by_occupancy(
    occupancies: &[f64],
    interval: Minutes,
    from: TrafficState,
) -> Result<Congestion, CongestionError> {
    if let Some(Wrong { at, value, found }) = Wrong::no_percentage(occupancies) {
        return Err(CongestionError::NotAnOccupancy { at, value, found });
    }
    let states: Vec<Option<usize>> =
        occupancies.iter().map(|value| TrafficState::of(*value).map(|state| state as usize)).collect();
    summarise(&states, TrafficState::ALL.len(), from as usize, interval)
}

/// Duration of congestion from speeds: the time below a share of the free-flow speed.
///
/// # Shapes and units
///
/// Mean speeds in km/h, one for each interval in the order of time, all intervals of the same length → hours a day,
/// percent, minutes.
///
/// # Missing values
///
/// As [`congestion_by_occupancy`]. Detectors often write 0 where no vehicle passed: mark those as NaN first, or an empty
/// night counts as congested.
///
/// # Interpretation
///
/// 0.6 of the free-flow speed is the usual threshold on urban motorways (23 CFR 490.705 takes 60 % of the limit); say
/// which free-flow speed was taken.
///
/// # Errors
///
/// [`CongestionError::NotASpeed`]; [`CongestionError::Option`].
///
/// # Example
///
/// ```
/// use datagora_core::{KilometresPerHour, Minutes};
/// use datagora_indicators::mobility::congestion_by_speed;
///
/// let quarters = [100.0, 50.0, 40.0, 95.0];
/// let found = congestion_by_speed(&quarters, Minutes(15.0), KilometresPerHour(100.0), 0.6)?;
/// assert_eq!((found.hours_per_day.value(), found.spells), (Some(12.0), 1));
/// # Ok::<(), datagora_indicators::mobility::CongestionError>(())
/// ```
///
/// # References
///
/// 23 CFR 490.705 (threshold). National Academies (1997). *Quantifying Congestion*, NCHRP Report 398, chapter 3.
pub fn congestion_by_speed(
    speeds: &[f64],
    interval: Minutes,
    free_flow: KilometresPerHour,
    share: f64,
) -> Result<Congestion, CongestionError> {
    let threshold = share * free_flow.0;
    if !(threshold > 0.0 && threshold.is_finite()) {
        let needed = "a positive share of a positive free-flow speed";
        return Err(CongestionError::Option { name: "a threshold speed", value: threshold, needed });
    }
    if let Some(Wrong { at, value, found }) = Wrong::negative(speeds) {
        return Err(CongestionError::NotASpeed { at, value, found });
    }
    let states: Vec<Option<usize>> =
        speeds.iter().map(|speed| (!speed.is_nan()).then(|| usize::from(*speed < threshold))).collect();
    summarise(&states, 2, 1, interval)
}

/// Duration and shares of numbered states, of which those from `from` on are congested.
fn summarise(
    states: &[Option<usize>],
    kinds: usize,
    from: usize,
    interval: Minutes,
) -> Result<Congestion, CongestionError> {
    if !(interval.0 > 0.0 && interval.0.is_finite()) {
        let needed = "a positive, finite one";
        return Err(CongestionError::Option { name: "an interval length", value: interval.0, needed });
    }
    let mut counts = vec![0_usize; kinds];
    states.iter().flatten().for_each(|state| counts[*state] += 1);
    let (known, all) = (counts.iter().sum::<usize>(), states.len());
    let congested: usize = counts[from..].iter().sum();
    let completeness = if all == 0 { 0.0 } else { known as f64 / all as f64 };
    let measure = |value: f64, unit: Unit| {
        let measured = if known == 0 {
            Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 })
        } else {
            Measured::new(value, unit)
        };
        measured.with_observations(known as u64).with_completeness(completeness)
    };
    let hours = |part: usize, whole: usize| 24.0 * part as f64 / whole as f64;
    let bounds = Interval {
        lower: hours(congested, all.max(1)),
        upper: hours(congested + all - known, all.max(1)),
        level: None,
    };
    let is_congested = |state: &Option<usize>| state.is_some_and(|state| state >= from);
    let runs = states.chunk_by(|a, b| is_congested(a) == is_congested(b)).filter(|run| is_congested(&run[0]));
    let longest = runs.clone().map(<[_]>::len).max().unwrap_or(0);
    Ok(Congestion {
        hours_per_day: measure(hours(congested, known), Unit::of("h/d")).with_interval(bounds),
        states: counts.iter().map(|n| measure(100.0 * *n as f64 / known as f64, Unit::PERCENT)).collect(),
        spells: runs.count(),
        longest: measure(longest as f64 * interval.0, Unit::MINUTE),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn states_have_the_bounds_of_paris() {
        use TrafficState::{Blocked, Fluid, PreSaturated, Saturated};
        for (occupancy, state) in [
            (0.0, Some(Fluid)),
            (15.0, Some(PreSaturated)),
            (29.9, Some(PreSaturated)),
            (30.0, Some(Saturated)),
            (100.0, Some(Blocked)),
            (100.1, None),
            (-0.1, None),
            (NAN, None),
        ] {
            assert_eq!(TrafficState::of(occupancy), state);
        }
    }

    #[test]
    fn spells_end_at_unknown_times() {
        let found = congestion_by_occupancy(
            &[40.0, NAN, 40.0, 60.0, 10.0, 40.0],
            Minutes(6.0),
            TrafficState::Saturated,
        )
        .unwrap();
        assert_eq!((found.spells, found.longest.value()), (3, Some(12.0)));
        assert_eq!(
            found.states.iter().map(|s| s.value().unwrap()).collect::<Vec<_>>(),
            [20.0, 0.0, 60.0, 20.0]
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let error = CongestionError::NotAnOccupancy { at: 1, value: 101.0, found: 2 };
        let of = |values: &[f64]| congestion_by_occupancy(values, Minutes(6.0), TrafficState::Saturated);
        assert_eq!(of(&[1.0, 101.0, -5.0]), Err(error));
        assert!(congestion_by_occupancy(&[1.0], Minutes(0.0), TrafficState::Saturated).is_err());
        let speed =
            |values: &[f64], share| congestion_by_speed(values, Minutes(6.0), KilometresPerHour(90.0), share);
        assert_eq!(
            speed(&[NAN, -1.0], 0.6),
            Err(CongestionError::NotASpeed { at: 1, value: -1.0, found: 1 })
        );
        assert!(speed(&[1.0], 0.0).is_err());
        let none = speed(&[NAN], 0.6).unwrap();
        assert!(none.hours_per_day.suppression().is_some() && none.hours_per_day.completeness() == 0.0);
        assert!(speed(&[], 0.6).unwrap().hours_per_day.suppression().is_some());
    }

    proptest! {
        #[test]
        fn shares_add_up_and_bounds_hold(
            values in proptest::collection::vec(prop_oneof![4 => 0.0..100.0_f64, 1 => Just(NAN)], 1..200)
        ) {
            let minutes = Minutes(6.0);
            let found = congestion_by_occupancy(&values, minutes, TrafficState::PreSaturated).unwrap();
            if let Some(hours) = found.hours_per_day.value() {
                let sum: f64 = found.states.iter().filter_map(Measured::value).sum();
                prop_assert!((sum - 100.0).abs() < 1e-9);
                let bounds = found.hours_per_day.interval().unwrap();
                prop_assert!(bounds.lower <= hours + 1e-12 && hours <= bounds.upper + 1e-12);
                // A milder threshold never gives less.
                let harder = congestion_by_occupancy(&values, minutes, TrafficState::Blocked).unwrap();
                prop_assert!(harder.hours_per_day.value().unwrap() <= hours);
            }
        }
    }
}
