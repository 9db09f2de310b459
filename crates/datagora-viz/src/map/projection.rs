//! In which projection a place is drawn.
use datagora_core::{Crs, Language};
use datagora_geo::types::{Coord, Polygon, Rect};
use datagora_geo::{GeometryColumn, Transform};

use super::{MapError, MapOptions};

/// How far from the central meridian of its zone a UTM map reaches, degrees.
const UTM_REACH: f64 = 5.0;
/// Metropolitan France with its islands and coasts; neighbours that lie within are served as well.
const FRANCE: Bounds = Bounds { west: -5.6, south: 41.2, east: 9.8, north: 51.3 };
/// Europe as LAEA Europe is meant for it, from Iceland and the Canaries to the Caucasus.
const EUROPE: Bounds = Bounds { west: -35.0, south: 24.6, east: 45.0, north: 84.0 };
/// The overseas departments, each with the system that is legal there.
const OVERSEAS: [(Bounds, u32); 4] = [
    (Bounds { west: -63.7, south: 14.0, east: -57.5, north: 18.6 }, 5490),
    (Bounds { west: -54.7, south: 2.0, east: -49.4, north: 9.0 }, 2972),
    (Bounds { west: 51.8, south: -24.8, east: 58.3, north: -18.2 }, 2975),
    (Bounds { west: 43.6, south: -14.6, east: 46.8, north: -11.3 }, 4471),
];

#[derive(Clone, Copy)]
struct Bounds {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Bounds {
    fn hold(&self, area: &Bounds) -> bool {
        self.west <= area.west
            && area.east <= self.east
            && self.south <= area.south
            && area.north <= self.north
    }
}

/// The projection in metres that suits the place of geometries: what maps of degrees are drawn in if no other is asked for.
///
/// By the first rule that applies to the longitudes and latitudes between which everything lies:
///
/// | place | projection |
/// |---|---|
/// | within metropolitan France (41.2 to 51.3° N, 5.6° W to 9.8° E, neighbours in it included) and within 1° of latitude of the parallel nearest to its middle | the conformal conic of that parallel, CC42 to CC50 (EPSG:3942 to 3950) |
/// | within metropolitan France | Lambert-93 (EPSG:2154) |
/// | within Martinique and Guadeloupe, French Guiana, La Réunion, Mayotte | the legal system (EPSG:5490, 2972, 2975, 4471) |
/// | within 5° of the central meridian of the UTM zone of its middle, 80° S to 84° N | that zone: of ETRS89 for degrees of ETRS89 or RGF93 from 18° W to 30° E, else of WGS 84 |
/// | within Europe (24.6 to 84° N, 35° W to 45° E) | LAEA Europe (EPSG:3035) |
///
/// Geometries that are in metres already keep their CRS.
///
/// # Errors
///
/// [`MapError::Geographic`] where no rule applies, such as for the whole world; [`MapError::Nowhere`] without coordinates.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::suited_crs;
///
/// let lyon = GeometryColumn::points(vec![4.7, 5.1], vec![45.6, 45.9], Crs::WGS84);
/// assert_eq!(suited_crs(&lyon)?, Crs::CC46);
/// # Ok::<(), datagora_viz::MapError>(())
/// ```
///
/// # References
///
/// Décret n° 2000-1276 on the French reference systems, as amended by n° 2006-272 (the nine conformal conics). Snyder, J. P. (1987). *Map Projections – A Working Manual*. USGS Professional Paper 1395,
/// for UTM. INSPIRE D2.8.I.1, for LAEA Europe.
pub fn suited_crs(column: &GeometryColumn) -> Result<Crs, MapError> {
    let crs = column.crs();
    if !crs.is_geographic() {
        return Ok(crs.clone());
    }
    let nowhere = || MapError::Nowhere { rows: column.len() };
    let bounds = column.bounds().ok_or_else(nowhere)?;
    let area =
        Bounds { west: bounds.min().x, south: bounds.min().y, east: bounds.max().x, north: bounds.max().y };
    if ![area.west, area.south, area.east, area.north].iter().all(|side| side.is_finite()) {
        return Err(nowhere());
    }
    let wide = || MapError::Geographic { crs: crs.clone() };
    let code = code_for(&area, matches!(crs.epsg(), Some(4258 | 4171))).ok_or_else(wide)?;
    let suited = Crs::from_epsg(code);
    // Degrees of a system for which there are no formulas here.
    Transform::between(crs, &suited).map_err(|_| wide())?;
    Ok(suited)
}

fn code_for(area: &Bounds, european: bool) -> Option<u32> {
    let middle = Coord { x: 0.5 * (area.west + area.east), y: 0.5 * (area.south + area.north) };
    if FRANCE.hold(area) {
        let parallel = middle.y.round().clamp(42.0, 50.0);
        let within = area.south >= parallel - 1.0 && area.north <= parallel + 1.0;
        return Some(if within { 3900 + parallel as u32 } else { 2154 });
    }
    if let Some((_, code)) = OVERSEAS.iter().find(|(place, _)| place.hold(area)) {
        return Some(*code);
    }
    let degrees = Bounds { west: -180.0, south: -80.0, east: 180.0, north: 84.0 };
    if degrees.hold(area) {
        let zone = (((middle.x + 180.0) / 6.0).floor() as u32 + 1).min(60);
        let meridian = 6.0 * f64::from(zone) - 183.0;
        if area.west >= meridian - UTM_REACH && area.east <= meridian + UTM_REACH {
            let north = middle.y >= 0.0;
            return Some(match (28..=35).contains(&zone) && north && european {
                true => 25_800 + zone,
                false if north => 32_600 + zone,
                false => 32_700 + zone,
            });
        }
    }
    EUROPE.hold(area).then_some(3035)
}

/// The CRS of a map, and whether it was chosen for the place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Projection {
    pub(super) crs: Crs,
    chosen: bool,
}

impl Projection {
    /// The CRS asked for, else that of the geometries, else what suits their place.
    pub(super) fn of(column: &GeometryColumn, options: &MapOptions) -> Result<Self, MapError> {
        let crs = options.crs.clone().unwrap_or_else(|| column.crs().clone());
        if !crs.is_geographic() {
            return Ok(Self { crs, chosen: false });
        }
        if options.crs.is_some() {
            return Err(MapError::Geographic { crs });
        }
        Ok(Self { crs: suited_crs(column)?, chosen: true })
    }

    /// Whether a metre of the map is a metre on the ground, as on the web Mercator map it is not.
    pub(super) fn is_to_scale(&self) -> bool {
        self.crs != Crs::WEB_MERCATOR
    }

    /// What the legend says of a projection that nobody asked for.
    pub(super) fn words(&self, language: Language) -> Option<String> {
        self.chosen.then(|| {
            let name = projection_name(&self.crs, language);
            format!(
                "{}{name}",
                language.pick("Projection choisie pour le lieu\u{a0}: ", "Projection chosen for the place: ")
            )
        })
    }
}

/// The projections of [`suited_crs`] by name and code; others by code.
fn projection_name(crs: &Crs, language: Language) -> String {
    let utm = |zone: u32, north: bool| {
        let side = if north { language.pick("nord", "north") } else { language.pick("sud", "south") };
        format!("UTM {zone} {side}")
    };
    let name = match crs.epsg() {
        Some(2154) => "Lambert-93".to_owned(),
        Some(code @ 3942..=3950) => format!("CC{}", code - 3900),
        Some(3035) => "LAEA Europe".to_owned(),
        Some(code @ 32_601..=32_660) => utm(code - 32_600, true),
        Some(code @ 32_701..=32_760) => utm(code - 32_700, false),
        Some(code @ 25_828..=25_838) => utm(code - 25_800, true),
        Some(5490) => utm(20, true),
        Some(2972) => utm(22, true),
        Some(2975) => utm(40, false),
        Some(4471) => utm(38, false),
        _ => return crs.to_string(),
    };
    format!("{name} ({crs})")
}

/// The bounds of geometries in another CRS: of their rectangle, its sides cut finely since they bend.
pub(super) fn bounds_in(column: &GeometryColumn, crs: &Crs) -> Result<Option<Rect>, MapError> {
    const PIECES: usize = 16;
    let Some(bounds) = column.bounds() else { return Ok(None) };
    if column.crs() == crs {
        return Ok(Some(bounds));
    }
    let (a, b) = (bounds.min(), bounds.max());
    let corners = [a, Coord { x: b.x, y: a.y }, b, Coord { x: a.x, y: b.y }, a];
    let ring: Vec<Coord> = corners
        .windows(2)
        .flat_map(|pair| {
            let (from, to) = (pair[0], pair[1]);
            (0..PIECES).map(move |i| from + (to - from) * (i as f64 / PIECES as f64))
        })
        .collect();
    let outline = GeometryColumn::new([Polygon::new(ring.into(), Vec::new()).into()], column.crs().clone());
    Ok(super::projected(&outline, crs)?.bounds())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suited(west: f64, south: f64, east: f64, north: f64) -> Option<u32> {
        let column = GeometryColumn::points(vec![west, east], vec![south, north], Crs::WGS84);
        suited_crs(&column).ok().and_then(|crs| crs.epsg())
    }

    #[test]
    fn zones_of_the_conformal_conics() {
        // The middle decides; half a degree goes to the parallel above, as numbers are rounded.
        assert_eq!(suited(4.0, 45.49, 5.0, 45.49), Some(3945));
        assert_eq!(suited(4.0, 45.5, 5.0, 45.5), Some(3946));
        assert_eq!(suited(4.0, 45.0, 5.0, 47.0), Some(3946));
        assert_eq!(suited(4.0, 45.0, 5.0, 47.01), Some(2154), "beyond a degree from the parallel");
        assert_eq!(suited(4.0, 44.99, 5.0, 46.5), Some(2154));
        assert_eq!(suited(8.5, 41.3, 9.6, 43.0), Some(3942), "Corsica without its cape");
        assert_eq!(suited(8.5, 41.3, 9.6, 43.1), Some(2154), "Corsica with its cape");
        assert_eq!(suited(2.0, 50.6, 3.0, 51.1), Some(2154), "north of the last zone");
        assert_eq!(suited(2.0, 50.6, 3.0, 51.0), Some(3950));
        assert_eq!(suited(-5.2, 41.3, 9.7, 51.1), Some(2154));
    }

    #[test]
    fn zones_of_utm_and_what_is_wider() {
        assert_eq!(suited(5.99, 52.0, 5.99, 52.0), Some(32_631));
        assert_eq!(suited(6.0, 52.0, 6.0, 52.0), Some(32_632));
        assert_eq!(suited(4.0, 52.0, 14.0, 54.0), Some(32_632), "5° from 9° E to each side");
        assert_eq!(suited(3.99, 52.0, 14.0, 54.0), Some(3035));
        assert_eq!(suited(-180.0, 10.0, -180.0, 10.0), Some(32_601));
        assert_eq!(suited(180.0, -10.0, 180.0, -10.0), Some(32_760));
        assert_eq!(suited(18.0, -0.1, 19.0, -0.1), Some(32_734));
        assert_eq!(suited(18.0, 0.0, 19.0, 0.0), Some(32_634));
        assert_eq!(suited(18.0, 84.1, 19.0, 84.1), None, "the pole");
        assert_eq!(suited(-125.0, 25.0, -66.0, 49.0), None, "a continent other than Europe");
        assert_eq!(suited(-10.0, 36.0, 30.0, 70.0), Some(3035));
    }

    #[test]
    fn overseas_and_other_datums() {
        assert_eq!(suited(55.2, -21.4, 55.9, -20.8), Some(2975));
        assert_eq!(suited(-61.3, 14.3, -60.8, 14.9), Some(5490));
        assert_eq!(suited(-53.0, 3.0, -52.0, 5.0), Some(2972));
        assert_eq!(suited(45.0, -13.0, 45.3, -12.6), Some(4471));
        let at = |crs: Crs| suited_crs(&GeometryColumn::points(vec![13.4], vec![52.5], crs));
        assert_eq!(at(Crs::from_epsg(4258)).unwrap(), Crs::from_epsg(25_833));
        let (ntf, zone) = (Crs::from_epsg(4275), Crs::from_epsg(32_633));
        match Transform::between(&ntf, &zone) {
            Ok(_) => assert_eq!(at(ntf).unwrap(), zone, "PROJ is compiled in"),
            Err(_) => assert!(matches!(at(ntf), Err(MapError::Geographic { .. })), "no formulas for NTF"),
        }
        assert_eq!(at(Crs::LAEA_EUROPE).unwrap(), Crs::LAEA_EUROPE);
        let nowhere = GeometryColumn::from_options([None], Crs::WGS84);
        assert!(matches!(suited_crs(&nowhere), Err(MapError::Nowhere { rows: 1 })));
    }

    #[test]
    fn bounds_bend_with_the_projection() {
        let column = GeometryColumn::points(vec![-5.0, 9.0], vec![42.0, 51.0], Crs::WGS84);
        let bounds = bounds_in(&column, &Crs::LAMBERT_93).unwrap().unwrap();
        let corners = super::super::projected(&column, &Crs::LAMBERT_93).unwrap().bounds().unwrap();
        // The parallel of 42° is lowest at 3° E, far from the corners.
        assert!(bounds.min().y < corners.min().y - 30_000.0);
    }
}
