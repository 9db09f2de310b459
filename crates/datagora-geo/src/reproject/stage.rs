//! One half of a conversion over a chunk of points: a kernel for most of them, and the closed form for the others.

/// Latitudes, in degrees, of the panel that holds metropolitan France, so that its data need no other.
pub(super) const HOME_LATITUDES: [f64; 2] = [40.75, 51.75];

/// Points of a chunk, and where they go.
pub(super) struct Chunk<'a> {
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) to_x: &'a mut [f64],
    pub(super) to_y: &'a mut [f64],
}

impl Chunk<'_> {
    /// A point for all: one that is not missing if there is one.
    pub(super) fn typical(&self) -> (f64, f64) {
        let middle = self.x.len() / 2;
        let is_point = |&k: &usize| !(self.x[k].is_nan() || self.y[k].is_nan());
        let chosen = std::iter::once(middle).chain(0..self.x.len()).find(is_point).unwrap_or(middle);
        (self.x[chosen], self.y[chosen])
    }

    /// Applies a kernel to each point, and says whether it holds for all. Where it does not, the easting becomes NaN.
    #[inline(always)]
    pub(super) fn each(&mut self, kernel: impl Fn(f64, f64) -> (f64, f64, bool)) -> bool {
        let n = self.x.len();
        let (x, y, to_x, to_y) = (&self.x[..n], &self.y[..n], &mut self.to_x[..n], &mut self.to_y[..n]);
        let mut all = true;
        for k in 0..n {
            let (east, north, inside) = kernel(x[k], y[k]);
            to_x[k] = if inside { east } else { f64::NAN };
            to_y[k] = north;
            all &= inside;
        }
        all
    }

    /// Runs a kernel, if there is one for the [`typical`](Self::typical) point, then converts one by one the points for
    /// which it does not hold; (NaN, NaN) for those that cannot be converted. Whether there was one that is not missing.
    pub(super) fn convert(
        mut self,
        kernel: Option<impl FnOnce(&mut Self) -> bool>,
        point: impl Fn(f64, f64) -> (f64, f64),
    ) -> bool {
        match kernel {
            Some(kernel) => {
                if kernel(&mut self) {
                    return false;
                }
            }
            None => self.to_x.fill(f64::NAN),
        }
        let mut lost = false;
        let Chunk { x, y, to_x, to_y } = self;
        for (((&x, &y), to_x), to_y) in x.iter().zip(y).zip(to_x).zip(to_y) {
            if to_x.is_nan() {
                let missing = x.is_nan() || y.is_nan();
                (*to_x, *to_y) = if missing { (f64::NAN, f64::NAN) } else { point(x, y) };
                if !(to_x.is_finite() && to_y.is_finite()) {
                    (*to_x, *to_y) = (f64::NAN, f64::NAN);
                    lost |= !missing;
                }
            }
        }
        lost
    }

    /// Copies the points for which a condition holds. Whether there is one, not missing, for which it does not.
    pub(super) fn copy_if(self, holds: impl Fn(f64, f64) -> bool) -> bool {
        let copy = |chunk: &mut Self| chunk.each(|x, y| (x, y, holds(x, y)));
        self.convert(Some(copy), |_, _| (f64::NAN, f64::NAN))
    }
}

/// The result of a kernel, if it holds for the point.
pub(super) fn if_inside(result: (f64, f64, bool)) -> Option<(f64, f64)> {
    result.2.then_some((result.0, result.1))
}
