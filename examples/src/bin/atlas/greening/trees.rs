//! Trees by commune and by quarter.
use datagora::core::{Bilingual, Dataset, Imperfection, ImperfectionKind};
use datagora::geo::{Boundary, GeometryColumn, Metric, area, locate};
use datagora::indicators::ZoneCounts;
use datagora::indicators::greening::{trees_per_hectare, trees_per_thousand_inhabitants};
use datagora::viz::{Method, Sequential, format_number};

use crate::figures::{Mapped, rates};
use crate::material::{Material, Zones};
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Trouble, blend, captions};

pub(super) fn by_commune(
    material: &Material,
    trees: &Dataset<GeometryColumn>,
    communes: &Dataset<Zones>,
    located: &[Option<u32>],
    recorder: &mut Recorder,
    chapter: &mut Chapter,
    progress: &mut Progress,
) {
    let language = recorder.language;
    let zones = communes.payload();
    let outside = located.iter().filter(|zone| zone.is_none()).count() as u64;
    let kind = ImperfectionKind::OutsideZones { zones: Bilingual::new("communes", "communes") };
    let about = Bilingual::new("Arbres", "Trees");
    recorder.note(Imperfection::new(about, kind, outside).out_of(located.len() as u64));

    let made = |per_inhabitant: bool| -> Result<(Plate, f64), Trouble> {
        let counts = ZoneCounts::new(located, zones.code.len())?;
        let metadata = blend("trees by commune", &[("boundary", "half-open")], &[trees, communes])?;
        let values = if per_inhabitant {
            trees_per_thousand_inhabitants(&counts, &zones.population)?
        } else {
            trees_per_hectare(&counts, &area(&zones.geometry, Metric::Planar)?)?
        };
        let (id, title, subtitle) = if per_inhabitant {
            (
                "greening-trees-inhabitant",
                language.pick("Arbres par habitant", "Trees per inhabitant"),
                language.pick(
                    "arbres pour 1\u{202f}000 habitants, par commune",
                    "trees per 1,000 inhabitants, by commune",
                ),
            )
        } else {
            (
                "greening-trees-hectare",
                language.pick("Arbres par hectare", "Trees per hectare"),
                language.pick("arbres par hectare de commune", "trees per hectare of commune"),
            )
        };
        let words = captions(id, title, subtitle, &metadata, language);
        let view = rates(
            material,
            &Mapped {
                places: &zones.geometry,
                names: &zones.name,
                values: &values,
                measure: title,
                word: "communes",
                labels: 14,
            },
            (Method::Fisher, Sequential::Greens),
            &words,
        )?;
        let total = counts.counts().iter().sum::<u64>() as f64;
        Ok((Plate { view, metadata, geometry: Some(zones.geometry.clone()) }, total))
    };
    for per_inhabitant in [false, true] {
        let plate = progress.step("greening: trees by commune", || made(per_inhabitant));
        if let (Ok((_, total)), false) = (&plate, per_inhabitant) {
            let label = recorder.say("arbres recensés dans les communes", "trees recorded in the communes");
            chapter.figures.push((format_number(*total, 0, language), label));
        }
        let about = Bilingual::new("Arbres par commune", "Trees by commune");
        recorder.plate(chapter, about, plate.map(|(plate, _)| plate));
    }
}

pub(super) fn by_iris(
    material: &Material,
    trees: &Dataset<GeometryColumn>,
    iris: &Dataset<Zones>,
    recorder: &mut Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let zones = iris.payload();
    let located = locate(trees.payload(), &zones.geometry, Boundary::HalfOpen)?.to_options();
    let outside = located.iter().filter(|zone| zone.is_none()).count() as u64;
    let kind = ImperfectionKind::OutsideZones { zones: Bilingual::new("IRIS", "IRIS") };
    recorder.note(
        Imperfection::new(Bilingual::new("Arbres", "Trees"), kind, outside).out_of(located.len() as u64),
    );
    let counts = ZoneCounts::new(&located, zones.code.len())?;
    let values = trees_per_hectare(&counts, &area(&zones.geometry, Metric::Planar)?)?;
    let metadata = blend("trees by IRIS", &[("boundary", "half-open")], &[trees, iris])?;
    let title =
        recorder.say("Arbres par hectare, quartier par quartier", "Trees per hectare, quarter by quarter");
    let subtitle = recorder.say("arbres par hectare d’IRIS", "trees per hectare of IRIS");
    let words = captions("greening-trees-iris", &title, &subtitle, &metadata, language);
    let names: Vec<String> =
        zones.name.iter().zip(&zones.code).map(|(name, code)| format!("{name} ({code})")).collect();
    let view = rates(
        material,
        &Mapped {
            places: &zones.geometry,
            names: &names,
            values: &values,
            measure: language.pick("Arbres par hectare", "Trees per hectare"),
            word: "IRIS",
            labels: 0,
        },
        (Method::Fisher, Sequential::Greens),
        &words,
    )?;
    Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
}
