//! What each feature adds to a prediction: Shapley values of trees.
use super::tree::{Next, Node, Tree};
use super::{Binned, Ensemble};

/// A feature met on the way to a leaf.
#[derive(Clone, Copy)]
struct Met {
    /// None at the root.
    feature: Option<u32>,
    /// Share of the rows that go this way where the feature is not known.
    unknown: f64,
    /// Whether the row goes this way: 1 or 0.
    known: f64,
    /// Weight of the subsets with as many known features as the place says.
    weight: f64,
}

/// With one more feature.
fn extend(way: &mut Vec<Met>, feature: Option<u32>, unknown: f64, known: f64) {
    let length = way.len();
    way.push(Met { feature, unknown, known, weight: if length == 0 { 1.0 } else { 0.0 } });
    let all = (length + 1) as f64;
    for i in (0..length).rev() {
        way[i + 1].weight += known * way[i].weight * (i + 1) as f64 / all;
        way[i].weight *= unknown * (length - i) as f64 / all;
    }
}

/// Without one of its features.
fn unwind(way: &mut Vec<Met>, at: usize) {
    let last = way.len() - 1;
    let all = (last + 1) as f64;
    let Met { known, unknown, .. } = way[at];
    let mut next = way[last].weight;
    for j in (0..last).rev() {
        if known != 0.0 {
            let before = way[j].weight;
            way[j].weight = next * all / ((j + 1) as f64 * known);
            next = before - way[j].weight * unknown * (last - j) as f64 / all;
        } else {
            way[j].weight *= all / (unknown * (last - j) as f64);
        }
    }
    for j in at..last {
        let after = way[j + 1];
        way[j] = Met { weight: way[j].weight, ..after };
    }
    way.pop();
}

impl Tree {
    /// Rows of the training that came to a place.
    fn rows(&self, next: Next) -> f64 {
        match next {
            Next::Leaf(leaf) => f64::from(self.rows[leaf as usize]),
            Next::Node(node) => {
                let node = &self.nodes[node as usize];
                self.rows(node.left) + self.rows(node.right)
            }
        }
    }

    /// Mean of the leaves over the rows of the training.
    fn mean(&self) -> f64 {
        let all: f64 = self.rows.iter().map(|rows| f64::from(*rows)).sum();
        let sum: f64 = self.leaves.iter().zip(&self.rows).map(|(value, rows)| value * f64::from(*rows)).sum();
        if all > 0.0 { sum / all } else { 0.0 }
    }

    /// Adds what each feature moves the value of a row away from the mean.
    fn contribute(&self, goes_left: &impl Fn(&Node) -> bool, into: &mut [f64]) {
        if !self.nodes.is_empty() {
            self.follow(Next::Node(0), Vec::new(), (None, 1.0, 1.0), goes_left, into);
        }
    }

    fn follow(
        &self,
        next: Next,
        mut way: Vec<Met>,
        (feature, unknown, known): (Option<u32>, f64, f64),
        goes_left: &impl Fn(&Node) -> bool,
        into: &mut [f64],
    ) {
        extend(&mut way, feature, unknown, known);
        let node = match next {
            Next::Leaf(leaf) => {
                let value = self.leaves[leaf as usize];
                for at in 1..way.len() {
                    let mut others = way.clone();
                    unwind(&mut others, at);
                    let weight: f64 = others.iter().map(|met| met.weight).sum();
                    if let Some(feature) = way[at].feature {
                        into[feature as usize] += weight * (way[at].known - way[at].unknown) * value;
                    }
                }
                return;
            }
            Next::Node(node) => &self.nodes[node as usize],
        };
        let (mut unknown, mut known) = (1.0, 1.0);
        if let Some(at) = way.iter().position(|met| met.feature == Some(node.feature)) {
            (unknown, known) = (way[at].unknown, way[at].known);
            unwind(&mut way, at);
        }
        let (taken, other) = if goes_left(node) { (node.left, node.right) } else { (node.right, node.left) };
        let (here, there) = (self.rows(taken), self.rows(other));
        let share = |rows: f64| unknown * rows / (here + there);
        let feature = Some(node.feature);
        self.follow(other, way.clone(), (feature, share(there), 0.0), goes_left, into);
        self.follow(taken, way, (feature, share(here), known), goes_left, into);
    }
}

impl Ensemble {
    /// The mean prediction over the rows of the training, and what each feature adds to it for a row of bins; together
    /// they are the prediction.
    pub(crate) fn contributions(&self, binned: &Binned, row: usize) -> (f64, Vec<f64>) {
        self.explained(binned.features(), |node| {
            let (block, place) = binned.place(node.feature);
            node.takes_bin(block[row][place])
        })
    }

    /// The same, where a row answers the questions of the nodes.
    pub(super) fn explained(&self, features: usize, goes_left: impl Fn(&Node) -> bool) -> (f64, Vec<f64>) {
        let mut added = vec![0.0; features];
        let mean = self.base + self.trees.iter().map(Tree::mean).sum::<f64>();
        self.trees.iter().for_each(|tree| tree.contribute(&goes_left, &mut added));
        (mean, added)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(feature: u32, left: Next, right: Next) -> Node {
        Node { feature, end: 0.0, bin: 1, gaps_left: false, gain: 1.0, left, right }
    }

    /// The value where only some features are known: branches of the others count by their rows.
    fn expected(tree: &Tree, next: Next, known: u32, goes_left: &impl Fn(&Node) -> bool) -> f64 {
        match next {
            Next::Leaf(leaf) => tree.leaves[leaf as usize],
            Next::Node(at) => {
                let node = &tree.nodes[at as usize];
                let of = |next| expected(tree, next, known, goes_left);
                if known >> node.feature & 1 == 1 {
                    return of(if goes_left(node) { node.left } else { node.right });
                }
                let (left, right) = (tree.rows(node.left), tree.rows(node.right));
                (left * of(node.left) + right * of(node.right)) / (left + right)
            }
        }
    }

    /// By the definition of Shapley (1953), over all subsets of three features; one is asked about twice on a way.
    #[test]
    fn contributions_are_shapley_values() {
        use Next::{Leaf, Node as At};
        let tree = Tree {
            nodes: vec![
                node(0, At(1), At(2)),
                node(1, At(3), Leaf(0)),
                node(2, Leaf(1), At(4)),
                node(0, Leaf(2), Leaf(3)),
                node(1, Leaf(4), Leaf(5)),
            ],
            leaves: vec![3.0, -1.0, 8.0, 0.5, 2.0, -6.0],
            rows: vec![10, 25, 5, 7, 40, 13],
        };
        for answers in 0..8u32 {
            let goes_left = |node: &Node| answers >> node.feature & 1 == 1;
            let mut found = vec![0.0; 3];
            tree.contribute(&goes_left, &mut found);
            let value = |known: u32| expected(&tree, At(0), known, &goes_left);
            for (feature, found) in found.iter().enumerate() {
                let own = 1u32 << feature;
                let exact: f64 = (0..8u32)
                    .filter(|others| others & own == 0)
                    .map(|others| {
                        let weight = [1.0 / 3.0, 1.0 / 6.0, 1.0 / 3.0][others.count_ones() as usize];
                        weight * (value(others | own) - value(others))
                    })
                    .sum();
                assert!((found - exact).abs() < 1e-12, "{answers} {feature}: {found} {exact}");
            }
            assert!((tree.mean() + found.iter().sum::<f64>() - value(7)).abs() < 1e-12);
        }
    }
}
