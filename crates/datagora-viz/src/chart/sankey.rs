//! What goes where, from column to column.
mod draw;
mod graph;
mod layout;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use datagora_core::{Measured, Unit};

use self::graph::Graph;
use super::{CATEGORIES, ChartError};
use crate::semiology::Excuses;
use crate::{Captions, ChartDesign, Colour, Finding, View, lint_chart};

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
    pub(super) excuses: Excuses,
}

#[derive(Clone, Debug, PartialEq)]
struct Link {
    /// Stage and name of the node where it begins; no stage if columns follow from the links.
    from: (Option<usize>, String),
    to: (Option<usize>, String),
    amount: Measured,
}

impl Link {
    /// The amount, or its lower bound where only bounds are known.
    fn known(&self) -> Option<f64> {
        let bounds = self.amount.interval().filter(|_| self.amount.suppression().is_none());
        self.amount.value().or(bounds.map(|bounds| bounds.lower)).filter(|amount| !amount.is_nan())
    }
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
            excuses: Excuses::default(),
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

    /// With a colour for the nodes of a name; names of one colour are a group. Else the six largest names have one each, and the
    /// others are grey.
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

    /// The rules that the diagram breaks: too many colours for its nodes, colours that some readers confuse, more links without
    /// amount than with one.
    ///
    /// ```
    /// use datagora_core::{Measured, Unit};
    /// use datagora_viz::{Colour, Finding, Sankey};
    ///
    /// let area = |value: f64| Measured::new(value, Unit::HECTARE);
    /// let sankey = Sankey::new(Unit::HECTARE)
    ///     .with_link("fields", "built", area(60.0))
    ///     .with_link("woods", "built", area(12.0))
    ///     .with_colour("fields", Colour::rgb(0, 120, 80))
    ///     .with_colour("woods", Colour::rgb(0, 124, 84));
    /// assert!(matches!(sankey.lint()[..], [Finding::Confusable { .. }]));
    /// ```
    pub fn lint(&self) -> Vec<Finding> {
        let drawn = self.links.iter().filter(|link| link.amount.value() != Some(0.0));
        let names: BTreeSet<&str> = drawn.flat_map(|link| [&link.from.1[..], &link.to.1[..]]).collect();
        let (given, others): (Vec<&str>, Vec<&str>) =
            names.into_iter().partition(|name| self.colours.contains_key(*name));
        let mut colours: Vec<Colour> = Vec::new();
        for colour in given.iter().map(|name| self.colours[*name]) {
            if !colours.contains(&colour) {
                colours.push(colour);
            }
        }
        colours.extend(CATEGORIES.iter().take(others.len()));
        lint_chart(&ChartDesign {
            colours,
            missing: self.links.iter().filter(|link| link.known().is_none()).count(),
            values: self.links.len(),
            ..ChartDesign::default()
        })
    }

    /// Draws the diagram.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] if no link has an amount above zero, [`ChartError::Flow`] for one that is negative or infinite,
    /// [`ChartError::Units`] for one in another unit, [`ChartError::Stage`] for a transition from or to a stage that has no name,
    /// [`ChartError::Cycle`] if something flows back to where it came from, [`ChartError::Semiology`] if a rule is broken without a
    /// reason.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let graph = Graph::new(self, captions)?;
        let captions = &self.excuses.apply(self.lint(), captions)?;
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
