//! Where the cells of a GeoTIFF lie, and in which CRS.
//!
//! GeoTIFF 1.1 (OGC 19-008r4), clauses 7.1 to 7.5 and annex B.6.
use std::io::{Read, Seek};

use datagora_core::Crs;

use super::directory::{Directory, Tiff};
use super::error::GeoTiffProblem;
use super::image::Image;
use super::tag;
use crate::Grid;
use crate::crs::{crs_from_wkt, known_name, unknown_crs};

/// What stands before the definition of a CRS without code, as ESRI's programs and GDAL write it.
pub(super) const DEFINITION: &str = "ESRI PE String = ";

/// The north-west corner of the raster, and the size of its cells.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placement {
    pub(super) west: f64,
    pub(super) north: f64,
    pub(super) cell_width: f64,
    pub(super) cell_height: f64,
    /// The first row of the file is the southernmost.
    pub(super) south_up: bool,
    pub(super) crs: Crs,
}

impl Placement {
    /// Reads it from the tags of the first image.
    pub(super) fn read<R: Read + Seek>(
        tiff: &mut Tiff<R>,
        directory: &Directory,
        rows: usize,
    ) -> Result<Self, GeoTiffProblem> {
        let keys = Keys::read(tiff, directory)?;
        let mut transform = transform(tiff, directory)?;
        if keys.code(tag::KEY_RASTER_TYPE) == Some(2) {
            // PixelIsPoint: the numbers tell the middle of the first cell.
            transform[2] -= 0.5 * (transform[0] + transform[1]);
            transform[5] -= 0.5 * (transform[3] + transform[4]);
        }
        let [width, shear_east, west, shear_north, height, north] = transform;
        let sound = transform.iter().all(|number| number.is_finite()) && width != 0.0 && height != 0.0;
        if !sound {
            return Err(GeoTiffProblem::malformed(
                "the georeferencing",
                format!("{transform:?}"),
                "finite numbers and cells with a size",
            ));
        }
        // Less than a thousandth of a cell over the whole raster is rounding, not rotation.
        let straight = |shear: f64, size: f64| (shear * rows as f64).abs() <= 1e-3 * size.abs();
        if !straight(shear_east, width) || !straight(shear_north, height) || width < 0.0 {
            return Err(GeoTiffProblem::Rotated { transform });
        }
        let south_up = height > 0.0;
        let north = if south_up { north + height * rows as f64 } else { north };
        Ok(Self { west, north, cell_width: width, cell_height: height.abs(), south_up, crs: keys.crs() })
    }
}

impl Placement {
    /// The grid of an image of the file: the full raster, or an overview of the same ground.
    pub(super) fn grid(&self, full: &Image, image: &Image) -> Result<Grid, GeoTiffProblem> {
        let ratio = |full: usize, part: usize| full as f64 / part as f64;
        let width = self.cell_width * ratio(full.columns, image.columns);
        let height = self.cell_height * ratio(full.rows, image.rows);
        let corner = [self.west, self.north];
        Grid::new(corner, [width, height], image.columns, image.rows, self.crs.clone()).map_err(|error| {
            GeoTiffProblem::malformed("the georeferencing", error, "a grid that coordinates can tell")
        })
    }
}

/// East and north of the corner of a cell: coefficients of column, row and 1.
fn transform<R: Read + Seek>(tiff: &mut Tiff<R>, directory: &Directory) -> Result<[f64; 6], GeoTiffProblem> {
    let few = |tag: u16, found: usize, needed: &str| {
        GeoTiffProblem::malformed(tag::name(tag), format!("{found} numbers"), needed)
    };
    let matrix = tiff.doubles(directory, tag::MODEL_TRANSFORMATION)?;
    if !matrix.is_empty() {
        if matrix.len() < 8 {
            return Err(few(tag::MODEL_TRANSFORMATION, matrix.len(), "16"));
        }
        return Ok([matrix[0], matrix[1], matrix[3], matrix[4], matrix[5], matrix[7]]);
    }
    let scale = tiff.doubles(directory, tag::MODEL_PIXEL_SCALE)?;
    let tie = tiff.doubles(directory, tag::MODEL_TIEPOINT)?;
    if scale.is_empty() || tie.is_empty() {
        // Tie points without scale are control points, which need warping.
        return Err(GeoTiffProblem::NotPlaced);
    }
    if scale.len() < 2 {
        return Err(few(tag::MODEL_PIXEL_SCALE, scale.len(), "3"));
    }
    if tie.len() < 6 {
        return Err(few(tag::MODEL_TIEPOINT, tie.len(), "6 for each point"));
    }
    let (width, height) = (scale[0], -scale[1]);
    Ok([width, 0.0, tie[3] - tie[0] * width, 0.0, height, tie[4] - tie[1] * height])
}

/// The GeoKeys.
#[derive(Debug, Default)]
struct Keys {
    /// Key, place, count, value or offset.
    entries: Vec<[u64; 4]>,
    ascii: String,
}

impl Keys {
    fn read<R: Read + Seek>(tiff: &mut Tiff<R>, directory: &Directory) -> Result<Self, GeoTiffProblem> {
        let Some(count) = directory.get(&tag::GEO_KEY_DIRECTORY).map(|entry| entry.count) else {
            return Ok(Self::default());
        };
        let numbers = tiff.whole(directory, tag::GEO_KEY_DIRECTORY, 0..count)?;
        let entries = numbers.chunks_exact(4).skip(1).map(|key| [key[0], key[1], key[2], key[3]]).collect();
        let ascii = tiff.text(directory, tag::GEO_ASCII_PARAMS)?.unwrap_or_default();
        Ok(Self { entries, ascii })
    }

    fn entry(&self, key: u64) -> Option<&[u64; 4]> {
        self.entries.iter().find(|entry| entry[0] == key)
    }

    /// A key whose value is a code.
    fn code(&self, key: u64) -> Option<u64> {
        self.entry(key).filter(|entry| entry[1] == 0).map(|entry| entry[3])
    }

    fn text(&self, key: u64) -> Option<&str> {
        let &[_, place, count, offset] = self.entry(key)?;
        let range = usize::try_from(offset).ok()?..usize::try_from(offset.checked_add(count)?).ok()?;
        let text = (place == u64::from(tag::GEO_ASCII_PARAMS)).then(|| self.ascii.get(range))??;
        let text = text.trim_end_matches('|').trim();
        (!text.is_empty()).then_some(text)
    }

    /// The CRS by its code, else by what the citations say, else as they name it.
    fn crs(&self) -> Crs {
        // 32767 is “user defined”, 0 “undefined”.
        let code = |key: u64| {
            let code = u32::try_from(self.code(key)?).ok()?;
            (code != 0 && code != 32_767).then(|| Crs::from_epsg(code))
        };
        if let Some(crs) = code(tag::KEY_PROJECTED_CRS) {
            return crs;
        }
        let projected = self.code(tag::KEY_MODEL_TYPE) == Some(1)
            || [tag::KEY_PROJECTED_CRS, tag::KEY_PROJECTED_CITATION]
                .iter()
                .any(|&key| self.entry(key).is_some());
        if !projected && let Some(crs) = code(tag::KEY_GEODETIC_CRS) {
            return crs;
        }
        let keys: &[u64] = match projected {
            true => &[tag::KEY_PROJECTED_CITATION, tag::KEY_CITATION],
            false => &[tag::KEY_GEODETIC_CITATION, tag::KEY_CITATION],
        };
        let citations: Vec<&str> = keys.iter().filter_map(|&key| self.text(key)).collect();
        citations
            .iter()
            .find_map(|citation| named(citation))
            .unwrap_or_else(|| citations.first().map_or_else(unknown_crs, |&citation| Crs::custom(citation)))
    }
}

/// The CRS that a citation means: a definition, a name, or “PCS Name = …|…”.
fn named(citation: &str) -> Option<Crs> {
    if let Some(definition) = citation.strip_prefix(DEFINITION) {
        return Some(crs_from_wkt(definition));
    }
    citation.split('|').find_map(|part| {
        let name = part.split_once('=').map_or(part, |(_, name)| name);
        known_name(name.trim()).map(Crs::from_epsg)
    })
}

/// Values of the tags GeoKeyDirectory and GeoAsciiParams that tell a CRS.
pub(super) fn geo_keys(crs: &Crs) -> Result<(Vec<u16>, String), GeoTiffProblem> {
    const CODE: u16 = 0;
    let mut keys = vec![[tag::KEY_RASTER_TYPE as u16, CODE, 1, 1]];
    let mut ascii = String::new();
    // Of 16 bits in the file; larger codes are not EPSG's.
    match (crs.epsg().map(u16::try_from), crs.definition()) {
        (Some(Ok(code)), _) => {
            let geographic = crs.is_geographic();
            // EPSG gives 4000 to 4999 to geographic systems, but for some projected and geocentric ones among them.
            if !geographic && (4000..5000).contains(&code) {
                return Err(GeoTiffProblem::Crs { found: crs.clone() });
            }
            let (model, key) =
                if geographic { (2, tag::KEY_GEODETIC_CRS) } else { (1, tag::KEY_PROJECTED_CRS) };
            keys.push([tag::KEY_MODEL_TYPE as u16, CODE, 1, model]);
            keys.push([key as u16, CODE, 1, code]);
        }
        (_, Some(text)) if *crs != unknown_crs() => {
            let is_wkt = ["PROJ", "GEOG", "COMPD_CS", "BOUND"].iter().any(|start| text.starts_with(start));
            // A vertical bar ends a text of GeoAsciiParams.
            let text = text.replace('|', "/");
            ascii = if is_wkt { format!("{DEFINITION}{text}|") } else { format!("{text}|") };
            let Ok(length) = u16::try_from(ascii.len()) else {
                return Err(GeoTiffProblem::Crs { found: crs.clone() });
            };
            let (model, code, citation) = match crs.is_geographic() {
                true => (2, tag::KEY_GEODETIC_CRS, tag::KEY_GEODETIC_CITATION),
                false => (1, tag::KEY_PROJECTED_CRS, tag::KEY_PROJECTED_CITATION),
            };
            keys.push([tag::KEY_MODEL_TYPE as u16, CODE, 1, model]);
            keys.push([code as u16, CODE, 1, 32_767]);
            keys.push([citation as u16, tag::GEO_ASCII_PARAMS, length, 0]);
        }
        (Some(Err(_)), _) => return Err(GeoTiffProblem::Crs { found: crs.clone() }),
        _ => {}
    }
    keys.sort_unstable();
    let head = [1, 1, 0, keys.len() as u16];
    Ok((head.into_iter().chain(keys.into_iter().flatten()).collect(), ascii))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(entries: &[[u64; 4]], ascii: &str) -> Crs {
        Keys { entries: entries.to_vec(), ascii: ascii.to_owned() }.crs()
    }

    #[test]
    fn codes_win_over_citations() {
        let ascii = "RGF93 / CC46|";
        let citation = [tag::KEY_PROJECTED_CITATION, 34_737, 13, 0];
        assert_eq!(keys(&[[1024, 0, 1, 1], [3072, 0, 1, 2154], citation], ascii), Crs::LAMBERT_93);
        assert_eq!(keys(&[[1024, 0, 1, 1], [3072, 0, 1, 32_767], citation], ascii), Crs::CC46);
        assert_eq!(keys(&[[1024, 0, 1, 2], [2048, 0, 1, 4326]], ""), Crs::WGS84);
    }

    #[test]
    fn base_of_a_projected_system_is_not_the_system() {
        let ascii = "Plan local|";
        let found =
            keys(&[[1024, 0, 1, 1], [2048, 0, 1, 4171], [1026, 34_737, 11, 0], [3072, 0, 1, 32_767]], ascii);
        assert_eq!(found, Crs::custom("Plan local"));
        assert_eq!(keys(&[[1024, 0, 1, 1], [2048, 0, 1, 4171]], ""), unknown_crs());
    }

    #[test]
    fn names_among_others() {
        let ascii = "PCS Name = RGF_1993_Lambert_93|GCS Name = GCS_RGF_1993|";
        let length = ascii.len() as u64;
        assert_eq!(keys(&[[1024, 0, 1, 1], [1026, 34_737, length, 0]], ascii), Crs::LAMBERT_93);
        assert_eq!(keys(&[[1024, 0, 1, 1], [1026, 34_737, u64::MAX, 1]], ascii), unknown_crs());
    }

    #[test]
    fn keys_of_a_crs_are_read_back() {
        let wkt = r#"PROJCS["Bonne",GEOGCS["WGS 84",DATUM["x"]],PROJECTION["Bonne"]]"#;
        for crs in [Crs::CC46, Crs::WGS84, unknown_crs(), Crs::custom("Plan local"), Crs::custom(wkt)] {
            let (numbers, ascii) = geo_keys(&crs).unwrap();
            let numbers: Vec<u64> = numbers.into_iter().map(u64::from).collect();
            let entries =
                numbers.chunks_exact(4).skip(1).map(|key| [key[0], key[1], key[2], key[3]]).collect();
            assert_eq!(Keys { entries, ascii }.crs(), crs);
        }
        assert!(matches!(geo_keys(&Crs::from_epsg(4500)), Err(GeoTiffProblem::Crs { .. })));
    }
}
