//! Charts that compare: groups, dates, measures, chances, assumptions.
use std::error::Error;

use datagora_core::{Interval, Language, Measured, Unit};
use datagora_viz::{
    Axis, Direction, Event, MoranScatter, QuantileDotPlot, Ridgelines, Scatter, SlopeChart, Tornado, View,
};

use super::{Draw, captions};

pub(crate) const VIEWS: &[(&str, Draw)] = &[
    ("Ridgelines", ridges),
    ("Ridgelines", hours),
    ("Scatter", scatter),
    ("Scatter", crowd),
    ("MoranScatter", moran),
    ("SlopeChart", slopes),
    ("SlopeChart", canopy),
    ("QuantileDotPlot", chances),
    ("Tornado", tornado),
];

/// Between 0 and 1, the same for the same number.
fn noise(k: usize) -> f64 {
    (k * 7919 % 1009) as f64 / 1009.0
}

/// About normal, from the sum of twelve.
fn bell(k: usize) -> f64 {
    (0..12).map(|j| noise(12 * k + j + k * k % 577)).sum::<f64>() - 6.0
}

fn ridges() -> Result<View, Box<dyn Error>> {
    let captions = captions(
        "ridges",
        "À Haute-Combe, la moitié des trajets vers le travail dépasse trois quarts d’heure",
        "Durée des trajets domicile-travail, enquête auprès des ménages",
    );
    let trips = |name: &str, count: usize, middle: f64, spread: f64, second: f64| {
        let value = |k: usize| {
            let long = if noise(k + 3 * count) < 0.35 { second } else { 0.0 };
            (middle + spread * bell(k + count) + long).max(1.0)
        };
        (name.to_owned(), (0..count).map(value).collect::<Vec<f64>>())
    };
    let groups = [
        trips("Aurelle", 1_240, 19.0, 7.0, 0.0),
        trips("Valorcy", 620, 24.0, 8.0, 0.0),
        trips("Villeclaire", 410, 22.0, 6.0, 24.0),
        trips("Saint-Cyr-sur-Vière", 240, 34.0, 9.0, 0.0),
        trips("Belleroche", 180, 29.0, 6.0, 21.0),
        trips("Montfleury", 96, 38.0, 10.0, 0.0),
        trips("Haute-Combe", 64, 46.0, 9.0, 8.0),
        trips("Mareuil", 11, 41.0, 9.0, 0.0),
    ];
    let chart =
        Ridgelines::new(Unit::MINUTE).with_heading("Commune").with_limits(0.0, f64::INFINITY).sorted();
    Ok(groups.iter().fold(chart, |chart, (name, values)| chart.with_group(name, values)).draw(&captions)?)
}

fn hours() -> Result<View, Box<dyn Error>> {
    let peak = |hour: usize, at: f64, width: f64| libm::exp(-((hour as f64 - at) / width).powi(2));
    let profile = |morning: f64, noon: f64, evening: f64, night: f64| -> Vec<f64> {
        let count = |hour| {
            morning * peak(hour, 8.3, 1.2)
                + noon * peak(hour, 13.0, 2.5)
                + evening * peak(hour, 17.8, 1.8)
                + night * peak(hour, 22.5, 2.0)
        };
        (0..24).map(|hour| (300.0 * count(hour)).round()).collect()
    };
    let captions = captions(
        "hours",
        "Chaque lieu a son heure",
        "Vélos par heure, moyenne des jours ouvrés de mars 2025",
    );
    Ok(Ridgelines::over(Axis::hours(Language::French), Unit::of("{bicycle}/h"))
        .with_heading("Heure")
        .with_group("Lycée des Ormes", &profile(1.0, 0.2, 0.5, 0.0))
        .with_group("Pont de la gare", &profile(0.8, 0.25, 0.9, 0.1))
        .with_group("Berges de la Vière", &profile(0.2, 0.7, 0.6, 0.1))
        .with_group("Halle aux grains", &profile(0.1, 0.9, 0.3, 0.1))
        .with_group("Quartier des théâtres", &profile(0.2, 0.2, 0.6, 0.7))
        .sorted()
        .draw(&captions)?)
}

/// Quarters: name, kind, share of trees, temperature of the ground, inhabitants.
fn quarters() -> Vec<(String, &'static str, f64, f64, f64)> {
    (0..64)
        .map(|k| {
            let dense = k % 3 == 0;
            let canopy = (if dense { 6.0 } else { 18.0 } + 26.0 * noise(k + 5)).min(55.0);
            let heat = 43.0 - 0.19 * canopy
                + if dense { 0.8 } else { 0.0 }
                + 0.9 * bell(k)
                + if k == 21 { 3.4 } else { 0.0 };
            let kind = if dense { "centre" } else { "périphérie" };
            (format!("Quartier {}", k + 1), kind, canopy, heat, 800.0 + 7_000.0 * noise(k + 40))
        })
        .collect()
}

fn scatter() -> Result<View, Box<dyn Error>> {
    let captions = captions(
        "scatter",
        "Dix points d’arbres en plus vont avec deux degrés de moins",
        "Quartiers, un après-midi de canicule\u{202f}; la surface des disques est celle de la population",
    );
    let quarters = quarters();
    let sizes: Vec<f64> = quarters.iter().map(|(.., inhabitants)| *inhabitants).collect();
    let kinds: Vec<Option<&str>> = quarters.iter().map(|(_, kind, ..)| Some(*kind)).collect();
    let band = (0..=10).map(|k| {
        let x = 5.0 + 4.5 * f64::from(k);
        let half = 0.35 + 0.0009 * (x - 22.0).powi(2);
        (x, 43.3 - 0.19 * x, 43.3 - 0.19 * x - half, 43.3 - 0.19 * x + half)
    });
    Ok(Scatter::new(
        ("part du sol sous les arbres", Unit::PERCENT),
        ("température de surface", Unit::CELSIUS),
    )
    .with_heading("Quartier")
    .with_points(quarters.iter().map(|(name, _, canopy, heat, _)| (name.as_str(), *canopy, *heat)))
    .with_sizes("habitants", Unit::of("{inhabitant}"), &sizes)
    .with_categories(&kinds)
    .with_band("modèle de la ville, bande de confiance à 95\u{202f}%", band)
    .draw(&captions)?)
}

fn crowd() -> Result<View, Box<dyn Error>> {
    let captions = captions(
        "crowd",
        "Les grands arbres sont rarement près des façades",
        "Arbres d’alignement mesurés par laser",
    );
    let trees = (0..9_000).map(|k| {
        let distance = (2.0 + 9.0 * noise(k) * noise(k * 3 + 7) + 0.4 * bell(k)).max(0.3);
        (format!("arbre {k}"), distance, (3.0 + 1.1 * distance + 1.6 * bell(k + 11)).max(1.5))
    });
    Ok(Scatter::new(("distance à la façade", Unit::METRE), ("hauteur", Unit::METRE))
        .with_heading("Arbre")
        .with_points(trees)
        .with_names(0)
        .draw(&captions)?)
}

fn moran() -> Result<View, Box<dyn Error>> {
    let captions = captions(
        "moran",
        "Les quartiers aisés se touchent, les quartiers modestes aussi",
        "Niveau de vie médian des quartiers et de leurs voisins",
    );
    let rows: Vec<(String, f64, f64, f64)> = (0..70)
        .map(|k| {
            let own = bell(k);
            let lag = if k % 23 == 7 { -0.6 * own } else { 0.55 * own + 0.35 * bell(k + 31) };
            let p = (0.5 * libm::exp(-25.0 * (own * lag).abs()) + 0.02 * noise(k)).min(1.0);
            (format!("Quartier {}", k + 1), 24.0 + 4.0 * own, 24.0 + 4.0 * lag, p)
        })
        .collect();
    let names: Vec<String> = rows.iter().map(|row| row.0.clone()).collect();
    let values: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let lags: Vec<f64> = rows.iter().map(|row| row.2).collect();
    let p_values: Vec<f64> = rows.iter().map(|row| row.3).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let about = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    let moran = about(&values, &lags) / about(&values, &values);
    Ok(MoranScatter::new("niveau de vie médian", &names, &values, &lags)
        .with_p_values(&p_values, 0.05)
        .with_moran(moran)
        .draw(&captions)?)
}

fn slopes() -> Result<View, Box<dyn Error>> {
    let minute = |value: f64| Measured::new(value, Unit::MINUTE);
    let lines = [
        ("Aurelle", 24.0, 21.5),
        ("Valorcy", 27.5, 22.0),
        ("Pont-l’Orme", 29.0, 29.5),
        ("Villeclaire", 31.0, 24.5),
        ("Montfleury", 33.5, 36.0),
        ("Rochebelle", 34.0, 33.0),
        ("Les Ormes", 36.5, 31.0),
        ("Champvert", 38.0, 37.5),
        ("Belleroche", 41.0, 33.5),
        ("Saint-Cyr-sur-Vière", 41.5, 43.0),
        ("Haute-Combe", 52.0, 48.5),
    ];
    let captions = captions(
        "slopes",
        "Le métro a rapproché Belleroche et Villeclaire des lycées",
        "Temps médian jusqu’au lycée le plus proche en transports collectifs, un mardi à 7 h 30",
    );
    let chart = SlopeChart::new(["2019", "2025"], Unit::MINUTE)
        .with_heading("Commune")
        .with_highlights(["Belleroche", "Villeclaire", "Montfleury"])
        .with_direction(Direction::LessIsBetter);
    let with_line = |chart: SlopeChart, (name, from, to)| chart.with_line(name, [minute(from), minute(to)]);
    Ok(lines.into_iter().fold(chart, with_line).draw(&captions)?)
}

fn canopy() -> Result<View, Box<dyn Error>> {
    let share = |value: f64, half: f64| -> Result<Measured, Box<dyn Error>> {
        let interval = Interval::at_level(value - half, value + half, 0.95)?;
        Ok(Measured::new(value, Unit::PERCENT).with_interval(interval))
    };
    let captions = captions(
        "canopy-slopes",
        "La canopée gagne au centre, recule à l’est",
        "Part du sol sous les arbres, par vol laser",
    );
    Ok(SlopeChart::new(["2009", "2015", "2023"], Unit::PERCENT)
        .with_line("Centre", [share(14.2, 0.9)?, share(15.1, 0.8)?, share(17.8, 0.5)?])
        .with_line("Est", [share(21.0, 1.1)?, share(20.6, 0.9)?, share(18.9, 0.5)?])
        .with_line("Ouest", [share(31.4, 1.3)?, share(31.9, 1.0)?, share(32.6, 0.6)?])
        .with_direction(Direction::MoreIsBetter)
        .draw(&captions)?)
}

fn chances() -> Result<View, Box<dyn Error>> {
    let draws =
        |middle: f64, spread: f64| (0..2_000).map(|k| middle + spread * bell(k)).collect::<Vec<f64>>();
    let captions = captions(
        "chances",
        "Que changent les arbres dans la cour de l’école\u{202f}?",
        "Température de l’air à 15 h en juin 2050, 2 000 tirages d’un modèle",
    );
    Ok(QuantileDotPlot::new(Unit::CELSIUS)
        .with_sample("sans rien changer", &draws(32.6, 1.9))
        .with_sample("12 arbres et une toiture claire", &draws(30.4, 1.7))
        .with_event(Event::AtLeast(32.0), "il fasse au moins 32 °C")
        .draw(&captions)?)
}

fn tornado() -> Result<View, Box<dyn Error>> {
    let captions = captions(
        "tornado",
        "Le coût d’un arbre dépend d’abord de sa durée de vie",
        "Coût complet d’un arbre d’alignement par an, chaque hypothèse changée seule",
    );
    Ok(Tornado::new(41.2, Unit::of("{EUR}"))
        .with_base_name("hypothèses centrales")
        .with_assumption("durée de vie", ("30 ans", 55.0), ("80 ans", 29.5))
        .with_assumption("volume de la fosse", ("6 m³", 35.1), ("15 m³", 52.4))
        .with_assumption("mortalité des trois premières années", ("4 %", 38.9), ("15 %", 48.7))
        .with_assumption("taux d’actualisation", ("1,5 %", 38.2), ("4,5 %", 46.0))
        .with_assumption("tailles par décennie", ("1", 39.4), ("4", 44.9))
        .with_assumption("prix de l’eau", ("2 €/m³", 40.6), ("5 €/m³", 42.3))
        .draw(&captions)?)
}
