//! Cells of the points of a region, from the plane of one face of the icosahedron and a table.
use multiversion::multiversion;

use super::icosahedron::{AXES, CENTRES, STEPS, TURN};
use super::{H3Cell, Resolution};
use crate::reproject::near::{WIDEST_TURN, sin_cos};

/// Points worked on at a time: what fits the nearest cache.
const CHUNK: usize = 1024;
/// Distance from borders, on the unit sphere, below which `h3o` decides: 25 µm on the Earth, a thousand times the
/// rounding of either computation.
const MARGIN: f64 = 4e-12;
/// Around the centre of a face `h3o` takes the arc cosine of a number near 1, and loses digits: cosine of 0.01.
const CENTRAL: f64 = 0.999_95;
/// Largest number of cells in a table: 32 MiB.
const LARGEST_TABLE: usize = 1 << 22;
/// Adding it rounds to whole numbers, and leaves them in the lowest bits: 1.5 × 2⁵².
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// A face seen at one resolution, from the surroundings of a point.
#[derive(Clone, Debug)]
struct Region {
    /// Longitude and latitude in degrees, and the sine and cosine of both.
    origin: [f64; 2],
    sin_cos: [(f64, f64); 2],
    /// Towards the centre of the face, and the two hexagonal axes, scaled to steps between cells.
    axes: [[f64; 3]; 3],
    /// Borders with the neighbouring faces: a + b q + c r is positive inside.
    borders: [[f64; 3]; 3],
    /// Largest difference of two of the three hexagonal coordinates within a cell.
    widest: f64,
}

/// Where the points of a chunk fall: whole hexagonal coordinates, NaN for `q` where `h3o` has to decide.
struct Places {
    q: [f64; CHUNK],
    r: [f64; CHUNK],
    /// Place of the cell in the table; 0 where `h3o` has to decide.
    keys: [u32; CHUNK],
}

/// Least and greatest q and r of the cells.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    q: [f64; 2],
    r: [f64; 2],
}

/// Finds cells, and remembers those it found.
#[derive(Debug)]
pub(super) struct Indexer {
    resolution: Resolution,
    region: Option<Region>,
    window: Window,
    /// Identifier of the cell at 1 + (r − r₀) · width + (q − q₀), 0 if not known yet. The first place stays 0.
    table: Vec<u64>,
    largest_table: usize,
}

impl Region {
    /// Around a point.
    fn around(longitude: f64, latitude: f64, resolution: Resolution) -> Self {
        let (sin_x, cos_x) = longitude.to_radians().sin_cos();
        let (sin_y, cos_y) = latitude.to_radians().sin_cos();
        let point = [cos_y * cos_x, cos_y * sin_x, sin_y];
        // By nearness: the face, then its three neighbours are among the nearest to its centre.
        let nearest = |to: [f64; 3]| {
            let mut faces: Vec<usize> = (0..20).collect();
            faces.sort_by(|&a, &b| dot(CENTRES[b], to).total_cmp(&dot(CENTRES[a], to)));
            faces
        };
        let face = nearest(point)[0];
        let centre = CENTRES[face];
        let neighbours = nearest(centre);

        let level = resolution.get();
        let scale = STEPS * 7f64.powf(f64::from(level) / 2.0);
        let azimuth = AXES[face] - if level % 2 == 1 { TURN } else { 0.0 };
        let (north, east) = tangents(centre);
        let (sin, cos) = azimuth.sin_cos();
        // Plane coordinates x along the axis, y a quarter turn counter-clockwise; 60° between the axes of q and r.
        let x: [f64; 3] = std::array::from_fn(|k| scale * (cos * north[k] + sin * east[k]));
        let y: [f64; 3] = std::array::from_fn(|k| scale * (sin * north[k] - cos * east[k]));
        let r: [f64; 3] = y.map(|y| y * 2.0 / 3f64.sqrt());
        let q: [f64; 3] = std::array::from_fn(|k| x[k] - 0.5 * r[k]);
        // The point (q, r) of the plane, in space.
        let along = |q: f64, r: f64| -> [f64; 3] {
            let (x, y) = (q + 0.5 * r, r * 3f64.sqrt() / 2.0);
            let (to_north, to_east) = ((cos * x + sin * y) / scale, (sin * x - cos * y) / scale);
            std::array::from_fn(|k| centre[k] + to_north * north[k] + to_east * east[k])
        };
        let borders = std::array::from_fn(|k| {
            let other = CENTRES[neighbours[k + 1]];
            let inwards = std::array::from_fn(|k| centre[k] - other[k]);
            let height = |q, r| dot(inwards, along(q, r));
            let origin = height(0.0, 0.0);
            // Less a margin of centimetres.
            [origin - 1e-8, height(1.0, 0.0) - origin, height(0.0, 1.0) - origin]
        });
        Region {
            origin: [longitude, latitude],
            sin_cos: [(sin_x, cos_x), (sin_y, cos_y)],
            axes: [centre, q, r],
            borders,
            widest: 1.0 - 4.0 * MARGIN * scale,
        }
    }

    /// Hexagonal coordinates of the cell of a point, and whether they are sure.
    #[inline(always)]
    fn place(&self, longitude: f64, latitude: f64) -> (f64, f64, bool) {
        let turn = (longitude - self.origin[0]).to_radians();
        let rise = (latitude - self.origin[1]).to_radians();
        let ((sin, cos), (sin_0, cos_0)) = (sin_cos(turn), self.sin_cos[0]);
        let (sin_x, cos_x) = (sin_0 * cos + cos_0 * sin, cos_0 * cos - sin_0 * sin);
        let ((sin, cos), (sin_0, cos_0)) = (sin_cos(rise), self.sin_cos[1]);
        let (sin_y, cos_y) = (sin_0 * cos + cos_0 * sin, cos_0 * cos - sin_0 * sin);
        let point = [cos_y * cos_x, cos_y * sin_x, sin_y];
        let height = dot(self.axes[0], point);
        let inverse = 1.0 / height;
        let (q, r) = (dot(self.axes[1], point) * inverse, dot(self.axes[2], point) * inverse);
        let s = -q - r;
        // Round all three, and take the one that changed most from the others.
        let (near_q, near_r, near_s) = (round(q), round(r), round(s));
        let (off_q, off_r, off_s) = ((near_q - q).abs(), (near_r - r).abs(), (near_s - s).abs());
        let worst_q = (off_q > off_r) & (off_q > off_s);
        let cell_q = if worst_q { -near_r - near_s } else { near_q };
        let cell_r = if !worst_q & (off_r > off_s) { -near_q - near_s } else { near_r };
        // Within the hexagon whatever the rounding.
        let (dq, dr) = (q - cell_q, r - cell_r);
        let ds = -dq - dr;
        let mut inside = ((dq - dr).abs() < self.widest)
            & ((dr - ds).abs() < self.widest)
            & ((ds - dq).abs() < self.widest)
            & (turn.abs() <= WIDEST_TURN)
            & (rise.abs() <= WIDEST_TURN)
            & (latitude.abs() <= 90.0)
            & (longitude.abs() <= 180.0)
            & (height < CENTRAL)
            & (height > 0.5);
        for border in self.borders {
            inside &= border[0] + border[1] * q + border[2] * r > 0.0;
        }
        (cell_q, cell_r, inside)
    }
}

/// To the nearest whole number, up to 2⁵¹.
#[inline(always)]
fn round(value: f64) -> f64 {
    (value + MAGIC) - MAGIC
}

#[inline(always)]
fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Unit vectors to the north and to the east of a point of the sphere.
fn tangents(point: [f64; 3]) -> ([f64; 3], [f64; 3]) {
    let across = (point[0] * point[0] + point[1] * point[1]).sqrt();
    let (sin, cos) = (point[1] / across, point[0] / across);
    ([-point[2] * cos, -point[2] * sin, across], [-sin, cos, 0.0])
}

impl Window {
    const EMPTY: Window =
        Window { q: [f64::INFINITY, f64::NEG_INFINITY], r: [f64::INFINITY, f64::NEG_INFINITY] };

    fn holds(&self, other: &Window) -> bool {
        let holds = |a: [f64; 2], b: [f64; 2]| a[0] <= b[0] && b[1] <= a[1];
        holds(self.q, other.q) && holds(self.r, other.r)
    }

    /// Around both, with room for more.
    fn grown_to(&self, other: &Window) -> Window {
        let around = |a: [f64; 2], b: [f64; 2]| {
            let (low, high) = (a[0].min(b[0]), a[1].max(b[1]));
            let room = (0.1 * (high - low)).ceil() + 1.0;
            [if b[0] < a[0] { low - room } else { low }, if b[1] > a[1] { high + room } else { high }]
        };
        Window { q: around(self.q, other.q), r: around(self.r, other.r) }
    }

    fn width(&self) -> f64 {
        self.q[1] - self.q[0] + 1.0
    }

    fn height(&self) -> f64 {
        self.r[1] - self.r[0] + 1.0
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn place_chunk(region: &Region, x: &[f64], y: &[f64], places: &mut Places) -> Window {
    let n = x.len().min(CHUNK);
    let (x, y, qs, rs) = (&x[..n], &y[..n], &mut places.q[..n], &mut places.r[..n]);
    for k in 0..n {
        let (q, r, inside) = region.place(x[k], y[k]);
        qs[k] = if inside { q } else { f64::NAN };
        rs[k] = if inside { r } else { f64::NAN };
    }
    // Comparisons that NaN never wins.
    let [mut least_q, mut greatest_q, mut least_r, mut greatest_r] =
        [[f64::INFINITY; 8], [f64::NEG_INFINITY; 8], [f64::INFINITY; 8], [f64::NEG_INFINITY; 8]];
    let (eights_q, rest_q) = qs.as_chunks::<8>();
    let (eights_r, rest_r) = rs.as_chunks::<8>();
    for (q, r) in eights_q.iter().zip(eights_r) {
        for k in 0..8 {
            least_q[k] = if q[k] < least_q[k] { q[k] } else { least_q[k] };
            greatest_q[k] = if q[k] > greatest_q[k] { q[k] } else { greatest_q[k] };
            least_r[k] = if r[k] < least_r[k] { r[k] } else { least_r[k] };
            greatest_r[k] = if r[k] > greatest_r[k] { r[k] } else { greatest_r[k] };
        }
    }
    let least =
        |eight: [f64; 8], rest: &[f64]| eight.iter().chain(rest).copied().fold(f64::INFINITY, f64::min);
    let greatest =
        |eight: [f64; 8], rest: &[f64]| eight.iter().chain(rest).copied().fold(f64::NEG_INFINITY, f64::max);
    Window {
        q: [least(least_q, rest_q), greatest(greatest_q, rest_q)],
        r: [least(least_r, rest_r), greatest(greatest_r, rest_r)],
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn keys_of_chunk(window: &Window, n: usize, places: &mut Places) {
    let n = n.min(CHUNK);
    let (qs, rs, keys) = (&places.q[..n], &places.r[..n], &mut places.keys[..n]);
    let (width, q_0, r_0) = (window.width(), window.q[0], window.r[0]);
    for k in 0..n {
        let key = (rs[k] - r_0) * width + (qs[k] - q_0) + 1.0;
        let key = if key.is_nan() { 0.0 } else { key };
        keys[k] = (key + MAGIC).to_bits() as u32;
    }
}

impl Indexer {
    /// For so many points.
    pub(super) fn new(resolution: Resolution, points: usize) -> Self {
        Indexer {
            resolution,
            region: None,
            window: Window::EMPTY,
            table: vec![0],
            // A table that is larger than the points are many costs more than it saves.
            largest_table: LARGEST_TABLE.min(4 * points),
        }
    }

    /// The cell of each point; the first row that is not on the Earth.
    pub(super) fn index(&mut self, x: &[f64], y: &[f64], cells: &mut [Option<H3Cell>]) -> Option<usize> {
        let mut places = Box::new(Places { q: [0.0; CHUNK], r: [0.0; CHUNK], keys: [0; CHUNK] });
        let mut lost = None;
        let chunks = x.chunks(CHUNK).zip(y.chunks(CHUNK)).zip(cells.chunks_mut(CHUNK));
        for (part, ((x, y), cells)) in chunks.enumerate() {
            let lost_here = if self.place(x, y, &mut places) {
                self.look_up(x, y, &places.keys, cells)
            } else {
                self.compute(x, y, cells)
            };
            lost = lost.or(lost_here.map(|row| part * CHUNK + row));
        }
        lost
    }

    /// Places of a chunk in the table; false if there is no table that holds them.
    fn place(&mut self, x: &[f64], y: &[f64], places: &mut Places) -> bool {
        let middle = x.len() / 2;
        let Some(at) = std::iter::once(middle).chain(0..x.len()).find(|&k| on_earth(x[k], y[k])) else {
            return false;
        };
        let region = match &self.region {
            Some(region) if region.place(x[at], y[at]).2 => region,
            _ => {
                // Another face, or far away: what was remembered has other coordinates.
                let region = Region::around(x[at], y[at], self.resolution);
                if !region.place(x[at], y[at]).2 {
                    return false;
                }
                (self.window, self.table) = (Window::EMPTY, vec![0]);
                self.region.insert(region)
            }
        };
        let found = place_chunk(region, x, y, places);
        if !self.window.holds(&found) && !self.grow(&found) {
            return false;
        }
        keys_of_chunk(&self.window, x.len(), places);
        true
    }

    /// Makes room for more cells, if that is not too much.
    fn grow(&mut self, found: &Window) -> bool {
        let window = self.window.grown_to(found);
        if window.width() * window.height() >= self.largest_table as f64 {
            return false;
        }
        let (width, height) = (window.width() as usize, window.height() as usize);
        let mut table = vec![0; 1 + width * height];
        if self.table.len() > 1 {
            let rows = self.table[1..].chunks(self.window.width() as usize);
            let (east, north) =
                ((self.window.q[0] - window.q[0]) as usize, (self.window.r[0] - window.r[0]) as usize);
            for (row, old) in rows.enumerate() {
                let start = 1 + (north + row) * width + east;
                table[start..start + old.len()].copy_from_slice(old);
            }
        }
        (self.window, self.table) = (window, table);
        true
    }

    fn look_up(&mut self, x: &[f64], y: &[f64], keys: &[u32], cells: &mut [Option<H3Cell>]) -> Option<usize> {
        let mut lost = None;
        for (k, (cell, &key)) in cells.iter_mut().zip(keys).enumerate() {
            let mut bits = self.table[key as usize];
            if bits == 0 {
                let found = cell_of(x[k], y[k], self.resolution);
                bits = found.map_or(0, H3Cell::to_bits);
                if key != 0 {
                    self.table[key as usize] = bits;
                } else if found.is_none() && !(x[k].is_nan() || y[k].is_nan()) {
                    lost = lost.or(Some(k));
                }
            }
            *cell = std::num::NonZeroU64::new(bits).map(H3Cell);
        }
        lost
    }

    /// Each point by `h3o`.
    fn compute(&self, x: &[f64], y: &[f64], cells: &mut [Option<H3Cell>]) -> Option<usize> {
        let mut lost = None;
        for (k, cell) in cells.iter_mut().enumerate() {
            *cell = cell_of(x[k], y[k], self.resolution);
            if cell.is_none() && !(x[k].is_nan() || y[k].is_nan()) {
                lost = lost.or(Some(k));
            }
        }
        lost
    }
}

fn on_earth(longitude: f64, latitude: f64) -> bool {
    longitude.abs() <= 180.0 + 1e-9 && latitude.abs() <= 90.0
}

fn cell_of(longitude: f64, latitude: f64, resolution: Resolution) -> Option<H3Cell> {
    let point =
        on_earth(longitude, latitude).then(|| h3o::LatLng::new(latitude, longitude).ok()).flatten()?;
    Some(point.to_cell(resolution.h3o()).into())
}
