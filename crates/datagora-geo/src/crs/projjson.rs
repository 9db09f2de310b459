//! Definitions in PROJJSON, as GeoParquet has them: read by their code or name, written for the systems we know.
use datagora_core::Crs;
use serde_json::{Value, json};

use super::names::known_name;
use super::wkt::crs_from_wkt;

/// The CRS of a definition: by its code, else its name; one that we do not know is kept as it is.
pub(crate) fn crs_from_projjson(definition: &Value) -> Crs {
    if let Some(text) = definition.as_str() {
        // Not what the format asks for, but met: a code, or WKT.
        return Crs::parse(text).unwrap_or_else(|_| crs_from_wkt(text));
    }
    let id = &definition["id"];
    let code = id["code"].as_u64().and_then(|code| u32::try_from(code).ok());
    let code = code.or_else(|| id["code"].as_str()?.parse().ok());
    match (id["authority"].as_str(), code) {
        (Some("EPSG"), Some(code)) => return Crs::from_epsg(code),
        (Some("OGC"), _) if id["code"] == "CRS84" => return Crs::WGS84,
        _ => {}
    }
    definition["name"]
        .as_str()
        .and_then(known_name)
        .map_or_else(|| Crs::custom(definition.to_string()), Crs::from_epsg)
}

/// The definition of a CRS; `None` if it is not among those we know.
///
/// Parameters: EPSG registry v11 (methods 9802, 9807, 9820, 1024).
pub(crate) fn projjson(crs: &Crs) -> Option<Value> {
    let Some(code) = crs.epsg() else {
        return crs.definition().and_then(|text| serde_json::from_str(text).ok()).filter(Value::is_object);
    };
    Some(match code {
        4326 => geographic(&WGS84, Some(4326)),
        4171 => geographic(&RGF93, Some(4171)),
        4258 => geographic(&ETRS89, Some(4258)),
        2154 => lambert(2154, "RGF93 v1 / Lambert-93", 46.5, [49.0, 44.0], [700_000.0, 6_600_000.0]),
        3942..=3950 => {
            let zone = code - 3900;
            let latitude = f64::from(zone);
            let north = (latitude - 41.0) * 1e6 + 200_000.0;
            let name = format!("RGF93 v1 / CC{zone}");
            lambert(code, &name, latitude, [latitude - 0.75, latitude + 0.75], [1_700_000.0, north])
        }
        3857 => projected(
            code,
            "WGS 84 / Pseudo-Mercator",
            &WGS84,
            json!({"name": "Popular Visualisation Pseudo Mercator", "id": epsg(1024)}),
            [origin([0.0, 0.0]), displacement([0.0, 0.0])].concat(),
        ),
        3035 => projected(
            code,
            "ETRS89-extended / LAEA Europe",
            &ETRS89,
            json!({"name": "Lambert Azimuthal Equal Area", "id": epsg(9820)}),
            [origin([10.0, 52.0]), displacement([4_321_000.0, 3_210_000.0])].concat(),
        ),
        32_601..=32_660 | 32_701..=32_760 => {
            let (zone, south) = (code % 100, code > 32_700);
            projected(
                code,
                &format!("WGS 84 / UTM zone {zone}{}", if south { 'S' } else { 'N' }),
                &WGS84,
                json!({"name": "Transverse Mercator", "id": epsg(9807)}),
                [
                    origin([f64::from(zone) * 6.0 - 183.0, 0.0]),
                    vec![parameter("Scale factor at natural origin", 8805, 0.9996, "unity")],
                    displacement([500_000.0, if south { 10_000_000.0 } else { 0.0 }]),
                ]
                .concat(),
            )
        }
        _ => return None,
    })
}

/// What a geographic system is made of.
struct Geographic {
    name: &'static str,
    datum: &'static str,
    datum_code: u32,
    ellipsoid: &'static str,
    inverse_flattening: f64,
    code: u32,
}

const WGS84: Geographic = Geographic {
    name: "WGS 84",
    datum: "World Geodetic System 1984",
    datum_code: 6326,
    ellipsoid: "WGS 84",
    inverse_flattening: 298.257_223_563,
    code: 4326,
};

const RGF93: Geographic = Geographic {
    name: "RGF93 v1",
    datum: "Reseau Geodesique Francais 1993 v1",
    datum_code: 6171,
    ellipsoid: "GRS 1980",
    inverse_flattening: 298.257_222_101,
    code: 4171,
};

const ETRS89: Geographic = Geographic {
    name: "ETRS89",
    datum: "European Terrestrial Reference System 1989",
    datum_code: 6258,
    ellipsoid: "GRS 1980",
    inverse_flattening: 298.257_222_101,
    code: 4258,
};

fn epsg(code: u32) -> Value {
    json!({"authority": "EPSG", "code": code})
}

fn axis(name: &str, abbreviation: &str, direction: &str, unit: &str) -> Value {
    json!({"name": name, "abbreviation": abbreviation, "direction": direction, "unit": unit})
}

/// A system of degrees; as the base of a projected one it has its code too.
fn geographic(system: &Geographic, code: Option<u32>) -> Value {
    json!({
        "$schema": SCHEMA,
        "type": "GeographicCRS",
        "name": system.name,
        "datum": {
            "type": "GeodeticReferenceFrame",
            "name": system.datum,
            "ellipsoid": {
                "name": system.ellipsoid,
                "semi_major_axis": 6_378_137,
                "inverse_flattening": system.inverse_flattening,
            },
            "id": epsg(system.datum_code),
        },
        "coordinate_system": {
            "subtype": "ellipsoidal",
            // The order of the authority; GeoParquet has (east, north) coordinates whatever stands here.
            "axis": [
                axis("Geodetic latitude", "Lat", "north", "degree"),
                axis("Geodetic longitude", "Lon", "east", "degree"),
            ],
        },
        "id": epsg(code.unwrap_or(system.code)),
    })
}

const SCHEMA: &str = "https://proj.org/schemas/v0.7/projjson.schema.json";

fn parameter(name: &str, code: u32, value: f64, unit: &str) -> Value {
    json!({"name": name, "value": value, "unit": unit, "id": epsg(code)})
}

/// Longitude and latitude of the origin of a projection.
fn origin([longitude, latitude]: [f64; 2]) -> Vec<Value> {
    vec![
        degrees("Latitude of natural origin", 8801, latitude),
        degrees("Longitude of natural origin", 8802, longitude),
    ]
}

/// What is added to its eastings and northings.
fn displacement([east, north]: [f64; 2]) -> Vec<Value> {
    vec![metres("False easting", 8806, east), metres("False northing", 8807, north)]
}

fn degrees(name: &str, code: u32, value: f64) -> Value {
    parameter(name, code, value, "degree")
}

fn metres(name: &str, code: u32, value: f64) -> Value {
    parameter(name, code, value, "metre")
}

fn projected(code: u32, name: &str, base: &Geographic, method: Value, parameters: Vec<Value>) -> Value {
    let mut base = geographic(base, None);
    if let Some(members) = base.as_object_mut() {
        members.remove("$schema");
    }
    let (first, second) = if code == 3035 {
        (("Northing", "Y", "north"), ("Easting", "X", "east"))
    } else {
        (("Easting", "X", "east"), ("Northing", "Y", "north"))
    };
    json!({
        "$schema": SCHEMA,
        "type": "ProjectedCRS",
        "name": name,
        "base_crs": base,
        "conversion": {"name": name, "method": method, "parameters": parameters},
        "coordinate_system": {
            "subtype": "Cartesian",
            "axis": [axis(first.0, first.1, first.2, "metre"), axis(second.0, second.1, second.2, "metre")],
        },
        "id": epsg(code),
    })
}

/// Lambert-93 or one of the nine conformal conic zones.
fn lambert(code: u32, name: &str, latitude: f64, parallels: [f64; 2], origin: [f64; 2]) -> Value {
    projected(
        code,
        name,
        &RGF93,
        json!({"name": "Lambert Conic Conformal (2SP)", "id": epsg(9802)}),
        vec![
            degrees("Latitude of false origin", 8821, latitude),
            degrees("Longitude of false origin", 8822, 3.0),
            degrees("Latitude of 1st standard parallel", 8823, parallels[0]),
            degrees("Latitude of 2nd standard parallel", 8824, parallels[1]),
            metres("Easting at false origin", 8826, origin[0]),
            metres("Northing at false origin", 8827, origin[1]),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_systems_come_back() {
        let utm = [32_601, 32_631, 32_760];
        for code in [4326, 4171, 4258, 2154, 3857, 3035].into_iter().chain(3942..=3950).chain(utm) {
            let crs = Crs::from_epsg(code);
            let mut definition = projjson(&crs).unwrap();
            assert_eq!(crs_from_projjson(&definition), crs);
            // By name alone, too.
            definition.as_object_mut().unwrap().remove("id");
            assert_eq!(crs_from_projjson(&definition), crs, "{definition}");
        }
        assert_eq!(projjson(&Crs::from_epsg(27_572)), None);
    }

    #[test]
    fn spellings_and_unknown_ones() {
        let crs84 =
            json!({"type": "GeographicCRS", "name": "x", "id": {"authority": "OGC", "code": "CRS84"}});
        assert_eq!(crs_from_projjson(&crs84), Crs::WGS84);
        let text_code = json!({"id": {"authority": "EPSG", "code": "3946"}});
        assert_eq!(crs_from_projjson(&text_code), Crs::CC46);
        assert_eq!(crs_from_projjson(&json!("EPSG:2154")), Crs::LAMBERT_93);
        let mine = json!({"type": "ProjectedCRS", "name": "mine"});
        let crs = crs_from_projjson(&mine);
        assert_eq!(crs.epsg(), None);
        assert_eq!(projjson(&crs), Some(mine));
        assert_eq!(projjson(&Crs::custom("PROJCS[]")), None);
    }
}
