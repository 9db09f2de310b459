//! Borders between zones, by what differs across them.
use datagora_core::{Language, Unit};
use datagora_geo::GeometryColumn;

use super::super::MapError;
use super::super::border::{Border, shared_borders};
use super::super::ground::Ground;
use super::super::rows::{POINTS, Rows};
use super::{Contrast, Drawn};
use crate::legend::plain;
use crate::{Classes, Column, DataTable, Method, classify, format_number};

/// Width of the strongest border, px on the wide picture.
const WIDEST: f64 = 5.5;
/// Width of the weakest that is drawn.
const THINNEST: f64 = 1.2;

/// A border and what differs across it.
pub(super) struct Break {
    pub(super) border: Border,
    /// The zone with the higher value, then the other.
    ends: [usize; 2],
    pub(super) contrast: f64,
}

/// The borders between zones by what differs across them.
pub(super) struct Breaks {
    /// The strongest first.
    pub(super) compared: Vec<Break>,
    /// How many of them are drawn.
    pub(super) drawn: usize,
    /// Borders of which one side has no value.
    pub(super) silent: usize,
    /// Of the contrasts that are drawn.
    pub(super) classes: Classes,
    pub(super) contrast: Contrast,
    pub(super) unit: Unit,
}

impl Breaks {
    /// The borders between zones with what differs across them, and which are drawn, in how many widths.
    pub(super) fn of(
        rows: &Rows,
        zones: &GeometryColumn,
        (contrast, drawn, widths): (Contrast, Drawn, usize),
    ) -> Result<Self, MapError> {
        let numbers = rows.numbers();
        let mut compared = Vec::new();
        let mut silent = 0;
        for border in shared_borders(zones) {
            let [a, b] = border.zones.map(|row| numbers[row]);
            if a.is_nan() || b.is_nan() {
                silent += 1;
                continue;
            }
            let (low, high) = if a <= b { (0, 1) } else { (1, 0) };
            let ends = [border.zones[high], border.zones[low]];
            let difference = match contrast {
                Contrast::Absolute => (a - b).abs(),
                Contrast::Relative if a.min(b) > 0.0 => a.max(b) / a.min(b),
                Contrast::Relative => {
                    let row = ends[1];
                    return Err(MapError::Ratio { name: rows.names[row].clone(), value: numbers[row] });
                }
            };
            compared.push(Break { border, ends, contrast: difference });
        }
        compared.sort_by(|a, b| b.contrast.total_cmp(&a.contrast).then_with(|| a.ends.cmp(&b.ends)));
        let from = match drawn {
            Drawn::From(threshold) => threshold,
            Drawn::Share(share) => {
                let last = (share.clamp(0.0, 1.0) * compared.len() as f64).ceil() as usize;
                last.checked_sub(1)
                    .and_then(|last| compared.get(last))
                    .map_or(f64::INFINITY, |at| at.contrast)
            }
        };
        // Where nothing differs there is no break.
        let none = if contrast == Contrast::Relative { 1.0 } else { 0.0 };
        let drawn = compared.iter().take_while(|at| at.contrast >= from && at.contrast > none).count();
        let contrasts: Vec<f64> = compared[..drawn].iter().map(|at| at.contrast).collect();
        if drawn == 0 {
            return Err(MapError::NoBorders { compared: compared.len() });
        }
        let classes = classify(&contrasts, widths, &Method::Fisher)?;
        let unit = match contrast {
            Contrast::Absolute => rows.unit.of_difference(),
            Contrast::Relative => Unit::ONE,
        };
        Ok(Self { compared, drawn, silent, classes, contrast, unit })
    }

    pub(super) fn heading(&self, language: Language) -> &'static str {
        match self.contrast {
            Contrast::Absolute => language.pick("Écart entre voisins", "Difference between neighbours"),
            Contrast::Relative => language.pick("Rapport entre voisins", "Ratio between neighbours"),
        }
    }

    fn say(&self, contrast: f64, language: Language) -> String {
        let number = plain(contrast, language);
        match self.contrast {
            Contrast::Relative => format!("× {number}"),
            Contrast::Absolute => match &self.unit.symbol_of(contrast, language)[..] {
                "" => number,
                "%" => format!("{number}\u{a0}{POINTS}"),
                symbol => format!("{number}\u{a0}{symbol}"),
            },
        }
    }

    pub(super) fn tip(&self, of: &Break, rows: &Rows, language: Language) -> String {
        let [high, low] = of.ends.map(|row| format!("{} ({})", rows.names[row], rows.amount(row, language)));
        let colon = language.pick("\u{a0}: ", ": ");
        format!("{high} / {low}{colon}{}", self.say(of.contrast, language))
    }

    pub(super) fn describe(&self, rows: &Rows, language: Language) -> String {
        const TOLD: usize = 3;
        let strongest: Vec<String> =
            self.compared.iter().take(TOLD).map(|of| self.tip(of, rows, language)).collect();
        let count = |n: usize| format_number(n as f64, 0, language);
        let (drawn, compared) = (count(self.drawn), count(self.compared.len()));
        let weakest = self.say(self.compared[self.drawn - 1].contrast, language);
        let strongest = strongest.join(language.pick("\u{202f}; ", "; "));
        match language {
            Language::French => format!(
                "Frontières entre voisins tracées\u{a0}: {drawn} sur {compared}, à partir de {weakest}. Les plus fortes \
                 ruptures\u{a0}: {strongest}."
            ),
            Language::English => format!(
                "Borders between neighbours drawn: {drawn} of {compared}, from {weakest}. The strongest: {strongest}."
            ),
        }
    }

    pub(super) fn table(&self, caption: &str, rows: &Rows, language: Language) -> DataTable {
        let side = |end: usize| self.compared.iter().map(move |of| of.ends[end]);
        let (higher, lower) =
            (language.pick("zone la plus haute", "higher zone"), language.pick("voisine", "neighbour"));
        let values = |end: usize| {
            Column::measured(
                format!("{}, {}", rows.heading(language), if end == 0 { higher } else { lower }),
                rows.unit.clone(),
                side(end).map(|row| rows.values[row].clone()),
            )
        };
        let drawn = (0..self.compared.len())
            .map(|at| if at < self.drawn { language.pick("oui", "yes") } else { language.pick("non", "no") });
        DataTable::new(caption)
            .with(Column::text(
                language.pick("Zone la plus haute", "Higher zone"),
                side(0).map(|row| rows.names[row].clone()),
            ))
            .with(values(0))
            .with(Column::text(
                language.pick("Voisine plus basse", "Lower neighbour"),
                side(1).map(|row| rows.names[row].clone()),
            ))
            .with(values(1))
            .with(Column::numbers(
                self.heading(language),
                self.unit.clone(),
                self.compared.iter().map(|of| of.contrast),
            ))
            .with(Column::numbers(
                language.pick("Longueur de la frontière", "Length of the border"),
                Unit::METRE,
                self.compared.iter().map(|of| of.border.length.round()),
            ))
            .with(Column::text(language.pick("Sur la carte", "On the map"), drawn))
    }

    /// Width of the lines of a class.
    pub(super) fn width(&self, class: usize, ground: &Ground) -> f64 {
        let last = self.classes.len() - 1;
        let share = if last == 0 { 0.6 } else { class as f64 / last as f64 };
        // Thinner on telephones, where zones are smaller.
        let scale = (ground.main.width() / 500.0).clamp(0.7, 1.0);
        scale * (THINNEST + (WIDEST - THINNEST) * share)
    }
}
