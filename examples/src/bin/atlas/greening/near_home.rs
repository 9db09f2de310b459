//! Who has green near home: the 3-30-300 rule, and which part of it people lack.
use datagora::core::{
    Bilingual, Dataset, Imperfection, ImperfectionKind, Language, Measured, Metadata, Metres, Unit,
};
use datagora::geo::{Boundary, GeometryColumn, Metric, area, centroid, interior_point, locate};
use datagora::indicators::greening::{
    Assessment330300, Canopy, HomeGreen, PublicGreen, Rule330300, VisibleTrees, WHO_GREEN_DISTANCE,
    exposed_share, green_access_share, people_by_building,
};
use datagora::viz::{
    Axis, BarChart, Colour, DotDensity, Line, LineChart, Palette, format_number, format_percent,
};

use crate::figures::{among_communes, not_covered, plain};
use crate::material::{Homes, Material, Zones};
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Trouble, blend, captions};

/// Radius of the neighbourhood whose canopy is measured: the rule sets none, and 300 m is that of its third part.
const NEIGHBOURHOOD: Metres = Metres(300.0);
/// Radii, m, for which the people with three trees are shown.
const RADII: std::ops::RangeInclusive<u32> = 25..=100;
/// Those that are named on the axis.
const NAMED_RADII: [u32; 5] = [25, 30, 50, 75, 100];
/// Colours of people who have nothing of the rule near home, one part, two or three.
const SHADES: [Colour; 3] = [Colour::rgb(196, 60, 10), Colour::rgb(128, 150, 190), Colour::rgb(0, 84, 52)];

/// Buildings with their people and what green they have.
pub(super) struct NearHome<'a> {
    pub(super) buildings: &'a GeometryColumn,
    pub(super) trees: &'a Dataset<GeometryColumn>,
    pub(super) canopy: &'a Dataset<GeometryColumn>,
    pub(super) homes: &'a Dataset<Homes>,
    pub(super) iris: &'a Dataset<Zones>,
    /// NaN where they are not known.
    pub(super) people: Vec<f64>,
    membership: Vec<Option<u32>>,
    green: HomeGreen,
    found: Assessment330300,
    /// Of the rule and everything that follows from it.
    metadata: Metadata,
}

/// Adds the views; gives back what a scenario of planting begins with. Nothing if the inhabitants of buildings are unknown.
pub(super) fn add<'a>(
    material: &'a Material,
    recorder: &mut Recorder,
    chapter: &mut Chapter,
    progress: &mut Progress,
) -> Option<NearHome<'a>> {
    let made = progress.step("greening: trees, canopy and parks near all homes", || NearHome::new(material));
    let near = match made {
        Ok(near) => near?,
        Err(trouble) => {
            recorder.fail(about(), trouble.as_ref());
            return None;
        }
    };
    let nowhere = near.membership.iter().filter(|zone| zone.is_none()).count() as u64;
    let kind = ImperfectionKind::OutsideZones { zones: Bilingual::new("IRIS", "IRIS") };
    let buildings = Bilingual::new("Bâtiments", "Buildings");
    recorder.note(Imperfection::new(buildings, kind, nowhere).out_of(near.people.len() as u64));
    if let Err(trouble) = near.figures(recorder, chapter) {
        recorder.fail(about(), trouble.as_ref());
    }
    for plate in [near.combinations(recorder), near.by_iris(material, recorder), near.by_radius(recorder)] {
        recorder.plate(chapter, about(), plate);
    }
    Some(near)
}

fn about() -> Bilingual {
    Bilingual::new("Règle 3-30-300", "The 3-30-300 rule")
}

impl<'a> NearHome<'a> {
    fn new(material: &'a Material) -> Result<Option<Self>, Trouble> {
        let (Some(homes), Some(iris), Some(trees)) = (&material.homes, &material.iris, &material.trees)
        else {
            return Ok(None);
        };
        let (Some(canopy), Some(parks)) = (&material.canopy, &material.parks) else { return Ok(None) };
        let rule = Rule330300::default();
        let metadata = blend(
            "3-30-300 by building",
            &[
                ("people", "those of the IRIS by footprint × height"),
                ("three trees within, m", &rule.tree_radius.0.to_string()),
                ("canopy, percent", &rule.canopy_percent.to_string()),
                ("canopy within, m", &NEIGHBOURHOOD.0.to_string()),
                ("green of 0.5 ha within, m", &rule.green_distance.0.to_string()),
            ],
            &[homes, iris, trees, canopy, parks],
        )?;
        let buildings = &homes.payload().geometry;
        let zones = iris.payload();
        // A point inside, since the middle of a bent footprint may be in another zone.
        let inside = interior_point(buildings);
        let membership = locate(&inside, &zones.geometry, Boundary::HalfOpen)?.to_options();
        let footprints = area(buildings, Metric::Planar)?;
        let volumes: Vec<f64> =
            footprints.iter().zip(&homes.payload().height).map(|(area, height)| area * height).collect();
        let people = people_by_building(&zones.population, &membership, &volumes)?.people;
        let shade = Canopy::of_polygons(canopy.payload())?.around(&centroid(buildings), NEIGHBOURHOOD)?;
        let green = HomeGreen::new(
            buildings,
            &VisibleTrees::new(trees.payload()),
            &shade,
            &PublicGreen::new(&parks.payload().geometry),
            WHO_GREEN_DISTANCE,
        )?;
        let found = green.assess(&rule)?;
        Ok(Some(Self { buildings, trees, canopy, homes, iris, people, membership, green, found, metadata }))
    }

    /// All in one zone.
    fn everywhere(&self) -> Vec<Option<u32>> {
        vec![Some(0); self.people.len()]
    }

    fn figures(&self, recorder: &Recorder, chapter: &mut Chapter) -> Result<(), Trouble> {
        let language = recorder.language;
        let [none, ..] = self.found.shares(&self.people, &self.everywhere(), 1)?.remove(0).combinations;
        let near = green_access_share(
            self.green.green_distances(),
            &self.people,
            &self.everywhere(),
            1,
            WHO_GREEN_DISTANCE,
        )?;
        let labels = [
            recorder.say(
                "des habitants n’ont ni trois arbres à moins de 50\u{a0}m, ni 30\u{202f}% de canopée, ni un parc à moins de 300\u{a0}m",
                "of the inhabitants have neither three trees within 50\u{a0}m, nor 30% of canopy, nor a park within 300\u{a0}m",
            ),
            recorder.say(
                "des habitants ont un parc d’au moins 0,5 ha à moins de 300\u{a0}m de leur immeuble, à vol d’oiseau (OMS)",
                "of the inhabitants have a park of at least 0.5 ha within 300\u{a0}m of their building, as the crow flies (WHO)",
            ),
        ];
        for (share, label) in [none.value(), near[0].value()].into_iter().zip(labels) {
            if let Some(share) = share {
                chapter.figures.push((format_percent(share / 100.0, 0, language), label));
            }
        }
        Ok(())
    }

    /// How people were put on buildings, as a note.
    fn basis(recorder: &Recorder) -> String {
        recorder.say(
            "Habitants de chaque IRIS répartis entre ses bâtiments selon leur volume (emprise × hauteur)\u{a0}: trop dans les \
             bâtiments où personne n’habite. Distances à vol d’oiseau depuis l’emprise\u{202f}; canopée du disque de 300\u{a0}m, \
             sous-estimée au bord de la ville. Règle\u{a0}: Konijnendijk (2023).",
            "Inhabitants of each IRIS divided among its buildings by volume (footprint × height): too many in buildings where \
             nobody lives. Distances as the crow flies from the footprint; canopy of the disc of 300\u{a0}m, underestimated at the \
             edge of the city. Rule: Konijnendijk (2023).",
        )
    }

    /// People by what they lack.
    fn combinations(&self, recorder: &Recorder) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let shares = self.found.shares(&self.people, &self.everywhere(), 1)?.remove(0);
        let total: f64 = self.people.iter().filter(|people| !people.is_nan()).sum();
        let person = Unit::of("{inhabitant}");
        // By their number in the shares: what is missing, from nothing to all.
        let order: [(usize, &str, &str); 8] = [
            (7, "rien\u{a0}: ils ont les trois", "nothing: they have all three"),
            (6, "les arbres", "trees"),
            (5, "la canopée", "canopy"),
            (3, "le parc", "park"),
            (4, "les arbres et la canopée", "trees and canopy"),
            (2, "les arbres et le parc", "trees and park"),
            (1, "la canopée et le parc", "canopy and park"),
            (0, "tout", "everything"),
        ];
        let bars = order.into_iter().map(|(met, french, english)| {
            let share = &shares.combinations[met];
            let people = share.value().map_or_else(
                || share.clone(),
                |percent| {
                    Measured::new(total * share.completeness() * percent / 100.0, person.clone())
                        .with_completeness(share.completeness())
                        .with_observations(share.observations())
                },
            );
            (language.pick(french, english), people)
        });
        let title = recorder.say("Ce qui manque près de chez soi", "What is missing near home");
        let subtitle = recorder.say(
            "habitants selon ce qui leur manque de la règle 3-30-300\u{a0}: trois arbres à moins de 50\u{a0}m, 30\u{202f}% de canopée \
             dans les 300 m, un parc d’au moins 0,5 ha à moins de 300\u{a0}m",
            "inhabitants by what they lack of the 3-30-300 rule: three trees within 50\u{a0}m, 30% of canopy within 300\u{a0}m, a park of \
             at least 0.5 ha within 300\u{a0}m",
        );
        let metadata = self.metadata.clone();
        let words = captions("greening-330300", &title, &subtitle, &metadata, language)
            .with_note(Self::basis(recorder));
        let heading = language.pick("Ce qui manque", "What is missing");
        let chart = BarChart::new(person.clone()).with_heading(heading).with_bars(bars);
        Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
    }

    /// People as dots, by how much of the rule they have near home: a share would not say how many they are.
    fn by_iris(&self, material: &Material, recorder: &Recorder) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let zones = self.iris.payload();
        let unknown = |zone: usize| if zones.population[zone].is_nan() { f64::NAN } else { 0.0 };
        let mut amounts: [Vec<f64>; 3] = [0; 3].map(|_| (0..zones.code.len()).map(unknown).collect());
        let mut unsure = 0.0;
        for (home, zone) in self.membership.iter().enumerate() {
            let (Some(zone), people) = (zone, self.people[home]) else { continue };
            match self.found.score(home) {
                _ if people.is_nan() => {}
                Some(met) => amounts[usize::from(met).min(2)][*zone as usize] += people,
                None => unsure += people,
            }
        }
        let amounts = amounts.map(|amounts| plain(&amounts, &Unit::of("{inhabitant}")));
        let title = recorder
            .say("Où vit-on sans rien de tout cela\u{202f}?", "Where do people live with none of these?");
        let subtitle = recorder.say(
            "habitants selon ce qu’ils ont près de chez eux de la règle 3-30-300\u{a0}: trois arbres, 30\u{202f}% de canopée, un parc",
            "inhabitants by what they have near home of the 3-30-300 rule: three trees, 30% of canopy, a park",
        );
        let metadata = self.metadata.clone();
        let mut words = captions("greening-330300-iris", &title, &subtitle, &metadata, language);
        if unsure > 0.5 {
            let unsure = format_number(unsure, 0, language);
            words = words.with_note(match language {
                Language::French => {
                    format!("{unsure} habitants dont on ne sait pas tout n’ont pas de point.")
                }
                Language::English => format!("{unsure} inhabitants of whom not all is known have no dot."),
            });
        }
        let words = words.with_note(Self::basis(recorder));
        let names = language.pick(
            ["aucune des trois", "une des trois", "deux ou trois"],
            ["none of the three", "one of the three", "two or three"],
        );
        let map = names
            .into_iter()
            .zip(&amounts)
            .fold(DotDensity::new(&zones.geometry, &zones.name), |map, (name, amounts)| {
                map.with_amounts(name, amounts)
            })
            .with_palette(Palette::Categories(SHADES.to_vec()));
        let view =
            map.draw(&among_communes(material, "IRIS", not_covered(language)).with_labels(0), &words)?;
        Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
    }

    /// Percent of the people of each IRIS whose home has at least so many trees, of those of whom it is known.
    pub(super) fn share_with(&self, trees: &[Option<u64>], wanted: u64) -> Result<Vec<Measured>, Trouble> {
        let levels: Vec<f64> =
            trees.iter().map(|trees| trees.map_or(f64::NAN, |trees| trees as f64)).collect();
        let zones = self.iris.payload().code.len();
        let shares = exposed_share(&levels, &self.people, &self.membership, zones, wanted as f64)?;
        Ok(shares.into_iter().map(Measured::without_interval).collect())
    }

    /// How much three trees depend on what "in view" means.
    fn by_radius(&self, recorder: &Recorder) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let radii: Vec<u32> = RADII.step_by(5).collect();
        let reaches: Vec<Metres> = radii.iter().map(|&radius| Metres(f64::from(radius))).collect();
        let shares = self.green.tree_share_by_radius(&reaches, &self.people)?;
        let values: Vec<f64> = shares.iter().map(|share| share.value().unwrap_or(f64::NAN)).collect();
        let name = |radius: u32| format!("{}\u{a0}m", format_number(f64::from(radius), 0, language));
        let named = NAMED_RADII.into_iter().filter_map(|radius| {
            radii.iter().position(|&other| other == radius).map(|step| (step, name(radius)))
        });
        let axis = Axis::ticked(radii.iter().map(|&radius| name(radius)).collect(), named.collect());
        let title = recorder
            .say("Trois arbres\u{a0}: jusqu’où regarde-t-on\u{202f}?", "Three trees: how far does one look?");
        let subtitle = recorder.say(
            "part des habitants qui ont trois arbres, selon la distance à leur bâtiment jusqu’à laquelle un arbre compte",
            "share of the inhabitants who have three trees, by the distance from their building up to which a tree counts",
        );
        let metadata = self.metadata.clone();
        let words = captions("greening-three-trees", &title, &subtitle, &metadata, language).with_note(recorder.say(
            "La règle demande trois arbres visibles de chaque logement et ne donne pas de distance. Ce qui cache la vue n’est pas \
             compté\u{202f}; toutes les distances sont à vol d’oiseau.",
            "The rule asks for three trees that each home sees and gives no distance. What hides the view is not taken into \
             account; all distances are as the crow flies.",
        ));
        let line =
            Line::new(language.pick("habitants avec trois arbres", "inhabitants with three trees"), values);
        let chart = LineChart::new(axis, Unit::PERCENT).with_heading("Distance").with_line(line);
        let view = chart.draw(&words)?;
        Ok(Plate { view, metadata, geometry: None })
    }
}
