//! A made city for the maps: zones, communes and rivers, from arithmetic alone.
use datagora_core::Crs;
use datagora_geo::types::{Coord, LineString, Polygon};
use datagora_geo::{GeometryColumn, Metric, area, dissolve};

/// Cells of the grid that becomes the zones: the first column is in the west, the first row in the south.
const COLUMNS: usize = 22;
const ROWS: usize = 18;
/// Side of a cell before the grid is bent, m.
const CELL: f64 = 760.0;
/// Column of corners that the Vière follows from north to south.
const RIVER: usize = 11;
/// Row of corners that the Orme follows from the western edge to the Vière.
const TRIBUTARY: usize = 7;
/// The south-western corner of the grid, m.
const ORIGIN: Coord = Coord { x: 1_840_000.0, y: 5_170_000.0 };

/// Communes with the cell from which each grew: its column and its row.
const COMMUNES: [(&str, f64, f64); 22] = [
    ("Aurelle", 11.6, 7.6),
    ("Valorcy", 9.2, 9.4),
    ("Pont-l’Orme", 8.6, 5.2),
    ("Villeclaire", 15.0, 9.8),
    ("Saint-Cyr-sur-Vière", 12.6, 12.0),
    ("Montfleury", 8.0, 13.0),
    ("Rochebelle", 4.8, 11.0),
    ("Les Ormes", 4.4, 8.0),
    ("Champvert", 4.6, 4.4),
    ("La Tour-du-Bois", 8.4, 2.2),
    ("Beaulieu-les-Prés", 12.6, 3.0),
    ("Grandpré", 15.6, 5.6),
    ("Belleroche", 18.8, 8.4),
    ("Saint-Aubin", 18.0, 12.4),
    ("Vernay", 14.0, 15.2),
    ("Charlieu-la-Forêt", 9.2, 16.0),
    ("Sauvigny", 5.4, 14.6),
    ("Mareuil", 2.0, 9.8),
    ("Haute-Combe", 2.2, 6.0),
    ("Orval", 15.4, 2.0),
    ("Clairmont", 19.2, 4.6),
    ("Fontenelle", 20.4, 10.4),
];

/// Zones of a city on two rivers, and the communes that they make up.
pub(crate) struct City {
    pub(crate) zones: GeometryColumn,
    /// Name of each zone: that of its commune, and a number.
    pub(crate) zone_names: Vec<String>,
    /// Row of the commune of each zone.
    pub(crate) commune_of: Vec<usize>,
    /// Distance of each zone from the centre: 0 at the centre, about 1 at the edge.
    pub(crate) remoteness: Vec<f64>,
    /// Surface of each zone, km².
    pub(crate) surfaces: Vec<f64>,
    /// Inhabitants of each zone.
    pub(crate) inhabitants: Vec<f64>,
    pub(crate) communes: GeometryColumn,
    pub(crate) commune_names: Vec<String>,
    /// The Vière and the Orme, as lines.
    pub(crate) rivers: GeometryColumn,
}

impl City {
    pub(crate) fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let (mut shapes, mut homes, mut remoteness) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let [x, y] = [column as f64 + 0.5, row as f64 + 0.5];
                let far = distance(x, y);
                if far <= 0.9 + 0.2 * noise(1, column / 2, row / 2) {
                    shapes.push(Polygon::new(LineString(outline(column, row)), Vec::new()).into());
                    homes.push(home(x, y));
                    remoteness.push(far);
                }
            }
        }
        let zones = GeometryColumn::new(shapes, Crs::CC46);
        let joined = dissolve(&zones, &homes)?;
        let commune_of =
            homes.iter().map(|home| joined.keys.partition_point(|key| key < home)).collect::<Vec<_>>();
        let commune_names: Vec<String> = joined.keys.iter().map(|&k| COMMUNES[k].0.to_owned()).collect();
        let mut numbers = vec![0; commune_names.len()];
        let zone_names = commune_of
            .iter()
            .map(|&commune| {
                numbers[commune] += 1;
                format!("{} {}", commune_names[commune], numbers[commune])
            })
            .collect();
        let surfaces: Vec<f64> =
            area(&zones, Metric::Planar)?.iter().map(|square_metres| square_metres / 1e6).collect();
        let inhabitants = (0..zones.len())
            .map(|zone| {
                let centrality = (1.0 - 0.8 * remoteness[zone]).max(0.1);
                let density = 9_500.0 * centrality * centrality * (0.35 + 1.3 * noise(2, zone, 0));
                (density * surfaces[zone]).round()
            })
            .collect();
        let vière = (0..ROWS).flat_map(|row| side(RIVER, row, RIVER, row + 1)).collect();
        let orme = (0..RIVER).flat_map(|column| side(column, TRIBUTARY, column + 1, TRIBUTARY)).collect();
        let rivers = [vière, orme].map(|line: Vec<Coord>| LineString(line).into());
        Ok(Self {
            zones,
            zone_names,
            commune_of,
            remoteness,
            surfaces,
            inhabitants,
            communes: joined.shapes,
            commune_names,
            rivers: GeometryColumn::new(rivers, Crs::CC46),
        })
    }

    /// The sum over the zones of each commune.
    pub(crate) fn by_commune(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.commune_names.len()];
        for (commune, value) in self.commune_of.iter().zip(values) {
            sums[*commune] += value;
        }
        sums
    }
}

/// A number from 0 to 1 that looks like chance and is the same on every machine.
///
/// Steele, Lea & Flood (2014), the finaliser of SplitMix64.
pub(crate) fn noise(stream: usize, i: usize, j: usize) -> f64 {
    let mut bits = ((stream as u64) << 40 | (i as u64) << 20 | j as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// How far from the centre, in units of the radius of the city.
fn distance(x: f64, y: f64) -> f64 {
    let (dx, dy) = ((x - 11.2) / 10.6, (y - 8.6) / 8.8);
    (dx * dx + dy * dy).sqrt()
}

/// The commune of a cell: that which is nearest on the same bank.
fn home(x: f64, y: f64) -> usize {
    let bank = |x: f64, y: f64| match (x < RIVER as f64, y < TRIBUTARY as f64) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => 2,
    };
    let away = |k: usize| {
        let (_, east, north) = COMMUNES[k];
        let other = if bank(x, y) == bank(east, north) { 0.0 } else { 1e6 };
        (x - east).powi(2) + (y - north).powi(2) + other
    };
    (0..COMMUNES.len()).min_by(|a, b| away(*a).total_cmp(&away(*b))).unwrap_or_default()
}

/// The outline of a cell, counter-clockwise.
fn outline(column: usize, row: usize) -> Vec<Coord> {
    let mut ring = side(column, row, column + 1, row);
    ring.extend(side(column + 1, row, column + 1, row + 1));
    ring.extend(side(column, row + 1, column + 1, row + 1).into_iter().rev());
    ring.extend(side(column, row, column, row + 1).into_iter().rev());
    ring.dedup();
    ring
}

/// The side from a corner to the next in the east or the north, with bends; both its zones take it as it is.
fn side(column: usize, row: usize, to_column: usize, to_row: usize) -> Vec<Coord> {
    let (from, to) = (corner(column, row), corner(to_column, to_row));
    let along = to - from;
    let stream = if to_row > row { 4 } else { 5 };
    let mut line = vec![from];
    for step in 1..4 {
        let aside = 0.16 * (noise(stream, column * 4 + step, row) - 0.5);
        let at = from + along * (f64::from(step as u32) / 4.0);
        line.push(Coord { x: at.x - along.y * aside, y: at.y + along.x * aside });
    }
    line.push(to);
    line
}

/// A corner of the grid: put out of its place by chance, drawn towards the centre, swung with the river.
fn corner(column: usize, row: usize) -> Coord {
    let [mut x, y] = [0, 1].map(|axis| {
        let middle = if axis == 0 { column } else { row } as f64;
        middle + 0.5 * (noise(6 + axis, column, row) - 0.5)
    });
    x += 0.9 * swing(y / 9.0);
    let pull = 0.62 + 0.38 * distance(x, y).min(1.2);
    let [x, y] = [11.2 + (x - 11.2) * pull, 8.6 + (y - 8.6) * pull];
    let rounded = |v: f64| v.round();
    Coord { x: rounded(ORIGIN.x + x * CELL), y: rounded(ORIGIN.y + y * CELL) }
}

/// A wave of period 1 between −1 and 1, made of parabolas: the same on every machine, as a sine is not.
pub(crate) fn swing(turns: f64) -> f64 {
    let part = turns - turns.floor();
    if part < 0.5 { 16.0 * part * (0.5 - part) } else { -16.0 * (part - 0.5) * (1.0 - part) }
}
