//! Who lives where.
use datagora::core::{Dataset, Measured, Unit};
use datagora::geo::{Metric, area};
use datagora::viz::{Indicator, Method, Palette, Sequential};

use super::{Theme, Told};
use crate::figures::plain;
use crate::material::Zones;
use crate::recorder::{Recorder, Trouble, blend};

pub(super) fn theme(communes: &Dataset<Zones>, recorder: &mut Recorder) -> Theme {
    let mut theme = Theme::new(recorder.say("Population", "People"));
    let told = inhabitants(communes, recorder);
    theme.add(recorder, ("Population", "Inhabitants"), told);
    let told = density(communes, recorder);
    theme.add(recorder, ("Densité", "Density"), told);
    theme
}

fn inhabitants(communes: &Dataset<Zones>, recorder: &Recorder) -> Result<Told, Trouble> {
    let unit = Unit::of("{inhabitant}");
    let population = &communes.payload().population;
    let known: f64 = population.iter().filter(|people| !people.is_nan()).sum();
    let indicator = Indicator::new(
        "inhabitants",
        recorder.say("Population", "Inhabitants"),
        unit.clone(),
        &plain(population, &unit),
    )
    .with_total(Measured::new(known, unit))
    .with_definition(recorder.say("population municipale.", "municipal population."))
    .with_log_scale()
    .with_headline();
    Ok(Told { indicator, metadata: blend("inhabitants by commune", &[], &[communes])? })
}

fn density(communes: &Dataset<Zones>, recorder: &Recorder) -> Result<Told, Trouble> {
    let zones = communes.payload();
    let unit = Unit::of("{inhabitant}/km2");
    let land = area(&zones.geometry, Metric::Planar)?;
    let values: Vec<f64> =
        zones.population.iter().zip(&land).map(|(people, land)| people / (land / 1e6)).collect();
    let known = || zones.population.iter().zip(&land).filter(|(people, _)| !people.is_nan());
    let whole =
        known().map(|(people, _)| people).sum::<f64>() / (known().map(|(_, land)| land).sum::<f64>() / 1e6);
    let indicator =
        Indicator::new("density", recorder.say("Densité", "Density"), unit.clone(), &plain(&values, &unit))
            .with_whole(Measured::new(whole, unit))
            .with_map(Method::Fisher, Palette::Sequential(Sequential::YellowGreenBlue))
            .with_definition(recorder.say("habitants par km² de commune.", "inhabitants per km² of commune."))
            .with_log_scale();
    Ok(Told { indicator, metadata: blend("density by commune", &[], &[communes])? })
}
