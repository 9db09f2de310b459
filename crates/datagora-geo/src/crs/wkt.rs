//! The CRS that a WKT definition means, as `.prj` files and GeoPackages have it.
use datagora_core::Crs;

use super::names::known_name;

/// How deep definitions are followed; real ones reach 7.
const DEEPEST: usize = 20;

/// The CRS of a WKT 1 (OGC or ESRI) or WKT 2 definition.
///
/// In turn: the EPSG code that the definition carries, its name, its parameters. A definition that is none of the
/// systems we know by code is kept as it is.
pub(crate) fn crs_from_wkt(text: &str) -> Crs {
    let text = text.trim().trim_start_matches('\u{feff}').trim();
    let known = Node::parse(text).and_then(|node| {
        node.code().or_else(|| node.text(0).and_then(known_name)).or_else(|| node.by_parameters())
    });
    known.map_or_else(|| Crs::custom(text), Crs::from_epsg)
}

/// One `KEYWORD[…]` of a definition.
#[derive(Debug, Default)]
struct Node {
    keyword: String,
    arguments: Vec<Argument>,
}

#[derive(Debug)]
enum Argument {
    Text(String),
    Number(f64),
    Node(Node),
    Word,
}

impl Node {
    fn parse(text: &str) -> Option<Node> {
        let mut rest = text;
        match argument(&mut rest, 0)? {
            Argument::Node(node) => Some(node),
            _ => None,
        }
    }

    fn text(&self, position: usize) -> Option<&str> {
        match self.arguments.get(position)? {
            Argument::Text(text) => Some(text),
            _ => None,
        }
    }

    fn number(&self, position: usize) -> Option<f64> {
        match self.arguments.get(position)? {
            Argument::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn children(&self) -> impl Iterator<Item = &Node> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Node(node) => Some(node),
            _ => None,
        })
    }

    /// The EPSG code that the definition itself (not a part of it) carries.
    fn code(&self) -> Option<u32> {
        let id = self.children().find(|child| child.keyword == "AUTHORITY" || child.keyword == "ID")?;
        if id.text(0)? != "EPSG" {
            return None;
        }
        id.text(1).and_then(|code| code.parse().ok()).or_else(|| {
            let code = id.number(1)?;
            (code.fract() == 0.0 && code > 0.0 && code < 1e9).then_some(code as u32)
        })
    }

    /// Searches this node and those below it.
    fn find(&self, keywords: &[&str]) -> Option<&Node> {
        if keywords.contains(&self.keyword.as_str()) {
            return Some(self);
        }
        self.children().find_map(|child| child.find(keywords))
    }

    fn parameters(&self, into: &mut Vec<(String, f64)>) {
        for child in self.children() {
            if child.keyword == "PARAMETER" {
                if let (Some(name), Some(value)) = (child.text(0), child.number(1)) {
                    let name = name.to_lowercase().replace(' ', "_");
                    into.push((name, value));
                }
            } else {
                child.parameters(into);
            }
        }
    }

    /// Lambert-93, the nine CC zones and UTM, by what defines them.
    ///
    /// IGN, *Projections Lambert-93 et coniques conformes 9 zones*; EPSG 1024, 9802, 9807.
    fn by_parameters(&self) -> Option<u32> {
        let datum = self.find(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?.text(0)?.to_uppercase();
        let method = self.find(&["PROJECTION", "METHOD"])?.text(0)?.to_lowercase();
        let mut parameters = Vec::new();
        self.parameters(&mut parameters);
        let get = |names: &[&str]| {
            parameters.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, value)| *value)
        };
        let east = get(&["false_easting", "easting_at_false_origin"])?;
        let north = get(&["false_northing", "northing_at_false_origin"])?;
        let meridian =
            get(&["central_meridian", "longitude_of_false_origin", "longitude_of_natural_origin"])?;
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
        if method.contains("lambert_conformal") || method.contains("lambert conic conformal") {
            let rgf = datum.contains("RGF") || datum.contains("RESEAU_GEODESIQUE_FRANCAIS");
            let latitude = get(&["latitude_of_origin", "latitude_of_false_origin"])?;
            if !rgf || !near(meridian, 3.0) {
                return None;
            }
            if near(latitude, 46.5) && near(east, 700_000.0) && near(north, 6_600_000.0) {
                return Some(2154);
            }
            let zone = latitude.round();
            let is_zone = near(latitude, zone)
                && (42.0..=50.0).contains(&zone)
                && near(east, 1_700_000.0)
                && near(north, (zone - 41.0) * 1e6 + 200_000.0);
            return is_zone.then_some(3900 + zone as u32);
        }
        let wgs = datum.contains("WGS") && datum.contains("84");
        if wgs && method.contains("transverse") && method.contains("mercator") {
            let scale = get(&["scale_factor", "scale_factor_at_natural_origin"])?;
            let zone = ((meridian + 183.0) / 6.0).round();
            let is_zone = near(zone * 6.0 - 183.0, meridian)
                && (1.0..=60.0).contains(&zone)
                && near(scale, 0.9996)
                && near(east, 500_000.0);
            return match (is_zone, north) {
                (true, 0.0) => Some(32_600 + zone as u32),
                (true, 10_000_000.0) => Some(32_700 + zone as u32),
                _ => None,
            };
        }
        None
    }
}

/// Reads one argument, and moves past it.
fn argument(rest: &mut &str, depth: usize) -> Option<Argument> {
    *rest = rest.trim_start();
    if let Some(quoted) = rest.strip_prefix('"') {
        let mut text = String::new();
        let mut characters = quoted.char_indices();
        while let Some((place, character)) = characters.next() {
            if character != '"' {
                text.push(character);
            } else if quoted[place + 1..].starts_with('"') {
                text.push('"');
                characters.next();
            } else {
                *rest = &quoted[place + 1..];
                return Some(Argument::Text(text));
            }
        }
        return None;
    }
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-._".contains(c))).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    if word.is_empty() {
        return None;
    }
    let after = after.trim_start();
    if !after.starts_with(['[', '(']) {
        *rest = after;
        return Some(word.parse().map_or(Argument::Word, Argument::Number));
    }
    if depth == DEEPEST {
        return None;
    }
    *rest = &after[1..];
    let mut node = Node { keyword: word.to_ascii_uppercase(), arguments: Vec::new() };
    loop {
        node.arguments.push(argument(rest, depth + 1)?);
        *rest = rest.trim_start();
        let closed = rest.starts_with([']', ')']);
        if !closed && !rest.starts_with(',') {
            return None;
        }
        *rest = &rest[1..];
        if closed {
            return Some(Argument::Node(node));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn code_in_the_definition_wins() {
        let ogc = r#"PROJCS["whatever",GEOGCS["x",AUTHORITY["EPSG","4171"]],AUTHORITY["EPSG","3946"]]"#;
        assert_eq!(crs_from_wkt(ogc), Crs::CC46);
        let wkt2 = r#"PROJCRS["whatever",BASEGEOGCRS["x",ID["EPSG",4171]],ID["EPSG",2154]]"#;
        assert_eq!(crs_from_wkt(wkt2), Crs::LAMBERT_93);
    }

    #[test]
    fn code_of_a_part_is_not_that_of_the_whole() {
        let text = r#"PROJCS["mine",GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]],PROJECTION["Bonne"]]"#;
        assert_eq!(crs_from_wkt(text), Crs::custom(text));
    }

    #[test]
    fn esri_names() {
        let wgs = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]]]"#;
        assert_eq!(crs_from_wkt(wgs), Crs::WGS84);
        assert_eq!(crs_from_wkt(r#"PROJCS["RGF_1993_Lambert_93",UNIT["Meter",1]]"#), Crs::LAMBERT_93);
        assert_eq!(crs_from_wkt(r#"PROJCS["RGF_1993_CC46",UNIT["Meter",1]]"#), Crs::CC46);
        assert_eq!(
            crs_from_wkt(r#"PROJCS["WGS_1984_UTM_Zone_31N",UNIT["Meter",1]]"#),
            Crs::from_epsg(32_631)
        );
        let web = r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",UNIT["Meter",1.0]]"#;
        assert_eq!(crs_from_wkt(web), Crs::WEB_MERCATOR);
    }

    #[test]
    fn french_projections_by_parameters() {
        let definition = |latitude: f64, first: f64, second: f64, east: f64, north: f64| {
            format!(
                r#"PROJCS["projet",GEOGCS["RGF",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,298.257222101]]],
                PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",{east:?}],
                PARAMETER["False_Northing",{north:?}],PARAMETER["Central_Meridian",3.0],
                PARAMETER["Standard_Parallel_1",{first:?}],PARAMETER["Standard_Parallel_2",{second:?}],
                PARAMETER["Latitude_Of_Origin",{latitude:?}],UNIT["Meter",1.0]]"#
            )
        };
        let cc46 = definition(46.0, 45.25, 46.75, 1_700_000.0, 5_200_000.0);
        assert_eq!(crs_from_wkt(&cc46), Crs::CC46);
        let lambert_93 = definition(46.5, 44.0, 49.0, 700_000.0, 6_600_000.0);
        assert_eq!(crs_from_wkt(&lambert_93), Crs::LAMBERT_93);
        let other = definition(46.2, 44.0, 49.0, 700_000.0, 6_600_000.0);
        assert_eq!(crs_from_wkt(&other), Crs::custom(other.as_str()));
    }

    proptest! {
        #[test]
        fn never_panics(text in "[A-Z\\[\\](),\"0-9. é]{0,200}") {
            crs_from_wkt(&text);
        }

        #[test]
        fn never_panics_on_deep_nesting(depth in 0_usize..5_000) {
            crs_from_wkt(&"A[".repeat(depth));
        }
    }
}
