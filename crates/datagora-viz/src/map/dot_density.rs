//! Amounts as dots within zones.
mod apportion;
mod scatter;

use datagora_core::{Language, Measured, Unit};
use datagora_geo::types::{Coord, Rect};
use datagora_geo::{GeometryColumn, Metric, ZoneIndex, area, clip, union_all};

use self::apportion::apportion;
use self::scatter::Scatter;
use super::coverage::Coverage;
use super::ground::Ground;
use super::projection::Projection;
use super::rows::{Rows, is_secret};
use super::shading::explain_without;
use super::sheet::{Sheet, Theme, wide_ground};
use super::words::describe_values;
use super::zones::{describe_lost, draw_zones, zone_names};
use super::{MOST_POINTS, MapError, MapOptions, projected, refuse, unprepared};
use crate::label::Wish;
use crate::legend::{Legend, NO_DATA, WITHHELD};
use crate::random::SplitMix64;
use crate::semiology::{Design, Finding, Variable, lint_design};
use crate::{
    Captions, Colour, Column, Fill, Mark, Palette, Qualitative, Scene, Shape, Stroke, View, format_number,
    format_short,
};

/// Amounts as dots within zones, each dot the same amount: « 1 point = 500 habitants ».
///
/// ![Dots of two hues in the zones of a city: flats close together in the centre, houses around](pictures/dots.svg)
///
/// Dots stand at random places of their zone, exactly within it and apart from each other; they say how much there is in
/// the zone, not where in the zone. [`with_ground`](Self::with_ground) keeps them on inhabited ground (a dasymetric map).
/// Several amounts are told apart by colour, and their dots are mixed so that none covers another. The same seed gives
/// the same dots.
///
/// The number of dots follows from the largest remainders, so that they add up to the whole of each amount.
///
/// # Missing values
///
/// Zones of which an amount is missing, or known only by an interval, are hatched; those of which one is secret are grey.
/// They have the dots of what else is known of them.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Measured, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_viz::{Captions, DotDensity, MapOptions};
///
/// let zone = |i: f64| Rect::new(coord! { x: i * 900., y: 0. }, coord! { x: i * 900. + 900., y: 900. }).into();
/// let zones = GeometryColumn::new((0..3).map(|i| zone(f64::from(i))), Crs::CC46);
/// let names = ["Bron", "Lyon", "Écully"].map(String::from);
/// let people = [4_300.0, 10_900.0, 2_200.0].map(|value| Measured::new(value, Unit::of("{inhabitant}")));
/// let view = DotDensity::new(&zones, &names)
///     .with_amounts("Habitants", &people)
///     .with_worth(100.0)
///     .draw(&MapOptions::default(), &Captions::new("people", "Où habite-t-on ?", Language::French))?;
/// assert!(view.description().contains("100\u{a0}habitants\u{a0}: 174 points"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Kimerling, A. J. (2009). Dotting the dot map, revisited. *Cartography and Geographic Information Science* 36(2),
/// 165–182: dots of the densest zones should just begin to grow together. The farthest of a few random places: Mitchell,
/// D. P. (1991). Spectrally optimal sampling for distribution ray tracing. *SIGGRAPH* 25(4), 157–164.
#[derive(Clone, Debug, PartialEq)]
pub struct DotDensity<'a> {
    zones: &'a GeometryColumn,
    names: &'a [String],
    amounts: Vec<(String, &'a [Measured])>,
    worth: Option<f64>,
    ground: Option<&'a GeometryColumn>,
    palette: Palette,
    seed: u64,
}

impl<'a> DotDensity<'a> {
    /// Zones with the name of each.
    pub fn new(zones: &'a GeometryColumn, names: &'a [String]) -> Self {
        Self {
            zones,
            names,
            amounts: Vec::new(),
            worth: None,
            ground: None,
            palette: Palette::Qualitative(Qualitative::default()),
            seed: 0,
        }
    }

    /// With an amount for each zone, and its name. Once, or once for each category; all in one unit.
    pub fn with_amounts(mut self, name: impl Into<String>, amounts: &'a [Measured]) -> Self {
        self.amounts.push((name.into(), amounts));
        self
    }

    /// With dots that stand for this much each. By default the smallest of 1, 2, 5, 10, 20, 50, … with which dots of the
    /// densest zones only begin to grow together.
    pub fn with_worth(self, worth: f64) -> Self {
        Self { worth: Some(worth), ..self }
    }

    /// Keeps the dots on this ground, such as built-up or inhabited land; in zones that have none of it they stand anywhere,
    /// and the legend counts those.
    pub fn with_ground(self, ground: &'a GeometryColumn) -> Self {
        Self { ground: Some(ground), ..self }
    }

    /// With these colours for the amounts.
    pub fn with_palette(self, palette: Palette) -> Self {
        Self { palette, ..self }
    }

    /// With other random places.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The rules of semiology that the map breaks; [`DotDensity::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`DotDensity::draw`].
    pub fn lint(&self, options: &MapOptions) -> Result<Vec<Finding>, MapError> {
        Ok(self.plan(options)?.findings)
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if lengths or units differ, an amount is negative or infinite, a dot stands for no positive amount or
    /// there would be more than 5,000, there is no place or no value, the CRS is in degrees and no
    /// projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let plan = self.plan(options)?;
        refuse(plan.findings.clone(), options)?;
        let dots = self.place(&plan)?;
        let theme = DotsTheme { map: self, dots, plan: &plan, options, language };
        let mut table = plan.rows[0].table(&captions.title, &options.zone_word, language);
        for rows in &plan.rows[1..] {
            let column = Column::measured(rows.heading(language), rows.unit.clone(), rows.values.clone());
            table = table.with(column);
        }
        let counts = (0..self.names.len()).map(|row| plan.counts.iter().map(|counts| counts[row]).sum());
        table = table.with(Column::numbers(
            language.pick("Points", "Dots"),
            Unit::ONE,
            counts.map(|count: usize| count as f64),
        ));
        Sheet::new(&theme, self.names.len(), &plan.projection, options, captions)?
            .view(table, theme.describe())
    }

    /// Everything but where the dots are.
    fn plan(&self, options: &MapOptions) -> Result<Plan, MapError> {
        let rows: Vec<Rows> = self
            .amounts
            .iter()
            .map(|(name, values)| Rows::new(self.zones.len(), self.names, values, name))
            .collect::<Result<_, _>>()?;
        let count = self.zones.len();
        let Some(first) = rows.first() else { return Err(MapError::Empty { rows: count }) };
        for other in &rows[1..] {
            if other.unit != first.unit {
                let (name, found, needed) = (other.measure.clone(), other.unit.clone(), first.unit.clone());
                return Err(MapError::Units { name, found, needed });
            }
        }
        // One category may be unknown everywhere, not all.
        let mut known = false;
        for rows in &rows {
            match rows.check_amounts() {
                Ok(()) => known = true,
                Err(MapError::Empty { .. }) => {}
                Err(wrong) => return Err(wrong),
            }
        }
        if !known {
            return Err(MapError::Empty { rows: count });
        }
        let projection = Projection::of(self.zones, options)?;
        let crs = &projection.crs;
        let zones = Coverage::projected(self.zones, crs)?;
        let (grounds, masked) = self.grounds(&zones)?;
        let nowhere = || MapError::Nowhere { rows: count };
        let scale = wide_ground(zones.bounds().ok_or_else(nowhere)?).scale;
        // Pixels of each zone in the wide picture.
        let room: Vec<f64> = area(&grounds, Metric::Planar)
            .map_err(unprepared(crs))?
            .iter()
            .map(|area| area * scale * scale)
            .collect();
        let numbers: Vec<Vec<f64>> = rows
            .iter()
            .map(|rows| {
                // What has no ground has no dots.
                let numbers = rows.numbers().into_iter().zip(&room);
                numbers.map(|(amount, room)| if *room > 0.0 { amount } else { f64::NAN }).collect()
            })
            .collect();
        let worth = match self.worth {
            Some(worth) if worth.is_finite() && worth > 0.0 => worth,
            Some(worth) => return Err(MapError::Worth { found: worth }),
            None => readable_worth(&numbers, &room),
        };
        let whole: f64 = numbers.iter().flatten().filter(|amount| !amount.is_nan()).sum();
        if whole / worth > MOST_POINTS as f64 + 1.0 {
            return Err(MapError::TooManyDots { worth, found: whole / worth, most: MOST_POINTS });
        }
        let counts: Vec<Vec<usize>> = numbers.iter().map(|amounts| apportion(amounts, worth)).collect();
        let colours = self.palette.colours(rows.len())?;
        let absent =
            |row: usize, which: fn(&Measured) -> bool| rows.iter().any(|rows| which(&rows.values[row]));
        let withheld: Vec<bool> = (0..count).map(|row| absent(row, is_secret)).collect();
        let missing: Vec<bool> = (0..count)
            .map(|row| !withheld[row] && absent(row, |v| v.value().is_none_or(f64::is_nan)))
            .collect();
        let without = withheld.iter().chain(&missing).filter(|absent| **absent).count();
        let mut findings = lint_design(&Design {
            variable: Variable::Dots,
            unit: Some(first.unit.clone()),
            colours: colours.clone(),
            ordered: self.palette.is_ordered(),
            missing: without,
            values: count,
            ..Design::default()
        });
        let share = saturated_share(&numbers, &room, worth);
        if share > SATURATED_DOTS {
            findings.push(Finding::SaturatedDots { share });
        }
        Ok(Plan {
            rows,
            projection,
            zones,
            grounds,
            masked,
            worth,
            counts,
            colours,
            withheld,
            missing,
            findings,
        })
    }

    /// Where dots of each zone may stand, and in which zones that is less than the zone.
    fn grounds(&self, zones: &GeometryColumn) -> Result<(GeometryColumn, Option<Vec<bool>>), MapError> {
        let Some(ground) = self.ground else { return Ok((zones.clone(), None)) };
        let crs = zones.crs();
        let ground = union_all(&projected(ground, crs)?).map_err(unprepared(crs))?;
        let pieces = clip(zones, &ground).map_err(unprepared(crs))?;
        let mut kept: Vec<_> = zones.iter().collect();
        let mut masked = vec![false; zones.len()];
        for (origin, piece) in pieces.origins.iter().zip(pieces.shapes.iter()) {
            if let Some(row) = origin.left.filter(|_| origin.measure > 0.0) {
                kept[row] = piece;
                masked[row] = true;
            }
        }
        Ok((GeometryColumn::from_options(kept, crs.clone()), Some(masked)))
    }

    /// The dots in the order they are drawn: mixed, so that no category lies above.
    fn place(&self, plan: &Plan) -> Result<Vec<Dot>, MapError> {
        let index =
            ZoneIndex::for_points(&plan.grounds, MOST_POINTS).map_err(unprepared(&plan.projection.crs))?;
        let mut dots = Vec::new();
        for (row, ground) in plan.grounds.iter().enumerate() {
            let of_row = plan.counts.iter().enumerate();
            let mut categories: Vec<usize> =
                of_row.flat_map(|(category, counts)| std::iter::repeat_n(category, counts[row])).collect();
            let Some(cut) = ground.filter(|_| !categories.is_empty()).as_ref().and_then(Scatter::new) else {
                continue;
            };
            let mut random = SplitMix64::stream(self.seed, row as u64);
            random.shuffle(&mut categories);
            let places = cut.places(categories.len(), &index, row, &mut random);
            dots.extend(places.into_iter().zip(categories).map(|(at, category)| Dot { at, category }));
        }
        SplitMix64::stream(self.seed, u64::MAX).shuffle(&mut dots);
        Ok(dots)
    }
}

/// Radius of a dot in the wide and in the narrow picture, px.
const RADIUS: [f64; 2] = [1.25, 0.95];
/// Share of a zone covered by the dots of it, none over another, from which they grow together.
const SATURATED: f64 = 0.5;
/// Share of all dots in such zones that deserves a warning.
const SATURATED_DOTS: f64 = 0.2;
/// A name is not written where dots cover more than this share of a zone: it would hide what it names.
const NAMED: f64 = 0.12;

/// Share of the dots that are in zones of which they would cover more than half in the wide picture.
fn saturated_share(numbers: &[Vec<f64>], room: &[f64], worth: f64) -> f64 {
    let (mut dense, mut all) = (0.0, 0.0);
    for (row, room) in room.iter().enumerate() {
        let dots: f64 =
            numbers.iter().map(|of| of[row]).filter(|amount| !amount.is_nan()).sum::<f64>() / worth;
        all += dots;
        if dots * std::f64::consts::PI * RADIUS[0] * RADIUS[0] > SATURATED * room {
            dense += dots;
        }
    }
    if all > 0.0 { dense / all } else { 0.0 }
}

/// The smallest of 1, 2, 5, 10, … with which dots are few enough to be drawn and to be told apart.
fn readable_worth(numbers: &[Vec<f64>], room: &[f64]) -> f64 {
    let whole: f64 = numbers.iter().flatten().filter(|amount| !amount.is_nan()).sum();
    // From the power of ten below what the number of dots asks for; amounts without any need none.
    let least = whole / MOST_POINTS as f64;
    if !(least > 0.0 && least.is_finite()) {
        return 1.0;
    }
    let power = libm::log10(least).floor() as i32;
    let steps = (power..power + 12).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power)));
    let mut enough = steps.filter(|worth| *worth >= least);
    let first = enough.next().unwrap_or(least);
    std::iter::once(first)
        .chain(enough)
        .find(|worth| saturated_share(numbers, room, *worth) <= SATURATED_DOTS)
        .unwrap_or(first)
}

/// Everything about a map of dots but where they are.
struct Plan {
    rows: Vec<Rows>,
    projection: Projection,
    zones: Coverage,
    /// Where the dots of each zone may stand.
    grounds: GeometryColumn,
    /// Whether dots of each zone are kept on a ground, if there is one.
    masked: Option<Vec<bool>>,
    worth: f64,
    /// Dots of each category in each zone.
    counts: Vec<Vec<usize>>,
    colours: Vec<Colour>,
    withheld: Vec<bool>,
    missing: Vec<bool>,
    findings: Vec<Finding>,
}

#[derive(Clone, Copy)]
struct Dot {
    at: Coord,
    category: usize,
}

struct DotsTheme<'a> {
    map: &'a DotDensity<'a>,
    dots: Vec<Dot>,
    plan: &'a Plan,
    options: &'a MapOptions,
    language: Language,
}

impl DotsTheme<'_> {
    fn number(&self, count: usize) -> String {
        format_number(count as f64, 0, self.language)
    }

    /// « 1 point = 500 habitants ».
    fn worth(&self) -> String {
        let (worth, language) = (self.plan.worth, self.language);
        let amount = if worth.fract() == 0.0 {
            format_number(worth, 0, language)
        } else {
            format_short(worth, language)
        };
        let unit = self.plan.rows[0].unit.symbol_of(worth, language);
        let gap = if unit.is_empty() { "" } else { "\u{a0}" };
        format!("1\u{a0}{} = {amount}{gap}{unit}", language.pick("point", "dot"))
    }

    /// « 174 points ».
    fn count(&self) -> String {
        let dots = match (self.language, self.dots.len()) {
            (Language::French, 0 | 1) => "point",
            (Language::French, _) => "points",
            (Language::English, 1) => "dot",
            (Language::English, _) => "dots",
        };
        format!("{} {dots}", self.number(self.dots.len()))
    }

    fn describe(&self) -> String {
        let language = self.language;
        let mut words = format!("{}{}{}", self.worth(), language.pick("\u{a0}: ", ": "), self.count());
        if self.plan.rows.len() > 1 {
            let parts: Vec<String> = (self.plan.rows.iter().zip(&self.plan.counts))
                .map(|(rows, counts)| {
                    format!("{} {}", rows.heading(language), self.number(counts.iter().sum()))
                })
                .collect();
            words = format!("{words} ({})", parts.join(", "));
        }
        words.push('.');
        for rows in &self.plan.rows {
            let values = describe_values(rows, &self.options.zone_word, language);
            words = format!("{words} {values}");
        }
        let remarks = [self.unmasked(), self.absent()];
        remarks.into_iter().flatten().fold(words, |words, remark| format!("{words} {remark}"))
    }

    /// Zones with dots that have none of the ground on which dots should stand.
    fn unmasked(&self) -> Option<String> {
        let masked = self.plan.masked.as_ref()?;
        let has_dots = |row: &usize| self.plan.counts.iter().any(|counts| counts[*row] > 0);
        let without = (0..masked.len()).filter(|&row| !masked[row]).filter(has_dots).count();
        let on = self.language.pick("Seulement sur le sol indiqué.", "Only on the ground given.");
        Some(match (without, self.language) {
            (0, _) => on.to_owned(),
            (n, Language::French) => {
                format!("{on} Zones sans ce sol, points partout\u{a0}: {}.", self.number(n))
            }
            (n, Language::English) => {
                format!("{on} Zones without it, dots anywhere: {}.", self.number(n))
            }
        })
    }

    fn absent(&self) -> Option<String> {
        describe_lost(&self.plan.zones, self.map.names, self.language)
    }

    fn tip(&self, row: usize) -> String {
        let colon = self.language.pick("\u{a0}: ", ": ");
        let amounts: Vec<String> = match &self.plan.rows[..] {
            [only] => vec![only.amount(row, self.language)],
            many => many
                .iter()
                .map(|rows| format!("{} {}", rows.heading(self.language), rows.amount(row, self.language)))
                .collect(),
        };
        format!("{}{colon}{}", self.map.names[row], amounts.join(", "))
    }
}

impl Theme for DotsTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        self.plan.zones.bounds()
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        let border = Stroke::new(Colour::rgb(196, 196, 190), 0.5);
        draw_zones(&self.plan.zones, ground, scene, |row, mark| {
            let fill = match (self.plan.withheld[row], self.plan.missing[row]) {
                (true, _) => WITHHELD,
                (_, true) => NO_DATA,
                _ => Fill::Solid(Colour::rgb(246, 245, 242)),
            };
            mark.fill(fill).stroke(border).tip(self.tip(row))
        })
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        let radius = radius(ground);
        for dot in &self.dots {
            let Some(circle) = ground.circle(ground.place(dot.at), radius) else { continue };
            scene.add(Mark::new(circle).fill(Fill::Solid(self.plan.colours[dot.category])));
        }
    }

    fn names(&self, ground: &Ground) -> Vec<Wish> {
        let zones = &self.plan.zones;
        let areas = area(zones, Metric::Planar).unwrap_or_default();
        let dot = std::f64::consts::PI * radius(ground).powi(2);
        let covered = |row: usize| {
            let dots: usize = self.plan.counts.iter().map(|counts| counts[row]).sum();
            dots as f64 * dot > NAMED * areas[row] * ground.scale * ground.scale
        };
        let covered: Vec<bool> = (0..areas.len()).map(covered).collect();
        let empty = GeometryColumn::from_options(
            zones.iter().zip(covered).map(|(zone, covered)| zone.filter(|_| !covered)),
            zones.crs().clone(),
        );
        zone_names(&Coverage::from(empty), self.map.names, self.options, ground)
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        let language = self.language;
        match &self.plan.rows[..] {
            [only] => {
                legend.title(&only.heading(language), "");
                let radius = radius(ground);
                let fill = Fill::Solid(self.plan.colours[0]);
                legend.drawn(&self.worth(), None, |[x, y]| {
                    vec![Mark::new(Shape::Circle { x, y, radius }).fill(fill)]
                });
            }
            many => {
                legend.title(&self.worth(), "");
                for ((rows, counts), colour) in many.iter().zip(&self.plan.counts).zip(&self.plan.colours) {
                    legend.category(*colour, true, &rows.heading(language), Some(counts.iter().sum()));
                }
            }
        }
        let count = |which: &[bool]| which.iter().filter(|absent| **absent).count();
        legend.gap(4.0);
        explain_without([count(&self.plan.missing), count(&self.plan.withheld)], legend, language);
        legend.gap(4.0);
        legend.words(&match language {
            Language::French => format!("{}, au hasard dans la zone.", self.count()),
            Language::English => format!("{}, at random within the zone.", self.count()),
        });
        if let Some(remark) = self.unmasked() {
            legend.words(&remark);
        }
        if let Some(absent) = self.absent() {
            legend.words(&absent);
        }
    }
}

fn radius(ground: &Ground) -> f64 {
    if ground.main.width() < 400.0 { RADIUS[1] } else { RADIUS[0] }
}
