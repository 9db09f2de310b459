//! Coordinate reference systems, by code.
use std::fmt;
use std::sync::Arc;

/// A coordinate reference system: what the numbers of a geometry mean.
///
/// Coordinates are always kept in (east, north) order, that is (longitude, latitude) for geographic systems, whatever
/// the authority's axis order: the order is settled once, by the reader.
///
/// ```
/// use datagora_core::Crs;
///
/// assert_eq!(Crs::parse("urn:ogc:def:crs:EPSG::3946")?, Crs::CC46);
/// assert_eq!(Crs::CC46.to_string(), "EPSG:3946");
/// # Ok::<(), datagora_core::CrsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "String", into = "String"))]
pub struct Crs(Repr);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Repr {
    Epsg(u32),
    Custom(Arc<str>),
}

/// A text that names no coordinate reference system we understand.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrsError {
    /// Not a known spelling.
    #[error(
        "“{found}” is not a CRS name; expected a form such as “EPSG:2154”, “urn:ogc:def:crs:EPSG::2154” or “OGC:CRS84”"
    )]
    Unparsed {
        /// What was found.
        found: String,
    },
}

impl Crs {
    /// WGS 84, longitude and latitude in degrees (EPSG:4326, and OGC:CRS84 since the order is ours).
    pub const WGS84: Crs = Crs(Repr::Epsg(4326));
    /// RGF93 v1, longitude and latitude in degrees (EPSG:4171).
    pub const RGF93: Crs = Crs(Repr::Epsg(4171));
    /// RGF93 / Lambert-93, metres (EPSG:2154).
    pub const LAMBERT_93: Crs = Crs(Repr::Epsg(2154));
    /// RGF93 / CC46, the conformal conic of the Lyon area, metres (EPSG:3946).
    pub const CC46: Crs = Crs(Repr::Epsg(3946));
    /// Web Mercator, metres at the equator (EPSG:3857).
    pub const WEB_MERCATOR: Crs = Crs(Repr::Epsg(3857));
    /// ETRS89 / LAEA Europe, metres (EPSG:3035).
    pub const LAEA_EUROPE: Crs = Crs(Repr::Epsg(3035));

    /// The system with this EPSG code; the code is not looked up.
    pub const fn from_epsg(code: u32) -> Self {
        Crs(Repr::Epsg(code))
    }

    /// A system that has no EPSG code, kept as its definition (WKT or PROJJSON).
    pub fn custom(definition: impl Into<Arc<str>>) -> Self {
        Crs(Repr::Custom(definition.into()))
    }

    /// The EPSG code, if it has one.
    pub fn epsg(&self) -> Option<u32> {
        match self.0 {
            Repr::Epsg(code) => Some(code),
            Repr::Custom(_) => None,
        }
    }

    /// The definition of a system without code.
    pub fn definition(&self) -> Option<&str> {
        match &self.0 {
            Repr::Epsg(_) => None,
            Repr::Custom(text) => Some(text),
        }
    }

    /// Whether coordinates are degrees of longitude and latitude, as far as we know the system.
    pub fn is_geographic(&self) -> bool {
        match &self.0 {
            // 4326 WGS 84, 4171 RGF93 v1, 4258 ETRS89, 4275 NTF, 9777/9782/9784 RGF93 in other versions and axis orders.
            Repr::Epsg(code) => matches!(code, 4326 | 4171 | 4258 | 4275 | 4269 | 4267 | 9777 | 9782 | 9784),
            Repr::Custom(text) => text.trim_start().starts_with("GEOG"),
        }
    }

    /// Reads the spellings found in the wild: `EPSG:2154`, `urn:ogc:def:crs:EPSG::2154`,
    /// `urn:ogc:def:crs:OGC:1.3:CRS84`, `http://www.opengis.net/def/crs/EPSG/0/4326`, `OGC:CRS84`.
    ///
    /// # Errors
    ///
    /// [`CrsError::Unparsed`] for any other text.
    pub fn parse(text: &str) -> Result<Self, CrsError> {
        let trimmed = text.trim();
        let upper = trimmed.to_ascii_uppercase();
        if upper.ends_with("CRS84") {
            return Ok(Crs::WGS84);
        }
        let unparsed = || CrsError::Unparsed { found: trimmed.to_owned() };
        if !upper.contains("EPSG") {
            return Err(unparsed());
        }
        let code = upper.rsplit([':', '/', '#']).next().ok_or_else(unparsed)?;
        code.parse().map(Crs::from_epsg).map_err(|_| unparsed())
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Epsg(code) => write!(f, "EPSG:{code}"),
            Repr::Custom(text) => f.write_str(text),
        }
    }
}

impl From<String> for Crs {
    fn from(text: String) -> Self {
        Crs::parse(&text).unwrap_or_else(|_| Crs::custom(text))
    }
}

impl From<Crs> for String {
    fn from(crs: Crs) -> Self {
        crs.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_found_in_the_wild() {
        for (text, code) in [
            ("EPSG:4171", 4171),
            ("epsg:2154", 2154),
            ("urn:ogc:def:crs:EPSG::2192", 2192),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
            ("http://www.opengis.net/def/crs/EPSG/0/3946", 3946),
            ("http://www.opengis.net/gml/srs/epsg.xml#4326", 4326),
        ] {
            assert_eq!(Crs::parse(text), Ok(Crs::from_epsg(code)), "{text}");
        }
        assert!(Crs::parse("Lambert").is_err());
        assert!(Crs::parse("EPSG:").is_err());
    }
}
