//! A line chart in words, made from its data.
use datagora_core::Language;

use super::super::words::{colon, missing, plain, quantity};
use super::{Line, LineChart};
use crate::format_percent;

impl LineChart {
    pub(super) fn describe(&self, language: Language) -> String {
        let mut text = match (self.lines.len(), language) {
            (1, Language::French) => "Graphique en courbe.".to_owned(),
            (1, Language::English) => "Line chart.".to_owned(),
            (count, Language::French) => format!("Graphique de {count} courbes."),
            (count, Language::English) => format!("Chart of {count} lines."),
        };
        for line in &self.lines {
            text.push(' ');
            text.push_str(&self.describe_line(line, language));
        }
        let outages = language.group_digits(self.outages.len() as u64);
        text.push_str(&match (self.outages.len(), language) {
            (0, _) => String::new(),
            (1, Language::French) => " Une période hachurée est une panne, sans mesure.".to_owned(),
            (1, Language::English) => " One hatched period is an outage, without measurement.".to_owned(),
            (_, Language::French) => format!(" {outages} périodes hachurées sont des pannes, sans mesure."),
            (_, Language::English) => {
                format!(" {outages} hatched periods are outages, without measurement.")
            }
        });
        text
    }

    fn describe_line(&self, line: &Line, language: Language) -> String {
        let known: Vec<(usize, f64)> =
            line.values.iter().copied().enumerate().filter(|(_, value)| value.is_finite()).collect();
        let (Some(first), Some(last)) = (known.first(), known.last()) else {
            return format!(
                "{}{}{}.",
                line.name,
                colon(language),
                language.pick("aucune valeur", "no value")
            );
        };
        let at = |point: &(usize, f64)| {
            format!("{} ({})", quantity(point.1, &self.unit, language), self.axis.name(point.0))
        };
        // Of equal values the first.
        let by_value = |a: &&(usize, f64), b: &&(usize, f64)| a.1.total_cmp(&b.1);
        let highest = known.iter().rev().max_by(by_value).unwrap_or(first);
        let lowest = known.iter().min_by(by_value).unwrap_or(first);
        let mut text = match language {
            Language::French => format!(
                "{}\u{a0}: de {} à {}, maximum {}, minimum {}",
                line.name,
                at(first),
                at(last),
                at(highest),
                at(lowest)
            ),
            Language::English => format!(
                "{}: from {} to {}, highest {}, lowest {}",
                line.name,
                at(first),
                at(last),
                at(highest),
                at(lowest)
            ),
        };
        let expected = line.fan.as_ref().map_or(line.values.len(), |fan| fan.start);
        let gaps = line.values[..expected].iter().filter(|value| !value.is_finite()).count();
        if gaps > 0 {
            text.push_str(language.pick("\u{202f}; ", "; "));
            text.push_str(&missing(gaps, language));
        }
        text.push('.');
        text + &self.describe_fan(line, language) + &self.describe_backtest(line, language)
    }

    fn describe_fan(&self, line: &Line, language: Language) -> String {
        let Some(fan) = &line.fan else { return String::new() };
        let Some(point) = fan.points.last() else { return String::new() };
        let end = self.axis.name(fan.start + fan.points.len() - 1);
        let point = quantity(*point, &self.unit, language);
        let widest = fan.bands.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        let ends = widest.and_then(|(level, lower, upper)| Some((level, lower.last()?, upper.last()?)));
        let Some((level, low, high)) = ends.filter(|(_, low, high)| low.is_finite() && high.is_finite())
        else {
            return match language {
                Language::French => format!(" Prévision pour {end}, sans intervalle\u{a0}: {point}."),
                Language::English => format!(" Forecast for {end}, without interval: {point}."),
            };
        };
        let (low, high) = (plain(*low, language), plain(*high, language));
        let level = format_percent(*level, 0, language);
        match language {
            Language::French => format!(
                " Prévision pour {end}\u{a0}: {point}, entre {low} et {high} avec une probabilité de {level}."
            ),
            Language::English => {
                format!(
                    " Forecast for {end}: {point}, between {low} and {high} with a probability of {level}."
                )
            }
        }
    }

    fn describe_backtest(&self, line: &Line, language: Language) -> String {
        let Some(backtest) = &line.backtest else { return String::new() };
        let errors: Vec<f64> = line
            .values
            .iter()
            .zip(backtest)
            .map(|(value, forecast)| (value - forecast).abs())
            .filter(|error| error.is_finite())
            .collect();
        if errors.is_empty() {
            return String::new();
        }
        let count = language.group_digits(errors.len() as u64);
        let mean = quantity(errors.iter().sum::<f64>() / errors.len() as f64, &self.unit, language);
        match language {
            Language::French => {
                format!(" Les prévisions passées s’écartaient en moyenne de {mean} ({count} comparaisons).")
            }
            Language::English => {
                format!(" Past forecasts were off by {mean} on average ({count} comparisons).")
            }
        }
    }
}
