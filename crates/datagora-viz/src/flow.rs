//! Flows: how much goes from place to place.
mod clusters;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use datagora_core::{Measured, Unit};

pub use clusters::{FlowClusters, cluster_flows};
pub(crate) use clusters::{Level, levels_of};

/// How much goes from place to place: trips between zones, people who move from commune to commune.
///
/// Amounts from a place to itself are kept apart ([`Flows::within`]). Repeated pairs add up.
///
/// # Missing values
///
/// An amount that is missing or withheld counts as nothing and is counted itself: [`Flows::missing`], [`Flows::withheld`]. One
/// known only within bounds counts with its lower bound: [`Flows::bounded`].
///
/// # Example
///
/// ```
/// use datagora_core::{Measured, Unit};
/// use datagora_viz::Flows;
///
/// let trips = [120.0, 80.0, 30.0].map(|value| Measured::new(value, Unit::of("{trip}")));
/// let flows = Flows::new(2, &[0, 1, 1], &[1, 0, 1], &trips)?;
/// assert_eq!(flows.entering(), [80.0, 120.0]);
/// assert_eq!(flows.within(), [0.0, 30.0]);
/// # Ok::<(), datagora_viz::FlowError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Flows {
    places: usize,
    unit: Unit,
    /// Between different places and above zero, by origin, then by destination.
    between: Vec<Flow>,
    within: Vec<f64>,
    missing: usize,
    withheld: usize,
    bounded: usize,
}

/// An amount from one place to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Flow {
    pub(crate) origin: u32,
    pub(crate) destination: u32,
    pub(crate) amount: f64,
}

impl Flow {
    pub(crate) fn ends(&self) -> (usize, usize) {
        (self.origin as usize, self.destination as usize)
    }
}

/// Flows that do not make sense.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum FlowError {
    /// Lengths that should agree do not.
    #[error("{found} {what} for {needed} origins; one for each flow is needed, in the same order")]
    Length {
        /// What differs.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// Number of origins.
        needed: usize,
    },
    /// More places than can be numbered.
    #[error("{found} places; {most} are possible at most, gather them first")]
    TooManyPlaces {
        /// Number of places.
        found: usize,
        /// Largest number.
        most: usize,
    },
    /// A place that is not there.
    #[error("flow {flow} begins or ends at place {place}, but there are {places}, counted from 0")]
    Place {
        /// Row of the flow, from 0.
        flow: usize,
        /// Place found.
        place: usize,
        /// Number of places.
        places: usize,
    },
    /// A code that no place has.
    #[error(
        "{flows} flows begin or end at a place that is not known, the first at {code:?}; leave them out and say how much \
         they are, or add a place for what lies outside"
    )]
    Code {
        /// The first code that is not known.
        code: String,
        /// Number of flows with such a code.
        flows: usize,
    },
    /// A code that two places have.
    #[error("the code {code:?} stands for more than one place; codes must differ")]
    Twice {
        /// The code.
        code: String,
    },
    /// An amount that nothing can stand for.
    #[error("flow {flow} is {amount}; an amount from one place to another is finite and at least 0")]
    Amount {
        /// Row of the flow, from 0.
        flow: usize,
        /// Amount found.
        amount: f64,
    },
    /// Amounts in more than one unit.
    #[error("flow {flow} is in {found}, those before it in {needed}; convert them to one unit")]
    Units {
        /// Row of the flow, from 0.
        flow: usize,
        /// Its unit.
        found: Unit,
        /// Unit of the flows before.
        needed: Unit,
    },
}

/// Places that a `u32` can number.
const MOST_PLACES: usize = u32::MAX as usize;

impl Flows {
    /// Amounts between places, which are counted from 0: the rows of a geometry column.
    ///
    /// # Errors
    ///
    /// [`FlowError`] if lengths or units differ, there is no such place, or an amount is negative.
    pub fn new(
        places: usize,
        origins: &[usize],
        destinations: &[usize],
        amounts: &[Measured],
    ) -> Result<Self, FlowError> {
        let unit = amounts.first().map_or(Unit::ONE, |amount| amount.unit().clone());
        if let Some(flow) = amounts.iter().position(|amount| *amount.unit() != unit) {
            return Err(FlowError::Units { flow, found: amounts[flow].unit().clone(), needed: unit });
        }
        let known = |amount: &Measured| {
            let bounds = amount.interval().filter(|_| amount.suppression().is_none());
            amount.value().or(bounds.map(|bounds| bounds.lower)).unwrap_or(f64::NAN)
        };
        let numbers: Vec<f64> = amounts.iter().map(known).collect();
        let mut flows = Self::of_numbers(places, origins, destinations, &numbers, unit)?;
        let is_secret =
            |amount: &&Measured| amount.suppression().is_some_and(datagora_core::Suppression::is_secret);
        flows.withheld = amounts.iter().filter(is_secret).count();
        flows.missing -= flows.withheld;
        flows.bounded = amounts
            .iter()
            .zip(&numbers)
            .filter(|(a, number)| a.value().is_none() && !number.is_nan())
            .count();
        Ok(flows)
    }

    /// Amounts between places named by code: the codes of the places, and those of origins and destinations.
    ///
    /// # Errors
    ///
    /// [`FlowError::Code`] for codes that no place has, [`FlowError::Twice`] for a code of several places; else as
    /// [`Flows::new`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Measured, Unit};
    /// use datagora_viz::{FlowError, Flows};
    ///
    /// let codes = ["69029", "69123"];
    /// let trips = [Measured::new(12.0, Unit::of("{trip}"))];
    /// let flows = Flows::by_code(&codes, &["69029"], &["69123"], &trips)?;
    /// assert_eq!(flows.leaving(), [12.0, 0.0]);
    /// let outside = Flows::by_code(&codes, &["69029"], &["38544"], &trips);
    /// assert_eq!(outside, Err(FlowError::Code { code: "38544".to_owned(), flows: 1 }));
    /// # Ok::<(), FlowError>(())
    /// ```
    pub fn by_code<C: AsRef<str>>(
        codes: &[C],
        origins: &[C],
        destinations: &[C],
        amounts: &[Measured],
    ) -> Result<Self, FlowError> {
        let mut rows = HashMap::with_capacity(codes.len());
        for (row, code) in codes.iter().enumerate() {
            if rows.insert(code.as_ref(), row).is_some() {
                return Err(FlowError::Twice { code: code.as_ref().to_owned() });
            }
        }
        check_length("destinations", destinations.len(), origins.len())?;
        let strange = |code: &C| !rows.contains_key(code.as_ref());
        let lost = || origins.iter().zip(destinations).filter(|(from, to)| strange(from) || strange(to));
        if let Some((from, to)) = lost().next() {
            let code = if strange(from) { from } else { to };
            return Err(FlowError::Code { code: code.as_ref().to_owned(), flows: lost().count() });
        }
        let of = |codes: &[C]| codes.iter().map(|code| rows[code.as_ref()]).collect::<Vec<usize>>();
        Self::new(codes.len(), &of(origins), &of(destinations), amounts)
    }

    /// Amounts between places as plain numbers, for millions of them; NaN is missing.
    ///
    /// Time grows as n log n with the number of flows.
    ///
    /// # Errors
    ///
    /// As [`Flows::new`].
    pub fn of_numbers(
        places: usize,
        origins: &[usize],
        destinations: &[usize],
        amounts: &[f64],
        unit: Unit,
    ) -> Result<Self, FlowError> {
        check_length("destinations", destinations.len(), origins.len())?;
        check_length("amounts", amounts.len(), origins.len())?;
        if places > MOST_PLACES {
            return Err(FlowError::TooManyPlaces { found: places, most: MOST_PLACES });
        }
        let mut flows = Vec::with_capacity(amounts.len());
        let mut missing = 0;
        for (flow, ((&origin, &destination), &amount)) in
            origins.iter().zip(destinations).zip(amounts).enumerate()
        {
            let place = origin.max(destination);
            if place >= places {
                return Err(FlowError::Place { flow, place, places });
            }
            if amount.is_nan() {
                missing += 1;
                continue;
            }
            if amount < 0.0 || amount.is_infinite() {
                return Err(FlowError::Amount { flow, amount });
            }
            flows.push(Flow { origin: origin as u32, destination: destination as u32, amount });
        }
        let (between, within) = gather(flows, places);
        Ok(Self { places, unit, between, within, missing, withheld: 0, bounded: 0 })
    }

    /// Number of places.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Unit of the amounts.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Number of pairs of different places, from one to the other, with an amount above zero.
    pub fn len(&self) -> usize {
        self.between.len()
    }

    /// Whether nothing goes from one place to another.
    pub fn is_empty(&self) -> bool {
        self.between.is_empty()
    }

    /// Origin, destination and amount of each pair of different places, by origin, then by destination; none is zero.
    pub fn between(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        self.between.iter().map(|flow| (flow.origin as usize, flow.destination as usize, flow.amount))
    }

    /// The amount from each place to itself.
    pub fn within(&self) -> &[f64] {
        &self.within
    }

    /// What comes to each place from others.
    pub fn entering(&self) -> Vec<f64> {
        sums(&self.between, self.places, |flow| flow.destination)
    }

    /// What leaves each place for others.
    pub fn leaving(&self) -> Vec<f64> {
        sums(&self.between, self.places, |flow| flow.origin)
    }

    /// All that goes from one place to another.
    pub fn total(&self) -> f64 {
        self.between.iter().map(|flow| flow.amount).sum()
    }

    /// Number of amounts that are missing.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Number of amounts that statistical secrecy withholds.
    pub fn withheld(&self) -> usize {
        self.withheld
    }

    /// Number of amounts known only within bounds.
    pub fn bounded(&self) -> usize {
        self.bounded
    }

    /// One amount for each pair of places, whichever way it goes; the lower place is the origin.
    pub(crate) fn undirected(&self) -> Vec<Flow> {
        let paired = self.between.iter().map(|flow| Flow {
            origin: flow.origin.min(flow.destination),
            destination: flow.origin.max(flow.destination),
            amount: flow.amount,
        });
        gather(paired.collect(), self.places).0
    }

    /// What remains of each pair of places when the way back is taken off, from the place that loses to the one that gains.
    pub(crate) fn net(&self) -> Vec<Flow> {
        let amount = |origin: u32, destination: u32| {
            let at = self
                .between
                .binary_search_by_key(&(origin, destination), |flow| (flow.origin, flow.destination));
            at.map_or(0.0, |at| self.between[at].amount)
        };
        let left = self
            .between
            .iter()
            .map(|flow| Flow { amount: flow.amount - amount(flow.destination, flow.origin), ..*flow });
        left.filter(|flow| flow.amount > 0.0).collect()
    }

    /// The flows of every pair, each way.
    pub(crate) fn directed(&self) -> &[Flow] {
        &self.between
    }

    /// The flows between groups of places; those of places without group are left out.
    pub(crate) fn grouped(&self, group: &[Option<u32>], groups: usize) -> Self {
        let of = |place: u32| group[place as usize];
        let kept = self.between.iter().filter_map(|flow| {
            Some(Flow { origin: of(flow.origin)?, destination: of(flow.destination)?, amount: flow.amount })
        });
        let (between, mut within) = gather(kept.collect(), groups);
        for (amount, group) in self.within.iter().zip(group) {
            if let Some(group) = group {
                within[*group as usize] += amount;
            }
        }
        Self { places: groups, unit: self.unit.clone(), between, within, ..*self }
    }
}

/// Adds up the flows of each pair, and sets apart those from a place to itself.
fn gather(mut flows: Vec<Flow>, places: usize) -> (Vec<Flow>, Vec<f64>) {
    let mut within = vec![0.0; places];
    flows.retain(|flow| {
        let apart = flow.origin == flow.destination;
        if apart {
            within[flow.origin as usize] += flow.amount;
        }
        !apart && flow.amount > 0.0
    });
    let pair = |flow: &Flow| u64::from(flow.origin) << 32 | u64::from(flow.destination);
    // Stable, so that sums do not depend on the algorithm.
    flows.sort_by_key(pair);
    flows.dedup_by(|next, kept| {
        let same = pair(next) == pair(kept);
        if same {
            kept.amount += next.amount;
        }
        same
    });
    (flows, within)
}

fn sums(flows: &[Flow], places: usize, end: impl Fn(&Flow) -> u32) -> Vec<f64> {
    let mut sums = vec![0.0; places];
    for flow in flows {
        sums[end(flow) as usize] += flow.amount;
    }
    sums
}

/// The largest first; equals by origin, then by destination.
pub(crate) fn sort_largest(flows: &mut [Flow]) {
    flows.sort_by(|a, b| {
        b.amount.total_cmp(&a.amount).then_with(|| (a.origin, a.destination).cmp(&(b.origin, b.destination)))
    });
}

fn check_length(what: &'static str, found: usize, needed: usize) -> Result<(), FlowError> {
    if found == needed { Ok(()) } else { Err(FlowError::Length { what, found, needed }) }
}
