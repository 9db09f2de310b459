//! Where trees can be planted: the plantability index on cells of 5 m, exact, explained, with what its weights leave open.
mod cells;
mod page;
mod sureness;

use datagora::core::{Bilingual, Dataset, Interval, Language, Measured, Metadata, Unit};
use datagora::geo::{Grid, union_all};
use datagora::indicators::greening::plantability_v2;
use datagora::indicators::suitability::{
    ClassProbability, FactorSet, SuitabilityMap, SuitabilityModel, UncertaintyMap, WeightDraws, WeightNoise,
    ZoneCells,
};
use datagora::viz::{BarChart, Direction, Method, Sequential, Waterfall, format_number, format_percent};

use crate::figures::{Mapped, rates};
use crate::material::{Ground, Material, Zones};
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Sourced, Trouble, blend, captions};

/// Side of a cell, m, as in the published index.
const CELL: f64 = 5.0;
/// Standard deviation of each weight that is not 0: weights are whole numbers chosen by experts, and another group might have
/// chosen the next one.
const WEIGHT_DEVIATION: f64 = 0.5;
/// Classes from here on favour planting; the classes are numbered from 0.
pub(super) const FAVOURED: usize = 4;
/// A class is sure where it stays with this probability.
const SURE: f64 = 0.9;
/// Standard deviations above a limit from which a normal score is above it with that probability.
const SURE_DEVIATIONS: f64 = 1.281_552;

/// What all views of the chapter are drawn from.
pub(super) struct Work<'a> {
    pub(super) data: &'a Dataset<Ground>,
    model: SuitabilityModel,
    pub(super) map: SuitabilityMap,
    noise: WeightNoise,
    uncertainty: UncertaintyMap,
    /// Of scores and everything that follows from them.
    metadata: Metadata,
}

/// Adds the views of plantability to the chapter, and gives back what they were drawn from.
pub(super) fn add<'a>(
    material: &Material,
    data: &'a Dataset<Ground>,
    recorder: &mut Recorder,
    chapter: &mut Chapter,
    progress: &mut Progress,
) -> Option<Work<'a>> {
    let about = || Bilingual::new("Plantabilité", "Plantability");
    let work = match progress.step("greening: plantability of all cells of 5 m", || Work::new(data)) {
        Ok(work) => work,
        Err(trouble) => {
            recorder.fail(about(), trouble.as_ref());
            return None;
        }
    };
    work.figures(recorder, chapter);
    let mut views: Vec<(&str, Result<Plate, Trouble>)> = Vec::new();
    if data.payload().part.is_none()
        && let Some(zones) = &material.iris
    {
        let plate =
            progress.step("greening: plantability by IRIS", || work.by_iris(material, zones, recorder));
        views.push(("greening-plantability", plate));
    }
    let plate = progress.step("greening: plantability, cells", || cells::plate(&work, recorder));
    views.push(("greening-plantability-cells", plate));
    if data.payload().part.is_none()
        && let Some(communes) = &material.communes
    {
        let plate = progress.step("greening: ranks of communes", || work.ranks(communes, recorder));
        views.push(("greening-plantability-communes", plate));
    }
    views.push(("greening-plantability-why", work.why(recorder)));
    views.push(("greening-plantability-sure", work.sure(recorder)));
    // The first view carries the interactive map.
    let mut carrier = true;
    for (id, plate) in views {
        if let (true, Ok(plate)) = (carrier, &plate) {
            carrier = false;
            let page = progress
                .step("greening: interactive map", || page::html(&work, material, &plate.view, recorder));
            match page {
                Ok(html) => chapter.maps.push((id.to_owned(), html)),
                Err(trouble) => recorder.fail(about(), trouble.as_ref()),
            }
        }
        recorder.plate(chapter, about(), plate);
    }
    Some(work)
}

impl Sourced for Work<'_> {
    fn origin(&self) -> &Metadata {
        &self.metadata
    }
}

impl<'a> Work<'a> {
    fn new(data: &'a Dataset<Ground>) -> Result<Self, Trouble> {
        let ground = data.payload();
        let bounds = ground.area.bounds().ok_or("the ground has no extent; polygons are needed")?;
        let grid = Grid::aligned(bounds, CELL, ground.area.crs().clone())?;
        let layers = ground.layers.iter().cloned();
        let model = SuitabilityModel::new(plantability_v2(), grid, layers)?.with_mask(ground.area.clone())?;
        let map = model.map()?;
        let noise = WeightNoise::absolute(model.set(), WEIGHT_DEVIATION)?;
        let uncertainty = model.uncertainty(&noise, ClassProbability::Normal)?;
        let draft = model.set().draft();
        let metadata = blend(
            "plantability of cells",
            &[
                ("factors", &format!("{} {}", draft.id, draft.version)),
                ("cell, m", &CELL.to_string()),
                ("blocked above a share of", &model.blocking().above.to_string()),
                ("standard deviation of weights", &WEIGHT_DEVIATION.to_string()),
            ],
            &[data],
        )?;
        Ok(Self { data, model, map, noise, uncertainty, metadata })
    }

    /// Whether planting is favoured or very favoured in a cell.
    pub(super) fn is_favoured(&self, cell: usize) -> bool {
        let class = self.map.class(cell);
        class.is_some_and(|class| {
            self.set().classes()[FAVOURED..].iter().any(|other| other.code == class.code)
        })
    }

    /// Whether planting in a cell stays favoured, or more, 9 times out of 10 if the weights vary: its class may be another.
    pub(super) fn stays_favoured(&self, cell: usize) -> bool {
        let least = self.set().classes()[FAVOURED - 1].upper;
        let known = (self.map.score(cell), self.uncertainty.deviation(cell), least);
        let (Some(score), Some(deviation), Some(least)) = known else { return false };
        self.is_favoured(cell) && score - least > SURE_DEVIATIONS * deviation
    }

    fn set(&self) -> &FactorSet {
        self.model.set()
    }

    /// Where the ground is, after a comma, if it is a part of the place.
    fn part(&self, language: Language) -> String {
        self.data.payload().part.as_ref().map_or_else(String::new, |part| format!(", {}", part.get(language)))
    }

    fn figures(&self, recorder: &Recorder, chapter: &mut Chapter) {
        let language = recorder.language;
        let total = self.map.total();
        let favoured: f64 = total.classes.iter().skip(FAVOURED).sum();
        let part = self.part(language);
        chapter.figures.push((
            format!("{} ha", format_number(favoured, 0, language)),
            match language {
                Language::French => format!("où planter un arbre est favorisé ou très favorisé{part}"),
                Language::English => format!("where planting a tree is favoured or very favoured{part}"),
            },
        ));
    }

    /// What the index rests on here, as a note.
    pub(super) fn basis(&self, language: Language) -> String {
        let completeness = self.model.completeness();
        let (there, all) = (completeness.present.len(), self.set().factors().len());
        let weights = format_percent(completeness.weight_share, 0, language);
        match language {
            Language::French => format!(
                "Indice de plantabilité publié par la Métropole (IA·rbre, version 2)\u{a0}: {there} de ses {all} facteurs sont \
                 disponibles ici, soit {weights} des poids. Part de chaque cellule couverte par chaque couche calculée exactement."
            ),
            Language::English => format!(
                "Plantability index published by the Métropole (IA·rbre, version 2): {there} of its {all} factors are available \
                 here, {weights} of the weights. The share of each cell that each layer covers is computed exactly."
            ),
        }
    }

    fn by_iris(
        &self,
        material: &Material,
        data: &Dataset<Zones>,
        recorder: &Recorder,
    ) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let zones = data.payload();
        let cells = ZoneCells::new(self.map.grid(), &zones.geometry)?;
        let values: Vec<Measured> = self
            .map
            .by_zone(&cells)?
            .iter()
            .map(|zone| {
                let favoured: f64 = zone.classes.iter().skip(FAVOURED).sum();
                let share = zone.mean_score();
                match share.value() {
                    Some(_) => Measured::new(100.0 * favoured / zone.area, Unit::PERCENT)
                        .with_observations(zone.cells)
                        .with_completeness(share.completeness()),
                    None => share,
                }
            })
            .collect();
        let metadata = self.metadata.clone();
        let title = recorder.say("Où planter des arbres\u{202f}?", "Where can trees be planted?");
        let subtitle = recorder.say(
            "part du sol où planter est favorisé ou très favorisé, par IRIS",
            "share of the ground where planting is favoured or very favoured, by IRIS",
        );
        let words = captions("greening-plantability", &title, &subtitle, &metadata, language)
            .with_note(self.basis(language));
        let mapped = Mapped {
            places: &zones.geometry,
            names: &zones.name,
            values: &values,
            measure: language.pick("Plantation favorisée", "Planting favoured"),
            word: "IRIS",
            labels: 0,
        };
        let view = rates(material, &mapped, (Method::Fisher, Sequential::Greens), &words)?;
        Ok(Plate { view, metadata, geometry: Some(zones.geometry.clone()) })
    }

    /// Mean scores of communes, with what the weights leave open, and how sure the order is.
    fn ranks(&self, data: &Dataset<Zones>, recorder: &Recorder) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let communes = data.payload();
        let cells = ZoneCells::new(self.map.grid(), &communes.geometry)?;
        let shares = self.model.zone_shares(&cells)?;
        let ranks = shares.ranks(self.set(), &self.noise, 3, 0.95, &WeightDraws::default())?;
        let bars = communes.name.iter().zip(&ranks).filter_map(|(name, rank)| {
            let rank = rank.as_ref()?;
            // Two-sided 95 % of a normal distribution.
            let reach = 1.959_964 * rank.deviation;
            let (lower, upper) = (rank.mean - reach, rank.mean + reach);
            let value = Measured::new(rank.mean, Unit::of("{point}")).with_interval(Interval {
                lower,
                upper,
                level: Some(0.95),
            });
            let places = match language {
                Language::French => format!("{name} (rang {} à {})", rank.ranks.0, rank.ranks.1),
                Language::English => format!("{name} (rank {} to {})", rank.ranks.0, rank.ranks.1),
            };
            Some((places, value))
        });
        let metadata = self.metadata.clone();
        let title = recorder.say("Quelles communes ont de la place\u{202f}?", "Which communes have room?");
        let subtitle = recorder.say(
            "indice moyen du sol, en points, et rangs possibles si chaque poids varie de ± 0,5",
            "mean index of the ground, in points, and possible ranks if each weight varies by ± 0.5",
        );
        let words = captions("greening-plantability-communes", &title, &subtitle, &metadata, language).with_note(
            recorder.say(
                "Traits\u{a0}: intervalle exact à 95\u{202f}%\u{a0}; rangs\u{a0}: 95\u{202f}% de 1\u{202f}000 tirages des poids. Deux communes dont les rangs se recouvrent ne se \
                 classent pas.",
                "Whiskers: exact 95% interval; ranks: 95% of 1,000 draws of the weights. Two communes whose ranks overlap cannot be ordered.",
            ),
        );
        let chart = BarChart::new(Unit::of("{point}")).with_heading("Commune").with_bars(bars).sorted();
        Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
    }

    /// The mean score of all ground, taken apart by family of factors.
    fn why(&self, recorder: &Recorder) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let all = union_all(&self.data.payload().area)?;
        let area = all.get(0).ok_or("the ground has no extent; polygons are needed")?;
        let found = self.model.explain_area(area)?.ok_or("no cell has ground; larger polygons are needed")?;
        let point = Unit::of("{point}");
        let mut families = found.by_family(self.set());
        families.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut chart = Waterfall::new(point.clone()).with_direction(Direction::MoreIsBetter);
        for (family, points) in families {
            let name = self.set().families()[family].name.in_language(language);
            chart = chart.with_change(name, Measured::new(points, point.clone()));
        }
        let chart = chart.with_total(language.pick("indice moyen", "mean index"), found.score);
        let title = recorder.say("Pourquoi cet indice\u{202f}?", "Why this index?");
        let part = self.part(language);
        let subtitle = match language {
            Language::French => {
                format!("points que chaque famille de facteurs ajoute ou retire en moyenne{part}")
            }
            Language::English => {
                format!("points that each family of factors adds or takes on average{part}")
            }
        };
        let metadata = self.metadata.clone();
        let words = captions("greening-plantability-why", &title, &subtitle, &metadata, language)
            .with_note(self.basis(language));
        Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
    }

    /// By class, the share of the ground whose class stays if the weights vary.
    fn sure(&self, recorder: &Recorder) -> Result<Plate, Trouble> {
        let language = recorder.language;
        let classes = self.set().classes();
        let mut cells = vec![[0_u64; 2]; classes.len()];
        for cell in 0..self.map.grid().len() {
            let (Some(class), Some(stays)) = (self.map.class(cell), self.uncertainty.stays(cell)) else {
                continue;
            };
            let Some(number) = classes.iter().position(|other| other.code == class.code) else { continue };
            cells[number][0] += 1;
            cells[number][1] += u64::from(stays >= SURE);
        }
        let bars = classes.iter().zip(cells).filter(|(_, [all, _])| *all > 0).map(|(class, [all, sure])| {
            let share = 100.0 * sure as f64 / all as f64;
            (class.name.in_language(language), Measured::new(share, Unit::PERCENT).with_observations(all))
        });
        let metadata = self.metadata.clone();
        let title = recorder.say("À quel point est-ce sûr\u{202f}?", "How sure is it?");
        let subtitle = recorder.say(
            "part des cellules de chaque classe qui y restent dans 9 cas sur 10 si chaque poids varie de ± 0,5",
            "share of the cells of each class that stay in it 9 times out of 10 if each weight varies by ± 0.5",
        );
        let all = format_percent(self.uncertainty.share_sure(SURE).unwrap_or(f64::NAN), 0, language);
        let note = match language {
            Language::French => {
                format!("Toutes classes ensemble\u{a0}: {all} des cellules. Une cellule bloquée le reste.")
            }
            Language::English => {
                format!("All classes together: {all} of the cells. A blocked cell stays so.")
            }
        };
        let words =
            captions("greening-plantability-sure", &title, &subtitle, &metadata, language).with_note(note);
        let heading = language.pick("Classe", "Class");
        let chart = BarChart::new(Unit::PERCENT).with_heading(heading).with_bars(bars);
        Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
    }
}
