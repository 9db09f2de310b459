//! The state of a theta model: a level that follows the series, and a line through its values.
use crate::minimise::downhill;

/// Errors of the first steps do not count: the line through the past is not one yet.
pub(super) const WARM_UP: usize = 3;
/// Smallest and largest smoothing, and where the search starts.
const ALPHA: (f64, f64) = (0.1, 0.99);
const MIDDLE: f64 = 0.5;

/// The least-squares line through what has been seen, updated in O(1).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Line {
    count: f64,
    mean_t: f64,
    mean_y: f64,
    tt: f64,
    ty: f64,
}

impl Line {
    /// Through all values; the first is at time 1.
    pub(super) fn through(values: &[f64]) -> Self {
        let mut line = Self::default();
        for (t, &y) in values.iter().enumerate().filter(|(_, y)| !y.is_nan()) {
            line.push((t + 1) as f64, y);
        }
        line
    }

    fn push(&mut self, t: f64, y: f64) {
        self.count += 1.0;
        let (dt, dy) = (t - self.mean_t, y - self.mean_y);
        self.mean_t += dt / self.count;
        self.mean_y += dy / self.count;
        self.tt += dt * (t - self.mean_t);
        self.ty += dt * (y - self.mean_y);
    }

    /// Value at time 0, and slope.
    fn coefficients(&self) -> (f64, f64) {
        let slope = if self.tt > 0.0 { self.ty / self.tt } else { 0.0 };
        (self.mean_y - slope * self.mean_t, slope)
    }

    fn scaled(self, scale: f64) -> Self {
        Self { mean_y: self.mean_y * scale, ty: self.ty * scale, ..self }
    }
}

/// Level, line and (1 − α)ᵗ after some steps. The line of a static model is that of the whole series; that of a dynamic
/// one grows with what is taken in, and before the first value there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Path {
    pub(super) level: f64,
    line: Line,
    grows: bool,
    power: f64,
    step: usize,
}

impl Path {
    /// At the start; `line` for a static model.
    fn new(level: f64, line: Option<Line>) -> Self {
        Self { level, line: line.unwrap_or_default(), grows: line.is_none(), power: 1.0, step: 0 }
    }

    /// What the line adds to the level, for a full share.
    pub(super) fn pull(&self, alpha: f64) -> f64 {
        let (a, b) = self.line.coefficients();
        a * self.power + b * (1.0 - self.power * (1.0 - alpha)) / alpha
    }

    /// Takes a value in: an observation, or beyond the end the forecast itself.
    pub(super) fn take(&mut self, y: f64, alpha: f64) {
        self.level = alpha * y + (1.0 - alpha) * self.level;
        if self.grows {
            self.line.push((self.step + 1) as f64, y);
        }
        self.advance(alpha);
    }

    /// A step without value: the level moves on as if the forecast `point` had come true, the line stays.
    pub(super) fn pass(&mut self, point: f64, alpha: f64) {
        self.level += alpha * (point - self.level);
        self.advance(alpha);
    }

    fn advance(&mut self, alpha: f64) {
        self.power *= 1.0 - alpha;
        self.step += 1;
    }
}

/// Parameters, and the sum of squared errors they leave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    pub(super) alpha: f64,
    /// 1 − 1/θ: the share of the line.
    pub(super) share: f64,
    level: f64,
    line: Option<Line>,
    pub(super) squares: f64,
}

impl Estimate {
    /// The state before the first value, in units of `scale`.
    pub(super) fn start(&self, scale: f64) -> Path {
        Path::new(self.level * scale, self.line.map(|line| line.scaled(scale)))
    }
}

/// The least-squares estimate in the valley of α = 0.5, from where the references search too: where another valley is
/// deeper, at its far end the level follows every turn, and forecasts get worse.
///
/// `line` makes the model static, a `share` is kept.
pub(super) fn estimate(values: &[f64], line: Option<Line>, share: Option<f64>) -> Estimate {
    let step = (ALPHA.1 - ALPHA.0) / 12.0;
    let squares = |alpha| estimate_for(values, line, share, alpha).squares;
    let alpha = downhill(MIDDLE, ALPHA.0, ALPHA.1, step, squares);
    estimate_for(values, line, share, alpha)
}

/// For one α, the least-squares initial level and share.
fn estimate_for(values: &[f64], line: Option<Line>, share: Option<f64>, alpha: f64) -> Estimate {
    // One-step error = (y − L) − share · (G + S) − level · P, where the recursion of the level is split by what it is
    // linear in: L from the data, P from the initial level, S from the share (through gaps alone), and G is the pull.
    let (mut data, mut initial, mut shared) = (0.0, 1.0, 0.0);
    let mut path = Path::new(0.0, line);
    let (mut gg, mut gp, mut pp, mut rg, mut rp, mut rr) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (t, &y) in values.iter().enumerate() {
        let g = path.pull(alpha) + shared;
        if y.is_nan() {
            shared += alpha * (g - shared);
            path.advance(alpha);
            continue;
        }
        if t >= WARM_UP {
            let r = y - data;
            gg += g * g;
            gp += g * initial;
            pp += initial * initial;
            rg += r * g;
            rp += r * initial;
            rr += r * r;
        }
        data = alpha * y + (1.0 - alpha) * data;
        initial *= 1.0 - alpha;
        shared *= 1.0 - alpha;
        path.take(y, alpha);
    }
    let determinant = gg * pp - gp * gp;
    let share = share.unwrap_or_else(|| {
        if determinant > 1e-9 * gg * pp { ((rg * pp - rp * gp) / determinant).clamp(0.0, 1.0) } else { 0.0 }
    });
    let level = if pp > 1e-300 { (rp - share * gp) / pp } else { 0.0 };
    let squares = rr - 2.0 * (share * rg + level * rp)
        + share * share * gg
        + 2.0 * share * level * gp
        + level * level * pp;
    Estimate { alpha, share, level, line, squares: squares.max(0.0) }
}
