//! Who has three trees before and after the planting, and where the gain does not hang on unsure places.
use datagora::core::{Interval, Language, Measured, Metres};
use datagora::geo::{GeometryColumn, count_within_distance};
use datagora::viz::{DifferenceMap, Method, format_number};

use super::{RADII, Scenario, WANTED};
use crate::figures::{not_covered, within_communes};
use crate::material::Material;
use crate::recorder::{Plate, Recorder, Trouble, captions};

/// Shares that are equal but for the rounding of sums, in points of percentage.
const ROUNDING: f64 = 1e-9;
/// Upper bounds of the size of a gain, in points of percentage, but for the largest: below the first hardly anybody gains.
const GAINS: [f64; 3] = [0.5, 5.0, 10.0];

/// The difference by IRIS: hatched where it is nothing if the sure places alone are planted.
pub(super) fn by_iris(
    scenario: &Scenario<'_>,
    material: &Material,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let near = scenario.near;
    let zones = near.iris.payload();
    let with = |places: &GeometryColumn| -> Result<Vec<Measured>, Trouble> {
        let new = count_within_distance(near.buildings, places, Metres(RADII[0]))?;
        let sum = |(standing, new): (&Option<u64>, Option<u64>)| Some((*standing)? + new?);
        let trees: Vec<Option<u64>> = scenario.standing.iter().zip(new).map(sum).collect();
        near.share_with(&trees, WANTED)
    };
    let before = near.share_with(&scenario.standing, WANTED)?;
    let (most, least) = (with(&scenario.places)?, with(&scenario.sure_places())?);
    // What the sure places alone give bounds the gain from below.
    let bounded = |(most, least): (&Measured, &Measured)| {
        let bounds = least.value().zip(most.value()).filter(|(least, most)| most - least > ROUNDING);
        let bounds = bounds.and_then(|(least, most)| Interval::certain(least, most).ok());
        bounds.map_or_else(|| most.clone(), |bounds| most.clone().with_interval(bounds))
    };
    let after: Vec<Measured> = most.iter().zip(&least).map(bounded).collect();
    let (reach, trees) =
        (format_number(RADII[0], 0, language), format_number(scenario.places.len() as f64, 0, language));
    let title = recorder.say("Qui y gagne, et où est-ce sûr\u{202f}?", "Who gains, and where is it sure?");
    let subtitle = match language {
        Language::French => format!(
            "part des habitants qui ont trois arbres à moins de {reach} m, par IRIS\u{a0}: différence avec {trees} arbres de plus"
        ),
        Language::English => format!(
            "share of the inhabitants who have three trees within {reach} m, by IRIS: difference with {trees} more trees"
        ),
    };
    let (gain, unsure) = gains(&before, &most, &least);
    let whole = |number: usize| format_number(number as f64, 0, language);
    let (gain, unsure) = (whole(gain), whole(unsure));
    let note = match language {
        Language::French => format!(
            "{gain} IRIS y gagnent\u{202f}; dans {unsure} d’entre eux (hachurés si le gain se voit), il n’en reste rien si l’on ne plante que les places \
             où planter reste favorisé 9 fois sur 10. Le tableau donne l’intervalle de chacun."
        ),
        Language::English => format!(
            "{gain} IRIS gain; in {unsure} of them (hatched if the gain is seen) nothing is left of it if only those places are planted where \
             planting stays favoured 9 times out of 10. The table gives the interval of each."
        ),
    };
    let metadata = scenario.metadata.clone();
    let words = captions("greening-scenario-gain", &title, &subtitle, &metadata, language)
        .with_note(note)
        .with_note(scenario.basis(recorder));
    let view = DifferenceMap::new(&zones.geometry, &zones.name, &before, &after)
        .with_measure(language.pick("Habitants avec trois arbres", "Inhabitants with three trees"))
        .with_times(
            language.pick("aujourd’hui", "today"),
            language.pick("après plantation", "after planting"),
        )
        .with_method(Method::Manual(GAINS.to_vec()), GAINS.len() + 1)
        .draw(&within_communes(material, "IRIS", not_covered(language)).with_labels(0), &words)?;
    Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
}

/// How many IRIS gain, and of these, how many gain nothing if the sure places alone are planted.
fn gains(before: &[Measured], most: &[Measured], least: &[Measured]) -> (usize, usize) {
    let gained = |after: &Measured, before: &Measured| {
        after.value().zip(before.value()).is_some_and(|(after, before)| after - before > ROUNDING)
    };
    let rows = || before.iter().zip(most).zip(least).filter(|((before, most), _)| gained(most, before));
    (rows().count(), rows().filter(|((before, _), least)| !gained(least, before)).count())
}

#[cfg(test)]
mod tests {
    use datagora::core::Unit;

    use super::*;

    #[test]
    fn gains_are_counted_where_shares_are_known() {
        let shares = |values: [f64; 4]| values.map(|value| Measured::new(value, Unit::PERCENT));
        let (before, nan) = (shares([10.0, 20.0, 30.0, f64::NAN]), f64::NAN);
        let (most, least) = (shares([15.0, 25.0, 30.0, nan]), shares([12.0, 20.0, 30.0, nan]));
        assert_eq!(gains(&before, &most, &least), (2, 1));
    }
}
