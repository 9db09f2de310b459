//! Tables as programs read them: one number or text per cell.
use datagora_core::{Interval, Language, Measured, Unit};

use super::{Column, DataTable, Values};

impl DataTable {
    /// The same table with columns of text and numbers only, for files.
    ///
    /// A column of measured values becomes the value, and, where at least one row has them, lower and upper bound, level of the
    /// interval, observations, completeness, imputed share, and the reason why a value is withheld. A bound or value that does
    /// not exist is NaN, a reason that does not exist is empty; an open upper bound is infinite.
    ///
    /// ```
    /// use datagora_core::{Language, Measured, Suppression, Unit};
    /// use datagora_viz::{Column, DataTable};
    ///
    /// let job = Unit::of("{job}");
    /// let jobs = [
    ///     Measured::bounded(10.0, 19.0, job.clone())?,
    ///     Measured::suppressed(job.clone(), Suppression::FewUnits { minimum: 3 }),
    /// ];
    /// let table = DataTable::new("Jobs").with(Column::measured("Jobs", job, jobs));
    /// let names: Vec<String> = table.flat(Language::English).iter().map(|column| column.name.clone()).collect();
    /// assert_eq!(names, ["Jobs", "Jobs, lower", "Jobs, upper", "Jobs, why not published"]);
    /// # Ok::<(), datagora_core::ValueError>(())
    /// ```
    pub fn flat(&self, language: Language) -> Vec<Column> {
        let mut columns = Vec::new();
        for column in &self.columns {
            match &column.values {
                Values::Measured(values) => columns.extend(flatten(column, values, language)),
                Values::Text(_) | Values::Numbers(_) => columns.push(column.clone()),
            }
        }
        columns
    }

    /// The flat table as CSV (RFC 4180, UTF-8): units as UCUM codes in the header, decimal points, nothing where a number is
    /// missing, `inf` for an open upper bound.
    ///
    /// ```
    /// use datagora_core::{Language, Unit};
    /// use datagora_viz::{Column, DataTable};
    ///
    /// let table = DataTable::new("Arbres")
    ///     .with(Column::text("Commune", ["Bron", "Lyon \"2e\""]))
    ///     .with(Column::numbers("Arbres", Unit::of("{tree}/har"), [6.5, f64::NAN]));
    /// assert_eq!(table.to_csv(Language::French), "Commune,Arbres [{tree}/har]\r\nBron,6.5\r\n\"Lyon \"\"2e\"\"\",\r\n");
    /// ```
    pub fn to_csv(&self, language: Language) -> String {
        let columns = self.flat(language);
        let mut csv = String::new();
        for (index, column) in columns.iter().enumerate() {
            let code = column.unit.as_ref().map(Unit::code).filter(|code| *code != "1");
            let name = code.map_or_else(|| column.name.clone(), |code| format!("{} [{code}]", column.name));
            push_cell(&mut csv, index, &name);
        }
        csv.push_str("\r\n");
        for row in 0..self.len() {
            for (index, column) in columns.iter().enumerate() {
                match &column.values {
                    Values::Text(values) => push_cell(&mut csv, index, &values[row]),
                    Values::Numbers(values) if values[row].is_nan() => push_cell(&mut csv, index, ""),
                    Values::Numbers(values) => push_cell(&mut csv, index, &values[row].to_string()),
                    Values::Measured(_) => {}
                }
            }
            csv.push_str("\r\n");
        }
        csv
    }
}

fn push_cell(csv: &mut String, index: usize, cell: &str) {
    if index > 0 {
        csv.push(',');
    }
    if cell.contains([',', '"', '\r', '\n']) {
        csv.push('"');
        csv.push_str(&cell.replace('"', "\"\""));
        csv.push('"');
    } else {
        csv.push_str(cell);
    }
}

fn flatten(column: &Column, values: &[Measured], language: Language) -> Vec<Column> {
    let unit = column.unit.clone().unwrap_or(Unit::ONE);
    let name = |french, english| format!("{}, {}", column.name, language.pick(french, english));
    let numbers = |name: String, unit: &Unit, pick: &dyn Fn(&Measured) -> f64| {
        Column::numbers(name, unit.clone(), values.iter().map(pick))
    };
    let bound = |pick: fn(Interval) -> f64| move |value: &Measured| value.interval().map_or(f64::NAN, pick);
    let mut flat =
        vec![numbers(column.name.clone(), &unit, &|value: &Measured| value.value().unwrap_or(f64::NAN))];
    if values.iter().any(|value| value.interval().is_some()) {
        flat.push(numbers(name("bas", "lower"), &unit, &bound(|interval| interval.lower)));
        flat.push(numbers(name("haut", "upper"), &unit, &bound(|interval| interval.upper)));
    }
    let level = |value: &Measured| value.interval().and_then(|interval| interval.level);
    if values.iter().any(|value| level(value).is_some()) {
        flat.push(numbers(name("niveau", "level"), &Unit::ONE, &|value: &Measured| {
            level(value).unwrap_or(f64::NAN)
        }));
    }
    if values.iter().any(|value| value.observations() > 0) {
        let count = |value: &Measured| value.observations() as f64;
        flat.push(numbers(name("observations", "observations"), &Unit::ONE, &count));
    }
    if values.iter().any(|value| value.completeness() < 1.0) {
        flat.push(numbers(name("complétude", "completeness"), &Unit::ONE, &Measured::completeness));
    }
    if values.iter().any(|value| value.imputed_share() > 0.0) {
        flat.push(numbers(name("part imputée", "imputed share"), &Unit::ONE, &Measured::imputed_share));
    }
    if values.iter().any(|value| value.suppression().is_some()) {
        let reason = |value: &Measured| value.suppression().map_or_else(String::new, |s| s.explain(language));
        flat.push(Column::text(
            name("motif de non-publication", "why not published"),
            values.iter().map(reason),
        ));
    }
    flat
}

#[cfg(test)]
mod tests {
    use datagora_core::Suppression;

    use super::*;

    #[test]
    fn measured_values_keep_what_they_know() {
        let unit = Unit::of("{tree}");
        let interval = Interval::at_level(8.0, 12.0, 0.95).expect("a sound interval");
        let values = [
            Measured::new(10.0, unit.clone())
                .with_interval(interval)
                .with_observations(7)
                .with_completeness(0.5),
            Measured::bounded(3.0, f64::INFINITY, unit.clone()).expect("sound bounds"),
            Measured::suppressed(unit.clone(), Suppression::Secondary).with_imputed_share(0.25),
        ];
        let table = DataTable::new("t").with(Column::measured("n", unit, values));
        let csv = table.to_csv(Language::English);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "n [{tree}],\"n, lower [{tree}]\",\"n, upper [{tree}]\",\"n, level\",\"n, observations\",\
             \"n, completeness\",\"n, imputed share\",\"n, why not published\""
        );
        assert_eq!(lines[1], "10,8,12,0.95,7,0.5,0,");
        assert_eq!(lines[2], ",3,inf,,0,1,0,");
        assert!(lines[3].starts_with(",,,,0,1,0.25,\"secondary statistical secrecy"), "{}", lines[3]);
    }
}
