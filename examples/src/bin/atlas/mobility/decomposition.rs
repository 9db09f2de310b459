//! Growth from one year to the next, part by part: counters that stayed, entered, left.
use datagora::core::{Dataset, Interval, Language, Measured, Unit};
use datagora::viz::{Waterfall, format_change, format_number, format_percent};

use super::Cleaned;
use crate::figures::capital;
use crate::material::{Counters, Mode};
use crate::recorder::{Plate, Recorder, Trouble, blend, captions};

/// What became of all that was counted between the last two whole years.
pub(super) fn plate(
    data: &Dataset<Counters>,
    work: &Cleaned,
    mode: Mode,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let metadata = blend(
        "decomposition of the change by counters that stayed, entered and left",
        &[("matching", "counters with all twelve months of both years"), ("level", "0.95")],
        &[data],
    )?;
    let (first, index) = work.index(mode, None)?;
    let link = index.links.last().ok_or("there are no two whole years; a change needs both")?;
    let (before, after) = (first + index.links.len() as i32 - 1, first + index.links.len() as i32);
    let Some(growth) = link.growth.value() else {
        return Err(
            format!("no counter has all months of {before} and {after}; a decomposition needs some").into()
        );
    };
    let parts = link.decomposition;
    let unit = Unit::of("{passage}/d");
    // Sums over twelve months of passages per day.
    let daily = |sum: f64| sum / 12.0;
    let kept_before = daily(parts.before - parts.left);
    let stayed = Measured::new(daily(parts.stayed), unit.clone());
    let stayed = match link.growth.interval() {
        Some(interval) => stayed.with_interval(Interval {
            lower: kept_before * interval.lower / 100.0,
            upper: kept_before * interval.upper / 100.0,
            level: interval.level,
        }),
        None => stayed,
    };
    let change = |value: f64| Measured::new(value, unit.clone());
    let chart = Waterfall::new(unit.clone())
        .with_total(
            recorder.say(&format!("compté en {before}"), &format!("counted in {before}")),
            daily(parts.before),
        )
        .with_change(
            recorder.say("compteurs sortis ou incomplets ensuite", "counters gone or incomplete then"),
            change(-daily(parts.left)),
        )
        .with_change(
            recorder.say(
                &format!("évolution des {} compteurs restés", link.perimeter.len()),
                &format!("change of the {} counters that stayed", link.perimeter.len()),
            ),
            stayed,
        )
        .with_change(
            recorder.say("compteurs entrés ou incomplets avant", "counters new or incomplete before"),
            change(daily(parts.entered)),
        )
        .with_total(
            recorder.say(&format!("compté en {after}"), &format!("counted in {after}")),
            daily(parts.after),
        );
    let percent = |value: f64| format_change(value / 100.0, 1, language);
    let range = link.growth.interval().map_or_else(String::new, |interval| {
        let (low, high) = (percent(interval.lower), percent(interval.upper));
        match language {
            Language::French => format!(" (intervalle jackknife à 95\u{202f}%\u{a0}: {low} à {high})"),
            Language::English => format!(" (95% jackknife interval: {low} to {high})"),
        }
    });
    let coverage = format_percent(link.growth.completeness(), 0, language);
    let (same, all) = (percent(growth), percent(link.unadjusted));
    let note = match language {
        Language::French => format!(
            "À périmètre constant\u{a0}: {same}{range}. Sans cette précaution, la somme de ce qui a été compté donnerait {all}. \
             Les compteurs restés, avec tous les mois des deux années, couvrent {coverage} du volume compté."
        ),
        Language::English => format!(
            "At constant perimeter: {same}{range}. Without this care, the sum of what was counted would give {all}. The counters \
             that stayed, with all months of both years, cover {coverage} of the volume counted."
        ),
    };
    let name = capital(mode.name().get(language));
    let title = match language {
        Language::French => format!("{name}\u{a0}: plus de passages, ou plus de compteurs\u{a0}?"),
        Language::English => format!("{name}: more passages, or more counters?"),
    };
    let subtitle = match language {
        Language::French => format!("passages comptés par jour, de {before} à {after}, part par part"),
        Language::English => format!("passages counted per day, from {before} to {after}, part by part"),
    };
    let id = format!("mobility-parts-{}", mode.name().en);
    let mut words = captions(&id, &title, &subtitle, &metadata, language).with_note(note);
    if let Some(chained) = index.index.last().and_then(Measured::value) {
        let chained = format_number(chained, 0, language);
        words = words.with_note(match language {
            Language::French => {
                format!("Indice chaîné d’année en année à périmètre constant\u{a0}: {chained} en {after} ({first} = 100).")
            }
            Language::English => {
                format!("Index chained from year to year at constant perimeter: {chained} in {after} ({first} = 100).")
            }
        });
    }
    Ok(Plate { view: chart.draw(&words)?, metadata, geometry: None })
}
