//! Series that add up, such as sensors of districts of a city, and forecasts made to add up again.
mod non_negative;
mod reconcile;

pub use reconcile::Reconciliation;

/// Bottom series and the sums of them that are forecast too.
///
/// Each grouping of the bottom series adds one node for each group: the city, its districts, and also groups that cross
/// them, such as modes of transport. Nodes come grouping by grouping, groups in the order in which they first appear, and
/// then the bottom series.
///
/// # Example
///
/// ```
/// use datagora_predict::{Hierarchy, Reconciliation};
///
/// let sensors = Hierarchy::new(["Bellecour", "Perrache", "Part-Dieu"])
///     .with_grouping("city", &["Lyon", "Lyon", "Lyon"])?
///     .with_grouping("district", &["2", "2", "3"])?;
/// let nodes: Vec<&str> = sensors.nodes().iter().map(|node| node.label.as_str()).collect();
/// assert_eq!(nodes, ["Lyon", "2", "3", "Bellecour", "Perrache", "Part-Dieu"]);
///
/// // Forecasts of one step that do not add up.
/// let forecasts = [[110.0], [70.0], [30.0], [40.0], [25.0], [30.0]].map(Vec::from);
/// let coherent = sensors.reconcile(&forecasts, Reconciliation::Structural)?;
/// assert!((coherent[0][0] - coherent[1][0] - coherent[2][0]).abs() < 1e-9);
/// assert!((coherent[1][0] - coherent[3][0] - coherent[4][0]).abs() < 1e-9);
/// # Ok::<(), datagora_predict::HierarchyError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Hierarchy {
    nodes: Vec<Node>,
    bottom: usize,
}

/// A series of a hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Node {
    /// Name of its grouping; none for a bottom series.
    pub grouping: Option<String>,
    /// Name of the group or of the bottom series.
    pub label: String,
    /// The bottom series it is the sum of, by their position, rising.
    pub members: Vec<usize>,
}

/// What is wrong with a hierarchy or with what was given for it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HierarchyError {
    /// Lists that do not go together.
    #[error("found {found} {what}, the hierarchy needs {needed}; give one for each, in its order")]
    Length {
        /// Of what.
        what: &'static str,
        /// How many were given.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// A forecast or proportion that is no number.
    #[error("{what} {position} is not finite; forecast every node before reconciling")]
    NotFinite {
        /// Of what.
        what: &'static str,
        /// Of which node.
        position: usize,
    },
    /// Top-down without a top.
    #[error("no node is the sum of all bottom series; add a grouping with one group")]
    NoTotal,
    /// Errors too few to learn their covariance from.
    #[error("node {position} has {found} past errors, {needed} are needed; use Reconciliation::Structural")]
    TooFewErrors {
        /// Of which node.
        position: usize,
        /// How many it has.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// A covariance that cannot be inverted.
    #[error(
        "the covariance of the errors is singular: fewer errors than nodes, or nodes that repeat each other; use \
         Reconciliation::Shrunk"
    )]
    Singular,
}

impl Hierarchy {
    /// Bottom series by their names, without any sum yet.
    pub fn new(bottom: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let node = |(i, label): (usize, _)| Node { grouping: None, label, members: vec![i] };
        let nodes: Vec<Node> = bottom.into_iter().map(Into::into).enumerate().map(node).collect();
        Self { bottom: nodes.len(), nodes }
    }

    /// With the sums over the groups of a grouping: the key of each bottom series, in their order.
    ///
    /// # Errors
    ///
    /// [`HierarchyError::Length`] when there is not one key for each bottom series.
    pub fn with_grouping(
        mut self,
        name: impl Into<String>,
        keys: &[impl AsRef<str>],
    ) -> Result<Self, HierarchyError> {
        if keys.len() != self.bottom {
            return Err(HierarchyError::Length {
                what: "keys of a grouping",
                found: keys.len(),
                needed: self.bottom,
            });
        }
        let name = name.into();
        let mut places = std::collections::HashMap::new();
        let mut groups: Vec<Node> = Vec::new();
        for (i, key) in keys.iter().enumerate() {
            let key = key.as_ref();
            let place = *places.entry(key).or_insert(groups.len());
            if place == groups.len() {
                let (grouping, label) = (Some(name.clone()), key.to_owned());
                groups.push(Node { grouping, label, members: Vec::new() });
            }
            groups[place].members.push(i);
        }
        let upper = self.nodes.len() - self.bottom;
        self.nodes.splice(upper..upper, groups);
        Ok(self)
    }

    /// All nodes: sums first, bottom series last.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Number of bottom series.
    pub fn bottom(&self) -> usize {
        self.bottom
    }

    /// Sums among the nodes.
    fn upper(&self) -> &[Node] {
        &self.nodes[..self.nodes.len() - self.bottom]
    }

    /// The summing matrix: a row for each node, 1 at each bottom series it is the sum of, else 0.
    pub fn summing_matrix(&self) -> Vec<Vec<f64>> {
        let row = |node: &Node| {
            let mut row = vec![0.0; self.bottom];
            node.members.iter().for_each(|&i| row[i] = 1.0);
            row
        };
        self.nodes.iter().map(row).collect()
    }

    /// The series of all nodes, from those of the bottom. A sum with a gap in a member is a gap.
    ///
    /// # Errors
    ///
    /// [`HierarchyError::Length`] when there are not as many series as the bottom has, of one length.
    pub fn aggregate(&self, bottom: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, HierarchyError> {
        let steps = same_length("bottom series", bottom, self.bottom)?;
        let sum = |node: &Node| {
            let mut sum = vec![0.0; steps];
            for &i in &node.members {
                sum.iter_mut().zip(&bottom[i]).for_each(|(s, y)| *s += y);
            }
            sum
        };
        Ok(self.nodes.iter().map(sum).collect())
    }

    /// Share of each bottom series in the sum of all, from their past: what [`Reconciliation::TopDown`] takes.
    ///
    /// Proportions of the averages; gaps are passed over. Equal shares where the past is all 0.
    ///
    /// # Errors
    ///
    /// [`HierarchyError::Length`] when there are not as many series as the bottom has, of one length.
    ///
    /// # References
    ///
    /// Gross, C. W. and Sohl, J. E. (1990). Disaggregation methods to expedite product line forecasting. J. Forecasting
    /// 9, 233–254 (method F). doi:10.1002/for.3980090304
    pub fn proportions(&self, past: &[Vec<f64>]) -> Result<Vec<f64>, HierarchyError> {
        same_length("bottom series", past, self.bottom)?;
        let mean = |values: &Vec<f64>| {
            let seen = values.iter().filter(|y| !y.is_nan());
            let n = seen.clone().count().max(1) as f64;
            seen.map(|y| y / n).sum::<f64>()
        };
        let means: Vec<f64> = past.iter().map(mean).collect();
        let total: f64 = means.iter().sum();
        let shares: Vec<f64> = means.iter().map(|m| m / total).collect();
        let equal = 1.0 / self.bottom as f64;
        Ok(if shares.iter().all(|s| s.is_finite()) { shares } else { vec![equal; self.bottom] })
    }
}

/// The common length of as many lists as are needed.
fn same_length(what: &'static str, lists: &[Vec<f64>], needed: usize) -> Result<usize, HierarchyError> {
    if lists.len() != needed {
        return Err(HierarchyError::Length { what, found: lists.len(), needed });
    }
    let steps = lists.first().map_or(0, Vec::len);
    match lists.iter().find(|list| list.len() != steps) {
        Some(other) => Err(HierarchyError::Length { what: "steps", found: other.len(), needed: steps }),
        None => Ok(steps),
    }
}
