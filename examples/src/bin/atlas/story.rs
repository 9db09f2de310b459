//! A story told on a map: who suffers from heat, where the shade is, where one can plant. It reads what the chapter on greening drew.
mod steps;

use std::collections::BTreeMap;

use datagora::core::{Crs, Dataset, Metadata, Unit};
use datagora::geo::GeometryColumn;
use datagora::viz::{
    Colour, Column, Field, Ground, Method, Palette, Sequential, Story, Values, View, WebLayer, WebMap,
    WebSource, classify,
};

use crate::figures::not_covered;
use crate::greening::{is_whole, readable_names};
use crate::material::Material;
use crate::recorder::{Chapter, Plate, Recorder, Trouble};

/// File of the story, without its ending.
pub(crate) const ID: &str = "story-heat";

/// From this rounded index on a quarter is very vulnerable, as in the chapter.
const VERY: f64 = 7.0;

/// A story as a page of its own.
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) html: String,
}

/// What the chapter drew, by the names of the views.
struct Drawn<'a>(BTreeMap<&'a str, &'a Plate>);

/// What a layer of quarters shows.
struct Theme {
    /// Name of layer and attribute.
    id: &'static str,
    title: String,
    unit: Unit,
    decimals: usize,
    palette: Sequential,
    /// In the order of the quarters; NaN is missing.
    values: Vec<f64>,
}

/// The quarters of the index, with what is known of each.
struct Quarters<'a> {
    geometry: &'a GeometryColumn,
    names: Vec<String>,
    /// Whether all that the index is made of is known.
    whole: Vec<bool>,
    people: Vec<f64>,
    heat: Theme,
    shade: Option<Theme>,
    parks: Option<Theme>,
}

/// The story of heat and trees; nothing if the chapter has no index of vulnerability, or one that sets no quarter apart.
pub(crate) fn heat(
    material: &Material,
    chapters: &[Chapter],
    recorder: &Recorder,
) -> Result<Option<Told>, Trouble> {
    let plates = chapters.iter().flat_map(|chapter| &chapter.plates);
    let drawn = Drawn(plates.map(|plate| (plate.view.id(), plate)).collect());
    let Some(quarters) = Quarters::read(material, &drawn, recorder) else { return Ok(None) };
    if quarters.divided().iter().any(Vec::is_empty) {
        return Ok(None);
    }
    let story = steps::story(material, &drawn, &quarters, recorder)?;
    let map = map(material, &drawn, &quarters, &story, recorder)?;
    let views: Vec<View> =
        story.steps.iter().filter_map(|step| Some(drawn.view(step.view.as_deref()?)?.clone())).collect();
    let html = map.to_story(&story, &views)?;
    Ok(Some(Told { title: story.title, html }))
}

impl Drawn<'_> {
    fn view(&self, id: &str) -> Option<&View> {
        self.0.get(id).map(|plate| &plate.view)
    }

    /// The name of a view, if it was drawn.
    fn named(&self, id: &'static str) -> Option<&'static str> {
        self.0.contains_key(id).then_some(id)
    }

    /// The values that a view shows, by the name of their row, and their unit.
    fn values(&self, id: &str) -> Option<(BTreeMap<&str, f64>, Unit)> {
        let columns = self.view(id)?.table().columns();
        let Values::Text(names) = &columns.first()?.values else { return None };
        let column = columns.iter().find(|column| !matches!(column.values, Values::Text(_)))?;
        let values = numbers(column);
        let unit = column.unit.clone().unwrap_or(Unit::ONE);
        Some((names.iter().map(String::as_str).zip(values).collect(), unit))
    }
}

/// Whether the index of each quarter is made of all indicators.
fn whole(drawn: &Drawn<'_>, codes: &[String]) -> Option<Vec<bool>> {
    let [names, index, ..] = drawn.view("greening-vulnerability")?.table().columns() else { return None };
    let (Values::Text(names), Values::Measured(index)) = (&names.values, &index.values) else { return None };
    let whole: BTreeMap<&str, bool> =
        names.iter().map(String::as_str).zip(index.iter().map(is_whole)).collect();
    Some(codes.iter().map(|code| whole.get(&code[..]).copied().unwrap_or(false)).collect())
}

/// The numbers of a column; NaN is missing.
fn numbers(column: &Column) -> Vec<f64> {
    match &column.values {
        Values::Text(values) => vec![f64::NAN; values.len()],
        Values::Numbers(values) => values.clone(),
        Values::Measured(values) => values.iter().map(|value| value.value().unwrap_or(f64::NAN)).collect(),
    }
}

impl<'a> Quarters<'a> {
    fn read(material: &'a Material, drawn: &Drawn<'a>, recorder: &Recorder) -> Option<Self> {
        let data = material.quarters.as_ref()?.payload();
        let theme = |id, title: (&str, &str), unit, decimals, palette, values| Theme {
            id,
            title: recorder.say(title.0, title.1),
            unit,
            decimals,
            palette,
            values,
        };
        let drawn_values = |view| {
            let (values, unit) = drawn.values(view)?;
            let of = |code: &String| values.get(&code[..]).copied().unwrap_or(f64::NAN);
            Some((data.code.iter().map(of).collect::<Vec<f64>>(), unit))
        };
        let (index, points) = drawn_values("greening-vulnerability")?;
        Some(Self {
            geometry: &data.geometry,
            names: readable_names(material, data),
            whole: whole(drawn, &data.code)?,
            people: data.population.clone(),
            heat: theme(
                "heat",
                ("Vulnérabilité aux nuits chaudes", "Vulnerability to hot nights"),
                points,
                1,
                Sequential::YellowOrangeBrown,
                index,
            ),
            shade: drawn.named("greening-vegetation").map(|_| {
                let title = ("Végétation haute", "High vegetation");
                theme("shade", title, Unit::PERCENT, 0, Sequential::Greens, data.high_vegetation.clone())
            }),
            parks: drawn_values("greening-nearest-park").map(|(metres, unit)| {
                let title = ("Parc le plus proche", "Nearest park");
                theme("parks", title, unit, 0, Sequential::YellowGreenBlue, metres)
            }),
        })
    }

    fn themes(&self) -> impl Iterator<Item = &Theme> {
        [Some(&self.heat), self.shade.as_ref(), self.parks.as_ref()].into_iter().flatten()
    }

    /// Rows of very vulnerable quarters, and of the others whose index is known.
    fn divided(&self) -> [Vec<usize>; 2] {
        let index = &self.heat.values;
        let known = (0..index.len()).filter(|&row| !index[row].is_nan());
        let (very, others) = known.partition(|&row| index[row].round() >= VERY);
        [very, others]
    }
}

impl Theme {
    fn layer(&self, source: &str) -> Result<WebLayer, Trouble> {
        let classes = classify(&self.values, 5, &Method::Fisher)?;
        let missing = classes.missing();
        Ok(WebLayer::surfaces(self.id, source, &self.title)
            .with_classes(self.id, classes, Palette::Sequential(self.palette), self.unit.clone())
            .with_missing(missing)
            .with_feature_word("IRIS")
            .with_outline(Colour::WHITE)
            .with_heading("name")
            .with_field(Field::number(self.id, &self.title, self.unit.clone(), self.decimals)))
    }

    fn column(&self) -> Column {
        Column::numbers(self.id, self.unit.clone(), self.values.iter().copied())
    }
}

/// The map on which the story is told.
fn map(
    material: &Material,
    drawn: &Drawn<'_>,
    quarters: &Quarters<'_>,
    story: &Story,
    recorder: &Recorder,
) -> Result<WebMap, Trouble> {
    let attributes: Vec<Column> = std::iter::once(Column::text("name", quarters.names.iter().cloned()))
        .chain(quarters.themes().map(Theme::column))
        .collect();
    let first = drawn.view("greening-vulnerability").ok_or("the view of the index is not there")?;
    // All layers stand on one page: it names the works of all of them.
    let used = story.steps.iter().filter_map(|step| drawn.0.get(step.view.as_deref()?));
    let credits = used.flat_map(|plate| plate.metadata.credits.clone());
    let credited = credits.fold(Metadata::new("story"), Metadata::with_credit);
    let view = first.clone().with_credits(credited.attribution(recorder.language));
    let mut map =
        WebMap::new(view).with_source("quarters", WebSource::features(quarters.geometry, &attributes)?);
    let limits = recorder.say("Communes", "Communes");
    let communes = material.communes.as_ref().map(Dataset::payload);
    if let Some(communes) = communes {
        map = map.with_source("communes", WebSource::features(&communes.geometry, &[])?).with_layer(
            WebLayer::surfaces("land", "communes", &limits)
                .with_ground(Ground::Land)
                .with_meaning(not_covered(recorder.language)),
        );
    }
    for theme in quarters.themes() {
        map = map.with_layer(theme.layer("quarters")?);
    }
    if let Some(plate) = drawn.0.get(steps::PLANTING)
        && let (Some(geometry), Some((_, unit))) = (&plate.geometry, drawn.values(steps::PLANTING))
        && let [names, values, ..] = plate.view.table().columns()
    {
        let theme = Theme {
            id: "planting",
            title: recorder.say("Sol où planter est favorisé", "Ground where planting is favoured"),
            unit,
            decimals: 0,
            palette: Sequential::Greens,
            values: numbers(values),
        };
        let named = Column { name: "name".to_owned(), ..names.clone() };
        map = map
            .with_source("ground", WebSource::features(geometry, &[named, theme.column()])?)
            .with_layer(theme.layer("ground")?);
    }
    if let Some(geometry) = drawn.0.get(steps::PLACES).and_then(|plate| plate.geometry.as_ref()) {
        let title = recorder.say("Arbres du scénario", "Trees of the scenario");
        map = map
            .with_source("places", WebSource::features(geometry, &[])?)
            .with_layer(WebLayer::circles("places", "places", title, 3.5).with_colour(TREE).hidden());
    }
    if let Some(communes) = communes {
        map = map
            .with_layer(WebLayer::lines("limits", "communes", &limits, 1.5).with_ground(Ground::Boundary))
            .with_places(&communes.name, &communes.geometry)?;
    }
    Ok(map)
}

/// Trees that would be planted, on the greens of the ground.
const TREE: Colour = Colour::rgb(204, 51, 17);

/// Where a quarter is, with room around it: west, south, east, north in degrees.
fn around(geometry: &GeometryColumn, row: usize) -> Result<Option<[f64; 4]>, Trouble> {
    let Some(bounds) = geometry.take(&[row]).reproject(&Crs::WGS84)?.bounds() else { return Ok(None) };
    let (low, high) = (bounds.min(), bounds.max());
    let (wide, tall) = (high.x - low.x, high.y - low.y);
    Ok(Some([low.x - wide, low.y - tall, high.x + wide, high.y + tall]))
}
