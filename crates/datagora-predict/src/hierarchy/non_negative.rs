//! Reconciliation of what cannot be below 0: least squares under bounds.
use super::reconcile::{Errors, Solver, cholesky, substitute};
use super::{Hierarchy, HierarchyError, Reconciliation};
use crate::regression::dot;

/// Exchanges of all series at once that are allowed without progress, before they are made one by one.
const PATIENCE: usize = 3;

impl Hierarchy {
    /// As [`Hierarchy::reconcile`], for what cannot be below 0: the nearest forecasts that add up and of which none is
    /// negative, where near means what it means to the method.
    ///
    /// This is a quadratic programme, solved to the end by block principal pivoting: series that would be negative are
    /// held at 0, which changes what the others have to take, until no series wants to change sides. It differs from
    /// setting negative forecasts to 0, after which the sums are too high. Bottom-up and top-down forecasts have no such
    /// programme: there, what is below 0 is set to 0.
    ///
    /// Each step with a negative forecast is solved by itself, some times over; where errors are joint
    /// ([`Reconciliation::Shrunk`], [`Reconciliation::Covariance`]) with as many unknowns as there are sums and series
    /// held at 0.
    ///
    /// # Errors
    ///
    /// As [`Hierarchy::reconcile`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_predict::{Hierarchy, Reconciliation};
    ///
    /// let street = Hierarchy::new(["north", "south"]).with_grouping("street", &["all"; 2])?;
    /// let forecasts = [[9.0], [-3.0], [10.0]].map(Vec::from); // street, north, south
    /// let counts = street.reconcile_non_negative(&forecasts, Reconciliation::Ordinary)?;
    /// assert_eq!(counts.concat(), [9.5, 0.0, 9.5]);
    /// # Ok::<(), datagora_predict::HierarchyError>(())
    /// ```
    ///
    /// # References
    ///
    /// Wickramasuriya, S. L., Turlach, B. A. and Hyndman, R. J. (2020). Optimal non-negative forecast reconciliation.
    /// Statistics and Computing 30, 1167–1182. doi:10.1007/s11222-020-09930-0. Kim, J. and Park, H. (2011). Fast nonnegative
    /// matrix factorization: an active-set-like method and comparisons. SIAM J. Scientific Computing 33, 3261–3281 (the
    /// exchange rule, with the backup that makes it finite). doi:10.1137/110821172
    pub fn reconcile_non_negative(
        &self,
        forecasts: &[Vec<f64>],
        method: Reconciliation<'_>,
    ) -> Result<Vec<Vec<f64>>, HierarchyError> {
        let mut bottom = self.reconcile(forecasts, method)?.split_off(self.upper().len());
        let steps = bottom.first().map_or(0, Vec::len);
        let below: Vec<usize> =
            (0..steps).filter(|&step| bottom.iter().any(|list| list[step] < 0.0)).collect();
        if below.is_empty() {
            return self.aggregate(&bottom);
        }
        match self.errors(method)? {
            None => bottom.iter_mut().flatten().for_each(|v| *v = v.max(0.0)),
            Some(errors) => {
                for step in below {
                    let base: Vec<f64> = forecasts.iter().map(|list| list[step]).collect();
                    let held = bottom.iter().map(|list| list[step] < 0.0).collect();
                    let nearest = self.nearest(&base, &errors, held)?;
                    bottom.iter_mut().zip(nearest).for_each(|(list, value)| list[step] = value);
                }
            }
        }
        self.aggregate(&bottom)
    }

    /// Bottom values of the nearest coherent forecasts that are not negative, from a first guess of those that are 0.
    fn nearest(
        &self,
        base: &[f64],
        errors: &Errors,
        mut held: Vec<bool>,
    ) -> Result<Vec<f64>, HierarchyError> {
        let rounding = 1e-9 * base.iter().fold(0.0f64, |most, v| most.max(v.abs()));
        let (mut fewest, mut patience) = (usize::MAX, PATIENCE);
        // The rule ends by itself; where numbers differ so much that rounding decides, it is ended.
        let mut rounds = 50 + 3 * self.bottom;
        loop {
            let (bottom, slopes) = match errors {
                Errors::Independent(variances) => self.held_alone(base, errors, variances, &held)?,
                Errors::Joint(matrix) => self.held_together(base, matrix, &held)?,
            };
            let wrong: Vec<usize> = (0..self.bottom)
                .filter(|&i| if held[i] { slopes[i] < -rounding } else { bottom[i] < -rounding })
                .collect();
            rounds -= 1;
            let Some(last) = wrong.last().filter(|_| rounds > 0) else {
                return Ok(bottom.into_iter().map(|v| v.max(0.0)).collect());
            };
            if wrong.len() < fewest {
                (fewest, patience) = (wrong.len(), PATIENCE);
                wrong.iter().for_each(|&i| held[i] = !held[i]);
            } else if patience > 0 {
                patience -= 1;
                wrong.iter().for_each(|&i| held[i] = !held[i]);
            } else {
                held[*last] = !held[*last];
            }
        }
    }

    /// The nearest coherent bottom values with some held at 0, and by how much the distance grows where one of those is let
    /// off, in the unit of the series. For errors that are independent: those held leave the sums.
    fn held_alone(
        &self,
        base: &[f64],
        errors: &Errors,
        variances: &[f64],
        held: &[bool],
    ) -> Result<(Vec<f64>, Vec<f64>), HierarchyError> {
        let mut free = self.clone();
        let sums = self.upper().len();
        free.nodes[..sums].iter_mut().for_each(|node| node.members.retain(|&i| !held[i]));
        let pull = Solver::of(&free, errors)?.solve(&free.missed(base));
        let parts = free.parts(errors, &pull);
        let bottom: Vec<f64> = base[sums..]
            .iter()
            .zip(parts)
            .zip(held)
            .map(|((base, part), held)| if *held { 0.0 } else { base + part })
            .collect();
        let mut slopes: Vec<f64> =
            (0..self.bottom).map(|i| (bottom[i] - base[sums + i]) / variances[sums + i]).collect();
        for (number, node) in self.upper().iter().enumerate() {
            let sum = node.members.iter().map(|&i| bottom[i]).sum::<f64>();
            let moved = (sum - base[number]) / variances[number];
            node.members.iter().for_each(|&i| slopes[i] += moved);
        }
        slopes.iter_mut().zip(&variances[sums..]).for_each(|(slope, variance)| *slope *= variance);
        Ok((bottom, slopes))
    }

    /// The same for joint errors: "is 0" is one more thing that has to hold, beside "is the sum of".
    fn held_together(
        &self,
        base: &[f64],
        matrix: &[Vec<f64>],
        held: &[bool],
    ) -> Result<(Vec<f64>, Vec<f64>), HierarchyError> {
        let sums = self.upper().len();
        let sum_holds = |(number, node): (usize, &super::Node)| -> Vec<(usize, f64)> {
            std::iter::once((number, 1.0)).chain(node.members.iter().map(|i| (sums + i, -1.0))).collect()
        };
        let zeros: Vec<usize> = (0..self.bottom).filter(|&i| held[i]).collect();
        let mut rows: Vec<Vec<(usize, f64)>> = self.upper().iter().enumerate().map(sum_holds).collect();
        rows.extend(zeros.iter().map(|i| vec![(sums + i, 1.0)]));
        let along =
            |row: &[(usize, f64)], values: &[f64]| row.iter().map(|(i, sign)| sign * values[*i]).sum::<f64>();
        // The matrix is symmetric: its rows are its columns.
        let images: Vec<Vec<f64>> =
            rows.iter().map(|row| matrix.iter().map(|column| along(row, column)).collect()).collect();
        let square =
            (0..rows.len()).map(|u| (0..=u).map(|v| along(&rows[v], &images[u])).collect()).collect();
        let miss: Vec<f64> = rows.iter().map(|row| along(row, base)).collect();
        let pull = substitute(&cholesky(square)?, &miss);
        let columns: Vec<Vec<f64>> =
            (sums..base.len()).map(|i| images.iter().map(|image| image[i]).collect()).collect();
        let mut bottom: Vec<f64> =
            columns.iter().zip(&base[sums..]).map(|(column, base)| base - dot(column, &pull)).collect();
        let mut slopes = vec![0.0; self.bottom];
        for (&i, pull) in zeros.iter().zip(&pull[sums..]) {
            bottom[i] = 0.0;
            slopes[i] = -pull * matrix[sums + i][sums + i];
        }
        Ok((bottom, slopes))
    }
}
