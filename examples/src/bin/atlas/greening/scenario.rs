//! A few more trees: where planting is favoured, for people who lack their three trees, and what they would change.
mod before_after;
mod choice;

use datagora::core::{Bilingual, Interval, Language, Measured, Metadata, Metres, Unit};
use datagora::geo::{GeometryColumn, clip, count_within_distance, union_all, within_distance};
use datagora::indicators::greening::Canopy;
use datagora::viz::{BarChart, PointMap, format_number, format_percent};

use self::choice::Search;
use super::near_home::NearHome;
use super::plantability::Work;
use crate::figures::{Mapped, over_communes, symbols};
use crate::material::Material;
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Trouble, blend, captions};

/// New trees for each that stands.
const GROWTH: f64 = 0.02;
/// Least distance between a new tree and any other, m. An assumption: crowns of 4 m that do not meet.
const SPACING: f64 = 8.0;
/// Trees that each home wants.
const WANTED: u64 = 3;
/// Distances, m, within which a tree may count as seen; trees are chosen for the first.
const RADII: [f64; 3] = [50.0, 40.0, 30.0];
/// Radius of a crown when it is grown, m: the least, the one that is shown, the most. An assumption: small to middle-sized trees.
const CROWN: [f64; 3] = [2.0, 3.0, 4.0];

/// The trees that would be planted.
struct Scenario<'a> {
    near: &'a NearHome<'a>,
    places: GeometryColumn,
    /// Whether planting there stays favoured if the weights of the index vary.
    sure: Vec<bool>,
    /// Trees that stand near each home, within the radius for which places are chosen.
    standing: Vec<Option<u64>>,
    metadata: Metadata,
}

/// Adds the views of the scenario.
pub(super) fn add(
    material: &Material,
    work: &Work<'_>,
    near: &NearHome<'_>,
    recorder: &mut Recorder,
    chapter: &mut Chapter,
    progress: &mut Progress,
) {
    let about = || Bilingual::new("Scénario de plantation", "Planting scenario");
    let made = progress.step("greening: where some more trees would go", || Scenario::new(work, near));
    let scenario = match made {
        Ok(scenario) => scenario,
        Err(trouble) => return recorder.fail(about(), trouble.as_ref()),
    };
    let plate = scenario.map(material, recorder);
    recorder.plate(chapter, about(), plate);
    let plate =
        progress.step("greening: people whom more trees serve", || scenario.people(recorder, chapter));
    recorder.plate(chapter, about(), plate);
    let plate = progress
        .step("greening: where more trees serve", || before_after::by_iris(&scenario, material, recorder));
    recorder.plate(chapter, about(), plate);
    let plate =
        progress.step("greening: canopy of more trees", || scenario.canopy(material, recorder, chapter));
    recorder.plate(chapter, about(), plate);
}

impl<'a> Scenario<'a> {
    fn new(work: &Work<'_>, near: &'a NearHome<'a>) -> Result<Self, Trouble> {
        let radius = Metres(RADII[0]);
        let standing = near.trees.payload();
        let number = (GROWTH * standing.len() as f64).round() as usize;
        let metadata = blend(
            "planting scenario",
            &[
                ("new trees", &number.to_string()),
                ("classes", "planting favoured or very favoured"),
                ("least distance between trees, m", &SPACING.to_string()),
                ("trees wanted", &WANTED.to_string()),
                ("seen within, m", &radius.0.to_string()),
                ("crown radius when grown, m", &CROWN[1].to_string()),
            ],
            &[near.homes, near.iris, near.trees, near.canopy, work],
        )?;
        // Homes of nobody, or of whom it is not known, ask for nothing.
        let counts = count_within_distance(near.buildings, standing, radius)?;
        let (mut homes, mut lacking) = (Vec::new(), Vec::new());
        for (home, count) in counts.iter().enumerate() {
            if let Some(missing) = count.and_then(|count| WANTED.checked_sub(count))
                && missing > 0
                && near.people[home] > 0.0
            {
                homes.push(home);
                lacking.push(missing);
            }
        }
        let grid = work.map.grid();
        let favoured: Vec<usize> = (0..grid.len()).filter(|&cell| work.is_favoured(cell)).collect();
        let centres = |cells: &[usize]| {
            let (x, y) = cells.iter().map(|&cell| grid.cell_centre(cell)).map(|at| (at.x, at.y)).unzip();
            GeometryColumn::points(x, y, grid.crs().clone())
        };
        let crowded = count_within_distance(&centres(&favoured), standing, Metres(SPACING))?;
        let cells: Vec<usize> = favoured
            .into_iter()
            .zip(crowded)
            .filter_map(|(cell, trees)| (trees == Some(0)).then_some(cell))
            .collect();
        let served = within_distance(&centres(&cells), &near.buildings.take(&homes), radius)?;
        let people: Vec<f64> = homes.iter().map(|&home| near.people[home]).collect();
        let chosen: Vec<usize> = Search::new(grid, &cells, &people, lacking, &served)
            .choose(number, SPACING)
            .into_iter()
            .map(|row| cells[row])
            .collect();
        if chosen.is_empty() {
            return Err("no cell where planting is favoured is near a home that lacks trees".into());
        }
        let sure = chosen.iter().map(|&cell| work.stays_favoured(cell)).collect();
        Ok(Self { near, places: centres(&chosen), sure, standing: counts, metadata })
    }

    /// The places where planting stays favoured whatever the weights.
    fn sure_places(&self) -> GeometryColumn {
        let sure: Vec<usize> = (0..self.sure.len()).filter(|&tree| self.sure[tree]).collect();
        self.places.take(&sure)
    }

    /// What was assumed, as a note.
    fn basis(&self, recorder: &Recorder) -> String {
        let language = recorder.language;
        let whole = |value: f64| format_number(value, 0, language);
        let (number, growth) = (whole(self.places.len() as f64), format_percent(GROWTH, 0, language));
        let (spacing, radius) = (whole(SPACING), whole(RADII[0]));
        match language {
            Language::French => format!(
                "Scénario\u{a0}: {number} arbres de plus (au plus {growth} de ceux qui existent), un par cellule de 5\u{a0}m où planter est \
                 favorisé ou très favorisé, à {spacing} m au moins de tout autre arbre\u{202f}; chacun va là où il rapproche le \
                 plus d’habitants de leurs trois arbres à moins de {radius} m. Hypothèses, non mesures\u{a0}: tous les arbres \
                 vivent\u{202f}; les habitants sont répartis selon le volume des bâtiments."
            ),
            Language::English => format!(
                "Scenario: {number} more trees (at most {growth} of those that stand), one for each cell of 5\u{a0}m where planting is \
                 favoured or very favoured, at least {spacing} m from any other tree; each goes where it brings most inhabitants \
                 nearest to their three trees within {radius} m. Assumed, not measured: all trees live; inhabitants are divided by \
                 the volume of buildings."
            ),
        }
    }

    fn map(&self, material: &Material, recorder: &Recorder) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let words = [
            recorder.say("sûre, 9 fois sur 10", "sure, 9 times out of 10"),
            recorder.say("pas sûre", "not sure"),
        ];
        let kinds: Vec<String> = self.sure.iter().map(|&sure| words[usize::from(!sure)].clone()).collect();
        let tree = language.pick("arbre", "tree");
        let names: Vec<String> = (1..=self.places.len()).map(|number| format!("{tree} {number}")).collect();
        let share = self.sure.iter().filter(|sure| **sure).count() as f64 / self.sure.len() as f64;
        let share = format_percent(share, 0, language);
        let title =
            recorder.say("Où iraient quelques arbres de plus\u{202f}?", "Where would some more trees go?");
        let subtitle = recorder.say(
            "places choisies là où des habitants n’ont pas trois arbres\u{202f}; planter y reste-t-il favorisé si chaque poids de \
             l’indice varie de ±\u{a0}0,5\u{202f}?",
            "places chosen where inhabitants do not have three trees; does planting there stay favoured if each weight of the \
             index varies by ±\u{a0}0.5?",
        );
        let metadata = self.metadata.clone();
        let note = match language {
            Language::French => {
                format!(
                    "Dans {share} des cellules choisies, planter reste favorisé ou très favorisé 9 fois sur 10."
                )
            }
            Language::English => {
                format!(
                    "In {share} of the chosen cells planting stays favoured or very favoured 9 times out of 10."
                )
            }
        };
        let captions = captions("greening-scenario-places", &title, &subtitle, &metadata, language)
            .with_note(note)
            .with_note(self.basis(recorder));
        let variable = language.pick("Plantation favorisée", "Planting favoured");
        let view = PointMap::new(&self.places, &names)
            .with_categories(variable, &kinds)
            .draw(&over_communes(material, language.pick("arbres", "trees")).with_labels(0), &captions)?;
        Ok(Plate { view, metadata, geometry: Some(self.places.clone()) })
    }

    /// People with three trees, before and after, however far one looks.
    fn people(&self, recorder: &Recorder, chapter: &mut Chapter) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let person = Unit::of("{inhabitant}");
        let near = self.near;
        let sure = self.sure_places();
        let number = |people: f64| format_number(people, 0, language);
        let mut chart = BarChart::new(person.clone()).with_heading("Distance");
        let mut changes = Vec::new();
        for radius in RADII {
            let count = |trees: &GeometryColumn| count_within_distance(near.buildings, trees, Metres(radius));
            let before = match radius == RADII[0] {
                true => self.standing.clone(),
                false => count(near.trees.payload())?,
            };
            let (all, certain) = (count(&self.places)?, count(&sure)?);
            // Inhabitants of the homes for which a number of trees holds.
            let inhabitants = |holds: &dyn Fn(usize) -> Option<bool>| -> f64 {
                let homes = (0..near.people.len()).filter(|&home| holds(home) == Some(true));
                homes
                    .map(|home| near.people[home])
                    .filter(|people| !people.is_nan())
                    .fold(0.0, |sum, people| sum + people)
            };
            let gains = |new: &[Option<u64>]| {
                inhabitants(&|home| Some(before[home]? < WANTED && before[home]? + new[home]? >= WANTED))
            };
            let had = inhabitants(&|home| Some(before[home]? >= WANTED));
            let (least, most) = (gains(&certain), gains(&all));
            let reach = number(radius);
            let bar = |people: f64| Measured::new(people, person.clone());
            let (every, only) = match language {
                Language::French => {
                    (format!("à {reach} m, toutes les places"), format!("à {reach} m, places sûres seules"))
                }
                Language::English => {
                    (format!("within {reach} m, all places"), format!("within {reach} m, sure places alone"))
                }
            };
            chart = chart.with_bar(every, bar(most)).with_bar(only, bar(least));
            let (had, have) = (number(had), number(had + most));
            changes.push(match language {
                Language::French => format!("de {had} à {have} à {reach} m"),
                Language::English => format!("from {had} to {have} within {reach} m"),
            });
            if radius == RADII[0] {
                let (trees, least) = (number(self.places.len() as f64), number(least));
                let label = match language {
                    Language::French => format!(
                        "habitants de plus auraient trois arbres à moins de {reach} m avec {trees} arbres bien placés ({least} avec \
                         les seules places sûres)"
                    ),
                    Language::English => format!(
                        "more inhabitants would have three trees within {reach} m with {trees} trees well placed ({least} with the \
                         sure places alone)"
                    ),
                };
                chapter.figures.push((number(most), label));
            }
        }
        let title = recorder.say("À qui serviraient-ils\u{202f}?", "Whom would they serve?");
        let subtitle = recorder.say(
            "habitants de plus qui auraient trois arbres, selon la distance à leur bâtiment jusqu’à laquelle un arbre compte, avec \
             toutes les places choisies ou avec celles où planter reste favorisé 9 fois sur 10",
            "more inhabitants who would have three trees, by the distance from their building up to which a tree counts, with all \
             places chosen or with those where planting stays favoured 9 times out of 10",
        );
        let metadata = self.metadata.clone();
        let changes = changes.join(", ");
        let words = captions("greening-scenario-people", &title, &subtitle, &metadata, language)
            .with_note(match language {
                Language::French => {
                    format!("Habitants qui ont trois arbres, avant et après, toutes les places plantées\u{a0}: {changes}.")
                }
                Language::English => {
                    format!("Inhabitants who have three trees, before and after, all places planted: {changes}.")
                }
            })
            .with_note(self.basis(recorder));
        Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
    }

    /// Ground that the crowns will cover and that no tree covers today, by IRIS.
    fn canopy(
        &self,
        material: &Material,
        recorder: &Recorder,
        chapter: &mut Chapter,
    ) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let zones = self.near.iris.payload();
        let canopy = self.near.canopy.payload();
        let met = within_distance(&self.places, canopy, Metres(CROWN[2]))?;
        let mut rows: Vec<usize> = met.right().iter().map(|&row| row as usize).collect();
        rows.sort_unstable();
        rows.dedup();
        let shaded = clip(&union_all(&canopy.take(&rows))?, &zones.geometry)?;
        let gain = |radius: f64| -> Result<Vec<(f64, u64)>, Trouble> {
            let crowns = Canopy::of_crowns(&self.places, &vec![radius; self.places.len()])?;
            let ground = |surfaces: &GeometryColumn| -> Result<Vec<(f64, u64)>, Trouble> {
                let covers = crowns.by_zone(surfaces, None)?;
                let area = covers.iter().map(|cover| &cover.area);
                Ok(area.map(|area| (area.value().unwrap_or(f64::NAN), area.observations())).collect())
            };
            let mut gained = ground(&zones.geometry)?;
            for (piece, (shade, _)) in shaded.origins.iter().zip(ground(&shaded.shapes)?) {
                if let Some(zone) = piece.right {
                    gained[zone].0 = (gained[zone].0 - shade).max(0.0);
                }
            }
            Ok(gained)
        };
        let [low, middle, high] = [gain(CROWN[0])?, gain(CROWN[1])?, gain(CROWN[2])?];
        let of = |zone: usize| {
            let (gained, trees) = middle[zone];
            let value = Measured::new(gained, Unit::SQUARE_METRE).with_observations(trees);
            // Rounding may put bounds that are the same in the wrong order.
            let bounds = Interval::certain(low[zone].0.min(gained), high[zone].0.max(gained));
            bounds.map_or_else(|_| value.clone(), |bounds| value.clone().with_interval(bounds))
        };
        let values: Vec<Measured> = (0..zones.code.len()).map(of).collect();
        let sum = |gained: &[(f64, u64)]| {
            let known = gained.iter().map(|zone| zone.0).filter(|gained| !gained.is_nan());
            format_number(known.fold(0.0, |sum, gained| sum + gained), 0, language)
        };
        let label = match language {
            Language::French => format!(
                "m² de canopée de plus quand leurs houppiers auront 3 m de rayon ({} m² à 2 m, {} m² à 4 m)",
                sum(&low),
                sum(&high)
            ),
            Language::English => format!(
                "m² more canopy when their crowns have a radius of 3\u{a0}m ({} m² at 2 m, {} m² at 4 m)",
                sum(&low),
                sum(&high)
            ),
        };
        chapter.figures.push((sum(&middle), label));
        let title = recorder.say("L’ombre qu’ils ajouteraient", "The shade that they would add");
        let subtitle = recorder.say(
            "canopée de plus par IRIS quand les houppiers auront 3 m de rayon\u{202f}; dans le tableau, de 2 à 4 m",
            "more canopy by IRIS when crowns have a radius of 3\u{a0}m; in the table, from 2 to 4 m",
        );
        let metadata = self.metadata.clone();
        let words = captions("greening-scenario-canopy", &title, &subtitle, &metadata, language)
            .with_note(recorder.say(
                "Sol sous les houppiers compté une fois, moins celui que la végétation haute couvre déjà. Le rayon de 3 ± 1 m est une \
                 hypothèse\u{a0}: il dépend de l’essence et de l’âge.",
                "Ground under crowns counted once, less what high vegetation covers already. The radius of 3 ± 1 m is an assumption: it \
                 depends on species and age.",
            ))
            .with_note(self.basis(recorder));
        let mapped = Mapped {
            places: &zones.geometry,
            names: &zones.name,
            values: &values,
            measure: language.pick("Canopée de plus", "More canopy"),
            word: "IRIS",
            labels: 0,
        };
        let view = symbols(material, &mapped, None, &words)?;
        Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
    }
}
