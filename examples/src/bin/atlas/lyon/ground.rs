//! What lies on the ground of the Part-Dieu: the layers of the plantability index that are published for it.
use datagora::core::{
    Bilingual, Credit, Crs, Dataset, ImperfectionKind, Language, Licence, Lineage, Metadata, Parameters,
};
use datagora::geo::{
    FeatureFile, GeometryColumn, Metric, area, difference, doubt_crs, read_geojson, union_all,
};
use datagora::indicators::greening::plantability_v2;
use datagora::viz::format_number;

use super::{PORTAL, Reader, source, surroundings};
use crate::material::Ground;
use crate::recorder::Trouble;

/// Land cover of 2015 (EVA), extracts of 50 objects each: what is sealed, then without roads, without railways, without
/// buildings, and trees.
const SEALED: &str = "lyon_green/eva2015_EVA2015_Artif_Sols_Extent.json";
const WITHOUT_ROADS: &str = "lyon_green/eva2015_A_Difference_EVA_Artificialise-Routes.json";
const WITHOUT_RAILWAYS: &str = "lyon_green/eva2015_B_A-Voies_ferree.json";
const WITHOUT_BUILDINGS: &str = "lyon_green/eva2015_C_B-Batiments.json";
const TREES: &str = "lyon_green/eva2015_EVA2015_Vegetation3STR_Extent.json";

/// Layers of the whole Métropole, with the factor that they are the objects of.
const LAYERS: [(&str, &str); 6] = [
    ("lyon_mobility/iarbre_station_velov.geojson", "station-velov"),
    ("lyon_mobility/iarbre_pt_arret_tcl.geojson", "arrets-transport"),
    ("lyon_mobility/iarbre_lignetram.geojson", "trace-tramway"),
    ("lyon_mobility/iarbre_lignemetro_funiculaire.geojson", "trace-metro"),
    ("lyon_admin/parkingsurfacique_iarbre.geojson", "parkings"),
    ("lyon_mobility/iarbre_pont.geojson", "ponts"),
];

impl Reader<'_> {
    /// The ground that the extracts know, with the layers that reach it.
    pub(super) fn ground(&mut self) -> Result<Dataset<Ground>, Trouble> {
        let mut used = Vec::new();
        let mut cover = |reader: &mut Self, name: &str| -> Result<GeometryColumn, Trouble> {
            used.push(source(name, &reader.folder.join(name))?);
            reader.mislabelled(name)
        };
        let sealed = cover(self, SEALED)?;
        let without_roads = cover(self, WITHOUT_ROADS)?;
        let without_railways = cover(self, WITHOUT_RAILWAYS)?;
        let without_buildings = cover(self, WITHOUT_BUILDINGS)?;
        let trees = cover(self, TREES)?;
        let known = union_all(&GeometryColumn::concat([&sealed, &trees])?)?;
        // What a layer has and the next one lacks is what was taken away.
        let railways = difference(&without_roads, &without_railways)?.shapes;
        let buildings = difference(&without_railways, &without_buildings)?.shapes;
        let set = plantability_v2();
        let prepared =
            |factor: &str, objects: &GeometryColumn| -> Result<(String, GeometryColumn), Trouble> {
                let known = set.factors().iter().find(|known| known.id == factor);
                let known = known.ok_or_else(|| format!("the index has no factor {factor:?}"))?;
                Ok((factor.to_owned(), known.prepare(objects, &[])?))
            };
        let mut layers = vec![
            prepared("proximite-facade", &buildings)?,
            ("espaces-artificialises".to_owned(), sealed),
            ("voies-ferrees".to_owned(), railways),
            ("batiments".to_owned(), buildings),
            ("strate-arboree".to_owned(), trees),
        ];
        for (name, factor) in LAYERS {
            let path = self.folder.join(name);
            let objects = self.placed(&read_geojson(&path)?)?;
            used.push(source(name, &path)?);
            layers.push(prepared(factor, &objects)?);
        }
        let lineage = Lineage::gather("layers of the plantability index", Parameters::new(), &used);
        let metadata = Metadata::new("Sols de la Part-Dieu")
            .with_credit(
                Credit::new(
                    "Occupation du sol EVA 2015, extraits",
                    "Métropole de Lyon",
                    Licence::LicenceOuverte2,
                )
                .with_date("2015")
                .with_url(PORTAL),
            )
            .with_credit(
                Credit::new(
                    "Vélo’v, arrêts et lignes TCL, parkings, ponts",
                    "Métropole de Lyon, SYTRAL Mobilités",
                    Licence::LicenceOuverte2,
                )
                .with_url(PORTAL),
            )
            .with_crs(Crs::CC46)
            .with_lineage(lineage);
        let hectares: f64 = area(&known, Metric::Planar)?.iter().sum::<f64>() / 1e4;
        let part = |language| {
            let hectares = format_number(hectares, 0, language);
            format!("{hectares} {}", language.pick("hectares de la Part-Dieu", "hectares of the Part-Dieu"))
        };
        let part = Some(Bilingual::new(part(Language::French), part(Language::English)));
        Ok(Dataset::new(Ground { part, area: known, layers }, metadata))
    }

    /// A column in CC46 of a file that declares another CRS than that of its coordinates: said, and read as what it is.
    fn mislabelled(&mut self, name: &str) -> Result<GeometryColumn, Trouble> {
        let file: FeatureFile = read_geojson(self.folder.join(name))?;
        let column = file.features.geometry;
        let Some(doubt) = doubt_crs(&column, &surroundings()) else {
            return Ok(column.reproject(&Crs::CC46)?);
        };
        let Some(fit) = &doubt.fits else { return Err(format!("{}: {doubt}", file.name).into()) };
        let how = Bilingual::new(
            format!("le fichier déclare {}, mais ses coordonnées sont en {}", doubt.declared, fit.crs),
            format!("the file declares {}, but its coordinates are in {}", doubt.declared, fit.crs),
        );
        let about = ("Occupation du sol 2015 (EVA)", "Land cover 2015 (EVA)");
        self.note(about, ImperfectionKind::Repaired { how }, column.len() as u64, column.len());
        Ok(doubt.mended(column).reproject(&Crs::CC46)?)
    }
}
