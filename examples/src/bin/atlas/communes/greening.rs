//! Trees, parks, vegetation, noise.
use datagora::core::{Dataset, Measured, Unit};
use datagora::geo::{GeometryColumn, Metric, area, interior_point, overlaps};
use datagora::indicators::greening::{
    EU_LDEN_REPORTING, exposed_share, park_supply, trees_per_hectare, trees_per_thousand_inhabitants,
};
use datagora::indicators::{ZoneCounts, weighted_mean_by_zone};
use datagora::viz::{Indicator, Method, Palette, Sequential};

use super::{Theme, Told, located};
use crate::greening::{WALK_TO_GREEN, distances};
use crate::material::{Material, Parks, Quarters, Zones};
use crate::recorder::{Recorder, Trouble, blend};

const GREENS: Palette = Palette::Sequential(Sequential::Greens);

pub(super) fn theme(material: &Material, communes: &Dataset<Zones>, recorder: &mut Recorder) -> Theme {
    let mut theme = Theme::new(recorder.say("Végétalisation", "Greening"));
    if let Some(places) = &material.trees {
        for per_inhabitant in [false, true] {
            let told = trees(places, communes, per_inhabitant, recorder);
            theme.add(recorder, ("Arbres", "Trees"), told);
        }
    }
    if let Some(data) = &material.quarters {
        let told = high_vegetation(data, communes, recorder);
        theme.add(recorder, ("Végétation haute", "High vegetation"), told);
    }
    if let Some(data) = &material.parks {
        for shade in [false, true] {
            let told = parks(data, communes, shade, recorder);
            theme.add(recorder, ("Parcs", "Parks"), told);
        }
    }
    if let (Some(quarters), Some(parks)) = (&material.quarters, &material.parks) {
        let told = far_from_parks(quarters, parks, communes, recorder);
        theme.add(recorder, ("Parc le plus proche", "Nearest park"), told);
    }
    if let Some(data) = &material.quarters {
        let told = noise(data, communes, recorder);
        theme.add(recorder, ("Bruit", "Noise"), told);
    }
    theme
}

fn trees(
    places: &Dataset<GeometryColumn>,
    communes: &Dataset<Zones>,
    per_inhabitant: bool,
    recorder: &Recorder,
) -> Result<Told, Trouble> {
    let zones = communes.payload();
    let counts = ZoneCounts::new(&located(places.payload(), zones)?, zones.code.len())?;
    let metadata = blend("trees by commune", &[("boundary", "half-open")], &[places, communes])?;
    let land = area(&zones.geometry, Metric::Planar)?;
    let known = |row: &usize| !zones.population[*row].is_nan();
    let rows: Vec<usize> = (0..zones.code.len()).filter(|row| !per_inhabitant || known(row)).collect();
    let all =
        ZoneCounts::from_counts(vec![rows.iter().map(|&row| counts.counts()[row]).sum()], counts.unmatched());
    let sum = |amounts: &[f64]| rows.iter().map(|&row| amounts[row]).sum::<f64>();
    let (id, name, definition, values, whole) = match per_inhabitant {
        false => (
            "trees-hectare",
            recorder.say("Arbres par hectare", "Trees per hectare"),
            recorder.say(
                "arbres de l’inventaire public par hectare de commune\u{202f}; les jardins et les forêts n’y sont pas.",
                "trees of the public inventory per hectare of commune; gardens and forests are not in it.",
            ),
            trees_per_hectare(&counts, &land)?,
            trees_per_hectare(&all, &[sum(&land)])?,
        ),
        true => (
            "trees-inhabitant",
            recorder.say("Arbres pour 1\u{202f}000 habitants", "Trees per 1,000 inhabitants"),
            recorder.say("arbres de l’inventaire public.", "trees of the public inventory."),
            trees_per_thousand_inhabitants(&counts, &zones.population)?,
            trees_per_thousand_inhabitants(&all, &[sum(&zones.population)])?,
        ),
    };
    let mut indicator = indicator(id, name, &values, whole).with_definition(definition);
    if !per_inhabitant {
        indicator = indicator.with_map(Method::Fisher, GREENS).with_headline();
    }
    Ok(Told { indicator, metadata })
}

/// An indicator in the unit of its values, with the value of the whole.
fn indicator(id: &str, name: String, values: &[Measured], whole: Vec<Measured>) -> Indicator {
    let unit = values.first().map_or(Unit::ONE, |value| value.unit().clone());
    let indicator = Indicator::new(id, name, unit, values);
    whole.into_iter().next().map_or(indicator.clone(), |whole| indicator.with_whole(whole))
}

/// In which commune the middle of each quarter lies.
fn quarters_in(quarters: &Quarters, zones: &Zones) -> Result<Vec<Option<u32>>, Trouble> {
    located(&interior_point(&quarters.geometry), zones)
}

/// Every row that lies in a commune, in one zone.
fn together(located: &[Option<u32>]) -> Vec<Option<u32>> {
    located.iter().map(|zone| zone.map(|_| 0)).collect()
}

fn high_vegetation(
    data: &Dataset<Quarters>,
    communes: &Dataset<Zones>,
    recorder: &Recorder,
) -> Result<Told, Trouble> {
    let (quarters, zones) = (data.payload(), communes.payload());
    let located = quarters_in(quarters, zones)?;
    let land = area(&quarters.geometry, Metric::Planar)?;
    let mean = |located: &[Option<u32>], zones: usize| {
        weighted_mean_by_zone(&quarters.high_vegetation, &land, located, zones, &Unit::PERCENT)
    };
    let name = recorder.say("Végétation haute", "High vegetation");
    let indicator = indicator(
        "high-vegetation",
        name,
        &mean(&located, zones.code.len())?,
        mean(&together(&located), 1)?,
    )
    .with_map(Method::Fisher, GREENS)
    .with_headline()
    .with_definition(recorder.say(
        "part du sol sous des arbres ou de hauts arbustes, moyenne des IRIS pondérée par leur surface.",
        "share of the ground under trees or high shrubs, mean of the IRIS weighted by their surface.",
    ));
    let metadata =
        blend("high vegetation by commune", &[("weight", "surface of the IRIS")], &[data, communes])?;
    Ok(Told { indicator, metadata })
}

fn parks(
    data: &Dataset<Parks>,
    communes: &Dataset<Zones>,
    shade: bool,
    recorder: &Recorder,
) -> Result<Told, Trouble> {
    let (layer, zones) = (data.payload(), communes.payload());
    let metadata = blend("parks by commune", &[("parks across a border", "cut at it")], &[data, communes])?;
    let pieces = overlaps(&layer.geometry, &zones.geometry)?;
    let known = |zone: usize| !zones.population[zone].is_nan();
    let areas: Vec<f64> = pieces.iter().map(|piece| piece.area).collect();
    let canopy: Vec<f64> = pieces.iter().map(|piece| layer.canopy[piece.left]).collect();
    let located: Vec<Option<u32>> = pieces.iter().map(|piece| Some(piece.right as u32)).collect();
    let all: Vec<Option<u32>> = pieces.iter().map(|piece| known(piece.right).then_some(0)).collect();
    let people: f64 = zones.population.iter().filter(|people| !people.is_nan()).sum();
    let supply = park_supply(&areas, &canopy, &located, &zones.population)?;
    let whole = park_supply(&areas, &canopy, &all, &[people])?;
    // An index from 0 to 1 is read as a share.
    let percent = |index: &Measured| index.to_unit(&Unit::PERCENT);
    let indicator = match shade {
        false => {
            let amounts = |supply: &[datagora::indicators::greening::ParkSupply]| -> Vec<Measured> {
                supply.iter().map(|one| one.area_per_inhabitant.clone()).collect()
            };
            let name = recorder.say("Parc par habitant", "Park per inhabitant");
            indicator("parks", name, &amounts(&supply), amounts(&whole))
                .with_map(Method::Quantile, GREENS)
                .with_log_scale()
                .with_headline()
                .with_definition(recorder.say(
                    "surface des parcs dans la commune, coupés à sa limite, par habitant.",
                    "surface of the parks within the commune, cut at its border, per inhabitant.",
                ))
        }
        true => {
            let shares =
                |supply: &[datagora::indicators::greening::ParkSupply]| -> Result<Vec<Measured>, Trouble> {
                    Ok(supply.iter().map(|one| percent(&one.canopy_index)).collect::<Result<_, _>>()?)
                };
            let name = recorder.say("Ombre dans les parcs", "Shade in the parks");
            indicator("park-canopy", name, &shares(&supply)?, shares(&whole)?).with_definition(recorder.say(
                "part de la surface des parcs qui est sous les arbres (indice de canopée).",
                "share of the surface of the parks that is under trees (canopy index).",
            ))
        }
    };
    Ok(Told { indicator, metadata })
}

fn far_from_parks(
    data: &Dataset<Quarters>,
    parks: &Dataset<Parks>,
    communes: &Dataset<Zones>,
    recorder: &Recorder,
) -> Result<Told, Trouble> {
    let quarters = data.payload();
    let distances = distances(quarters, parks.payload())?;
    let limit = WALK_TO_GREEN.to_string();
    let metadata = blend(
        "share beyond a walk to a park, by commune",
        &[("from", "a point inside the quarter"), ("limit, m", &limit)],
        &[data, parks, communes],
    )?;
    let name = recorder
        .say("Habitants à plus de 300\u{a0}m d’un parc", "Inhabitants more than 300\u{a0}m from a park");
    let definition = recorder.say(
        "part des habitants dont le milieu de l’IRIS est à plus de 300\u{a0}m à vol d’oiseau d’un parc\u{202f}; IRIS dont la population \
         est connue.",
        "share of the inhabitants whose IRIS has its middle more than 300\u{a0}m from a park, as the crow flies; IRIS whose population \
         is known.",
    );
    let indicator = exposed(&distances, quarters, communes, WALK_TO_GREEN, ("far-from-parks", name))?;
    Ok(Told { indicator: indicator.with_definition(definition), metadata })
}

fn noise(data: &Dataset<Quarters>, communes: &Dataset<Zones>, recorder: &Recorder) -> Result<Told, Trouble> {
    let quarters = data.payload();
    let limit = EU_LDEN_REPORTING.to_string();
    let metadata =
        blend("share exposed to noise, by commune", &[("limit, dB(A) Lden", &limit)], &[data, communes])?;
    let name = recorder.say("Habitants exposés au bruit", "Inhabitants exposed to noise");
    let definition = match recorder.language {
        datagora::core::Language::French => format!(
            "part des habitants dont l’IRIS a un niveau moyen d’au moins {limit} dB(A) Lden\u{202f}; IRIS dont la population est connue."
        ),
        datagora::core::Language::English => format!(
            "share of the inhabitants whose IRIS has a mean level of at least {limit} dB(A) Lden; IRIS whose population is known."
        ),
    };
    let indicator = exposed(&quarters.noise, quarters, communes, EU_LDEN_REPORTING, ("noise", name))?;
    Ok(Told { indicator: indicator.with_definition(definition), metadata })
}

/// The share of the inhabitants of each commune whose quarter is at or above a limit.
fn exposed(
    levels: &[f64],
    quarters: &Quarters,
    communes: &Dataset<Zones>,
    limit: f64,
    (id, name): (&str, String),
) -> Result<Indicator, Trouble> {
    let zones = communes.payload();
    let located = quarters_in(quarters, zones)?;
    let share = |located: &[Option<u32>], zones: usize| {
        exposed_share(levels, &quarters.population, located, zones, limit)
    };
    Ok(indicator(id, name, &share(&located, zones.code.len())?, share(&together(&located), 1)?))
}
