//! Many points by the cells of a grid, drawn.
use std::collections::BTreeMap;

use datagora_core::{Language, Measured, Unit};
use datagora_geo::types::{Coord, Rect};
use datagora_geo::{Boundary, GeometryColumn, ZoneIndex};

use super::grid::{Cell, Lattice, MOST_CELLS, per_hectare};
use super::ground::Ground;
use super::places::{bounds_of, positions};
use super::projection::Projection;
use super::rows::Rows;
use super::shading::{Shades, Shading, class_methods};
use super::sheet::{Sheet, Theme, union};
use super::words::describe_values;
use super::{MapError, MapOptions, projected, refuse, unprepared};
use crate::label::Wish;
use crate::legend::{Legend, NO_DATA, plain};
use crate::semiology::{Design, Finding, Variable, lint_design};
use crate::{
    Captions, Colour, Column, Fill, Mark, Method, Palette, Path, Scene, Shape, Stroke, View, format_number,
};

/// Points counted by hexagons or squares and drawn in one call: cells coloured by density, or symbols in each cell whose
/// surface is the count.
///
/// ![Hexagons over a city, the darker the more trees per hectare; those without any pale, those never surveyed hatched](pictures/hexagons.svg)
///
/// A cell without point is a zero where things were looked for, and unknown where they were not: say where that is with
/// [`with_ground`](Self::with_ground) and [`with_unobserved`](Self::with_unobserved). The picture depends on the size and
/// the place of the cells (the modifiable areal unit problem), and says so. The density is that of the whole cell, also at
/// the edge of the ground.
///
/// # Missing values
///
/// Cells of ground where nothing was observed, and cells whose points all have an unknown amount, are hatched. Cells with
/// nothing are pale and counted apart from the classes; without a ground they are not drawn. Points without position are
/// counted in the legend.
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Language, Unit};
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::{Captions, GridMap, MapOptions};
///
/// let (x, y) = (0..400).map(|i| (f64::from(i * 37 % 901), f64::from(i * 53 % 787))).unzip();
/// let trees = GeometryColumn::points(x, y, Crs::CC46);
/// let view = GridMap::hexagons(&trees, 200.0, Unit::of("{tree}"))
///     .with_measure("Arbres")
///     .draw(&MapOptions::default(), &Captions::new("trees", "Les arbres", Language::French))?;
/// assert!(view.description().contains("Hexagones de 200\u{a0}m"));
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Carr, D. B., Olsen, A. R., White, D. (1992). Hexagon mosaic maps for display of univariate and bivariate geographical
/// data. *Cartography and Geographic Information Systems* 19(4), 228–236. Openshaw, S. (1984). *The Modifiable Areal Unit
/// Problem*. CATMOG 38.
#[derive(Clone, Debug, PartialEq)]
pub struct GridMap<'a> {
    points: &'a GeometryColumn,
    lattice: Lattice,
    counted: Unit,
    amounts: Option<&'a [f64]>,
    ground: Option<&'a GeometryColumn>,
    unobserved: Option<&'a GeometryColumn>,
    symbols: bool,
    colour: Colour,
    shading: Shading,
}

impl<'a> GridMap<'a> {
    /// Points by hexagons of this width from flat side to flat side, m; `counted` is what a point is: `{tree}`.
    pub fn hexagons(points: &'a GeometryColumn, width: f64, counted: Unit) -> Self {
        Self::new(points, Lattice::Hexagons(width), counted)
    }

    /// Points by squares of this side, m.
    pub fn squares(points: &'a GeometryColumn, side: f64, counted: Unit) -> Self {
        Self::new(points, Lattice::Squares(side), counted)
    }

    fn new(points: &'a GeometryColumn, lattice: Lattice, counted: Unit) -> Self {
        Self {
            points,
            lattice,
            counted,
            amounts: None,
            ground: None,
            unobserved: None,
            symbols: false,
            colour: Colour::rgb(0, 114, 178),
            shading: Shading::new(5),
        }
    }

    /// With an amount for each point, such as the jobs of an establishment, summed in each cell; `NaN` where it is not known.
    pub fn with_amounts(self, amounts: &'a [f64]) -> Self {
        Self { amounts: Some(amounts), ..self }
    }

    /// With the ground on which things were looked for: its cells without point are zeros, and drawn.
    pub fn with_ground(self, ground: &'a GeometryColumn) -> Self {
        Self { ground: Some(ground), ..self }
    }

    /// With ground on which nothing was observed: its cells without point are unknown.
    pub fn with_unobserved(self, ground: &'a GeometryColumn) -> Self {
        Self { unobserved: Some(ground), ..self }
    }

    /// Draws a symbol of the form of the cell in each, its surface proportional to the count; that of the largest fills
    /// its cell.
    pub fn with_symbols(self) -> Self {
        Self { symbols: true, ..self }
    }

    /// With symbols of this colour.
    pub fn with_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    class_methods!("the densities above 0");

    /// The rules of semiology that the map breaks; [`GridMap::draw`] refuses those that are errors.
    ///
    /// # Errors
    ///
    /// As [`GridMap::draw`].
    pub fn lint(&self, options: &MapOptions) -> Result<Vec<Finding>, MapError> {
        Ok(lint_design(&self.count(options, Language::English)?.design))
    }

    /// Draws the map.
    ///
    /// # Errors
    ///
    /// [`MapError`] if there are not as many amounts as points, an amount is negative or infinite, no point has a
    /// position, no cell has anything, the size is no length or gives more than 20,000 cells, the CRS is in degrees and no
    /// projection suits the place, or the design breaks a rule.
    pub fn draw(&self, options: &MapOptions, captions: &Captions) -> Result<View, MapError> {
        let language = captions.language();
        let counted = self.count(options, language)?;
        refuse(lint_design(&counted.design), options)?;
        let theme = GridTheme { map: self, counted: &counted, options, language };
        let rows = counted.signs.rows();
        let mut table = rows.table(&captions.title, &options.zone_word, language);
        if !self.symbols {
            let heading = language.pick("Somme", "Sum");
            table = table.with(Column::measured(heading, self.counted.clone(), counted.sums.iter().cloned()));
        }
        // Cells are found by place; names of none are important.
        let unnamed = MapOptions { importance: None, ..options.clone() };
        Sheet::new(&theme, rows.names.len(), &counted.projection, &unnamed, captions)?
            .view(table, theme.describe())
    }

    fn count(&self, options: &MapOptions, language: Language) -> Result<Counted, MapError> {
        let count = self.points.len();
        if let Some(amounts) = self.amounts {
            if amounts.len() != count {
                return Err(MapError::Length { what: "amounts", found: amounts.len(), needed: count });
            }
            if let Some(row) = amounts.iter().position(|amount| *amount < 0.0 || amount.is_infinite()) {
                return Err(MapError::Amount { name: format!("point {row}"), value: amounts[row] });
            }
        }
        self.lattice.check()?;
        let projection = Projection::of(self.points, options)?;
        let crs = &projection.crs;
        let places = positions(&projected(self.points, crs)?);
        let mut bounds = bounds_of(places.iter().flatten()).ok_or(MapError::Nowhere { rows: count })?;
        let unplaced = places.iter().filter(|place| place.is_none()).count();
        let mut cells: BTreeMap<Cell, Tally> = BTreeMap::new();
        for (row, &place) in places.iter().enumerate() {
            let Some(place) = place else { continue };
            let tally = cells.entry(self.lattice.cell_at(place)).or_default();
            match self.amounts.map_or(1.0, |amounts| amounts[row]) {
                amount if amount.is_nan() => tally.unknown += 1,
                amount => {
                    tally.known += 1;
                    tally.sum += amount;
                }
            }
        }
        let mut empty = Vec::new();
        for (ground, observed) in [(self.unobserved, false), (self.ground, true)] {
            let Some(ground) = ground else { continue };
            let ground = projected(ground, crs)?;
            let Some(around) = ground.bounds() else { continue };
            if observed {
                bounds = union(bounds, around);
            }
            let index = ZoneIndex::for_points(&ground, MOST_CELLS).map_err(unprepared(crs))?;
            for cell in self.lattice.cells_over(around)? {
                let centre = self.lattice.centre(cell);
                if cells.contains_key(&cell) || index.locate(centre.x, centre.y, Boundary::HalfOpen).is_none()
                {
                    continue;
                }
                if observed {
                    empty.push(cell);
                } else {
                    cells.insert(cell, Tally { unknown: 1, ..Tally::default() });
                }
            }
        }
        // Cells of points that add up to nothing are zeros like those without point, unless some are not known.
        cells.retain(|cell, tally| {
            let zero = tally.known > 0 && tally.sum == 0.0;
            if zero && tally.unknown == 0 {
                empty.push(*cell);
                return false;
            }
            if zero {
                *tally = Tally { unknown: tally.known + tally.unknown, ..Tally::default() };
            }
            true
        });
        empty.sort_unstable();
        if cells.len() + empty.len() > MOST_CELLS {
            return Err(self.lattice.too_many((cells.len() + empty.len()) as f64));
        }

        let measured = |tally: &Tally, unit: &Unit, value: f64| {
            let all = tally.known + tally.unknown;
            Measured::new(if tally.known == 0 { f64::NAN } else { value }, unit.clone())
                .with_observations(tally.known)
                .with_completeness(tally.known as f64 / all as f64)
        };
        let density = per_hectare(&self.counted);
        let hectares = self.lattice.hectares();
        let sums: Vec<Measured> =
            cells.values().map(|tally| measured(tally, &self.counted, tally.sum)).collect();
        let values: Vec<Measured> = match self.symbols {
            true => sums.clone(),
            false => cells.values().map(|tally| measured(tally, &density, tally.sum / hectares)).collect(),
        };
        let names: Vec<String> = cells.keys().map(|&cell| self.lattice.name(cell)).collect();
        let measure = match (&self.shading.measure[..], self.symbols) {
            ("", true) => language.pick("Nombre", "Number"),
            ("", false) => language.pick("Densité", "Density"),
            (measure, _) => measure,
        };
        let rows = Rows::new(cells.len(), &names, &values, measure)?;
        rows.check_amounts()?;
        let (signs, design) = match self.symbols {
            true => {
                let design = rows.design(Variable::Size);
                (Signs::Symbols(rows), design)
            }
            false => {
                let shades = self.shading.shades(rows)?;
                let design = shades.design.clone();
                (Signs::Colours(Box::new(shades)), design)
            }
        };
        // Cells with nothing are values too.
        let design = Design { values: design.values + empty.len(), ..design };
        let cells = cells.into_keys().collect();
        Ok(Counted { projection, cells, empty, sums, signs, design, bounds, unplaced })
    }
}

impl Lattice {
    /// The cells whose centre can be within bounds.
    fn cells_over(self, bounds: Rect) -> Result<Vec<Cell>, MapError> {
        let cells = (bounds.width() / self.size() + 2.0) * (bounds.height() / self.size() + 2.0);
        // Bounds are larger than what they hold, but not by much.
        if cells.is_nan() || cells > 8.0 * MOST_CELLS as f64 {
            return Err(self.too_many(cells));
        }
        let (low, high) = (self.cell_at(bounds.min()), self.cell_at(bounds.max()));
        let columns = low.1.min(high.1) - 1..=high.1.max(low.1) + 1;
        Ok((low.0..=high.0).flat_map(|row| columns.clone().map(move |column| (row, column))).collect())
    }

    /// « Hexagones de 500 m ».
    fn words(self, language: Language) -> String {
        let size = self.size();
        let size = match size >= 1_000.0 {
            true => format!("{}\u{a0}km", plain(size / 1_000.0, language)),
            false => format!("{}\u{a0}m", plain(size, language)),
        };
        match (self, language) {
            (Lattice::Hexagons(_), Language::French) => format!("Hexagones de {size}"),
            (Lattice::Hexagons(_), Language::English) => format!("Hexagons of {size}"),
            (Lattice::Squares(_), Language::French) => format!("Carreaux de {size}"),
            (Lattice::Squares(_), Language::English) => format!("Squares of {size}"),
        }
    }
}

/// What the points of a cell add up to.
#[derive(Clone, Copy, Default)]
struct Tally {
    known: u64,
    unknown: u64,
    sum: f64,
}

struct Counted {
    projection: Projection,
    /// Cells that hold something, or of which nothing is known.
    cells: Vec<Cell>,
    /// Cells that hold nothing.
    empty: Vec<Cell>,
    sums: Vec<Measured>,
    signs: Signs,
    design: Design,
    bounds: Rect,
    unplaced: usize,
}

/// What shows the values of cells.
enum Signs {
    Colours(Box<Shades>),
    Symbols(Rows),
}

impl Signs {
    fn rows(&self) -> &Rows {
        match self {
            Signs::Colours(shades) => &shades.rows,
            Signs::Symbols(rows) => rows,
        }
    }
}

/// Cells with nothing: not white, which is where nobody looked.
const NOTHING: Fill = Fill::Solid(Colour::rgb(243, 242, 239));

struct GridTheme<'a> {
    map: &'a GridMap<'a>,
    counted: &'a Counted,
    options: &'a MapOptions,
    language: Language,
}

impl GridTheme<'_> {
    fn describe(&self) -> String {
        let language = self.language;
        let values = match &self.counted.signs {
            Signs::Symbols(rows) => describe_values(rows, &self.options.zone_word, language),
            Signs::Colours(shades) => shades.describe(&self.options.zone_word, language),
        };
        let mut words = format!("{values} {}", self.caution());
        let number = |count: usize| format_number(count as f64, 0, language);
        if !self.counted.empty.is_empty() {
            let lead = language.pick("Sans rien\u{a0}: ", "With nothing: ");
            words = format!("{words} {lead}{} {}.", number(self.counted.empty.len()), self.options.zone_word);
        }
        match self.unplaced() {
            Some(unplaced) => format!("{words} {unplaced}"),
            None => words,
        }
    }

    fn unplaced(&self) -> Option<String> {
        let count = self.counted.unplaced;
        let words = format_number(count as f64, 0, self.language);
        (count > 0).then(|| match self.language {
            Language::French => format!("Points sans position connue\u{a0}: {words}."),
            Language::English => format!("Points of unknown position: {words}."),
        })
    }

    /// That the picture depends on the cells.
    fn caution(&self) -> String {
        let cells = self.map.lattice.words(self.language);
        match self.language {
            Language::French => {
                format!("{cells}\u{202f}; une autre taille ou une autre position donnerait une autre image.")
            }
            Language::English => {
                format!("{cells}; another size or place of them would give another picture.")
            }
        }
    }

    fn outline(&self, ground: &Ground, cell: Cell) -> Option<Shape> {
        ground.surface(&self.map.lattice.polygon(cell).into())
    }

    /// A symbol of the form of a cell, about a place; half as high or wide as it says.
    fn symbol(&self, [x, y]: [f64; 2], half: f64) -> Shape {
        let corners: &[[f64; 2]] = match self.map.lattice {
            Lattice::Squares(_) => &[[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]],
            Lattice::Hexagons(_) => &HEXAGON,
        };
        Shape::Path(Path::ring(corners.iter().map(|[dx, dy]| [x + half * dx, y + half * dy]).collect()))
    }

    /// Half the height of the symbol of a sum, px.
    fn half(&self, sum: f64, ground: &Ground) -> f64 {
        let whole = match self.map.lattice {
            Lattice::Squares(side) => 0.5 * side,
            Lattice::Hexagons(width) => width / 3f64.sqrt(),
        };
        whole * ground.scale * (sum / self.largest()).sqrt()
    }

    fn largest(&self) -> f64 {
        self.counted.signs.rows().numbers().into_iter().filter(|sum| !sum.is_nan()).fold(0.0, f64::max)
    }
}

/// Vertices of a hexagon whose half height is 1; √3/2 from its middle to its flat sides.
const HEXAGON: [[f64; 2]; 6] = {
    let side = 0.866_025_403_784_438_6;
    [[0.0, -1.0], [side, -0.5], [side, 0.5], [0.0, 1.0], [-side, 0.5], [-side, -0.5]]
};

impl Theme for GridTheme<'_> {
    fn bounds(&self) -> Option<Rect> {
        // Cells reach beyond the points and the ground by their size at most.
        let cells = self.counted.cells.iter().chain(&self.counted.empty);
        let size = self.map.lattice.size();
        let around = |cell: &Cell| {
            let Coord { x, y } = self.map.lattice.centre(*cell);
            let half = 0.6 * size;
            Rect::new(Coord { x: x - half, y: y - half }, Coord { x: x + half, y: y + half })
        };
        Some(cells.map(around).fold(self.counted.bounds, union))
    }

    fn draw_surfaces(&self, ground: &Ground, scene: &mut Scene) -> Result<(), MapError> {
        let Counted { cells, empty, signs, .. } = self.counted;
        let rows = signs.rows();
        let border = ground.border(cells.len() + empty.len()).map(|border| Stroke { width: 0.4, ..border });
        for &cell in empty {
            let Some(shape) = self.outline(ground, cell) else { continue };
            scene.add(Mark { stroke: border, ..Mark::new(shape).fill(NOTHING) });
        }
        for (row, &cell) in cells.iter().enumerate() {
            let tip = rows.tip(row, self.language);
            let fill = match signs {
                Signs::Colours(shades) => shades.fill(row),
                Signs::Symbols(_) if rows.values[row].value().is_none_or(f64::is_nan) => NO_DATA,
                Signs::Symbols(_) => NOTHING,
            };
            let Some(shape) = self.outline(ground, cell) else { continue };
            scene.add(Mark { stroke: border, ..Mark::new(shape).fill(fill).tip(tip) });
        }
        Ok(())
    }

    fn draw_symbols(&self, ground: &Ground, scene: &mut Scene) {
        let Signs::Symbols(rows) = &self.counted.signs else { return };
        for (row, &cell) in self.counted.cells.iter().enumerate() {
            let Some(sum) = rows.values[row].value().filter(|sum| !sum.is_nan()) else { continue };
            let at = ground.place(self.map.lattice.centre(cell));
            if !ground.area.grown(0.5).holds(at) {
                continue;
            }
            let symbol = self.symbol(at, self.half(sum, ground));
            scene.add(Mark::new(symbol).fill(Fill::Solid(self.map.colour)).tip(rows.tip(row, self.language)));
        }
    }

    fn names(&self, _: &Ground) -> Vec<Wish> {
        // Cells have no names that a reader knows.
        Vec::new()
    }

    fn explain(&self, ground: &Ground, legend: &mut Legend<'_>) {
        let language = self.language;
        let nothing = (NOTHING, language.pick("rien", "nothing"), self.counted.empty.len());
        match &self.counted.signs {
            Signs::Symbols(rows) => {
                legend.title(&rows.heading(language), &rows.unit.symbol(language));
                legend.nested(
                    self.largest(),
                    |sum| self.half(sum, ground),
                    |x, y, half| self.symbol([x, y], half),
                    Fill::Glass(self.map.colour, 0.35),
                    Stroke::new(self.map.colour, 0.8),
                );
                legend.apart(NO_DATA, language.pick("pas de donnée", "no data"), rows.missing().len());
                let (fill, words, count) = nothing;
                legend.apart(fill, words, count);
            }
            Signs::Colours(shades) => {
                shades.explain_with(&self.options.zone_word, Some(nothing), legend, language);
            }
        }
        legend.words(&self.caution());
        if let Some(unplaced) = self.unplaced() {
            legend.words(&unplaced);
        }
    }
}
