//! The recursion of the states with its derivatives, there and back and there again.

/// A component: its value and its information potential. The partial season keeps the latter at 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) value: f64,
    pub(super) potential: f64,
}

impl Pair {
    /// As the references start: the potential a tenth below the value.
    pub(super) fn starting_at(value: f64) -> Self {
        Self { value, potential: value / 1.1 }
    }

    /// One step with complex smoothing (`a`, `b`) and the error `e`; 0 where there is no observation.
    fn step(self, a: f64, b: f64, e: f64) -> Self {
        let Self { value: l, potential: c } = self;
        Self { value: l - (1.0 - b) * c + (a - b) * e, potential: l + (1.0 - a) * c + (a + b) * e }
    }
}

/// Smoothing of level (two numbers), then of season: none, one (partial) or two (full).
pub(super) type Smoothing<const P: usize> = [f64; P];

/// The level, one for each place if the season is simple, and the seasonal components.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    pub(super) levels: Vec<Pair>,
    pub(super) seasons: Vec<Pair>,
}

impl State {
    /// The forecast at step `t`.
    pub(super) fn point(&self, t: usize) -> f64 {
        let level = self.levels[t % self.levels.len()].value;
        if self.seasons.is_empty() { level } else { level + self.seasons[t % self.seasons.len()].value }
    }

    /// Takes in the error of the forecast at step `t`; 0 where nothing was observed.
    pub(super) fn step(&mut self, t: usize, smoothing: &[f64], error: f64) {
        let place = t % self.levels.len();
        self.levels[place] = self.levels[place].step(smoothing[0], smoothing[1], error);
        if !self.seasons.is_empty() {
            let place = t % self.seasons.len();
            self.seasons[place] = season_step(self.seasons[place], smoothing, error);
        }
    }

    pub(super) fn scaled(mut self, scale: f64) -> Self {
        for pair in self.levels.iter_mut().chain(&mut self.seasons) {
            pair.value *= scale;
            pair.potential *= scale;
        }
        self
    }
}

fn season_step(season: Pair, smoothing: &[f64], error: f64) -> Pair {
    match smoothing[2..] {
        [a, b] => season.step(a, b, error),
        [share] => Pair { value: season.value + share * error, ..season },
        _ => season,
    }
}

/// A component with its derivatives by the smoothing parameters.
#[derive(Clone, Copy)]
struct Moving<const P: usize> {
    at: Pair,
    value: [f64; P],
    potential: [f64; P],
}

impl<const P: usize> Moving<P> {
    fn still(at: Pair) -> Self {
        Self { at, value: [0.0; P], potential: [0.0; P] }
    }

    /// A step with the smoothing at `first` and the position after it, by the error `e` with derivatives `de`.
    #[inline(always)]
    fn step(&mut self, x: &Smoothing<P>, first: usize, e: f64, de: &[f64; P]) {
        let (a, b) = (x[first], x[first + 1]);
        let c = self.at.potential;
        for ((value, potential), de) in self.value.iter_mut().zip(&mut self.potential).zip(de) {
            let (l, k) = (*value, *potential);
            *value = l - (1.0 - b) * k + (a - b) * de;
            *potential = l + (1.0 - a) * k + (a + b) * de;
        }
        self.value[first] += e;
        self.value[first + 1] += c - e;
        self.potential[first] += e - c;
        self.potential[first + 1] += e;
        self.at = self.at.step(a, b, e);
    }

    #[inline(always)]
    fn season_step(&mut self, x: &Smoothing<P>, e: f64, de: &[f64; P]) {
        if P == 4 {
            self.step(x, 2, e, de);
        } else {
            self.value.iter_mut().zip(de).for_each(|(value, de)| *value += x[2] * de);
            self.value[2] += e;
            self.at.value += x[2] * e;
        }
    }
}

/// Sum of squared errors, half its gradient, and the Gauss-Newton half of its second derivatives.
pub(super) struct Squares<const P: usize> {
    pub(super) sum: f64,
    pub(super) gradient: [f64; P],
    pub(super) curvature: [[f64; P]; P],
}

/// Working memory of [`squares`], kept between its calls.
pub(super) struct Tape<const P: usize> {
    levels: Vec<Moving<P>>,
    seasons: Vec<Moving<P>>,
}

impl<const P: usize> Tape<P> {
    pub(super) fn new() -> Self {
        Self { levels: Vec::new(), seasons: Vec::new() }
    }

    /// The states before the first value: at the turn where [`squares`] went forward again.
    pub(super) fn start_of(&mut self, values: &[f64], x: &Smoothing<P>, initial: &State) -> State {
        self.backcast(values, x, initial);
        State {
            levels: self.levels.iter().map(|m| m.at).collect(),
            seasons: self.seasons.iter().map(|m| m.at).collect(),
        }
    }

    /// Forward from `initial` and back: the states before the first value.
    fn backcast(&mut self, values: &[f64], x: &Smoothing<P>, initial: &State) {
        self.levels.clear();
        self.levels.extend(initial.levels.iter().map(|&pair| Moving::still(pair)));
        self.seasons.clear();
        self.seasons.extend(initial.seasons.iter().map(|&pair| Moving::still(pair)));
        for (t, &y) in values.iter().enumerate() {
            self.step(t, y, x);
        }
        self.turn(x);
        for (t, &y) in values.iter().enumerate().rev() {
            self.step(t, y, x);
        }
        self.turn(x);
    }

    /// Error of the forecast at step `t`, 0 at a gap, and its derivatives.
    #[inline(always)]
    fn step(&mut self, t: usize, y: f64, x: &Smoothing<P>) -> (f64, [f64; P]) {
        let (levels, seasons) = (self.levels.len(), self.seasons.len());
        let level = &mut self.levels[if levels == 1 { 0 } else { t % levels }];
        if P == 2 {
            let (mut e, mut de) = (0.0, [0.0; P]);
            if !y.is_nan() {
                e = y - level.at.value;
                de = level.value.map(|d| -d);
            }
            level.step(x, 0, e, &de);
            return (e, de);
        }
        let season = &mut self.seasons[t % seasons];
        let (mut e, mut de) = (0.0, [0.0; P]);
        if !y.is_nan() {
            e = y - level.at.value - season.at.value;
            de = std::array::from_fn(|p| -level.value[p] - season.value[p]);
        }
        level.step(x, 0, e, &de);
        season.season_step(x, e, &de);
        (e, de)
    }

    /// Where the direction changes, each component moves on by one step of its own.
    fn turn(&mut self, x: &Smoothing<P>) {
        let none = [0.0; P];
        self.levels.iter_mut().for_each(|level| level.step(x, 0, 0.0, &none));
        self.seasons.iter_mut().for_each(|season| season.season_step(x, 0.0, &none));
    }
}

/// Squared one-step errors with the initial states found by backcasting: forward from `initial`, back through the
/// values, and forward again; only the last way counts. O(n · P).
pub(super) fn squares<const P: usize>(
    values: &[f64],
    x: &Smoothing<P>,
    initial: &State,
    tape: &mut Tape<P>,
) -> Squares<P> {
    tape.backcast(values, x, initial);
    let mut squares = Squares { sum: 0.0, gradient: [0.0; P], curvature: [[0.0; P]; P] };
    for (t, &y) in values.iter().enumerate() {
        let (e, de) = tape.step(t, y, x);
        squares.sum += e * e;
        for p in 0..P {
            squares.gradient[p] += e * de[p];
            for q in 0..=p {
                squares.curvature[p][q] += de[p] * de[q];
            }
        }
    }
    for p in 0..P {
        for q in 0..p {
            squares.curvature[q][p] = squares.curvature[p][q];
        }
    }
    squares
}
