//! The stations of Vélo’v hour by hour, over a week of March 2014.
use datagora::core::io::{CsvOptions, read_csv};
use datagora::core::{
    Credit, Crs, Dataset, Field, FieldType, ImperfectionKind, Licence, Metadata, NaiveDate, Role, Schema,
};
use datagora::geo::{GeometryColumn, doubt_crs};

use super::{Bilingual, Reader, surroundings};
use crate::material::Week;
use crate::recorder::Trouble;

/// Hours in the file: from Sunday 9 March, 11:00, to the end of Sunday 16 March.
const HOURS: usize = 181;

impl Reader<'_> {
    pub(super) fn week(&mut self) -> Result<Dataset<Week>, Trouble> {
        let names: Vec<String> = (1..=HOURS).map(|hour| format!("t{hour}")).collect();
        let number = |name: &str| Field::new(name, FieldType::Number, Role::Measure);
        let mut fields = vec![Field::new("name", FieldType::Text, Role::Identifier)];
        fields.extend(["lon", "lat", "bonus"].map(number));
        fields.extend(names.iter().map(|name| number(name)));
        let options = CsvOptions::default().with_schema(Schema::new(fields));
        let file = self.folder.join("lyon_mobility/velov_loading_2014w11_funFEM.csv");
        let csv = read_csv(file, &options)?;
        let places =
            GeometryColumn::try_points(csv.table.numbers("lon")?, csv.table.numbers("lat")?, Crs::WGS84)?;
        if let Some(doubt) = doubt_crs(&places, &surroundings()) {
            return Err(format!("velov_loading_2014w11_funFEM.csv: {doubt}").into());
        }
        let stations =
            csv.table.text_values("name")?.map(|name| name.unwrap_or("").trim().to_owned()).collect();
        // Riders who bring a bicycle up to such a station are given time.
        let uphill = csv.table.numbers("bonus")?.iter().map(|bonus| *bonus == 1.0).collect();
        let hours = names.iter().map(|name| csv.table.numbers(name)).collect::<Result<Vec<_>, _>>()?;
        let load: Vec<Vec<f64>> =
            (0..csv.table.len()).map(|row| hours.iter().map(|hour| hour[row]).collect()).collect();
        let known = |share: &f64| share.is_nan() || (0.0..=1.0).contains(share);
        if let Some(row) = load.iter().position(|load| !load.iter().all(known)) {
            return Err(format!(
                "velov_loading_2014w11_funFEM.csv, row {row}: a share is not between 0 and 1"
            )
            .into());
        }
        let because = Bilingual::new("l’heure n’a pas été relevée", "the hour was not recorded");
        let missing = load.iter().flatten().filter(|share| share.is_nan()).count();
        self.note(
            ("Stations Vélo’v, mars 2014", "Vélo’v stations, March 2014"),
            ImperfectionKind::ValuesMissing { because },
            missing as u64,
            HOURS * load.len(),
        );
        let first = NaiveDate::from_ymd_opt(2014, 3, 9).ok_or("9 March 2014 is a day")?;
        let metadata = Metadata::new("Vélo’v, mars 2014")
            .with_credit(
                Credit::new(
                    "Remplissage horaire des stations Vélo’v (repris du paquet funFEM)",
                    "JCDecaux, Métropole de Lyon",
                    Licence::LicenceOuverte2,
                )
                .with_date("9–16 mars 2014"),
            )
            .with_lineage(csv.lineage("Vélo’v, mars 2014"));
        let geometry = places.reproject(&Crs::CC46)?;
        let week = Week { geometry, name: stations, uphill, first, first_hour: 11, load };
        Ok(Dataset::new(week, metadata))
    }
}
