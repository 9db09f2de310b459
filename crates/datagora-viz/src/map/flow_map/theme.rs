//! A flow map as a theme of a sheet.
use std::cell::OnceCell;

use datagora_core::Language;
use datagora_geo::types::Rect;

use super::arrow::{Node, band, bend, half_disc};
use super::picture::Picture;
use super::{Clustering, FlowDirection, FlowMap, words};
use crate::flow::{Flow, Level};
use crate::label::Wish;
use crate::legend::Legend;
use crate::map::ground::Ground;
use crate::map::places::{Places, RIM, bounds_of};
use crate::map::sheet::Theme;
use crate::map::{MapError, MapOptions};
use crate::{Colour, Extent, Fill, Mark, Scene, Shape, Stroke};

/// What arrives, or gains.
pub(super) const ARRIVING: Colour = Colour::rgb(0, 122, 94);
/// What leaves, or loses.
pub(super) const LEAVING: Colour = Colour::rgb(213, 94, 0);
/// Circles for both together.
const BOTH: Colour = Colour::rgb(70, 76, 84);
/// Places nearer than this in the picture are gathered, px.
const APART: f64 = 26.0;
/// Radius of the largest circle, as a share of the width of the map.
const LARGEST: f64 = 0.024;
/// Width of the largest flow, as a share of the width of the map.
const WIDEST: f64 = 0.026;
/// Share of the ground between the places that flows may cover.
const INK: f64 = 0.3;
/// Thinnest line that is seen, px.
const THINNEST: f64 = 0.6;
/// Flows from this width on have a white rim, px.
const RIMMED: f64 = 1.5;
/// Where curves that leave a window may go.
const BOUNDLESS: Extent =
    Extent { left: f64::NEG_INFINITY, top: f64::NEG_INFINITY, right: f64::INFINITY, bottom: f64::INFINITY };

pub(super) struct FlowTheme<'a> {
    pub(super) map: &'a FlowMap<'a>,
    pub(super) places: Places,
    levels: Vec<Level>,
    /// What is drawn of each level, made when it is first asked for.
    pictures: Vec<OnceCell<Picture>>,
    pub(super) options: &'a MapOptions,
    pub(super) language: Language,
}

impl<'a> FlowTheme<'a> {
    pub(super) fn new(
        map: &'a FlowMap<'a>,
        places: Places,
        levels: Vec<Level>,
        options: &'a MapOptions,
        language: Language,
    ) -> Self {
        let pictures = levels.iter().map(|_| OnceCell::new()).collect();
        Self { map, places, levels, pictures, options, language }
    }

    /// What is drawn at the scale of the main map: a window shows the same flows.
    pub(super) fn picture(&self, ground: &Ground) -> &Picture {
        let last = self.levels.len() - 1;
        let level = match self.map.clustering {
            Clustering::None => 0,
            Clustering::Distance(_) => last,
            Clustering::BySize => {
                let apart = |level: &Level| level.distance * ground.main_scale >= APART;
                self.levels.iter().position(apart).unwrap_or(last)
            }
        };
        self.pictures[level].get_or_init(|| self.map.picture(&self.levels[level]))
    }

    /// Width of the largest flow, px.
    ///
    /// Unless it is given, flows that are many and long are narrower, so that they leave enough of the ground to be seen.
    fn widest(&self, picture: &Picture, ground: &Ground) -> f64 {
        if let Some(share) = self.map.width {
            return share * ground.main.width();
        }
        let Some(bounds) = bounds_of(&picture.centres) else {
            return 0.0;
        };
        let ground_px = (bounds.width() * bounds.height() * ground.main_scale * ground.main_scale).max(1e4);
        let ink: f64 = picture
            .drawn
            .iter()
            .map(|flow| {
                let [a, b] = [flow.ends().0, flow.ends().1].map(|place| picture.centres[place]);
                libm::hypot(a.x - b.x, a.y - b.y) * ground.main_scale * flow.amount / picture.largest()
            })
            .sum();
        (WIDEST * ground.main.width()).min(INK * ground_px / ink.max(1.0))
    }

    fn width(&self, picture: &Picture, amount: f64, widest: f64) -> f64 {
        widest * amount / picture.largest()
    }

    fn radius(&self, picture: &Picture, amount: f64, ground: &Ground) -> f64 {
        let largest = picture.largest_circle(self.map.direction);
        if largest > 0.0 { LARGEST * ground.main.width() * (amount / largest).sqrt() } else { 0.0 }
    }

    /// Radius of the circle of each place, or of the larger half.
    fn radii(&self, picture: &Picture, ground: &Ground) -> Vec<f64> {
        (0..picture.centres.len())
            .map(|place| {
                let [a, b] = picture.amounts(place, self.map.direction);
                self.radius(picture, a.max(b), ground)
            })
            .collect()
    }

    fn has_heads(&self) -> bool {
        self.map.direction != FlowDirection::Undirected
    }

    /// A flow, paler the smaller it is; wide ones have a white rim, which tells them from those below.
    fn mark(&self, path: crate::Path, width: f64, widest: f64) -> Mark {
        let pale = 0.55 * (1.0 - (width / widest).clamp(0.0, 1.0).sqrt());
        let mark = Mark::new(Shape::Path(path)).fill(Fill::Glass(self.map.colour.lighter(pale), 0.88));
        if width < RIMMED { mark } else { mark.stroke(Stroke::new(Colour::WHITE, 0.6)) }
    }

    fn draw_flow(
        &self,
        scene: &mut Scene,
        picture: &Picture,
        flow: &Flow,
        ground: &Ground,
        widest: f64,
        nodes: &[Node],
    ) {
        let (from, to) = flow.ends();
        let width = self.width(picture, flow.amount, widest).max(THINNEST);
        let strange: Vec<Node> = nodes
            .iter()
            .enumerate()
            .filter(|(place, (_, radius))| *place != from && *place != to && *radius > 1.0)
            .map(|(_, (centre, radius))| (*centre, radius + 0.5 * width + 1.5))
            .collect();
        let inside = [from, to].map(|place| !ground.is_window() || ground.area.holds(nodes[place].0));
        // What passes by has no business in a window.
        if inside == [false; 2] {
            return;
        }
        let area = if inside == [true; 2] { ground.area } else { BOUNDLESS };
        let curve = bend(nodes[from].0, nodes[to].0, !self.has_heads(), &strange, &area);
        let path = band(&curve, width, self.has_heads(), [nodes[from].1 + 1.0, nodes[to].1 + 1.5]);
        if let Some(path) = ground.cut_out(path) {
            scene.add(self.mark(path, width, widest).tip(words::tip(picture, flow, self)));
        }
    }

    fn draw_circle(
        &self,
        scene: &mut Scene,
        picture: &Picture,
        place: usize,
        ([x, y], radius): Node,
        ground: &Ground,
    ) {
        if radius <= 0.0 {
            return;
        }
        let tip = words::place_tip(picture, place, self);
        let Some(whole) = ground.circle([x, y], radius) else { return };
        let whole = Mark::new(whole).tip(&tip);
        match self.map.direction {
            FlowDirection::Directed => {
                for (amount, colour, upper) in
                    [(picture.entering[place], ARRIVING, true), (picture.leaving[place], LEAVING, false)]
                {
                    let half = half_disc([x, y], self.radius(picture, amount, ground), upper);
                    let Some(half) = ground.cut_out(half) else { continue };
                    scene.add(Mark::new(Shape::Path(half)).fill(Fill::Solid(colour)).stroke(RIM).tip(&tip));
                }
            }
            FlowDirection::Undirected => scene.add(whole.fill(Fill::Solid(BOTH)).stroke(RIM)),
            FlowDirection::Net => scene.add(net_mark(whole, picture.net(place) > 0.0)),
        }
    }
}

/// A circle that is full for a gain and hollow for a loss.
fn net_mark(circle: Mark, gains: bool) -> Mark {
    match gains {
        true => circle.fill(Fill::Solid(ARRIVING)).stroke(RIM),
        false => circle.fill(Fill::Solid(Colour::WHITE)).stroke(Stroke::new(LEAVING, 2.0)),
    }
}

impl Theme for FlowTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.places.bounds()
    }

    fn draw_land(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        self.places.draw_land(ground, scene)
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        let picture = self.picture(ground);
        let centres = picture.centres.iter().map(|&centre| ground.place(centre));
        let nodes: Vec<Node> = centres.zip(self.radii(picture, ground)).collect();
        let widest = self.widest(picture, ground);
        for flow in &picture.drawn {
            self.draw_flow(scene, picture, flow, ground, widest, &nodes);
        }
        let mut order: Vec<usize> = (0..nodes.len()).collect();
        order.sort_by(|&a, &b| nodes[b].1.total_cmp(&nodes[a].1).then(a.cmp(&b)));
        for place in order {
            self.draw_circle(scene, picture, place, nodes[place], ground);
        }
    }

    /// The circles, so that no name hides one; a name may touch the rim of its own.
    fn obstacles(&self, ground: &Ground) -> Vec<Extent> {
        let picture = self.picture(ground);
        let centres = picture.centres.iter().map(|&centre| ground.place(centre));
        let radii = self.radii(picture, ground).into_iter();
        centres
            .zip(radii.map(|radius| 0.7 * radius))
            .map(|([x, y], r)| Extent { left: x - r, top: y - r, right: x + r, bottom: y + r })
            .collect()
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        let picture = self.picture(ground);
        let given = self.options.importance.as_ref();
        let radii = self.radii(picture, ground);
        (0..picture.centres.len())
            .filter(|&place| radii[place] > 0.0)
            .map(|place| {
                let [x, y] = ground.place(picture.centres[place]);
                let own = picture.entering[place] + picture.leaving[place];
                let importance = given.map_or(own, |importance| importance[picture.largest_places[place]]);
                Wish {
                    text: picture.names[place].clone(),
                    x,
                    y,
                    importance,
                    clearance: radii[place].max(2.0),
                }
            })
            .collect()
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        let (picture, language) = (self.picture(ground), self.language);
        legend.title(&words::heading(self), &self.map.flows.unit().symbol(language));
        let widest = self.widest(picture, ground);
        legend.widths(
            picture.largest(),
            |amount| Some(self.width(picture, amount, widest)).filter(|width| *width >= THINNEST),
            |from, to, width| self.mark(band(&[from, to], width, self.has_heads(), [0.0; 2]), width, widest),
        );
        legend.words(&words::drawn(picture, self));
        let thin = THINNEST / self.width(picture, 1.0, widest);
        if picture.drawn.last().is_some_and(|flow| flow.amount < thin) {
            legend.words(&words::thin(thin, self));
        }
        legend.gap(8.0);
        self.explain_circles(picture, ground, legend);
        for sentence in words::apart(picture, self) {
            legend.words(&sentence);
            legend.gap(3.0);
        }
    }
}

impl FlowTheme<'_> {
    fn explain_circles(&self, picture: &Picture, ground: &Ground, legend: &mut Legend<'_>) {
        let language = self.language;
        let largest = picture.largest_circle(self.map.direction);
        legend.circles(
            largest,
            |amount| self.radius(picture, amount, ground),
            Fill::None,
            Stroke::new(BOTH, 1.0),
        );
        let radius = 6.5;
        match self.map.direction {
            FlowDirection::Directed => {
                let half = |colour: Colour, upper: bool| {
                    move |[x, y]: [f64; 2]| {
                        let down = if upper { 3.0 } else { -3.0 };
                        let half = half_disc([x, y + down], radius, upper);
                        vec![Mark::new(Shape::Path(half)).fill(Fill::Solid(colour)).stroke(RIM)]
                    }
                };
                legend.drawn(
                    language.pick("en haut\u{a0}: arrivées", "above: arrivals"),
                    None,
                    half(ARRIVING, true),
                );
                legend.drawn(
                    language.pick("en bas\u{a0}: départs", "below: departures"),
                    None,
                    half(LEAVING, false),
                );
                let words = language.pick(
                    "Chaque moitié se lit comme un disque de même rayon.",
                    "Each half is read as a disc of the same radius.",
                );
                legend.words(words);
            }
            FlowDirection::Undirected => {
                let words = language.pick("arrivées et départs", "arrivals and departures");
                legend.sign(Fill::Solid(BOTH), RIM, radius, words, None);
            }
            FlowDirection::Net => {
                for (gains, words) in [
                    (true, language.pick("gagne\u{a0}: plus d’arrivées", "gains: more arrivals")),
                    (false, language.pick("perd\u{a0}: plus de départs", "loses: more departures")),
                ] {
                    let count = (0..picture.centres.len())
                        .filter(
                            |&place| if gains { picture.net(place) > 0.0 } else { picture.net(place) < 0.0 },
                        )
                        .count();
                    legend.drawn(words, Some(count), |[x, y]| {
                        vec![net_mark(Mark::new(Shape::Circle { x, y, radius }), gains)]
                    });
                }
            }
        }
        legend.gap(6.0);
    }

    /// The pictures made so far.
    pub(super) fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.pictures.iter().filter_map(OnceCell::get)
    }

    /// What stays within single places that have a position, gathered or not.
    pub(super) fn within_places(&self) -> f64 {
        let placed = self.places.at.iter().zip(self.map.flows.within()).filter(|(place, _)| place.is_some());
        placed.map(|(_, amount)| amount).sum()
    }

    /// Number of places that have a position.
    pub(super) fn placed(&self) -> usize {
        self.places.at.iter().flatten().count()
    }
}
