//! Names of coordinate reference systems, and the EPSG codes they mean.

/// The EPSG code of a system known by name, in the spelling of EPSG, ESRI or PROJ.
///
/// Names from the EPSG registry v11 and from ESRI's projection engine tables.
pub(crate) fn known_name(name: &str) -> Option<u32> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    // ESRI writes “RGF_1993”, EPSG “RGF93” or, since its version 2 exists, “RGF93 v1”; all are EPSG:4171 to us.
    let plain = plain.replace("RGF1993", "RGF93").replace("RGF93V1", "RGF93").replace("WGS1984", "WGS84");
    let plain = plain.strip_prefix("GCS").unwrap_or(&plain);
    Some(match plain {
        "WGS84" | "WGS84CRS84" | "WGS84LONGITUDELATITUDE" => 4326,
        "RGF93" | "RGF93GEO" => 4171,
        "RGF93LAMBERT93" | "LAMBERT93" => 2154,
        "ETRS89" | "ETRS1989" | "EUREF" => 4258,
        "ETRS89EXTENDEDLAEAEUROPE" | "ETRS89LAEAEUROPE" | "ETRS1989LAEA" => 3035,
        "WGS84PSEUDOMERCATOR" | "WGS84WEBMERCATORAUXILIARYSPHERE" | "WEBMERCATOR" => 3857,
        "NTFLAMBERTIIETENDU" | "NTFPARISLAMBERTZONEII" => 27_572,
        "NTF" => 4275,
        "NAD83" | "NORTHAMERICAN1983" => 4269,
        "NAD27" | "NORTHAMERICAN1927" => 4267,
        _ => {
            if let Some(zone) = plain.strip_prefix("RGF93CC") {
                let zone: u32 = zone.parse().ok()?;
                return (42..=50).contains(&zone).then_some(3900 + zone);
            }
            let zone = plain.strip_prefix("WGS84UTMZONE")?;
            let (number, south) = match (zone.strip_suffix('N'), zone.strip_suffix('S')) {
                (Some(number), _) => (number, false),
                (None, Some(number)) => (number, true),
                (None, None) => return None,
            };
            let number: u32 = number.parse().ok()?;
            return (1..=60).contains(&number).then_some(if south { 32_700 } else { 32_600 } + number);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (name, code) in [
            ("WGS 84", 4326),
            ("GCS_WGS_1984", 4326),
            ("WGS 84 (CRS84)", 4326),
            ("RGF93 v1", 4171),
            ("GCS_RGF_1993", 4171),
            ("RGF93 / Lambert-93", 2154),
            ("RGF93 v1 / Lambert-93", 2154),
            ("RGF93 v1 / CC46", 3946),
            ("RGF_1993_CC50", 3950),
            ("WGS 84 / UTM zone 31N", 32_631),
            ("WGS_1984_UTM_Zone_5S", 32_705),
            ("ETRS89-extended / LAEA Europe", 3035),
            ("WGS 84 / Pseudo-Mercator", 3857),
        ] {
            assert_eq!(known_name(name), Some(code), "{name}");
        }
        for name in ["", "RGF93 / CC51", "WGS 84 / UTM zone 61N", "WGS_1984_UTM_Zone_é", "Lambert"] {
            assert_eq!(known_name(name), None, "{name}");
        }
    }
}
