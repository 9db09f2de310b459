//! The steps of the story, their figures computed from the data.
use datagora::core::{Dataset, Language, Unit};
use datagora::geo::{Metric, area};
use datagora::indicators::greening::{exposed_share, median_of_people, plantability_v2};
use datagora::viz::{Story, StoryFeature, StoryScene, StoryStep, Values, format_number, format_percent};

use super::{Drawn, Quarters, around};
use crate::greening::WALK_TO_GREEN;
use crate::material::Material;
use crate::recorder::{Recorder, Trouble};

/// The view of ground to plant by quarter.
pub(super) const PLANTING: &str = "greening-plantability";
/// The view of trees that would be planted.
pub(super) const PLACES: &str = "greening-scenario-places";
/// The view of ground to plant where only a part of the place is known.
const CELLS: &str = "greening-plantability-cells";

/// The words of a step.
type Words = (String, String);

pub(super) fn story(
    material: &Material,
    drawn: &Drawn<'_>,
    quarters: &Quarters<'_>,
    recorder: &Recorder,
) -> Result<Story, Trouble> {
    let place = material.place.get(recorder.language);
    let teller = Teller { material, drawn, quarters, language: recorder.language };
    let title = recorder.say("Des arbres et de la chaleur", "Of trees and heat");
    let lead = match recorder.language {
        Language::French => format!(
            "{place}\u{a0}: où les habitants sont fragiles les nuits chaudes, où est l’ombre, où l’on peut planter."
        ),
        Language::English => {
            format!("{place}: where people are fragile on hot nights, where shade is, where one can plant.")
        }
    };
    let steps = [
        Some(teller.who()),
        teller.most_vulnerable()?,
        teller.shade()?,
        teller.parks()?,
        teller.why(),
        teller.fragile()?,
        teller.planting()?,
        teller.trees(),
    ];
    Ok(steps.into_iter().flatten().fold(Story::new(title).with_lead(lead), Story::with_step))
}

struct Teller<'a> {
    material: &'a Material,
    drawn: &'a Drawn<'a>,
    quarters: &'a Quarters<'a>,
    language: Language,
}

impl Teller<'_> {
    fn whole(&self, value: f64) -> String {
        format_number(value, 0, self.language)
    }

    /// A step from its words in both languages, of which one is told.
    fn step(&self, french: Words, english: Words) -> StoryStep {
        let (title, text) = match self.language {
            Language::French => french,
            Language::English => english,
        };
        StoryStep::new(title).with_text(text)
    }

    /// The people of some quarters, where they are known.
    fn people(&self, rows: &[usize]) -> f64 {
        rows.iter().map(|&row| self.quarters.people[row]).filter(|people| !people.is_nan()).sum()
    }

    fn who(&self) -> StoryStep {
        let [very, others] = self.quarters.divided();
        let (exposed, all) = (self.people(&very), self.people(&very) + self.people(&others));
        let count = self.whole(very.len() as f64);
        let quarters = self.whole((very.len() + others.len()) as f64);
        let people = self.whole(exposed);
        let share = if all > 0.0 { exposed / all } else { f64::NAN };
        let share = format_percent(share, 0, self.language);
        self.step(
            (
                "Tout le monde ne vit pas la même nuit".to_owned(),
                format!(
                    "Sur {quarters} IRIS, {count} sont très vulnérables aux nuits chaudes\u{a0}: leur indice, qui va de 1 à 9, s’arrondit à 7 \
                     ou plus. {people} habitants y vivent, soit {share} de ceux que l’on sait compter."
                ),
            ),
            (
                "Not everybody has the same night".to_owned(),
                format!(
                    "Of {quarters} IRIS, {count} are very vulnerable to hot nights: their index, from 1 to 9, rounds to 7 or more. {people} \
                     inhabitants live there, {share} of those who are known."
                ),
            ),
        )
        .with_scene(StoryScene::whole().with_layers(["heat"]))
        .with_view("greening-vulnerability")
    }

    /// The quarter of the highest index among those of which all is known, the first of several; it is the one whose reasons are
    /// told further on.
    fn most_vulnerable(&self) -> Result<Option<StoryStep>, Trouble> {
        let heat = &self.quarters.heat.values;
        let known = (0..heat.len()).filter(|&row| !heat[row].is_nan() && self.quarters.whole[row]);
        let highest = known.max_by(|&a, &b| heat[a].total_cmp(&heat[b]).then(b.cmp(&a)));
        let Some(row) = highest else { return Ok(None) };
        let Some(bounds) = around(self.quarters.geometry, row)? else { return Ok(None) };
        let name = &self.quarters.names[row];
        let index = format_number(heat[row], 1, self.language);
        let mut french =
            format!("Son indice est de {index} sur 9, le plus haut des IRIS dont tout est connu.");
        let mut english =
            format!("Its index is {index} out of 9, the highest of the IRIS of which all is known.");
        let above = (0..heat.len()).filter(|&other| heat[other] > heat[row]).count();
        if above > 0 {
            let count = self.whole(above as f64);
            french.push_str(&match above {
                1 => " Un autre a un indice plus haut, mais sans tous les indicateurs.".to_owned(),
                _ => format!(" {count} autres ont un indice plus haut, mais sans tous les indicateurs."),
            });
            english.push_str(&match above {
                1 => " Another one has a higher index, but not all of its indicators.".to_owned(),
                _ => format!(" {count} others have a higher index, but not all of their indicators."),
            });
        }
        let value = |theme: Option<&super::Theme>| {
            theme.map(|theme| theme.values[row]).filter(|value| !value.is_nan())
        };
        if let Some(shade) = value(self.quarters.shade.as_ref()) {
            let shade = format_percent(shade / 100.0, 0, self.language);
            french.push_str(&format!(" La végétation haute couvre {shade} de son sol."));
            english.push_str(&format!(" High vegetation covers {shade} of its ground."));
        }
        if let Some(distance) = value(self.quarters.parks.as_ref()) {
            let distance = self.whole(distance);
            french.push_str(&format!(" De son milieu au parc le plus proche\u{a0}: {distance}\u{a0}m."));
            english.push_str(&format!(" From its middle to the nearest park: {distance}\u{a0}m."));
        }
        let step = self.step(
            (format!("Le plus vulnérable\u{a0}: {name}"), french),
            (format!("The most vulnerable: {name}"), english),
        );
        let feature = StoryFeature::new("heat", "name", name);
        Ok(Some(step.with_scene(StoryScene::within(bounds).with_layers(["heat"]).with_feature(feature))))
    }

    fn why(&self) -> Option<StoryStep> {
        let view = self.drawn.named("greening-vulnerability-why")?;
        let step = self.step(
            (
                "Pourquoi un quartier est vulnérable".to_owned(),
                "L’indice additionne des raisons d’être exposé, d’être fragile ou d’avoir du mal à faire face. Voici celles de \
                 l’IRIS montré plus haut, le plus vulnérable de ceux dont tout est connu."
                    .to_owned(),
            ),
            (
                "Why a quarter is vulnerable".to_owned(),
                "The index adds up reasons to be exposed, to be fragile or to cope hardly. Here are those of the \
                 IRIS shown above, the most vulnerable of those of which all is known."
                    .to_owned(),
            ),
        );
        Some(step.with_view(view))
    }

    /// What half of the people of very vulnerable quarters have at most, and of the others.
    fn halves(&self, values: &[f64], unit: &Unit) -> Result<Option<[f64; 2]>, Trouble> {
        let mut halves = [0.0; 2];
        for (half, rows) in halves.iter_mut().zip(self.quarters.divided()) {
            let values: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
            let people: Vec<f64> = rows.iter().map(|&row| self.quarters.people[row]).collect();
            let Some(median) = median_of_people(&values, &people, unit)?.value() else { return Ok(None) };
            *half = median;
        }
        Ok(Some(halves))
    }

    fn shade(&self) -> Result<Option<StoryStep>, Trouble> {
        let Some(shade) = &self.quarters.shade else { return Ok(None) };
        let Some(halves) = self.halves(&shade.values, &shade.unit)? else { return Ok(None) };
        let [very, others] = halves.map(|half| format_percent(half / 100.0, 0, self.language));
        let step = self.step(
            (
                "L’ombre est inégalement répartie".to_owned(),
                format!(
                    "Là où l’on est très vulnérable, la moitié des habitants vivent dans un IRIS dont la végétation haute couvre au plus {very} du \
                     sol\u{202f}; ailleurs, au plus {others}. La végétation haute compte dans l’indice\u{a0}: cet écart en est une cause."
                ),
            ),
            (
                "Shade is unevenly shared".to_owned(),
                format!(
                    "Where people are very vulnerable, half of them live in an IRIS of which high vegetation covers {very} at most; elsewhere, \
                     {others} at most. High vegetation counts in the index: this gap is one of its causes."
                ),
            ),
        );
        let scene = StoryScene::whole().with_layers([shade.id]);
        Ok(Some(step.with_scene(scene).with_view("greening-vegetation")))
    }

    fn parks(&self) -> Result<Option<StoryStep>, Trouble> {
        let Some(parks) = &self.quarters.parks else { return Ok(None) };
        let mut zones = vec![None; self.quarters.names.len()];
        for (zone, rows) in (0..).zip(self.quarters.divided()) {
            for row in rows {
                zones[row] = Some(zone);
            }
        }
        // Those within the walk: the others are at a distance of the limit or more.
        let beyond = exposed_share(&parks.values, &self.quarters.people, &zones, 2, WALK_TO_GREEN)?;
        let shares: Option<Vec<String>> = beyond
            .iter()
            .map(|share| Some(format_percent(1.0 - share.value()? / 100.0, 0, self.language)))
            .collect();
        let Some([very, others]) = shares.as_deref().and_then(|shares| shares.first_chunk::<2>()) else {
            return Ok(None);
        };
        let walk = self.whole(WALK_TO_GREEN);
        let step = self.step(
            (
                "Un parc près de chez soi".to_owned(),
                format!(
                    "Un parc à moins de {walk}\u{a0}m, à vol d’oiseau, du milieu de son IRIS\u{a0}: c’est le cas de {very} des habitants là où \
                     l’on est très vulnérable, de {others} ailleurs."
                ),
            ),
            (
                "A park on foot".to_owned(),
                format!(
                    "A park within {walk}\u{a0}m of the middle of their IRIS, in a straight line: {very} of the inhabitants have one where people \
                     are very vulnerable, {others} elsewhere."
                ),
            ),
        );
        let scene = StoryScene::whole().with_layers([parks.id]);
        Ok(Some(step.with_scene(scene).with_view("greening-nearest-park")))
    }

    fn fragile(&self) -> Result<Option<StoryStep>, Trouble> {
        let (Some(view), Some(shade)) =
            (self.drawn.named("greening-vulnerability-shade"), &self.quarters.shade)
        else {
            return Ok(None);
        };
        let [very, _] = self.quarters.divided();
        let Some([half, _]) = self.halves(&shade.values, &shade.unit)? else { return Ok(None) };
        let bare: Vec<usize> = very.into_iter().filter(|&row| shade.values[row] <= half).collect();
        let (count, people) = (self.whole(bare.len() as f64), self.whole(self.people(&bare)));
        let half = format_percent(half / 100.0, 0, self.language);
        let step = self.step(
            (
                "Fragiles et sans ombre".to_owned(),
                format!(
                    "La carte croise la fragilité des habitants et le manque d’arbres. Parmi les IRIS très vulnérables, {count} ont au plus {half} \
                     de végétation haute\u{a0}: {people} habitants pour qui un arbre de plus compterait."
                ),
            ),
            (
                "Fragile and without shade".to_owned(),
                format!(
                    "The map crosses how fragile people are with the lack of trees. Of the very vulnerable IRIS, {count} have {half} of high \
                     vegetation at most: {people} inhabitants for whom one more tree would count."
                ),
            ),
        );
        Ok(Some(step.with_view(view)))
    }

    /// The most favourable class of ground that there is, and its hectares, where cells are drawn.
    fn best_ground(&self) -> Result<Option<(String, f64)>, Trouble> {
        let Some(plate) = self.drawn.0.get(CELLS) else { return Ok(None) };
        let (Some(geometry), [_, classes, ..]) = (&plate.geometry, plate.view.table().columns()) else {
            return Ok(None);
        };
        let Values::Text(classes) = &classes.values else { return Ok(None) };
        let areas = area(geometry, Metric::Planar)?;
        let hectares = |name: &str| -> f64 {
            classes.iter().zip(&areas).filter(|(class, _)| *class == name).map(|(_, area)| area / 1e4).sum()
        };
        let set = plantability_v2();
        let mut names = set.classes().iter().rev().map(|class| class.name.in_language(self.language));
        Ok(names.find_map(|name| Some((name.to_owned(), hectares(name))).filter(|(_, all)| *all > 0.0)))
    }

    fn planting(&self) -> Result<Option<StoryStep>, Trouble> {
        if let Some(view) = self.drawn.named(PLANTING) {
            let Some(highest) = self.drawn.view(view).and_then(|view| view.table().highest(self.language))
            else {
                return Ok(None);
            };
            let (name, amount) = (highest.rows.first().map_or("", String::as_str), highest.amount);
            let step = self.step(
                (
                    "Où l’on peut planter".to_owned(),
                    format!(
                        "Sous le sol et au-dessus, tout n’est pas libre. Part du sol où planter est favorisé\u{a0}: elle monte à {amount} (IRIS {name})."
                    ),
                ),
                (
                    "Where one can plant".to_owned(),
                    format!(
                        "Below the ground and above it, not everything is free. Share of the ground where planting is favoured: up to {amount} (IRIS {name})."
                    ),
                ),
            );
            return Ok(Some(step.with_scene(StoryScene::whole().with_layers(["planting"])).with_view(view)));
        }
        let part = self.material.ground.as_ref().and_then(|ground| ground.payload().part.as_ref());
        let (Some(view), Some(part), Some((class, hectares))) =
            (self.drawn.named(CELLS), part, self.best_ground()?)
        else {
            return Ok(None);
        };
        let (part, hectares) = (part.get(self.language), format_number(hectares, 1, self.language));
        let step = self.step(
            (
                "Où l’on peut planter".to_owned(),
                format!(
                    "Réseaux, chaussées, bâtiments\u{a0}: tout le sol n’est pas libre. Il n’est connu ici que pour {part}. La meilleure classe, \
                     «\u{a0}{class}\u{a0}», y couvre {hectares}\u{a0}ha."
                ),
            ),
            (
                "Where one can plant".to_owned(),
                format!(
                    "Networks, roads, buildings: not all ground is free. Here it is known of {part} only. The best class, “{class}”, covers \
                     {hectares}\u{a0}ha of it."
                ),
            ),
        );
        Ok(Some(step.with_view(view)))
    }

    /// Trees that stand, or that a scenario would plant.
    fn trees(&self) -> Option<StoryStep> {
        let view = self.drawn.named(PLACES);
        let planted = view.and_then(|view| self.drawn.0.get(view)?.geometry.as_ref());
        if let (Some(view), Some(planted)) = (view, planted) {
            let number = self.whole(planted.len() as f64);
            let step = self.step(
                (
                    "Quelques arbres, bien placés".to_owned(),
                    format!(
                        "Un scénario\u{a0}: {number} arbres de plus, chacun là où planter est favorisé et où il rapproche le plus d’habitants de leurs \
                         trois arbres. Ce sont des hypothèses, non une promesse."
                    ),
                ),
                (
                    "Some trees, well placed".to_owned(),
                    format!(
                        "A scenario: {number} more trees, each where planting is favoured and where it brings most inhabitants nearer to their three \
                         trees. These are assumptions, not a promise."
                    ),
                ),
            );
            return Some(
                step.with_scene(StoryScene::whole().with_layers(["heat", "places"])).with_view(view),
            );
        }
        let view = self.drawn.named("greening-trees-hectare")?;
        let table = self.drawn.view(view)?.table();
        let (highest, lowest) = (table.highest(self.language)?, table.lowest(self.language)?);
        let trees = self.material.trees.as_ref().map(Dataset::payload)?.len();
        let (trees, most, least) = (self.whole(trees as f64), highest.rows.first()?, lowest.rows.first()?);
        let step = self.step(
            (
                "Les arbres qui sont déjà là".to_owned(),
                format!(
                    "L’inventaire public compte {trees} arbres\u{a0}: {} à {most}, {} à {least}. Jardins privés et forêts n’y sont pas.",
                    highest.amount, lowest.amount
                ),
            ),
            (
                "The trees that stand already".to_owned(),
                format!(
                    "The public inventory counts {trees} trees: {} in {most}, {} in {least}. Private gardens and forests are not in it.",
                    highest.amount, lowest.amount
                ),
            ),
        );
        Some(step.with_view(view))
    }
}
