//! What goes where, from column to column.
mod draw;
mod graph;
mod layout;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use datagora_core::{Measured, Unit};

use self::graph::Graph;
use super::{CATEGORIES, ChartError};
use crate::{Captions, Colour, View};

/// What goes where, as bands between columns of bars; bands and bars are as high as the amount.
///
/// ![Bands from the ground of 2015 to that of 2025: most stays, some fields became built ground](pictures/sankey.svg)
///
/// Columns are stages with names, such as years ([`Sankey::with_stages`], [`Sankey::with_transition`]), or follow from the links
/// ([`Sankey::with_link`]): each node stands right of all that flows into it. Nodes of a column are ordered so that few bands cross.
///
/// # Missing values
///
/// A link without amount is a thin hatched band that says why; its width means nothing. One known only within bounds is as high as
/// its lower bound. Where what enters a node is not what leaves it, and all of it is known, the difference is hatched and told.
///
/// # Example
///
/// ```
/// use datagora_core::{Language, Measured, Unit};
/// use datagora_viz::{Captions, Sankey};
///
/// let area = |value: f64| Measured::new(value, Unit::HECTARE);
/// let view = Sankey::new(Unit::HECTARE)
///     .with_stages(["2015", "2025"])
///     .with_transition(0, "fields", "fields", area(820.0))
///     .with_transition(0, "fields", "built", area(60.0))
///     .with_transition(0, "built", "built", area(410.0))
///     .draw(&Captions::new("ground", "What became of the fields?", Language::English))?;
/// assert!(view.description().contains("Built: 410 in 2015, 470 in 2025"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
///
/// # References
///
/// Sankey, H. R. (1898). Introductory note on the thermal efficiency of steam-engines. *Minutes of Proceedings of the Institution of
/// Civil Engineers* 134, 278–283. Few crossings: Sugiyama, K., Tagawa, S. and Toda, M. (1981). Methods for visual understanding of
/// hierarchical system structures. *IEEE Transactions on Systems, Man, and Cybernetics* 11(2), 109–125; positions by relaxation, as
/// d3-sankey.
#[derive(Clone, Debug, PartialEq)]
pub struct Sankey {
    unit: Unit,
    stages: Vec<String>,
    links: Vec<Link>,
    colours: BTreeMap<String, Colour>,
    by_target: bool,
    given_order: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Link {
    /// Stage and name of the node where it begins; no stage if columns follow from the links.
    from: (Option<usize>, String),
    to: (Option<usize>, String),
    amount: Measured,
}

impl Sankey {
    /// A diagram without links.
    pub fn new(unit: Unit) -> Self {
        Self {
            unit,
            stages: Vec::new(),
            links: Vec::new(),
            colours: BTreeMap::new(),
            by_target: false,
            given_order: false,
        }
    }

    /// With the names of the columns, from left to right.
    pub fn with_stages(self, stages: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { stages: stages.into_iter().map(Into::into).collect(), ..self }
    }

    /// With an amount that goes from a node to another. A name is one node, in the column that follows from the links.
    pub fn with_link(mut self, from: impl Into<String>, to: impl Into<String>, amount: Measured) -> Self {
        self.links.push(Link { from: (None, from.into()), to: (None, to.into()), amount });
        self
    }

    /// With an amount that goes from a node of a stage, counted from 0, to a node of the next. A name is one node in each stage.
    pub fn with_transition(
        mut self,
        stage: usize,
        from: impl Into<String>,
        to: impl Into<String>,
        amount: Measured,
    ) -> Self {
        let next = stage.saturating_add(1);
        self.links.push(Link { from: (Some(stage), from.into()), to: (Some(next), to.into()), amount });
        self
    }

    /// With a colour for the nodes of a name. Else the six largest names have one each, and the others are grey.
    pub fn with_colour(mut self, name: impl Into<String>, colour: Colour) -> Self {
        self.colours.insert(name.into(), colour);
        self
    }

    /// With bands in the colour of where they end, rather than where they begin.
    pub fn coloured_by_target(self) -> Self {
        Self { by_target: true, ..self }
    }

    /// With the nodes of each column in the order in which links name them.
    pub fn in_given_order(self) -> Self {
        Self { given_order: true, ..self }
    }

    /// Draws the diagram.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] if no link has an amount above zero, [`ChartError::Flow`] for one that is negative or infinite,
    /// [`ChartError::Units`] for one in another unit, [`ChartError::Stage`] for a transition from or to a stage that has no name,
    /// [`ChartError::Cycle`] if something flows back to where it came from.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let graph = Graph::new(self, captions)?;
        let colours = self.colours_of(&graph);
        let table = words::table(self, captions);
        let description = words::describe(self, &graph, captions.language);
        Ok(captions.view(|width| self.scene(&graph, &colours, captions, width), table, description))
    }

    /// The colour of each node.
    fn colours_of(&self, graph: &Graph) -> Vec<Colour> {
        let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
        for node in &graph.nodes {
            *sizes.entry(&node.name).or_default() += node.size();
        }
        let mut names: Vec<(&str, f64)> =
            sizes.into_iter().filter(|(name, _)| !self.colours.contains_key(*name)).collect();
        names.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let of = |name: &str| {
            let rank = names.iter().position(|(other, _)| *other == name);
            let own = rank.and_then(|rank| CATEGORIES.get(rank)).copied();
            self.colours.get(name).copied().or(own).unwrap_or(Colour::MUTED.lighter(0.3))
        };
        graph.nodes.iter().map(|node| of(&node.name)).collect()
    }
}
