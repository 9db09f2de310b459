//! Benches, fountains, toilets and stops of public transport.
use datagora::core::{Bilingual, Credit, Dataset, Licence};
use datagora::geo::read_geojson;

use super::{PORTAL, Reader};
use crate::material::Amenity;
use crate::recorder::Trouble;

/// Where a layer comes from, and what it counts.
struct Layer {
    id: &'static str,
    file: &'static str,
    name: (&'static str, &'static str),
    definition: (&'static str, &'static str),
    per: f64,
    publisher: &'static str,
    /// Whether contributors of OpenStreetMap added to it.
    open_street_map: bool,
}

const LAYERS: [Layer; 4] = [
    Layer {
        id: "benches",
        file: "lyon_green/pac_bancs.geojson",
        name: ("Bancs", "Benches"),
        definition: ("bancs recensés\u{202f}; tous ne le sont pas.", "benches on record; not all are."),
        per: 1_000.0,
        publisher: "Métropole de Lyon, Érasme",
        open_street_map: true,
    },
    Layer {
        id: "fountains",
        file: "lyon_green/pac_fontaines_potables.geojson",
        name: ("Fontaines d’eau potable", "Drinking fountains"),
        definition: (
            "fontaines recensées\u{202f}; toutes ne le sont pas.",
            "fountains on record; not all are.",
        ),
        per: 10_000.0,
        publisher: "Métropole de Lyon, Érasme",
        open_street_map: true,
    },
    Layer {
        id: "toilets",
        file: "lyon_green/pac_toilettes.geojson",
        name: ("Toilettes publiques", "Public toilets"),
        definition: (
            "toilettes recensées\u{202f}; toutes ne le sont pas.",
            "toilets on record; not all are.",
        ),
        per: 10_000.0,
        publisher: "Métropole de Lyon, Érasme",
        open_street_map: true,
    },
    Layer {
        id: "stops",
        file: "lyon_mobility/iarbre_pt_arret_tcl.geojson",
        name: ("Arrêts de transport public", "Stops of public transport"),
        definition: (
            "points d’arrêt de tous les modes\u{202f}; un arrêt a un point par sens.",
            "points of all modes; a stop has a point for each direction.",
        ),
        per: 1_000.0,
        publisher: "SYTRAL Mobilités",
        open_street_map: false,
    },
];

impl Reader<'_> {
    /// What can be read of them.
    pub(super) fn amenities(&mut self) -> Vec<Dataset<Amenity>> {
        LAYERS.iter().filter_map(|layer| self.attempt(layer.name, |reader| reader.amenity(layer))).collect()
    }

    fn amenity(&mut self, layer: &Layer) -> Result<Dataset<Amenity>, Trouble> {
        let file = read_geojson(self.folder.join(layer.file))?;
        let geometry = self.placed(&file)?;
        let mut credits =
            vec![Credit::new(layer.name.0, layer.publisher, Licence::LicenceOuverte2).with_url(PORTAL)];
        if layer.open_street_map {
            credits.push(
                Credit::new("OpenStreetMap", "les contributeurs d’OpenStreetMap", Licence::Odbl1)
                    .with_url("https://www.openstreetmap.org/copyright"),
            );
        }
        let amenity = Amenity {
            id: layer.id,
            name: Bilingual::new(layer.name.0, layer.name.1),
            definition: Bilingual::new(layer.definition.0, layer.definition.1),
            per: layer.per,
            geometry,
        };
        Ok(file.into_dataset(layer.name.0, credits).map_payload(|_| amenity))
    }
}
