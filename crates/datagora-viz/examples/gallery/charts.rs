//! Charts of made numbers.
use std::error::Error;

use datagora_core::{DateTime, Interval, Language, Measured, Month, Suppression, Unit, Zone};
use datagora_viz::{
    Axis, BarChart, CATEGORIES, Colour, Fan, HeatMap, Histogram, Layer, Line, LineChart, Sankey,
    SeasonalChart, SmallMultiples, StackedChart, StateChart, StateTimeline, Strip, StripChart, View,
    Waterfall,
};

use super::city::swing;
use super::{Draw, captions};

pub(crate) const VIEWS: &[(&str, Draw)] = &[
    ("LineChart", lines),
    ("LineChart", trend),
    ("BarChart", bars),
    ("BarChart", growth),
    ("Waterfall", waterfall),
    ("StripChart", strips),
    ("SeasonalChart", season),
    ("SmallMultiples", multiples),
    ("HeatMap", heat),
    ("HeatMap", calendar),
    ("StateTimeline", timeline),
    ("StateChart", states),
    ("StackedChart", stack),
    ("Histogram", histogram),
    ("Sankey", ground),
    ("Sankey", warmth),
];

/// Bicycles per day in a month: growth, season, and a little disorder.
fn bicycles(k: usize) -> f64 {
    let season = 1.0 - 0.3 * swing((k as f64 + 3.5) / 12.0) - if k % 12 == 7 { 0.25 } else { 0.0 };
    (700.0 + 6.0 * k as f64) * season + (k * 37 % 23) as f64 * 6.0
}

fn lines() -> Result<View, Box<dyn Error>> {
    let (known, ahead) = (96, 12);
    let mut values: Vec<f64> = (0..known).map(bicycles).collect();
    values[30..33].fill(f64::NAN);
    values[61] = f64::NAN;
    let backtest: Vec<f64> = (0..known + ahead)
        .map(|k| if (84..known).contains(&k) { bicycles(k) * 1.06 - 60.0 } else { f64::NAN })
        .collect();
    values.extend(vec![f64::NAN; ahead]);
    let points: Vec<f64> = (known..known + ahead).map(|k| bicycles(k) - 20.0).collect();
    let band = |level: f64, half: f64| {
        let widths: Vec<f64> = (0..ahead).map(|step| half * (1.0 + 0.05 * step as f64)).collect();
        let bound = |sign: f64| points.iter().zip(&widths).map(|(p, w)| p + sign * w).collect::<Vec<f64>>();
        (level, bound(-1.0), bound(1.0))
    };
    let bands = vec![band(0.5, 60.0), band(0.8, 120.0), band(0.95, 210.0)];
    let line =
        Line::new("Vélos", values).with_fan(Fan { start: known, points, bands }).with_backtest(backtest);
    let axis = Axis::months(Month::new(2018, 1)?, known + ahead, Language::French);
    let captions = captions(
        "lines",
        "Passages de vélos, et douze mois de plus",
        "Moyenne journalière du mois, périmètre constant de 14 compteurs",
    );
    Ok(LineChart::new(axis, Unit::of("{bicycle}/d"))
        .with_line(line)
        .with_outages([30, 31, 32, 61])
        .draw(&captions)?)
}

fn trend() -> Result<View, Box<dyn Error>> {
    let axis = Axis::labels((2015..2026).map(|year| year.to_string()));
    let series = |slope: f64| {
        (0..11).map(|k| 100.0 + slope * f64::from(k) + f64::from(k * 7 % 5)).collect::<Vec<f64>>()
    };
    let captions =
        captions("trend", "Vélos et voitures depuis 2015", "Indice, 2015 = 100, périmètre constant");
    Ok(LineChart::new(axis, Unit::ONE)
        .with_line(Line::new("Vélos", series(11.0)))
        .with_line(Line::new("Piétons", series(9.8)))
        .with_line(Line::new("Voitures", series(-2.5)))
        .with_reference(100.0)
        .without_zero()
        .draw(&captions)?)
}

fn bars() -> Result<View, Box<dyn Error>> {
    let job = Unit::of("{job}");
    let bounded = |lower, upper| Measured::bounded(lower, upper, job.clone());
    let interval = Interval::at_level(1_900.0, 2_700.0, 0.95)?;
    let captions = captions(
        "bars",
        "Emplois industriels par commune",
        "Établissements géolocalisés, tranches d’effectif",
    );
    Ok(BarChart::new(job.clone())
        .with_heading("Commune")
        .with_bar("Vaulx-en-Velin", bounded(4_200.0, 8_150.0)?)
        .with_bar(
            "Saint-Germain-au-Mont-d’Or",
            Measured::suppressed(job.clone(), Suppression::FewUnits { minimum: 3 }),
        )
        .with_bar("Marcy-l’Étoile", bounded(10_010.0, f64::INFINITY)?)
        .with_bar("Bron", Measured::new(2_300.0, job.clone()).with_interval(interval))
        .with_bar("Lissieu", Measured::new(120.0, job.clone()))
        .with_bar("Feyzin", bounded(3_000.0, 3_900.0)?)
        .with_bar("Dardilly", Measured::suppressed(job, Suppression::Incomplete { needed: 0.8 }))
        .with_reference(1_800.0, "moyenne")
        .sorted()
        .draw(&captions)?)
}

fn growth() -> Result<View, Box<dyn Error>> {
    let percent = Unit::of("%");
    let captions =
        captions("growth", "Croissance annuelle des passages", "2019 à 2025, en pourcentage par an");
    let names =
        ["Quai Augagneur", "Rue de Marseille", "Pont Wilson", "Cours Lafayette", "Berges", "Garibaldi"];
    let bars = names.iter().enumerate().map(|(k, name)| {
        let value = 11.5 - 4.3 * k as f64;
        let interval = Interval { lower: value - 3.0, upper: value + 2.5, level: Some(0.95) };
        (*name, Measured::new(value, percent.clone()).with_interval(interval))
    });
    Ok(BarChart::new(percent.clone()).with_bars(bars).with_limit(5).draw(&captions)?)
}

fn season() -> Result<View, Box<dyn Error>> {
    let profile = |size: f64| -> [f64; 12] {
        std::array::from_fn(|k| 1.0 - size * swing((k as f64 + 3.5) / 12.0) - if k == 7 { size } else { 0.0 })
    };
    let (bike, car) = (profile(0.32), profile(0.08));
    let captions =
        captions("season", "Une année ordinaire", "Rapport à la moyenne de l’année, médiane de 2017 à 2025");
    Ok(SeasonalChart::new(Unit::ONE)
        .with_profile("Vélos", bike, bike.map(|v| v - 0.12), bike.map(|v| v + 0.1))
        .with_profile("Voitures", car, car.map(|v| v - 0.04), car.map(|v| v + 0.04))
        .with_band_meaning("la moitié centrale des compteurs")
        .with_reference(1.0)
        .draw(&captions)?)
}

fn multiples() -> Result<View, Box<dyn Error>> {
    let axis = Axis::months(Month::new(2018, 1)?, 96, Language::French);
    let median: Vec<f64> = (0..96).map(bicycles).collect();
    let captions = captions("multiples", "Chaque compteur", "Moyenne journalière du mois");
    let mut charts = SmallMultiples::new(axis, Unit::of("{bicycle}/d"));
    for k in 0..11 {
        let scale = 0.2 + 0.23 * f64::from(k);
        let values: Vec<f64> = median
            .iter()
            .enumerate()
            .map(|(t, v)| if (t + 9 * k as usize) % 40 < 3 { f64::NAN } else { v * scale })
            .collect();
        charts = charts.with_panel(format!("Quai du Docteur Gailleton {k}"), values);
    }
    Ok(charts.with_comparison("médiane des compteurs", median).draw(&captions)?)
}

fn states() -> Result<View, Box<dyn Error>> {
    let start = 1_772_476_860; // 2026-03-02T18:41:00Z
    let minutes: Vec<i64> = (0..360).chain(476..650).collect();
    let times = minutes.iter().filter_map(|k| DateTime::from_timestamp(start + 60 * k, 0)).collect();
    let wave = |k: &i64, middle: f64, size: f64| (middle + size * swing(*k as f64 / 1_320.0)).round();
    let series = |middle, size| minutes.iter().map(|k| wave(k, middle, size)).collect::<Vec<f64>>();
    let captions = captions(
        "states",
        "Une nuit de vélos en libre-service",
        "Stations selon leur état, du 2 au 3 mars 2026",
    );
    Ok(StateChart::new(times, Zone::PARIS, Unit::of("{station}"))
        .with_state("vide", CATEGORIES[1], series(60.0, 35.0))
        .with_state("des vélos et des places", CATEGORIES[4].lighter(0.4), series(340.0, -60.0))
        .with_state("pleine", CATEGORIES[0], series(30.0, 20.0))
        .with_total(453.0)
        .draw(&captions)?)
}

/// A year of hours: two peaks on working days, an outage in spring, a few hours filled in autumn.
fn heat() -> Result<View, Box<dyn Error>> {
    let first = Month::new(2025, 1)?.first_day();
    let bicycles = |day: usize, hour: usize| {
        let weekend = (day + 2) % 7 >= 5;
        let peak = |at: f64, width: f64| {
            let away = (hour as f64 - at) / width;
            1.0 / (1.0 + away * away * (1.0 + 0.5 * away * away))
        };
        let day_shape = match weekend {
            true => 0.5 * peak(15.5, 4.0),
            false => peak(8.3, 1.3) + 0.9 * peak(17.8, 1.9) + 0.25 * peak(13.0, 4.0),
        };
        let season = 1.0 - 0.4 * swing((day as f64 + 106.0) / 365.0);
        (320.0 * day_shape * season * (0.85 + 0.3 * ((day * 37 % 101) as f64 / 101.0)) + 3.0).round()
    };
    let mut values: Vec<f64> =
        (0..24).flat_map(|hour| (0..365).map(move |day| bicycles(day, hour))).collect();
    let mut imputed = vec![false; values.len()];
    for hour in 0..24 {
        values[hour * 365 + 96..hour * 365 + 111].fill(f64::NAN);
        imputed[hour * 365 + 280..hour * 365 + 290].fill(true);
    }
    let captions = captions("heat", "Un compteur, heure par heure", "Vélos par heure, 2025");
    Ok(HeatMap::new(
        Axis::days(first, 365, Language::French),
        Axis::hours(Language::French),
        Unit::of("{bicycle}/h"),
        values,
    )
    .with_imputed(imputed)
    .with_headings("Jour", "Heure")
    .draw(&captions)?)
}

fn calendar() -> Result<View, Box<dyn Error>> {
    let mut values: Vec<f64> = (0..96).map(bicycles).collect();
    values[27..31].fill(f64::NAN);
    let captions = captions("calendar", "Mois et années", "Vélos par jour, moyenne du mois");
    Ok(HeatMap::new(
        Axis::year(Language::French),
        Axis::labels((2018..2026).map(|year| year.to_string())),
        Unit::of("{bicycle}/d"),
        values,
    )
    .with_headings("Mois", "Année")
    .draw(&captions)?)
}

fn timeline() -> Result<View, Box<dyn Error>> {
    let captions = captions("timeline", "Ce que chaque compteur a compté", "Mois par mois");
    let mut chart = StateTimeline::new(Axis::months(Month::new(2018, 1)?, 96, Language::French))
        .with_state("compté", CATEGORIES[4])
        .with_state("en panne", CATEGORIES[1])
        .with_unknown("rien d’enregistré")
        .with_share("part des mois comptés", [0])
        .with_heading("Compteur");
    for counter in 0..14 {
        let state = |month: usize| match (month * 13 + counter * 29) % 41 {
            _ if month < 5 * counter => None,
            0..2 => Some(1),
            2..5 if counter % 4 == 1 => Some(2),
            _ => Some(0),
        };
        let name = format!("Quai du Docteur Gailleton {counter}");
        chart = chart.with_row(name, (0..96).map(state).collect::<Vec<_>>());
    }
    Ok(chart.sorted().with_limit(10).draw(&captions)?)
}

fn waterfall() -> Result<View, Box<dyn Error>> {
    let unit = Unit::of("{passage}/d");
    let change = |value: f64| Measured::new(value, unit.clone());
    let captions = captions("waterfall", "Plus de vélos, ou plus de compteurs\u{a0}?", "De 2024 à 2025");
    Ok(Waterfall::new(unit.clone())
        .with_total("tous les compteurs, 2024", 41_200.0)
        .with_change("compteurs sortis", change(-3_100.0))
        .with_change(
            "compteurs restés",
            change(2_050.0).with_interval(Interval::at_level(600.0, 3_500.0, 0.95)?),
        )
        .with_change("compteurs entrés", change(7_400.0))
        .with_total("tous les compteurs, 2025", 47_550.0)
        .draw(&captions)?)
}

fn strips() -> Result<View, Box<dyn Error>> {
    const COMMUNES: usize = 24;
    let names: Vec<String> =
        (0..COMMUNES).map(|k| if k == 9 { "Valorcy".to_owned() } else { format!("Commune {k}") }).collect();
    let spread = |k: usize, step: usize| ((k * step + 5) % 29) as f64 / 29.0;
    let (trees, share, job) = (Unit::of("{tree}/har"), Unit::PERCENT, Unit::of("{job}"));
    let planted: Vec<Measured> =
        (0..COMMUNES).map(|k| Measured::new(0.4 + 9.0 * spread(k, 11).powi(2), trees.clone())).collect();
    let near: Vec<Measured> = (0..COMMUNES)
        .map(|k| {
            let value = 25.0 + 60.0 * spread(k, 7);
            let interval = Interval::at_level(value - 4.0, value + 4.0, 0.95)?;
            Ok(Measured::new(if k == 20 { f64::NAN } else { value }, share.clone()).with_interval(interval))
        })
        .collect::<Result<_, datagora_core::ValueError>>()?;
    let jobs: Vec<Measured> = (0..COMMUNES)
        .map(|k| match k % 8 {
            3 => Ok(Measured::suppressed(job.clone(), Suppression::FewUnits { minimum: 3 })),
            _ => {
                let lower = (40.0 * (1.0 + 9.0 * spread(k, 13)).powi(2)).round();
                Measured::bounded(lower, (lower * (1.2 + spread(k, 5))).round(), job.clone())
            }
        })
        .collect::<Result<_, _>>()?;
    let captions = captions(
        "strip",
        "Où se situe Valorcy",
        "Chaque ligne a son échelle\u{202f}; rang 1\u{a0}: la valeur la plus élevée",
    );
    Ok(StripChart::new(&names, 9, "communes")
        .with_peers([4, 15, 21], "communes proches de taille comparable")
        .with_reference_word("métropole")
        .with_section("Végétalisation")
        .with_strip(
            Strip::new("Arbres par hectare", trees.clone(), &planted)
                .with_reference(Measured::new(2.9, trees)),
        )
        .with_strip(
            Strip::new("Habitants à moins de 300 m d’un parc", share.clone(), &near)
                .with_reference(Measured::new(61.0, share)),
        )
        .with_section("Économie")
        .with_strip(Strip::new("Emplois industriels", job, &jobs).with_log_scale())
        .draw(&captions)?)
}

fn stack() -> Result<View, Box<dyn Error>> {
    let axis = Axis::labels((2015..2026).map(|year| year.to_string()));
    let share = |from: f64, to: f64| {
        (0..11)
            .map(|k| (from + (to - from) * f64::from(k) / 10.0 + f64::from(k * 5 % 3)).round())
            .collect::<Vec<f64>>()
    };
    let (cars, transit, bicycles) = (share(50.0, 38.0), share(17.0, 22.0), share(3.0, 9.0));
    let rest: Vec<f64> = (0..11).map(|k| 100.0 - cars[k] - transit[k] - bicycles[k] - 2.0).collect();
    let captions = captions("stack", "Comment on se déplace", "Part des déplacements, en %");
    Ok(StackedChart::new(axis, Unit::PERCENT)
        .with_layer(Layer::new("voiture", cars))
        .with_layer(Layer::new("transports collectifs", transit))
        .with_layer(Layer::new("vélo", bicycles))
        .with_layer(Layer::new("marche", rest))
        .with_layer(Layer::unknown("non renseigné", vec![2.0; 11]))
        .draw(&captions)?)
}

fn histogram() -> Result<View, Box<dyn Error>> {
    let heights: Vec<f64> = (0..4_000u32)
        .map(|k| {
            let (a, b) = (f64::from(k * 7919 % 1009) / 1009.0, f64::from(k * 104_729 % 997) / 997.0);
            24.0 * a * b + 3.0 * a
        })
        .collect();
    let captions = captions("histogram", "Hauteur des arbres d’alignement", "Arbres mesurés");
    Ok(Histogram::of(&heights, Unit::of("m"), Unit::of("{tree}"))
        .with_marker(6.2, "médiane")
        .draw(&captions)?)
}

/// From kind to kind of ground in ten years.
fn ground() -> Result<View, Box<dyn Error>> {
    let kinds = ["prairies", "champs", "bâti", "routes", "bois"];
    let became = [
        [1_480.0, 96.0, 148.0, 31.0, 104.0],
        [212.0, 4_060.0, 318.0, 74.0, 52.0],
        [14.0, 0.0, 3_650.0, 22.0, 6.0],
        [4.0, 0.0, 18.0, 1_310.0, 0.0],
        [26.0, 8.0, 27.0, 12.0, 2_640.0],
    ];
    let captions = captions(
        "sankey",
        "Que sont devenus les champs\u{a0}?",
        "Usage du sol de la métropole, 2015 et 2025",
    );
    let mut chart = Sankey::new(Unit::HECTARE).with_stages(["2015", "2025"]);
    for (from, row) in kinds.iter().zip(became) {
        for (to, area) in kinds.iter().zip(row) {
            chart = chart.with_transition(0, *from, *to, Measured::new(area, Unit::HECTARE));
        }
    }
    Ok(chart
        .with_colour("champs", CATEGORIES[5])
        .with_colour("prairies", CATEGORIES[4])
        .with_colour("bois", CATEGORIES[2])
        .with_colour("bâti", CATEGORIES[1])
        .with_colour("routes", Colour::MUTED)
        .draw(&captions)?)
}

/// From fuels over a network to those who are warm; one user is withheld, and the network loses heat.
fn warmth() -> Result<View, Box<dyn Error>> {
    let unit = Unit::of("GW.h");
    let energy = |value: f64| Measured::new(value, unit.clone());
    let captions =
        captions("sankey-heat", "D’où vient la chaleur\u{a0}?", "Énergie livrée dans l’année, 2025");
    Ok(Sankey::new(unit.clone())
        .with_link("gaz", "chaufferies", energy(390.0))
        .with_link("bois", "chaufferies", energy(340.0))
        .with_link("déchets", "chaufferies", energy(260.0))
        .with_link("chaufferies", "réseau de chaleur", energy(870.0))
        .with_link("réseau de chaleur", "logements", energy(520.0))
        .with_link("réseau de chaleur", "bureaux", energy(230.0))
        .with_link("réseau de chaleur", "équipements publics", energy(120.0))
        .with_link("gaz", "logements", energy(1_240.0))
        .with_link("électricité", "logements", energy(640.0))
        .with_link("électricité", "bureaux", energy(410.0))
        .with_link(
            "électricité",
            "industrie",
            Measured::suppressed(unit.clone(), Suppression::FewUnits { minimum: 3 }),
        )
        .with_link("gaz", "industrie", energy(180.0))
        .draw(&captions)?)
}
