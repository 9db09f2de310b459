//! Industrial establishments and their jobs, with statistical secrecy.
use datagora::core::{Bilingual, Dataset, Language, Measured, Unit};
use datagora::indicators::economy::EstablishmentTable;
use datagora::viz::{BarChart, Chapter, Indicator, Plate};

use super::{Theme, Told, per_all_inhabitants, per_inhabitants};
use crate::economy::Work;
use crate::material::{Material, Zones};
use crate::recorder::{Recorder, Trouble, captions};

/// Bars in the chart of a commune: all of them are in its table.
const SECTORS: usize = 6;

pub(super) fn theme(material: &Material, communes: &Dataset<Zones>, recorder: &mut Recorder) -> Theme {
    let mut theme = Theme::new(recorder.say("Économie", "Economy"));
    let Some(data) = &material.establishments else { return theme };
    let work = match Work::new(data, communes, recorder) {
        Ok(work) => work,
        Err(trouble) => {
            recorder.fail(Bilingual::new("Emplois industriels", "Industrial jobs"), trouble.as_ref());
            return theme;
        }
    };
    theme.told = vec![establishments(&work, communes.payload(), recorder), jobs(&work, recorder)];
    match charts(&work, communes.payload(), recorder) {
        Ok(chapters) => theme.chapters = chapters,
        Err(trouble) => {
            recorder.fail(Bilingual::new("Emplois par secteur", "Jobs by sector"), trouble.as_ref())
        }
    }
    theme
}

fn establishments(work: &Work, zones: &Zones, recorder: &Recorder) -> Told {
    let count = |zone| work.table.establishments(Some(zone), None).value().unwrap_or(0.0) as u64;
    let counts: Vec<u64> = (0..work.table.zones()).map(count).collect();
    let values = per_inhabitants(&counts, &zones.population, 1_000.0, 1.0);
    let name = recorder.say(
        "Établissements industriels pour 1\u{202f}000 habitants",
        "Industrial establishments per 1,000 inhabitants",
    );
    let indicator = Indicator::new("establishments", name, Unit::ONE, &values)
        .with_whole(per_all_inhabitants(&counts, &zones.population, 1_000.0, 1.0))
        .with_definition(
            recorder
                .say("établissements industriels du registre.", "industrial establishments of the register."),
        );
    Told { indicator, metadata: work.metadata.clone() }
}

fn jobs(work: &Work, recorder: &Recorder) -> Told {
    let values: Vec<Measured> =
        (0..work.table.zones()).map(|zone| work.table.jobs(Some(zone), None)).collect();
    let indicator =
        Indicator::new("jobs", recorder.say("Emplois industriels", "Industrial jobs"), Unit::of("{job}"), &values)
            .with_total(work.table.jobs(None, None))
            .with_log_scale()
            .with_headline()
            .with_definition(recorder.say(
                "d’après les tranches d’effectif\u{a0}: un intervalle, jamais un milieu inventé\u{202f}; ce que le secret statistique \
                 protège n’est pas montré.",
                "by the brackets of staff: an interval, never an invented midpoint; what statistical secrecy protects is not shown.",
            ));
    Told { indicator, metadata: work.metadata.clone() }
}

/// Jobs by sector in each commune that has establishments.
fn charts(work: &Work, zones: &Zones, recorder: &Recorder) -> Result<Vec<(usize, Chapter)>, Trouble> {
    let language = recorder.language;
    let table: &EstablishmentTable = &work.table;
    let mut chapters = Vec::new();
    for zone in 0..table.zones() {
        let rows = work.ranked(work.sectors.len(), |sector| table.establishments(Some(zone), Some(sector)));
        // One bar is no comparison.
        if rows.len() < 2 {
            continue;
        }
        let mut chart = BarChart::new(Unit::of("{job}")).with_limit(SECTORS);
        for &sector in &rows {
            chart = chart.with_bar(work.sectors[sector].clone(), table.jobs(Some(zone), Some(sector)));
        }
        let title = match language {
            Language::French => format!("Ce que fait l’industrie à {}", zones.name[zone]),
            Language::English => format!("What industry does in {}", zones.name[zone]),
        };
        let subtitle = recorder.say(
            "emplois par groupe d’activités, du plus grand au plus petit nombre d’établissements",
            "jobs by group of activities, from the most to the fewest establishments",
        );
        let words =
            captions(&format!("sectors-{}", zones.code[zone]), &title, &subtitle, &work.metadata, language);
        let view = match chart.draw(&words) {
            Ok(view) => view,
            // Where secrecy withholds all, there is nothing to draw; the figures say so.
            Err(datagora::viz::ChartError::Empty { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let heading = recorder.say("Industrie", "Industry");
        chapters.push((zone, Chapter::new("industry", heading, "").with_plate(Plate::new(view))));
    }
    Ok(chapters)
}
