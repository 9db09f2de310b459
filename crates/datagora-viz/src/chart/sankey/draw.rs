//! A diagram of bands as a scene.
use datagora_core::{Language, Suppression};

use super::Sankey;
use super::graph::{Graph, Node};
use super::layout::{Layout, Order, order};
use super::words::link_tip;
use crate::chart::is_narrow;
use crate::chart::key::{Entry, Sign, draw_key};
use crate::chart::plot::draw_unit;
use crate::chart::rows::LABEL;
use crate::chart::words::{colon, plain, short_reason};
use crate::frame::{Frame, MARGIN};
use crate::scene::{Extent, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::{shorten_text, text_width, two_lines, wrap_text};
use crate::{Captions, Colour};

/// Width of the bar of a node, px.
const BAR: f64 = 11.0;
/// Width of the stub of a difference, px.
const STUB: f64 = 9.0;
/// Height of a line of a label, px.
const LINE: f64 = 14.0;
/// Space between a bar and its label, px.
const BESIDE: f64 = 6.0;
/// Pieces of the side of a band.
const PIECES: usize = 24;
/// How strong bands are; what stays is the ground on which changes are seen.
const CHANGING: f64 = 0.6;
const STAYING: f64 = 0.26;
/// Bands without amount.
const UNKNOWN: Fill = Fill::Hatch(Colour::MUTED);
/// What enters and does not leave, or the reverse.
const DIFFERENCE: Fill = Fill::Hatch(Colour::rgb(180, 60, 0));
/// Columns that fit beside each other on narrow screens.
const MOST_NARROW: usize = 3;

/// Columns with their colours and names, to be drawn beside each other.
struct Part<'a> {
    graph: &'a Graph,
    /// The order of the nodes of the routed graph.
    order: Order,
    colours: Vec<Colour>,
    stages: &'a [String],
    height: f64,
}

/// The words beside a node.
struct Label {
    name: Vec<String>,
    value: String,
}

impl Label {
    fn height(&self) -> f64 {
        LINE * (self.name.len() + 1) as f64
    }
}

impl Sankey {
    pub(super) fn scene(&self, graph: &Graph, colours: &[Colour], captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let top = draw_key(scene, &self.key(graph, language), frame.top);
        let mut bottom = draw_unit(scene, &self.unit, top, language);
        let whole = order(&graph.routed().0, self.given_order);
        if is_narrow(width) && graph.columns > MOST_NARROW && graph.is_stepwise() {
            // One step below the other.
            for column in 0..graph.columns - 1 {
                let (step, kept) = graph.step(column);
                let row = |node: &usize| kept.iter().position(|other| other == node);
                let part = Part {
                    graph: &step,
                    order: (column..column + 2).map(|c| whole[c].iter().filter_map(row).collect()).collect(),
                    colours: kept.iter().map(|&node| colours[node]).collect(),
                    stages: self.stages.get(column..column + 2).unwrap_or_default(),
                    height: 200.0,
                };
                bottom = self.draw_part(scene, &part, bottom + 6.0, language) + 10.0;
            }
        } else {
            let height = if is_narrow(width) { 330.0 } else { 360.0 };
            let part = Part { graph, order: whole, colours: colours.to_vec(), stages: &self.stages, height };
            bottom = self.draw_part(scene, &part, bottom + 4.0, language);
        }
        frame.finish(bottom)
    }

    /// Draws columns from `top` on; gives the position below them.
    fn draw_part(&self, scene: &mut Scene, part: &Part<'_>, top: f64, language: Language) -> f64 {
        let graph = part.graph;
        let width = scene.width();
        let last = graph.columns.saturating_sub(1).max(1);
        let most = if is_narrow(width) { 0.28 } else { 0.23 } * width;
        let room = |column: usize| {
            let nodes = graph.nodes.iter().filter(|node| node.column == column);
            let widest = nodes
                .map(|node| {
                    let name = text_width(&node.name, LABEL, false).min(most);
                    name.max(text_width(&value_of(node, language), LABEL, true))
                })
                .fold(0.0, f64::max);
            // A hair more than the widest, lest rounding break its line.
            widest.min(0.4 * width) + 1e-6
        };
        let rooms = [room(0), room(last)];
        let left = MARGIN + rooms[0] + BESIDE;
        let right = width - MARGIN - rooms[1] - BESIDE - BAR;
        let gap = (right - left) / last as f64;
        let x = |column: usize| left + gap * column as f64;
        let between = gap - BAR - 2.0 * BESIDE - STUB;
        let within = |node: &Node| node.column > 0 && node.column < last;
        // Names that find no room between the columns are numbers there, and stand below.
        let fits = |node: &Node| {
            let lines = wrap_text(&node.name, LABEL, false, between);
            let narrow = |text: &str, bold: bool| text_width(text, LABEL, bold) <= between;
            lines.len() <= 2
                && lines.iter().all(|line| narrow(line, false))
                && narrow(&value_of(node, language), true)
        };
        let numbered = graph.nodes.iter().any(|node| within(node) && !fits(node));
        let mut numbers: Vec<usize> = Vec::new();
        let mut labels: Vec<Label> = Vec::new();
        for (index, node) in graph.nodes.iter().enumerate() {
            if within(node) && numbered {
                numbers.push(index);
                labels.push(Label { name: Vec::new(), value: numbers.len().to_string() });
                continue;
            }
            let room = match node.column {
                0 => rooms[0],
                column if column == last => rooms[1],
                _ => between,
            };
            let value = shorten_text(&value_of(node, language), LABEL, true, room);
            labels.push(Label { name: two_lines(&node.name, LABEL, false, room), value });
        }
        let top = draw_stages(scene, part.stages, x, gap, top);
        let (routed, parts) = graph.routed();
        let mut heights: Vec<f64> = labels.iter().map(Label::height).collect();
        heights.resize(routed.nodes.len(), 0.0);
        let layout = Layout::new(&routed, &part.order, &heights, part.height);

        let mut order: Vec<usize> = (0..graph.edges.len()).collect();
        // Small ones above large ones, those without amount on top.
        order.sort_by(|&a, &b| {
            let height = |edge: usize| parts[edge].first().map_or(0.0, |&part| layout.bands[part][2]);
            let known = |edge: usize| graph.edges[edge].amount.is_some();
            known(b).cmp(&known(a)).then(height(b).total_cmp(&height(a))).then(a.cmp(&b))
        });
        for index in order {
            let edge = &graph.edges[index];
            let mut sides = [Vec::new(), Vec::new()];
            for &piece in &parts[index] {
                let [from, to] = [routed.edges[piece].from, routed.edges[piece].to];
                let [start, end, height] = layout.bands[piece];
                // Bands end at bars, and pass where there is none.
                let bar = |node: usize, share: f64| {
                    let share = if node < routed.bars { share } else { 0.5 };
                    x(routed.nodes[node].column) + share * BAR
                };
                let ends = [[bar(from, 1.0), top + start], [bar(to, 0.0), top + end]];
                sides[0].extend(curve(ends, 0.0));
                sides[1].extend(curve(ends, height));
            }
            let [mut ring, back] = sides;
            ring.extend(back.into_iter().rev());
            let colour = part.colours[if self.by_target { edge.to } else { edge.from }];
            let mark = Mark::new(Shape::Path(Path::ring(ring))).tip(link_tip(self, edge.link, language));
            let glass = if self.stays(edge.link) { STAYING } else { CHANGING };
            scene.add(match edge.amount {
                Some(_) => mark.fill(Fill::Glass(colour, glass)),
                None => mark.fill(UNKNOWN).stroke(Stroke::new(Colour::MUTED, 0.6)),
            });
        }
        for (index, node) in graph.nodes.iter().enumerate() {
            let [bar, height] = layout.bars[index];
            let (x, bar) = (x(node.column), top + bar);
            let extent = Extent { left: x, top: bar, right: x + BAR, bottom: bar + height };
            let tip = format!("{}{}{}", node.name, colon(language), value_of(node, language));
            scene.add(Mark::new(Shape::Rect(extent)).fill(Fill::Solid(part.colours[index])).tip(tip));
            if let Some(difference) = node.difference() {
                draw_difference(scene, node, difference, extent, layout.scale);
            }
        }
        for (index, node) in graph.nodes.iter().enumerate() {
            let [bar, height] = layout.bars[index];
            let middle = top + bar + 0.5 * height;
            let (at, before) = match node.column {
                0 => (x(0) - BESIDE, true),
                column => {
                    let stub =
                        if node.difference().is_some_and(|difference| difference > 0.0) { STUB } else { 0.0 };
                    (x(column) + BAR + BESIDE + stub, false)
                }
            };
            draw_label(scene, &labels[index], at, middle, before);
        }
        let bottom = top + layout.height;
        if numbers.is_empty() {
            bottom
        } else {
            draw_numbered(scene, graph, &numbers, bottom + 10.0, language)
        }
    }

    /// Whether a link goes from a node to that of the same name in the next stage.
    fn stays(&self, link: usize) -> bool {
        let link = &self.links[link];
        link.from.0.is_some() && link.from.1 == link.to.1
    }

    /// What pale bands and hatches mean, if there are any.
    fn key(&self, graph: &Graph, language: Language) -> Vec<Entry> {
        let mut entries = Vec::new();
        if graph.edges.iter().any(|edge| self.stays(edge.link)) {
            for (glass, words) in [
                (STAYING, language.pick("inchangé", "unchanged")),
                (CHANGING, language.pick("changé", "changed")),
            ] {
                entries.push(Entry::new(Sign::Area(Fill::Glass(Colour::MUTED, glass)), words));
            }
        }
        let mut reasons: Vec<&str> = graph
            .edges
            .iter()
            .filter(|edge| edge.amount.is_none())
            .map(|edge| reason(self.links[edge.link].amount.suppression(), language))
            .collect();
        reasons.sort_unstable();
        reasons.dedup();
        if !reasons.is_empty() {
            let words = format!(
                "{} ({})",
                reasons.join(", "),
                language.pick("la largeur ne dit rien", "the width means nothing")
            );
            entries.push(Entry::new(Sign::Area(UNKNOWN), words));
        }
        if graph.nodes.iter().any(|node| node.difference().is_some()) {
            let words = language.pick(
                "ce qui entre n’est pas ce qui sort (entrée → sortie)",
                "what enters is not what leaves (in → out)",
            );
            entries.push(Entry::new(Sign::Area(DIFFERENCE), words));
        }
        entries
    }
}

/// Why a link has no amount.
pub(super) fn reason(suppression: Option<&Suppression>, language: Language) -> &'static str {
    match suppression {
        Some(reason) if reason.is_secret() => short_reason(reason, language),
        _ => language.pick("pas de donnée", "no data"),
    }
}

/// The amount of a node: what enters and what leaves where they differ.
pub(super) fn value_of(node: &Node, language: Language) -> String {
    let number = |value: f64| plain(rounded(value), language);
    match node.difference() {
        Some(_) => format!("{} → {}", number(node.entering), number(node.leaving)),
        None if node.size() <= 0.0 => language.pick("inconnu", "unknown").to_owned(),
        None if node.at_least() => format!("≥\u{a0}{}", number(node.size())),
        None => number(node.size()),
    }
}

/// Whole from a hundred on, so that sums show no digits that they do not deserve.
pub(super) fn rounded(value: f64) -> f64 {
    if value.abs() >= 100.0 { value.round() } else { value }
}

/// Writes the names of the columns; gives the position below them.
fn draw_stages(scene: &mut Scene, stages: &[String], x: impl Fn(usize) -> f64, gap: f64, top: f64) -> f64 {
    if stages.is_empty() {
        return top;
    }
    for (column, stage) in stages.iter().enumerate() {
        let at = x(column);
        let write = |text: Text| text.size(LABEL).bold();
        let text = if column == 0 {
            // It may reach over the first gap, as far as the next name leaves it free.
            let room = at + BAR - MARGIN;
            write(Text::new(shorten_text(stage, LABEL, true, room), at + BAR, top + 11.0)).end()
        } else if column + 1 == stages.len() {
            let room = scene.width() - MARGIN - at;
            write(Text::new(shorten_text(stage, LABEL, true, room), at, top + 11.0))
        } else {
            let room = gap - BAR - 8.0;
            write(Text::new(shorten_text(stage, LABEL, true, room), at + 0.5 * BAR, top + 11.0)).middle()
        };
        scene.text(text);
    }
    top + 22.0
}

/// A side of a band, which leaves and arrives level.
fn curve([from, to]: [[f64; 2]; 2], down: f64) -> impl Iterator<Item = [f64; 2]> {
    (0..=PIECES).map(move |piece| {
        let t = piece as f64 / PIECES as f64;
        let rise = t * t * (3.0 - 2.0 * t);
        [from[0] + t * (to[0] - from[0]), from[1] + rise * (to[1] - from[1]) + down]
    })
}

/// Writes the names of numbered nodes below the columns; gives the position below them.
fn draw_numbered(scene: &mut Scene, graph: &Graph, numbers: &[usize], top: f64, language: Language) -> f64 {
    let mut y = top;
    for (number, &node) in numbers.iter().enumerate() {
        let node = &graph.nodes[node];
        scene.text(Text::new((number + 1).to_string(), MARGIN, y + 11.0).size(LABEL).bold());
        let words = format!("{}{}{}", node.name, colon(language), value_of(node, language));
        for line in two_lines(&words, LABEL, false, scene.width() - 2.0 * MARGIN - 22.0) {
            scene.text(Text::new(line, MARGIN + 22.0, y + 11.0).size(LABEL));
            y += LINE + 2.0;
        }
    }
    y
}

/// A stub where bands are missing at a bar.
fn draw_difference(scene: &mut Scene, node: &Node, difference: f64, bar: Extent, scale: f64) {
    let covered = scale * node.entering.min(node.leaving);
    let (left, right) =
        if difference > 0.0 { (bar.right, bar.right + STUB) } else { (bar.left - STUB, bar.left) };
    let stub = Extent { left, top: bar.top + covered, right, bottom: bar.bottom };
    let outline = Stroke::new(Colour::MUTED, 0.6);
    scene.add(Mark::new(Shape::Rect(stub)).fill(DIFFERENCE).stroke(outline));
}

/// Writes name and value around a height, before or after a position.
fn draw_label(scene: &mut Scene, label: &Label, x: f64, middle: f64, before: bool) {
    let first = middle - 0.5 * label.height() + 10.5;
    let names = label.name.iter().map(|line| Text::new(line, x, 0.0).size(LABEL));
    let value = Text::new(&label.value, x, 0.0).size(LABEL).bold();
    for (line, text) in names.chain([value]).enumerate() {
        let text = Text { y: first + LINE * line as f64, ..text }.halo();
        scene.text(if before { text.end() } else { text });
    }
}
