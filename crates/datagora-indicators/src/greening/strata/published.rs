//! The strata of vegetation that Lyon's projects have published.
use datagora_core::Bilingual;

use super::{Growth, Strata, Stratum};

const OPEN: f64 = f64::INFINITY;

fn class(french: &str, english: &str, from: f64, to: f64) -> Stratum {
    Stratum::new(Bilingual::new(french, english), from, to)
}

fn published(name: (&str, &str), source: &str, year: Option<i32>, classes: Vec<Stratum>) -> Strata {
    let name = Bilingual::new(name.0, name.1);
    let source = source.to_owned();
    Strata { name, source, year, water: None, mean_iou: None, classes }
}

/// Each as its source has it; where the source is silent, so is the definition.
impl Strata {
    /// EVA, the vegetation of the Métropole de Lyon in 2015: herbs below 1 m, shrubs from 1 to 3 m, trees above.
    pub fn eva_2015() -> Self {
        let classes = vec![
            class("strate herbacée", "herbs", 0.0, 1.0),
            class("strate arbustive", "shrubs", 1.0, 3.0),
            class("strate arborée", "trees", 3.0, OPEN),
        ];
        let source =
            "Métropole de Lyon, Espaces végétalisés et artificialisés (EVA), vegetation in three strata";
        published(("EVA 2015", "EVA 2015"), source, Some(2015), classes)
    }

    /// Sortons au frais, the cool routes: grass and shrubs below 1.5 m, trees above. Its water is a layer of its own.
    pub fn sortons_au_frais() -> Self {
        let classes = vec![
            class("prairies", "grass", 0.0, 1.5).of(Growth::Herbaceous),
            class("arbustes", "shrubs", 0.0, 1.5).of(Growth::Woody),
            class("arbres", "trees", 1.5, OPEN),
        ];
        let source = "datagora-erasme/itineraire_fraicheur, commit 29b6b472";
        published(("Sortons au frais", "Sortons au frais"), source, Some(2025), classes).with_water(false)
    }

    /// ipave, vegetation within road space: herbs, bushes below 1.5 m, shrubs to 5 m, trees to 15 m, tall trees.
    pub fn ipave() -> Self {
        let classes = vec![
            class("herbacée", "herbs", 0.0, 1.5).of(Growth::Herbaceous),
            class("buissons", "bushes", 0.0, 1.5).of(Growth::Woody),
            class("arbustes", "shrubs", 1.5, 5.0),
            class("arbres", "trees", 5.0, 15.0),
            class("grands arbres", "tall trees", 15.0, OPEN),
        ];
        published(("ipave", "ipave"), "ipave-scripts, commit c0a8738", Some(2025), classes)
    }

    /// The three groups that ipave reports in: herbs, bushes and shrubs below 5 m, trees above.
    ///
    /// Herbs are counted among those below 1.5 m, as its five classes have them; the bushes of its second class are in
    /// the second group with the shrubs of the third.
    pub fn ipave_groups() -> Self {
        let classes = vec![
            class("strate herbacée", "herbs", 0.0, 1.5).of(Growth::Herbaceous),
            class("strate arbustive", "bushes and shrubs", 0.0, 5.0).of(Growth::Woody),
            class("strate arborescente", "trees", 5.0, OPEN),
        ];
        let source = "ipave-scripts, commit c0a8738, strata herbacee, arbustif, arborescent";
        published(("ipave, trois groupes", "ipave, three groups"), source, Some(2025), classes)
    }

    /// The legend of IA·rbre: trees above 1.5 m. It gives no height for what is below.
    pub fn iarbre() -> Self {
        let classes = vec![class("arbres", "trees", 1.5, OPEN)];
        published(("IA·rbre", "IA·rbre"), "TelesCoop/iarbre, commit 8942db53", Some(2026), classes)
    }

    /// UD-IArbre, heights of LiDAR with an orthophoto: herbs below 0.3 m, shrubs to 5 m, trees above.
    pub fn ud_iarbre() -> Self {
        let classes = vec![
            class("herbacée", "herbs", 0.0, 0.3),
            class("arbustive", "shrubs", 0.3, 5.0),
            class("arborée", "trees", 5.0, OPEN),
        ];
        published(("UD-IArbre", "UD-IArbre"), "UD-IArbre-Research, commit 2a2e115", Some(2026), classes)
    }

    /// vegestrate, the stratified vegetation of the Métropole at 20 cm: herbs and brushwood below 1.5 m, which an image
    /// model (FLAIR-HUB) tells apart; LiDAR from 1.5 to 5, from 5 to 15, and above 15 m.
    ///
    /// Published accuracy: intersection over union 54 % of herbs, 30 % of brushwood, mean of the classes 64.8 %.
    pub fn vegestrate() -> Self {
        let classes = vec![
            class("herbacée", "herbs", 0.0, 1.5).of(Growth::Herbaceous).with_iou(0.54),
            class("broussailles", "brushwood", 0.0, 1.5).of(Growth::Woody).with_iou(0.30),
            class("végétation de 1,5 à 5 m", "vegetation of 1.5 to 5 m", 1.5, 5.0),
            class("végétation de 5 à 15 m", "vegetation of 5 to 15 m", 5.0, 15.0),
            class("végétation de plus de 15 m", "vegetation above 15 m", 15.0, OPEN),
        ];
        let source = "Métropole de Lyon, végétation stratifiée (vegestrate); accuracy as published with it";
        let strata = published(("vegestrate", "vegestrate"), source, None, classes);
        Self { mean_iou: Some(0.648), ..strata }
    }

    /// All published definitions, oldest first.
    pub fn published() -> Vec<Self> {
        vec![
            Self::eva_2015(),
            Self::sortons_au_frais(),
            Self::ipave(),
            Self::ipave_groups(),
            Self::iarbre(),
            Self::ud_iarbre(),
            Self::vegestrate(),
        ]
    }
}
