//! Reconciliation: from forecasts of every node to the nearest ones that add up.
use super::{Hierarchy, HierarchyError, Node, same_length};
use crate::regression::dot;

/// More sums than this are solved by conjugate gradients, where errors are taken to be independent.
const DENSE: usize = 1_000;

/// Where the truth lies when forecasts do not add up.
///
/// All but the first two move every forecast as little as possible, in units of the error that each is believed to have.
/// Errors are lists of one-step errors within the past, one for each node in its order, of one length; `NaN` is a gap.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Reconciliation<'a> {
    /// With the bottom series; forecasts of sums are not used.
    BottomUp,
    /// With the total, shared by these proportions of the bottom series ([`Hierarchy::proportions`]).
    TopDown {
        /// One for each bottom series.
        proportions: &'a [f64],
    },
    /// All errors are of one size: ordinary least squares.
    Ordinary,
    /// Variances grow with the number of bottom series in a node.
    Structural,
    /// Each node has the mean square of its own past errors.
    Variance {
        /// Past errors of each node.
        errors: &'a [Vec<f64>],
    },
    /// Covariances of past errors, shrunk towards their variances (MinT): for fewer errors than nodes.
    Shrunk {
        /// Past errors of each node.
        errors: &'a [Vec<f64>],
    },
    /// Covariances of past errors as they are (MinT): for many more errors than nodes.
    Covariance {
        /// Past errors of each node.
        errors: &'a [Vec<f64>],
    },
}

/// What the errors of the nodes are believed to be.
pub(super) enum Errors {
    Independent(Vec<f64>),
    Joint(Vec<Vec<f64>>),
}

impl Hierarchy {
    /// Makes forecasts of all nodes add up: `forecasts` has one list for each node in order, each of one length.
    ///
    /// A list may as well hold sample paths (one number for each path of a step): each is made to add up by itself, so that
    /// quantiles of the result are those of coherent forecasts.
    ///
    /// The work is a system of as many unknowns as there are *sums*, so that many sensors below few districts are cheap.
    ///
    /// # Errors
    ///
    /// [`HierarchyError`] when lengths differ, a forecast is not finite, past errors are too few, or their covariance is
    /// singular.
    ///
    /// # Example
    ///
    /// See [`Hierarchy`].
    ///
    /// # References
    ///
    /// Wickramasuriya, S. L., Athanasopoulos, G. and Hyndman, R. J. (2019). Optimal forecast reconciliation for
    /// hierarchical and grouped time series through trace minimization. JASA 114, 804–819.
    /// doi:10.1080/01621459.2018.1448825; shrinkage of Schäfer, J. and Strimmer, K. (2005), Stat. Appl. Genet. Mol. Biol.
    /// 4, 32.
    pub fn reconcile(
        &self,
        forecasts: &[Vec<f64>],
        method: Reconciliation<'_>,
    ) -> Result<Vec<Vec<f64>>, HierarchyError> {
        let steps = same_length("lists of forecasts", forecasts, self.nodes.len())?;
        if let Some(position) = forecasts.iter().position(|list| list.iter().any(|v| !v.is_finite())) {
            return Err(HierarchyError::NotFinite { what: "the forecast of node", position });
        }
        let bottom = &forecasts[self.upper().len()..];
        let Some(errors) = self.errors(method)? else {
            return match method {
                Reconciliation::TopDown { proportions } => self.top_down(forecasts, proportions),
                _ => self.aggregate(bottom),
            };
        };
        let solver = Solver::of(self, &errors)?;
        let mut reconciled = bottom.to_vec();
        for step in 0..steps {
            let base: Vec<f64> = forecasts.iter().map(|list| list[step]).collect();
            // Each bottom series takes its part of what is missed.
            let pull = solver.solve(&self.missed(&base));
            for (list, part) in reconciled.iter_mut().zip(self.parts(&errors, &pull)) {
                list[step] += part;
            }
        }
        self.aggregate(&reconciled)
    }

    /// What a method believes of the errors; none for those that take one side's word.
    pub(super) fn errors(&self, method: Reconciliation<'_>) -> Result<Option<Errors>, HierarchyError> {
        Ok(Some(match method {
            Reconciliation::BottomUp | Reconciliation::TopDown { .. } => return Ok(None),
            Reconciliation::Ordinary => Errors::Independent(vec![1.0; self.nodes.len()]),
            Reconciliation::Structural => {
                Errors::Independent(self.nodes.iter().map(|node| node.members.len() as f64).collect())
            }
            Reconciliation::Variance { errors } => Errors::Independent(self.variances(errors)?),
            Reconciliation::Shrunk { errors } => Errors::Joint(self.covariance(errors, true)?),
            Reconciliation::Covariance { errors } => Errors::Joint(self.covariance(errors, false)?),
        }))
    }

    fn top_down(&self, forecasts: &[Vec<f64>], shares: &[f64]) -> Result<Vec<Vec<f64>>, HierarchyError> {
        if shares.len() != self.bottom {
            let (found, needed) = (shares.len(), self.bottom);
            return Err(HierarchyError::Length { what: "proportions", found, needed });
        }
        if let Some(position) = shares.iter().position(|share| !share.is_finite()) {
            return Err(HierarchyError::NotFinite { what: "proportion", position });
        }
        let all = |node: &Node| node.members.len() == self.bottom;
        let top = self.nodes.iter().position(all).ok_or(HierarchyError::NoTotal)?;
        let bottom: Vec<Vec<f64>> =
            shares.iter().map(|share| forecasts[top].iter().map(|v| v * share).collect()).collect();
        self.aggregate(&bottom)
    }

    /// Mean squares of the past errors.
    fn variances(&self, errors: &[Vec<f64>]) -> Result<Vec<f64>, HierarchyError> {
        self.centred(errors)?;
        let square = |list: &Vec<f64>| {
            let seen = list.iter().filter(|e| e.is_finite());
            let n = seen.clone().count() as f64;
            seen.map(|e| e * e / n).sum::<f64>()
        };
        Ok(floored(errors.iter().map(square).collect()))
    }

    /// Past errors about their means, at least 2 for each node.
    fn centred(&self, errors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, HierarchyError> {
        same_length("lists of past errors", errors, self.nodes.len())?;
        let centre = |(position, list): (usize, &Vec<f64>)| {
            let seen = list.iter().filter(|e| e.is_finite());
            let found = seen.clone().count();
            if found < 2 {
                return Err(HierarchyError::TooFewErrors { position, found, needed: 2 });
            }
            let mean = seen.map(|e| e / found as f64).sum::<f64>();
            Ok(list.iter().map(|e| if e.is_finite() { e - mean } else { f64::NAN }).collect())
        };
        errors.iter().enumerate().map(centre).collect()
    }

    fn covariance(&self, errors: &[Vec<f64>], shrink: bool) -> Result<Vec<Vec<f64>>, HierarchyError> {
        let centred = self.centred(errors)?;
        let n = centred.len();
        let variances = floored(centred.iter().map(|list| covariance(list, list).0).collect());
        let mut matrix = vec![vec![0.0; n]; n];
        let (mut doubt, mut squares) = (0.0, 0.0);
        for i in 0..n {
            matrix[i][i] = variances[i];
            for j in 0..i {
                let (covariance, pairs) = covariance(&centred[i], &centred[j]);
                (matrix[i][j], matrix[j][i]) = (covariance, covariance);
                if shrink && pairs > 1.0 {
                    let (variance, mean) =
                        correlation(&centred[i], &centred[j], variances[i] * variances[j], pairs);
                    doubt += variance;
                    squares += mean * mean;
                }
            }
        }
        if shrink {
            let keep = 1.0 - if squares > 0.0 { (doubt / squares).clamp(0.0, 1.0) } else { 1.0 };
            for (i, row) in matrix.iter_mut().enumerate() {
                row.iter_mut().enumerate().filter(|(j, _)| *j != i).for_each(|(_, v)| *v *= keep);
            }
        }
        Ok(matrix)
    }

    /// By how much the sums miss what they are sums of, where `base` has a value for each node.
    pub(super) fn missed(&self, base: &[f64]) -> Vec<f64> {
        let (sums, bottom) = base.split_at(self.upper().len());
        let miss = |(node, sum): (&Node, &f64)| sum - node.members.iter().map(|&i| bottom[i]).sum::<f64>();
        self.upper().iter().zip(sums).map(miss).collect()
    }

    /// How much of the pull of the sums each bottom series takes: the bottom rows of W Cᵀ, with the sign turned.
    pub(super) fn parts(&self, errors: &Errors, pull: &[f64]) -> Vec<f64> {
        let mut at_bottom = vec![0.0; self.bottom];
        for (node, pull) in self.upper().iter().zip(pull) {
            node.members.iter().for_each(|&i| at_bottom[i] += pull);
        }
        match errors {
            Errors::Independent(variances) => {
                let own = &variances[pull.len()..];
                at_bottom.iter().zip(own).map(|(part, variance)| part * variance).collect()
            }
            Errors::Joint(matrix) => matrix[pull.len()..]
                .iter()
                .map(|row| {
                    let (upper, bottom) = row.split_at(pull.len());
                    dot(bottom, &at_bottom) - dot(upper, pull)
                })
                .collect(),
        }
    }
}

/// A node without error is trusted as far as numbers allow, not infinitely.
fn floored(variances: Vec<f64>) -> Vec<f64> {
    let largest = variances.iter().copied().fold(0.0, f64::max);
    let least = if largest > 0.0 { 1e-12 * largest } else { 1.0 };
    variances.into_iter().map(|v| v.max(least)).collect()
}

/// Covariance of two centred lists, and the number of pairs without a gap.
fn covariance(a: &[f64], b: &[f64]) -> (f64, f64) {
    let products = a.iter().zip(b).map(|(a, b)| a * b).filter(|p| !p.is_nan());
    let (sum, pairs) = products.fold((0.0, 0.0), |(sum, n), p| (sum + p, n + 1.0));
    (if pairs > 1.0 { sum / (pairs - 1.0) } else { 0.0 }, pairs)
}

/// Variance of the estimated correlation of two centred lists, and the correlation.
fn correlation(a: &[f64], b: &[f64], variances: f64, pairs: f64) -> (f64, f64) {
    let size = variances.sqrt();
    let products = a.iter().zip(b).map(|(a, b)| a * b / size).filter(|p| !p.is_nan());
    let mean = products.clone().map(|p| p / pairs).sum::<f64>();
    let spread: f64 = products.map(|p| (p - mean).powi(2)).sum();
    (spread * pairs / (pairs - 1.0).powi(3), mean * pairs / (pairs - 1.0))
}

/// Solves (C W Cᵀ) x = b, where C says by how much each sum misses its members.
pub(super) enum Solver<'a> {
    /// The lower triangle of a Cholesky factor.
    Dense(Vec<Vec<f64>>),
    Gradients {
        hierarchy: &'a Hierarchy,
        variances: &'a [f64],
        diagonal: Vec<f64>,
    },
}

impl<'a> Solver<'a> {
    pub(super) fn of(hierarchy: &'a Hierarchy, errors: &'a Errors) -> Result<Self, HierarchyError> {
        let upper = hierarchy.upper();
        let m = upper.len();
        match errors {
            Errors::Independent(variances) => {
                let own = &variances[m..];
                let sum = |members: &[usize]| members.iter().map(|&i| own[i]).sum::<f64>();
                if m > DENSE {
                    let diagonal = upper.iter().zip(variances).map(|(n, v)| v + sum(&n.members)).collect();
                    return Ok(Self::Gradients { hierarchy, variances, diagonal });
                }
                let mut above: Vec<Vec<usize>> = vec![Vec::new(); hierarchy.bottom];
                for (u, node) in upper.iter().enumerate() {
                    node.members.iter().for_each(|&i| above[i].push(u));
                }
                let mut matrix: Vec<Vec<f64>> = (0..m).map(|u| vec![0.0; u + 1]).collect();
                for (list, variance) in above.iter().zip(own) {
                    for (k, &u) in list.iter().enumerate() {
                        list[..=k].iter().for_each(|&v| matrix[u][v] += variance);
                    }
                }
                (0..m).for_each(|u| matrix[u][u] += variances[u]);
                Ok(Self::Dense(cholesky(matrix)?))
            }
            Errors::Joint(w) => {
                // C W, then its columns summed in the same way.
                let miss = |of: &dyn Fn(usize) -> f64, u: usize| {
                    of(u) - upper[u].members.iter().map(|&i| of(m + i)).sum::<f64>()
                };
                let rows: Vec<Vec<f64>> =
                    (0..m).map(|u| (0..w.len()).map(|j| miss(&|i| w[i][j], u)).collect()).collect();
                let matrix =
                    rows.iter().enumerate().map(|(u, row)| (0..=u).map(|v| miss(&|j| row[j], v)).collect());
                Ok(Self::Dense(cholesky(matrix.collect())?))
            }
        }
    }

    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        match self {
            Self::Dense(factor) => substitute(factor, b),
            Self::Gradients { hierarchy, variances, diagonal } => conjugate_gradients(b, diagonal, |x| {
                let m = x.len();
                let mut at_bottom = vec![0.0; hierarchy.bottom];
                for (node, x) in hierarchy.upper().iter().zip(x) {
                    node.members.iter().for_each(|&i| at_bottom[i] += x);
                }
                at_bottom.iter_mut().zip(&variances[m..]).for_each(|(v, w)| *v *= w);
                let sum = |members: &[usize]| members.iter().map(|&i| at_bottom[i]).sum::<f64>();
                hierarchy
                    .upper()
                    .iter()
                    .enumerate()
                    .map(|(u, n)| variances[u] * x[u] + sum(&n.members))
                    .collect()
            }),
        }
    }
}

/// The Cholesky factor of a symmetric positive definite matrix, from and as its lower triangle.
pub(super) fn cholesky(mut a: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, HierarchyError> {
    for i in 0..a.len() {
        let (done, rest) = a.split_at_mut(i);
        let row = &mut rest[0];
        let own = row[i];
        for j in 0..i {
            row[j] = (row[j] - dot(&row[..j], &done[j][..j])) / done[j][j];
        }
        let left = own - dot(&row[..i], &row[..i]);
        if left <= 1e-12 * own || !left.is_finite() {
            return Err(HierarchyError::Singular);
        }
        row[i] = left.sqrt();
    }
    Ok(a)
}

pub(super) fn substitute(factor: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut x = b.to_vec();
    for i in 0..n {
        x[i] = (x[i] - dot(&factor[i][..i], &x[..i])) / factor[i][i];
    }
    for i in (0..n).rev() {
        x[i] /= factor[i][i];
        let (left, here) = x.split_at_mut(i);
        left.iter_mut().zip(&factor[i]).for_each(|(v, f)| *v -= f * here[0]);
    }
    x
}

/// Hestenes, M. R. and Stiefel, E. (1952), with the diagonal as preconditioner.
fn conjugate_gradients(b: &[f64], diagonal: &[f64], apply: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let scaled = |r: &[f64]| -> Vec<f64> { r.iter().zip(diagonal).map(|(r, d)| r / d).collect() };
    let mut x = vec![0.0; b.len()];
    let mut rest = b.to_vec();
    let mut direction = scaled(&rest);
    let mut size = dot(&rest, &direction);
    let enough = 1e-26 * size;
    for _ in 0..10 * b.len() {
        if size <= enough {
            break;
        }
        let image = apply(&direction);
        let step = size / dot(&direction, &image);
        x.iter_mut().zip(&direction).for_each(|(x, d)| *x += step * d);
        rest.iter_mut().zip(&image).for_each(|(r, i)| *r -= step * i);
        let next = scaled(&rest);
        let before = size;
        size = dot(&rest, &next);
        direction.iter_mut().zip(&next).for_each(|(d, n)| *d = n + size / before * *d);
    }
    x
}
