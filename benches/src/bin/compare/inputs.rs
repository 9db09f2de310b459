//! Files that all engines read: columns of numbers, little-endian, without header.
//!
//! `NAME.x.f64` and `NAME.y.f64` are coordinates. Polygons have, beside them, offsets as in GeoArrow: `NAME.rings.u32`
//! (first coordinate of each ring, and the end), `NAME.polygons.u32` (first ring), `NAME.rows.u32` (first polygon).
use std::fs;
use std::path::{Path, PathBuf};

use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use crate::task::Failure;

/// The folder with the inputs of one size.
pub(crate) struct Inputs {
    folder: PathBuf,
    /// Small inputs.
    pub(crate) quick: bool,
}

/// Changes when what is made changes, so that older files are not taken for it.
const VERSION: u32 = 1;

impl Inputs {
    pub(crate) fn new(quick: bool) -> Self {
        let size = if quick { "quick" } else { "full" };
        Self { folder: workspace().join(format!("target/compare/{size}-{VERSION}")), quick }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// A number of rows: the full one, or a hundredth of it.
    pub(crate) fn rows(&self, full: usize) -> usize {
        if self.quick { full.div_ceil(100) } else { full }
    }

    /// Makes what has this name unless that was done before.
    pub(crate) fn once(&self, name: &str, make: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        let stamp = self.path(&format!("{name}.made"));
        if !stamp.exists() {
            fs::create_dir_all(&self.folder)?;
            eprintln!("making {name}");
            make()?;
            fs::write(stamp, "")?;
        }
        Ok(())
    }

    pub(crate) fn write_points(&self, name: &str, x: &[f64], y: &[f64]) -> Result<(), Failure> {
        self.write(&format!("{name}.x.f64"), x, f64::to_le_bytes)?;
        self.write(&format!("{name}.y.f64"), y, f64::to_le_bytes)
    }

    /// Writes surfaces; rows that are none (missing, or of another kind) are refused.
    pub(crate) fn write_polygons(&self, name: &str, column: &GeometryColumn) -> Result<(), Failure> {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        let (mut rings, mut polygons, mut rows) = (vec![0u32], vec![0u32], vec![0u32]);
        for (row, geometry) in column.iter().enumerate() {
            let parts = surfaces(geometry).ok_or_else(|| format!("row {row} of {name} is no surface"))?;
            for polygon in &parts.0 {
                for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                    x.extend(ring.0.iter().map(|c| c.x));
                    y.extend(ring.0.iter().map(|c| c.y));
                    rings.push(u32::try_from(x.len())?);
                }
                polygons.push(rings.len() as u32 - 1);
            }
            rows.push(polygons.len() as u32 - 1);
        }
        self.write_points(name, &x, &y)?;
        for (level, offsets) in [("rings", rings), ("polygons", polygons), ("rows", rows)] {
            self.write(&format!("{name}.{level}.u32"), &offsets, u32::to_le_bytes)?;
        }
        Ok(())
    }

    /// Writes numbers that are no coordinates, as `NAME.f64`.
    pub(crate) fn write_numbers(&self, name: &str, values: &[f64]) -> Result<(), Failure> {
        self.write(&format!("{name}.f64"), values, f64::to_le_bytes)
    }

    fn write<T: Copy, const N: usize>(
        &self,
        file: &str,
        values: &[T],
        bytes: fn(T) -> [u8; N],
    ) -> Result<(), Failure> {
        let bytes: Vec<u8> = values.iter().flat_map(|&value| bytes(value)).collect();
        Ok(fs::write(self.path(file), bytes)?)
    }

    /// Numbers that are no coordinates.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<f64>, Failure> {
        self.read(&format!("{name}.f64"), f64::from_le_bytes)
    }

    /// Points as two buffers.
    pub(crate) fn coordinates(&self, name: &str) -> Result<(Vec<f64>, Vec<f64>), Failure> {
        let read = |axis| self.read(&format!("{name}.{axis}.f64"), f64::from_le_bytes);
        Ok((read("x")?, read("y")?))
    }

    pub(crate) fn points(&self, name: &str, crs: Crs) -> Result<GeometryColumn, Failure> {
        let (x, y) = self.coordinates(name)?;
        Ok(GeometryColumn::try_points(x, y, crs)?)
    }

    /// Surfaces as the `geo` crate has them.
    pub(crate) fn multi_polygons(&self, name: &str) -> Result<Vec<MultiPolygon>, Failure> {
        let (x, y) = self.coordinates(name)?;
        let read = |level| self.read(&format!("{name}.{level}.u32"), u32::from_le_bytes);
        let (rings, polygons, rows) = (read("rings")?, read("polygons")?, read("rows")?);
        let ring = |index: usize| -> LineString {
            let range = rings[index] as usize..rings[index + 1] as usize;
            range.map(|at| Coord { x: x[at], y: y[at] }).collect()
        };
        let polygon = |index: usize| {
            let (first, end) = (polygons[index] as usize, polygons[index + 1] as usize);
            Polygon::new(ring(first), (first + 1..end).map(ring).collect())
        };
        let row = |row: &[u32]| MultiPolygon((row[0] as usize..row[1] as usize).map(polygon).collect());
        Ok(rows.windows(2).map(row).collect())
    }

    pub(crate) fn polygons(&self, name: &str, crs: Crs) -> Result<GeometryColumn, Failure> {
        let geometry = |mut surface: MultiPolygon| match surface.0.len() {
            1 => Geometry::from(surface.0.remove(0)),
            _ => Geometry::from(surface),
        };
        Ok(GeometryColumn::try_new(self.multi_polygons(name)?.into_iter().map(geometry), crs)?)
    }

    fn read<T, const N: usize>(&self, file: &str, value: fn([u8; N]) -> T) -> Result<Vec<T>, Failure> {
        let path = self.path(file);
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let (values, _) = bytes.as_chunks::<N>();
        Ok(values.iter().map(|&bytes| value(bytes)).collect())
    }
}

fn surfaces(geometry: Option<Geometry>) -> Option<MultiPolygon> {
    match geometry? {
        Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon])),
        Geometry::MultiPolygon(polygons) => Some(polygons),
        _ => None,
    }
}

/// The folder of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The folder of the data of Lyon: that of `DATAGORA_DATA`, by default `../shared/data` beside the workspace.
pub(crate) fn lyon() -> Result<PathBuf, Failure> {
    let folder =
        std::env::var_os("DATAGORA_DATA").map_or_else(|| workspace().join("../shared/data"), PathBuf::from);
    match folder.is_dir() {
        true => Ok(folder),
        false => Err(format!("the folder {} is absent: set DATAGORA_DATA", folder.display()).into()),
    }
}
