//! Version 2 of the plantability index (2026).
use super::{EVA, IGN, LYON, ORE, PUBLIC_SPACE, Row, SYTRAL, Step, draft, sound};
use crate::suitability::{Factor, FactorSet, Label, SuitabilityClass};

/// Factors as published: names, weights, geometry rules and layers of IA·rbre, commit 8942db53 (2026-05-06).
const ROWS: [Row; 37] = [
    row(
        "souches-emplacements-libres",
        "Souches ou emplacements libres",
        "Stumps and free places",
        3.0,
        "green",
        &[Step::Buffer(1.0)],
    )
    .of(LYON, "abr_arbres_alignement.abrarbre")
    .only("genre: Emplacement libre, Souche"),
    row("friche-naturelle", "Friche naturelle", "Natural wasteland", 3.0, "green", &[])
        .of(LYON, PUBLIC_SPACE)
        .only("type: Délaissé / Ilot végétalisé")
        .closed(),
    row(
        "strate-basse-pelouse",
        "Strate basse et pelouse",
        "Low vegetation and lawn",
        3.0,
        "green",
        &[Step::Simplify(3.0)],
    )
    .of(LYON, EVA)
    .only("gl_2015: 12, 13, 14, 16, 17, 361, 362"),
    row("friches", "Friches", "Brownfields", 2.0, "urban-design", &[]).of("Cerema", "Cartofriches"),
    row("parcs-jardins", "Parcs et jardins publics", "Public parks and gardens", 2.0, "green", &[])
        .of(LYON, PUBLIC_SPACE)
        .only("parks and gardens")
        .closed(),
    row("giratoires", "Giratoires", "Roundabouts", 2.0, "urban-design", &[])
        .of(LYON, PUBLIC_SPACE)
        .only("roundabouts")
        .closed(),
    row(
        "reseau-fibre",
        "Réseau Fibre",
        "Fibre network",
        2.0,
        "networks",
        &[Step::Buffer(2.0), Step::Dissolve],
    )
    .of(LYON, "tel_telecom.telfibreripthd_1"),
    row(
        "arbres",
        "Arbres",
        "Trees",
        1.0,
        "green",
        &[Step::BufferBy("circonference_cm", 0.01, None), Step::Dissolve],
    )
    .of(LYON, "abr_arbres_alignement.abrarbre")
    .only("genre: all but Emplacement libre, Souche"),
    row(
        "jeux-pietonnier",
        "Espaces jeux et pietonnier",
        "Playgrounds and pedestrian areas",
        1.0,
        "urban-design",
        &[],
    )
    .of(LYON, PUBLIC_SPACE)
    .only("Aire de jeux, Espace piétonnier")
    .closed(),
    row("marches-forains", "Marchés forains", "Street markets", 1.0, "urban-design", &[])
        .of(LYON, "gin_nettoiement.ginmarche"),
    row("strate-arboree", "Strate arborée", "Trees seen from above", 1.0, "green", &[Step::Simplify(3.0)])
        .of(LYON, EVA)
        .only("gl_2015: 11"),
    row("espaces-agricoles", "Espaces agricoles", "Farmland", 1.0, "green", &[Step::Simplify(3.0)])
        .of(LYON, EVA)
        .only("gl_2015: 211 to 215, 221 to 225, 231, 241"),
    row("forets", "Forêts", "Forests", 1.0, "green", &[Step::Simplify(3.0)])
        .of(LYON, EVA)
        .only("gl_2015: 311, 312, 322, 331, 341, 342, 351, 371, 372, 374, 411, 412"),
    row("qpv", "QPV", "Priority neighbourhoods", 0.0, "urban-design", &[])
        .of(LYON, "ter_territoire.quartier_prioritaire_2024_2030"),
    row("station-velov", "Station velov", "Shared bicycle stations", -1.0, "transport", &[Step::Buffer(6.0)])
        .of(LYON, "pvo_patrimoine_voirie.pvostationvelov"),
    row("assainissement", "Assainissement", "Sewers", -1.0, "networks", &[Step::Buffer(1.0)])
        .of(LYON, "assainissement")
        .closed(),
    row("pistes-cyclables", "Pistes cyclable", "Cycle tracks", -1.0, "transport", &[Step::Buffer(2.0)])
        .of(LYON, "pvo_patrimoine_voirie.pvoamenagementcyclable"),
    row("trace-bus", "Tracé de bus", "Bus routes", -1.0, "transport", &[Step::Buffer(1.5)])
        .of(SYTRAL, "tcl_sytral.tcllignebus_2_0_0"),
    row(
        "rsx-souterrains-erdf",
        "Rsx souterrains ERDF",
        "Underground power lines",
        -1.0,
        "networks",
        &[Step::Buffer(2.0)],
    )
    .of(ORE, "réseaux souterrains"),
    row("parkings", "Parkings", "Car parks", -2.0, "transport", &[]).of(LYON, "parkings").closed(),
    row(
        "signalisation-tricolore",
        "Signalisation tricolore et lumineuse matériel",
        "Traffic lights",
        -2.0,
        "transport",
        &[Step::Buffer(2.0)],
    )
    .of(LYON, "signalisation lumineuse tricolore")
    .closed(),
    row(
        "arrets-transport",
        "Arrêts transport en commun",
        "Public transport stops",
        -2.0,
        "transport",
        &[Step::Buffer(2.5)],
    )
    .of(SYTRAL, "tcl_sytral.tclarret"),
    row(
        "proximite-facade",
        "Proximité façade",
        "Nearness of façades",
        -2.0,
        "buildings",
        &[Step::Buffer(2.0), Step::Dissolve],
    )
    .of(IGN, "BDTOPO_V3:batiment"),
    row(
        "espaces-artificialises",
        "Espaces artificialisés",
        "Artificial ground",
        -2.0,
        "artificial",
        &[Step::Simplify(3.0)],
    )
    .of(LYON, EVA)
    .only("gl_2015: 15"),
    row("trace-metro", "Tracé de métro", "Metro lines", -2.0, "transport", &[Step::Buffer(25.0)])
        .of(SYTRAL, "tcl_sytral.tcllignemf_2_0_0"),
    row("trace-tramway", "Tracé de tramway", "Tramway lines", -2.0, "transport", &[Step::Buffer(3.5)])
        .of(SYTRAL, "tcl_sytral.tcllignetram_2_0_0"),
    row(
        "rsx-aeriens-erdf",
        "Rsx aériens ERDF",
        "Overhead power lines",
        -2.0,
        "networks",
        &[Step::Buffer(1.0)],
    )
    .of(ORE, "réseaux aériens"),
    row("auto-partage", "Auto-partage", "Car sharing", -2.0, "transport", &[Step::Buffer(3.0)])
        .of(LYON, "auto-partage")
        .closed(),
    row(
        "reseau-chaleur",
        "Réseau de chaleur urbain",
        "District heating",
        -3.0,
        "networks",
        &[Step::Buffer(2.0)],
    )
    .of(LYON, "nrj_energie.rcu_canalisation"),
    row("rsx-gaz", "Rsx gaz", "Gas mains", -3.0, "networks", &[Step::Buffer(2.0)]).of(ORE, "réseaux gaz"),
    row("pmr", "PMR", "Reserved parking for disabled people", -4.0, "transport", &[Step::Buffer(3.0)])
        .of(LYON, "places PMR")
        .closed(),
    row("batiments", "Bâtiments", "Buildings", -5.0, "buildings", &[])
        .of(IGN, "BDTOPO_V3:batiment")
        .blocking(),
    row("plan-eau", "Plan eau", "Water", -5.0, "water", &[Step::Explode, Step::Buffer(0.1), Step::Dissolve])
        .of(LYON, "fpc_fond_plan_communaut.fpcplandeau")
        .blocking(),
    row("ponts", "Ponts", "Bridges", -5.0, "urban-design", &[Step::Buffer(2.0)])
        .of(LYON, "fpc_fond_plan_communaut.fpcpont")
        .blocking(),
    row("voies-ferrees", "Voies ferrées", "Railways", -5.0, "transport", &[Step::Buffer(1.0)])
        .of(LYON, "fpc_fond_plan_communaut.fpcvoieferree")
        .blocking(),
    row("aerodrome", "Aerodrome", "Airfields", -5.0, "transport", &[])
        .of(LYON, "adr_voie_lieu.adraerodrome")
        .blocking(),
    row(
        "entree-parking",
        "Entrée parking",
        "Entrances of car parks",
        -5.0,
        "transport",
        &[Step::Buffer(5.0)],
    )
    .of("Lyon Parc Auto", "lpa_mobilite.entree_parking")
    .blocking(),
];

/// Upper limit (the last has none), code, name in French and in English, colour.
type Class = (Option<f64>, u8, &'static str, &'static str, &'static str);

/// Cuts and colours as published.
const CLASSES: [Class; 6] = [
    (Some(-5.0), 0, "Plantation impossible", "Planting impossible", "#C4C4C4"),
    (Some(-2.0), 2, "Plantation très contrainte", "Planting very constrained", "#BF5A16"),
    (Some(-0.75), 4, "Plantation contrainte", "Planting constrained", "#DDAD14"),
    (Some(0.15), 6, "Plantation neutre", "Planting neutral", "#A6CC4A"),
    (Some(2.5), 8, "Plantation favorisée", "Planting favoured", "#55B250"),
    (None, 10, "Plantation très favorisée", "Planting very favoured", "#025400"),
];

pub(super) fn factors() -> impl Iterator<Item = Factor> {
    ROWS.iter().map(Row::factor)
}

/// The plantability index of Lyon, version 2: 37 factors, six of them blocking, six classes.
///
/// Names (spelt as there), weights, geometry rules, cuts and colours are facts taken from the published program; no line of
/// it is here. Which of the seven families a factor is shown in is by its subject: there, three factors and the priority
/// neighbourhoods are in none. How cells are scored and blocked is that of
/// [`SuitabilityModel`](crate::suitability::SuitabilityModel), not that of the program; for its behaviour see
/// [`SuitabilityModel::iarbre_2026`](crate::suitability::SuitabilityModel::iarbre_2026).
///
/// # References
///
/// TelesCoop and Métropole de Lyon, IA·rbre (AGPL-3.0), commit 8942db53 of 2026-05-06.
pub fn plantability_v2() -> FactorSet {
    let class = |&(upper, code, fr, en, colour): &Class| SuitabilityClass {
        code,
        name: Label::new(fr, en),
        colour: colour.to_owned(),
        upper,
    };
    let mut draft = draft("plantability-v2", "2 (2026-05)", factors().collect());
    draft.source = "TelesCoop and Métropole de Lyon, IA·rbre, commit 8942db53 (2026-05-06)".to_owned();
    draft.licence = "AGPL-3.0 (the program it was read from)".to_owned();
    draft.classes = CLASSES.iter().map(class).collect();
    draft.blocked_class = Some(0);
    sound(draft)
}

/// A factor from an open layer.
const fn row(
    id: &'static str,
    fr: &'static str,
    en: &'static str,
    weight: f64,
    family: &'static str,
    steps: &'static [Step],
) -> Row {
    let (layer, publisher) = ("", "");
    Row { id, fr, en, weight, blocking: false, family, steps, layer, publisher, selection: None, open: true }
}

impl Row {
    const fn of(self, publisher: &'static str, layer: &'static str) -> Self {
        Self { publisher, layer, ..self }
    }

    const fn only(self, selection: &'static str) -> Self {
        Self { selection: Some(selection), ..self }
    }

    const fn blocking(self) -> Self {
        Self { blocking: true, ..self }
    }

    /// Not known to be open.
    const fn closed(self) -> Self {
        Self { open: false, ..self }
    }
}
