//! What GDAL's metadata says of the bands: names, units, scales.
use quick_xml::Reader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::Event;

use crate::Band;

/// Of one band.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct About {
    pub(super) name: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) scale: Option<f64>,
    pub(super) offset: Option<f64>,
}

impl About {
    /// Reads the tag GDAL_METADATA; what is not understood is left out, as it changes no number but by `SCALE` and
    /// `OFFSET`.
    pub(super) fn read(xml: &str, bands: usize) -> Vec<Self> {
        let mut all = vec![Self::default(); bands];
        let mut reader = Reader::from_str(xml);
        let mut open: Option<(usize, String)> = None;
        let mut text = String::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) if start.name().as_ref() == b"Item" => {
                    let attribute = |name: &str| {
                        let found = start.try_get_attribute(name).ok()??;
                        Some(String::from_utf8_lossy(&found.value).into_owned())
                    };
                    let band = attribute("sample").and_then(|band| band.parse().ok());
                    open = band.filter(|&band| band < bands).zip(attribute("role"));
                    text.clear();
                }
                Ok(Event::Text(piece)) => text.push_str(&piece.decode().unwrap_or_default()),
                Ok(Event::GeneralRef(name)) => text.push_str(match name.as_ref() {
                    b"amp" => "&",
                    b"lt" => "<",
                    b"gt" => ">",
                    b"quot" => "\"",
                    b"apos" => "'",
                    _ => "\u{fffd}",
                }),
                Ok(Event::End(end)) if end.name().as_ref() == b"Item" => {
                    if let Some((band, role)) = open.take() {
                        // GDAL escapes twice what it writes.
                        all[band].set(&role, &unescape(&text).unwrap_or(text.as_str().into()));
                    }
                }
                Ok(Event::Eof) | Err(_) => return all,
                Ok(_) => {}
            }
        }
    }

    fn set(&mut self, role: &str, text: &str) {
        let number = || text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        match role {
            "description" => self.name = Some(text.to_owned()),
            "unittype" => self.unit = Some(text.to_owned()),
            "scale" => self.scale = number(),
            "offset" => self.offset = number(),
            _ => {}
        }
    }

    pub(super) fn of(band: &Band) -> Self {
        let (scale, offset) = band.scale();
        Self {
            name: band.name().map(str::to_owned),
            unit: band.unit().map(str::to_owned),
            scale: (scale != 1.0).then_some(scale),
            offset: (offset != 0.0).then_some(offset),
        }
    }

    /// Puts it on a band.
    pub(super) fn onto(&self, mut band: Band) -> Band {
        if let Some(name) = &self.name {
            band = band.with_name(name);
        }
        if let Some(unit) = &self.unit {
            band = band.with_unit(unit);
        }
        band.with_scale(self.scale.unwrap_or(1.0), self.offset.unwrap_or(0.0))
    }

    /// The text of the tag; none if there is nothing to say.
    pub(super) fn write(all: &[Self]) -> Option<String> {
        let mut items = String::new();
        for (band, about) in all.iter().enumerate() {
            let mut item = |name: &str, role: &str, text: Option<String>| {
                if let Some(text) = text {
                    let text = escape(escape(text.as_str()));
                    items.push_str(&format!(
                        "  <Item name=\"{name}\" sample=\"{band}\" role=\"{role}\">{text}</Item>\n"
                    ));
                }
            };
            item("DESCRIPTION", "description", about.name.clone());
            item("OFFSET", "offset", about.offset.map(|number| number.to_string()));
            item("SCALE", "scale", about.scale.map(|number| number.to_string()));
            item("UNITTYPE", "unittype", about.unit.clone());
        }
        (!items.is_empty()).then(|| format!("<GDALMetadata>\n{items}</GDALMetadata>\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let all = [
            About { name: Some("chaud & <froid>".into()), unit: Some("°C".into()), ..About::default() },
            About::default(),
            About { scale: Some(0.1), offset: Some(-273.15), ..About::default() },
        ];
        let xml = About::write(&all).unwrap();
        assert_eq!(About::read(&xml, 3), all);
        assert_eq!(About::write(&all[1..2]), None);
    }

    #[test]
    fn what_is_no_metadata_says_nothing() {
        for xml in ["", "<GDALMetadata><Item", "<Item sample=\"9\" role=\"scale\">2</Item>", "&é"] {
            assert_eq!(About::read(xml, 2), vec![About::default(); 2], "{xml}");
        }
    }
}
