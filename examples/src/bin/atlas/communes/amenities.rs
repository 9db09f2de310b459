//! What stands in public space for everybody: benches, fountains, toilets, stops.
use datagora::core::{Bilingual, Dataset, Imperfection, ImperfectionKind, Unit};
use datagora::indicators::ZoneCounts;
use datagora::viz::Indicator;

use super::{Theme, Told, located, per_all_inhabitants, per_inhabitants};
use crate::material::{Amenity, Zones};
use crate::recorder::{Recorder, Trouble, blend};

pub(super) fn theme(
    amenities: &[Dataset<Amenity>],
    communes: &Dataset<Zones>,
    recorder: &mut Recorder,
) -> Theme {
    let mut theme = Theme::new(recorder.say("Espace public", "Public space"));
    for data in amenities {
        let told = supply(data, communes, recorder);
        let name = data.payload().name.clone();
        theme.add(recorder, (&name.fr, &name.en), told);
    }
    theme
}

fn supply(
    data: &Dataset<Amenity>,
    communes: &Dataset<Zones>,
    recorder: &mut Recorder,
) -> Result<Told, Trouble> {
    let (amenity, zones) = (data.payload(), communes.payload());
    let located = located(&amenity.geometry, zones)?;
    let outside = located.iter().filter(|zone| zone.is_none()).count() as u64;
    let kind = ImperfectionKind::OutsideZones { zones: Bilingual::new("communes", "communes") };
    recorder.note(Imperfection::new(amenity.name.clone(), kind, outside).out_of(located.len() as u64));
    let counts = ZoneCounts::new(&located, zones.code.len())?;
    let per = amenity.per;
    let metadata = blend(
        &format!("{} by commune", amenity.id),
        &[("boundary", "half-open"), ("per inhabitants", &per.to_string())],
        &[data, communes],
    )?;
    let (language, people) = (recorder.language, recorder.language.group_digits(per as u64));
    let name = match language {
        datagora::core::Language::French => format!("{} pour {people} habitants", amenity.name.fr),
        datagora::core::Language::English => format!("{} per {people} inhabitants", amenity.name.en),
    };
    // What lies in no commune is outside of the territory; nothing is missing from the counts.
    let values = per_inhabitants(counts.counts(), &zones.population, per, 1.0);
    let indicator = Indicator::new(amenity.id, name, Unit::ONE, &values)
        .with_whole(per_all_inhabitants(counts.counts(), &zones.population, per, 1.0))
        .with_definition(amenity.definition.get(language));
    Ok(Told { indicator, metadata })
}
