//! The macroscopic fundamental diagram: how many vehicles a network passes at which accumulation.
use datagora_core::{Interval, Measured, Metres, Suppression, Unit};

use crate::wrong::Wrong;
use crate::{Bootstrap, LevelError};

/// Flow, density and speed of a network in one interval.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NetworkState {
    /// Mean flow, vehicles an hour; NaN without data.
    pub flow: f64,
    /// Mean density, vehicles per kilometre; NaN without data.
    pub density: f64,
    /// Share of the length of the network whose links have data, 0 to 1.
    pub covered: f64,
}

impl NetworkState {
    /// Space-mean speed of the network, km/h; NaN if it is empty or without data.
    pub fn speed(&self) -> f64 {
        self.flow / self.density
    }
}

/// The states of a network over time, from its links (Edie's averages): `Q = Σ q l / Σ l`, `K = Σ k l / Σ l`.
///
/// # Shapes and units
///
/// A length for each link; flows (vehicles an hour) and densities (vehicles per kilometre) of links × intervals, one link
/// after the other → one state for each interval. With values of a lane the lengths are of lanes.
///
/// # Missing values
///
/// A link whose flow or density is NaN is left out of that interval; [`NetworkState::covered`] says which share of the
/// length is left. Links that come and go move the mean although traffic did not change: see
/// [`DiagramOptions::covered`].
///
/// # Errors
///
/// [`DiagramError::Shape`], [`DiagramError::Length`], [`DiagramError::NotAState`].
///
/// # Example
///
/// ```
/// use datagora_core::Metres;
/// use datagora_indicators::mobility::network_states;
///
/// let lengths = [Metres(100.0), Metres(300.0)];
/// let states = network_states(&lengths, &[800.0, 400.0, 400.0, f64::NAN], &[20.0, 10.0, 20.0, 8.0])?;
/// assert_eq!((states[0].flow, states[0].density, states[0].speed()), (500.0, 20.0, 25.0));
/// assert_eq!((states[1].flow, states[1].covered), (400.0, 0.25));
/// # Ok::<(), datagora_indicators::mobility::DiagramError>(())
/// ```
///
/// # References
///
/// Geroliminis, N. and Daganzo, C. F. (2008). Existence of urban-scale macroscopic fundamental diagrams. Transportation
/// Research B 42, 759–770. doi:10.1016/j.trb.2008.02.002
pub fn network_states(
    lengths: &[Metres],
    flows: &[f64],
    densities: &[f64],
) -> Result<Vec<NetworkState>, DiagramError> {
    let links = lengths.len();
    let intervals = flows.len().checked_div(links).unwrap_or(0);
    if flows.len() != densities.len() || intervals * links != flows.len() {
        return Err(DiagramError::Shape { links, flows: flows.len(), densities: densities.len() });
    }
    if let Some(link) = lengths.iter().position(|length| !(length.0 > 0.0 && length.0.is_finite())) {
        return Err(DiagramError::Length { link, length: lengths[link].0 });
    }
    for (what, values) in [("flow", flows), ("density", densities)] {
        if let Some(Wrong { at, value, .. }) = Wrong::negative(values) {
            let (link, interval) = (at / intervals, at % intervals);
            return Err(DiagramError::NotAState { what, link, interval, value });
        }
    }
    let all: f64 = lengths.iter().map(|length| length.0).sum();
    let mut sums = vec![(0.0, 0.0, 0.0); intervals];
    if intervals > 0 {
        let rows = flows.chunks_exact(intervals).zip(densities.chunks_exact(intervals));
        for (length, (flows, densities)) in lengths.iter().zip(rows) {
            for (sum, (flow, density)) in sums.iter_mut().zip(flows.iter().zip(densities)) {
                if !flow.is_nan() && !density.is_nan() {
                    *sum = (sum.0 + flow * length.0, sum.1 + density * length.0, sum.2 + length.0);
                }
            }
        }
    }
    let state = |(flow, density, covered): (f64, f64, f64)| NetworkState {
        flow: flow / covered,
        density: density / covered,
        covered: (covered / all).min(1.0),
    };
    Ok(sums.into_iter().map(state).collect())
}

/// How to describe the diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct DiagramOptions {
    /// Intervals of a day (or another block that stands for itself): drawn as a whole for the intervals, and the loop of
    /// the hysteresis.
    pub block: usize,
    /// Number of classes of density, of equal width from 0 to the highest density observed.
    pub classes: usize,
    /// Fewest intervals in a class (with its neighbours) for it to have a flow.
    pub smallest_class: usize,
    /// Smallest covered share of the length for an interval to be used.
    pub covered: f64,
    /// How to draw for the intervals.
    pub bootstrap: Bootstrap,
}

impl Default for DiagramOptions {
    /// Days of 288 intervals of five minutes, 30 classes of at least 5, four fifths of the length covered, 1,000 draws.
    fn default() -> Self {
        Self { block: 288, classes: 30, smallest_class: 5, covered: 0.8, bootstrap: Bootstrap::default() }
    }
}

impl DiagramOptions {
    /// With days of this number of intervals.
    pub fn with_block(self, block: usize) -> Self {
        Self { block, ..self }
    }

    /// With this number of classes.
    pub fn with_classes(self, classes: usize) -> Self {
        Self { classes, ..self }
    }

    /// With classes of at least this number of intervals.
    pub fn with_smallest_class(self, smallest_class: usize) -> Self {
        Self { smallest_class, ..self }
    }

    /// With this smallest covered share.
    pub fn with_covered(self, covered: f64) -> Self {
        Self { covered, ..self }
    }

    /// With this way to draw.
    pub fn with_bootstrap(self, bootstrap: Bootstrap) -> Self {
        Self { bootstrap, ..self }
    }
}

/// A point of the smoothed diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DiagramPoint {
    /// Mean density of a class and its two neighbours, vehicles per kilometre.
    pub density: f64,
    /// Their mean flow, vehicles an hour.
    pub flow: f64,
    /// Their intervals.
    pub intervals: usize,
}

/// The macroscopic fundamental diagram of a network, described.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FundamentalDiagram {
    /// Speed at low density, km/h: slope through the origin up to half the critical density.
    pub free_flow_speed: Measured,
    /// Largest mean flow, vehicles an hour; a lower bound if the network was never seen beyond it.
    pub capacity: Measured,
    /// Density at the largest flow, vehicles per kilometre; a lower bound if the network was never seen beyond it.
    pub critical_density: Measured,
    /// Signed area of the daily loop, `∮ Q dK` over capacity times critical density, mean of the days. Positive:
    /// clockwise, less flow at the same density while the network empties than while it fills.
    pub hysteresis: Measured,
    /// The smoothed diagram, by growing density.
    pub points: Vec<DiagramPoint>,
    /// Mean covered share of the length over the intervals used.
    pub covered: f64,
    /// Intervals used.
    pub used: usize,
}

/// A diagram cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DiagramError {
    /// The tables are not links × intervals.
    #[error(
        "found {flows} flows and {densities} densities for {links} links; both need the same multiple of the links"
    )]
    Shape {
        /// Links given.
        links: usize,
        /// Flows given.
        flows: usize,
        /// Densities given.
        densities: usize,
    },
    /// A link without length.
    #[error("found a length of {length} m for link {link}; lengths are positive and finite")]
    Length {
        /// Position of the link.
        link: usize,
        /// Its length.
        length: f64,
    },
    /// A flow or density that is none.
    #[error(
        "found a {what} of {value} for link {link}, interval {interval}; it is finite and not negative: mark a missing one as NaN"
    )]
    NotAState {
        /// Flow or density.
        what: &'static str,
        /// Position of the link.
        link: usize,
        /// Position of the interval.
        interval: usize,
        /// What stood there.
        value: f64,
    },
    /// The level of the interval is not a probability.
    #[error(transparent)]
    Level(#[from] LevelError),
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

/// Describes the macroscopic fundamental diagram of a network: free-flow speed, capacity, critical density, hysteresis.
///
/// The states are sorted into classes of density; the diagram is the mean flow of each class with its two neighbours, and
/// the capacity its largest; the critical density is that of the class with the largest flow among these three. Intervals
/// draw whole days with replacement ([`Bootstrap`]), the same for any number of threads.
///
/// # Shapes and units
///
/// States of intervals of the same length in the order of time ([`network_states`]), missing ones in their place; the
/// first begins a day → km/h, vehicles an hour and per kilometre.
///
/// # Missing values
///
/// Intervals in which less than the asked share of the length has data are left out; completeness is the share used. A
/// day with a gap has no loop and is left out of the hysteresis, whose completeness is the share of the days with one.
///
/// # Interpretation
///
/// A network holds more vehicles than its critical density only at the price of flow: what access control keeps it below.
/// The resolution is a class. If the flow still grows at the highest density seen, the network was never congested as a
/// whole: capacity and critical density are lower bounds, without value. Detectors at stop lines see more density than
/// links have; one diagram for a whole network supposes that congestion is spread evenly, and a large hysteresis says that
/// it is not.
///
/// # Errors
///
/// [`DiagramError::Option`], [`DiagramError::Level`].
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{DiagramOptions, NetworkState, fundamental_diagram};
///
/// // Ten days: density up to 80 and back, flow 40·K below 30 vehicles per km, falling to 0 at 150 beyond.
/// let flow = |k: f64| (40.0 * k).min(10.0 * (150.0 - k));
/// let day = (0..=80).chain((0..80).rev()).map(f64::from);
/// let states: Vec<NetworkState> = (0..10)
///     .flat_map(|_| day.clone())
///     .map(|density| NetworkState { flow: flow(density), density, covered: 1.0 })
///     .collect();
/// let options = DiagramOptions::default().with_block(161).with_classes(40);
/// let found = fundamental_diagram(&states, &options)?;
/// assert!((found.critical_density.value().unwrap() - 30.0).abs() < 2.0);
/// assert!((found.free_flow_speed.value().unwrap() - 40.0).abs() < 1e-9);
/// assert!(found.hysteresis.value().unwrap().abs() < 1e-9); // it empties as it fills
/// # Ok::<(), datagora_indicators::mobility::DiagramError>(())
/// ```
///
/// # References
///
/// Geroliminis, N. and Daganzo, C. F. (2008). Transportation Research B 42, 759–770. Gayah, V. V. and Daganzo, C. F. (2011).
/// Clockwise hysteresis loops in the macroscopic fundamental diagram. Transportation Research B 45, 643–655 (loops).
pub fn fundamental_diagram(
    states: &[NetworkState],
    options: &DiagramOptions,
) -> Result<FundamentalDiagram, DiagramError> {
    let number = |name, value: usize| {
        if value > 0 {
            return Ok(());
        }
        Err(DiagramError::Option { name, value: 0.0, needed: "at least one" })
    };
    number("a block", options.block)?;
    number("a number of classes", options.classes)?;
    if !(0.0..=1.0).contains(&options.covered) {
        let needed = "a share from 0 to 1";
        return Err(DiagramError::Option { name: "a covered share", value: options.covered, needed });
    }
    let usable = |state: &&NetworkState| {
        let finite = state.flow.is_finite() && state.density.is_finite();
        finite && state.covered > 0.0 && state.covered >= options.covered
    };
    let used = states.iter().filter(usable).count();
    let highest = states.iter().filter(usable).map(|state| state.density).fold(0.0, f64::max);
    let days: Vec<Day> = states
        .chunks(options.block)
        .map(|day| Day::new(day, day.len() == options.block, highest, options.classes, |s| usable(&s)))
        .collect();
    let all: Vec<usize> = (0..days.len()).collect();
    let describe = |drawn: &[usize]| Description::of(&days, drawn, options.smallest_class);
    let Some(found) = describe(&all) else {
        return Ok(nothing(states.len(), used));
    };
    let intervals = options
        .bootstrap
        .intervals(days.len(), |drawn| describe(drawn).map_or([f64::NAN; 4], |found| found.numbers()))?;
    let [speed, capacity, density, loops] = found.numbers();
    let with = |measured: Measured, interval: Option<Interval>| match interval {
        Some(interval) => measured.with_interval(interval),
        None => measured,
    };
    let completeness = used as f64 / states.len() as f64;
    let known = |measured: Measured| measured.with_observations(used as u64).with_completeness(completeness);
    let maximum = |value: f64, unit: Unit, interval: Option<Interval>| {
        if found.beyond {
            return known(with(Measured::new(value, unit), interval));
        }
        let bounds = Measured::bounded(value, f64::INFINITY, unit.clone());
        known(bounds.unwrap_or_else(|_| Measured::new(value, unit)))
    };
    let closed = days.iter().filter(|day| day.closed.is_some()).count();
    let hysteresis = if closed == 0 {
        Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed: 1.0 })
    } else {
        with(Measured::new(loops, Unit::ONE), intervals[3])
    };
    let covered: f64 = states.iter().filter(usable).map(|state| state.covered).sum();
    Ok(FundamentalDiagram {
        free_flow_speed: known(with(Measured::new(speed, Unit::KILOMETRE_PER_HOUR), intervals[0])),
        capacity: maximum(capacity, Unit::of("{vehicle}/h"), intervals[1]),
        critical_density: maximum(density, Unit::of("{vehicle}/km"), intervals[2]),
        hysteresis: hysteresis
            .with_observations(closed as u64)
            .with_completeness(closed as f64 / days.len() as f64),
        points: found.points,
        covered: covered / used as f64,
        used,
    })
}

fn nothing(states: usize, used: usize) -> FundamentalDiagram {
    let none = |unit| {
        let measured = Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 });
        let completeness = if states == 0 { 0.0 } else { used as f64 / states as f64 };
        measured.with_observations(used as u64).with_completeness(completeness)
    };
    FundamentalDiagram {
        free_flow_speed: none(Unit::KILOMETRE_PER_HOUR),
        capacity: none(Unit::of("{vehicle}/h")),
        critical_density: none(Unit::of("{vehicle}/km")),
        hysteresis: none(Unit::ONE),
        points: Vec::new(),
        covered: 0.0,
        used,
    }
}

/// What a class of density holds.
#[derive(Clone, Copy, Debug, Default)]
struct Class {
    count: usize,
    density: f64,
    flow: f64,
    density_squared: f64,
    flow_times_density: f64,
}

impl Class {
    fn plus(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            density: self.density + other.density,
            flow: self.flow + other.flow,
            density_squared: self.density_squared + other.density_squared,
            flow_times_density: self.flow_times_density + other.flow_times_density,
        }
    }

    fn mean(self) -> DiagramPoint {
        let count = self.count as f64;
        DiagramPoint { density: self.density / count, flow: self.flow / count, intervals: self.count }
    }
}

/// What a day contributes, so that draws add days instead of reading intervals again.
struct Day {
    classes: Vec<Class>,
    /// `∮ Q dK` if the day is complete.
    closed: Option<f64>,
}

impl Day {
    fn new(
        states: &[NetworkState],
        whole: bool,
        highest: f64,
        classes: usize,
        usable: impl Fn(&NetworkState) -> bool,
    ) -> Self {
        let mut sums = vec![Class::default(); classes];
        for state in states.iter().filter(|state| usable(state)) {
            let (k, q) = (state.density, state.flow);
            let class = if highest > 0.0 { (k / highest * classes as f64) as usize } else { 0 };
            let sum = &mut sums[class.min(classes - 1)];
            let one =
                Class { count: 1, density: k, flow: q, density_squared: k * k, flow_times_density: k * q };
            *sum = sum.plus(one);
        }
        let area = || {
            let next = states.iter().cycle().skip(1);
            let step =
                |(a, b): (&NetworkState, &NetworkState)| 0.5 * (a.flow + b.flow) * (b.density - a.density);
            states.iter().zip(next).map(step).sum()
        };
        Self { classes: sums, closed: (whole && states.iter().all(usable)).then(area) }
    }
}

/// The diagram of some days.
struct Description {
    free_flow_speed: f64,
    capacity: f64,
    critical_density: f64,
    hysteresis: f64,
    /// Was a class beyond the critical density seen?
    beyond: bool,
    points: Vec<DiagramPoint>,
}

impl Description {
    fn of(days: &[Day], drawn: &[usize], smallest: usize) -> Option<Self> {
        let mut classes = vec![Class::default(); days.first()?.classes.len()];
        for day in drawn {
            for (sum, class) in classes.iter_mut().zip(&days[*day].classes) {
                *sum = sum.plus(*class);
            }
        }
        let smoothed = |i: usize| {
            let near = &classes[i.saturating_sub(1)..classes.len().min(i + 2)];
            let sum = near.iter().fold(Class::default(), |sum, class| sum.plus(*class));
            let own = classes[i].count > 0 && sum.count >= smallest.max(1);
            own.then(|| (i, sum.mean()))
        };
        let points: Vec<(usize, DiagramPoint)> = (0..classes.len()).filter_map(smoothed).collect();
        let fuller = |a: &DiagramPoint, b: &DiagramPoint| a.flow.total_cmp(&b.flow);
        let (at, top) =
            points.iter().enumerate().max_by(|a, b| fuller(&a.1.1, &b.1.1).then(b.0.cmp(&a.0)))?;
        let capacity = top.1.flow;
        // Where flow rises faster than it falls, a mean over classes is largest beyond the maximum: of the class found
        // and its neighbours the fullest is where it stands.
        let near = classes[top.0.saturating_sub(1)..classes.len().min(top.0 + 2)].iter();
        let near = near.filter(|class| class.count > 0 && class.count >= smallest).map(|class| class.mean());
        let critical = near.max_by(fuller).unwrap_or(top.1).density;
        // The slope of the free branch, or of all up to the critical density if nothing lies below half of it.
        let slope = |limit: f64| {
            let free = classes.iter().filter(|c| c.count > 0 && c.density / c.count as f64 <= limit);
            let sums = free.fold((0.0, 0.0), |s, c| (s.0 + c.flow_times_density, s.1 + c.density_squared));
            sums.0 / sums.1
        };
        let half = slope(0.5 * critical);
        let loops: Vec<f64> = drawn.iter().filter_map(|day| days[*day].closed).collect();
        let mean = loops.iter().sum::<f64>() / loops.len() as f64;
        Some(Self {
            free_flow_speed: if half.is_finite() { half } else { slope(critical) },
            capacity,
            critical_density: critical,
            hysteresis: mean / (capacity * critical),
            beyond: at + 1 < points.len(),
            points: points.into_iter().map(|(_, point)| point).collect(),
        })
    }

    fn numbers(&self) -> [f64; 4] {
        [self.free_flow_speed, self.capacity, self.critical_density, self.hysteresis]
    }
}

#[cfg(test)]
mod tests;
