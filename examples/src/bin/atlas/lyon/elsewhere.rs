//! Data of other places, which show a method where Lyon publishes no such data.
use datagora::core::io::{CsvOptions, read_csv};
use datagora::core::{
    Bilingual, Credit, Dataset, Field, FieldType, ImperfectionKind, Licence, Metadata, NaiveDateTime,
    Repeated, Role, Schema, Zone,
};
use datagora::indicators::greening::{AgeClass, Occupant, Planted, PlausibleTree, TreeColumns, Trees};
use datagora::indicators::mobility::io::{CountBatches, CountColumns};
use datagora::indicators::mobility::{
    Channel, CountsBuilder, Mode as CountMode, Reading, TimestampConvention,
};

use rusqlite::{Connection, OpenFlags};

use super::{Reader, source};
use crate::material::{Hourly, Inventory, Mode, TravelTimes};
use crate::recorder::Trouble;

pub(super) const BICYCLES_OF_PARIS: &str = "traffic/paris_bike_counters_hourly.parquet";
pub(super) const TREES_OF_GRENOBLE: &str = "lyon_green/grenoble_arbres.sqlite";
pub(super) const TRAVEL_TIMES: &str = "traffic/nab/TravelTime_387.csv";

impl Reader<'_> {
    /// Counters of bicycles in Paris: the times of the file are starts of hours, in UTC without saying so.
    pub(super) fn bicycles_of_paris(&mut self) -> Result<Dataset<Hourly>, Trouble> {
        let path = self.folder.join(BICYCLES_OF_PARIS);
        let columns = CountColumns::new(TimestampConvention::Start)
            .with_channel("counter_name")
            .with_time("date")
            .with_value("bike_count")
            .with_seconds(3_600)
            .with_local_times(Zone::UTC, Repeated::Refuse);
        let mut batches = CountBatches::open([&path], columns)?;
        let (mut rows, mut channels) = (Vec::new(), Vec::new());
        while let Some(batch) = batches.next_batch()? {
            channels.extend_from_slice(batch.channel());
            rows.extend(batch.start().iter().copied().zip(batch.value().iter().copied()));
        }
        let mut builder = CountsBuilder::new(Zone::PARIS);
        let numbers: Vec<u32> = batches
            .channels()
            .iter()
            .map(|name| builder.channel(Channel::new(name).with_site(name).with_mode(CountMode::Bike)))
            .collect();
        for (channel, (start, value)) in channels.into_iter().zip(rows) {
            builder.add(Reading::new(numbers[channel as usize], start, 3_600, value));
        }
        let (counts, _) = builder.finish();
        let because = Bilingual::new(
            "l’heure, le compteur ou le comptage est illisible",
            "the hour, the counter or the count is unreadable",
        );
        let about = ("Compteurs vélo de Paris", "Bicycle counters of Paris");
        let unread = batches.problems().count();
        self.note(about, ImperfectionKind::RowsDropped { because }, unread, counts.len() + unread as usize);
        let mode = vec![Mode::Bicycle; counts.channels().len()];
        let metadata = Metadata::new("Compteurs vélo de Paris")
            .with_credit(
                Credit::new("Comptage vélo, données compteurs", "Ville de Paris", Licence::Odbl1)
                    .with_date("2020–2021")
                    .with_url("https://opendata.paris.fr"),
            )
            .with_lineage(source("Compteurs vélo de Paris", &path)?);
        let elsewhere = Some(Bilingual::new("Paris", "Paris"));
        Ok(Dataset::new(Hourly { elsewhere, counts, mode }, metadata))
    }

    /// The trees of Grenoble: genus, species, variety, stage and year of planting.
    pub(super) fn trees_of_grenoble(&mut self) -> Result<Dataset<Inventory>, Trouble> {
        let path = self.folder.join(TREES_OF_GRENOBLE);
        let file = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let columns = "genre_bota, espece, variete, stadededeveloppement, anneedeplantation";
        let mut query = file.prepare(&format!("select {columns} from arbres order by id"))?;
        let (mut names, mut stages, mut planted) = (Vec::new(), Vec::new(), Vec::new());
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let text = |at| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
            names.push(Occupant::from_columns(&text(0)?, &text(1)?, &text(2)?));
            stages.push(AgeClass::parse(&text(3)?));
            planted.push(row.get::<_, Option<i32>>(4)?.map(Planted::Year));
        }
        let columns = TreeColumns::new(&names).with_age_classes(&stages).with_planted(&planted);
        let (trees, report) = Trees::new(&columns, &PlausibleTree::default())?;
        let because = Bilingual::new(
            "le genre n’a pas de famille connue, ou l’année de plantation n’est pas plausible",
            "the genus has no family that is known, or the year of planting is not plausible",
        );
        let about = ("Arbres de Grenoble", "Trees of Grenoble");
        self.note(about, ImperfectionKind::ValuesMissing { because }, report.count(), names.len());
        // The copy at hand names two licences; the stricter one is taken.
        let metadata = Metadata::new("Arbres de Grenoble")
            .with_credit(
                Credit::new("Arbres de la ville de Grenoble", "Ville de Grenoble", Licence::Odbl1)
                    .with_url("https://data.metropolegrenoble.fr"),
            )
            .with_lineage(source("Arbres de Grenoble", &path)?);
        let elsewhere = Some(Bilingual::new("Grenoble", "Grenoble"));
        Ok(Dataset::new(Inventory { elsewhere, trees }, metadata))
    }

    /// Travel times of a section of the Twin Cities, by a clock that the file does not name.
    pub(super) fn travel_times(&mut self) -> Result<Dataset<TravelTimes>, Trouble> {
        let options = CsvOptions::default().with_schema(Schema::new(vec![
            Field::new("timestamp", FieldType::Text, Role::Time),
            Field::new("value", FieldType::Number, Role::Measure),
        ]));
        let csv = read_csv(self.folder.join(TRAVEL_TIMES), &options)?;
        let zone = Zone::parse("America/Chicago")?;
        let (mut start, mut seconds) = (Vec::new(), Vec::new());
        for (text, value) in csv.table.text_values("timestamp")?.zip(csv.table.numbers("value")?) {
            let local = NaiveDateTime::parse_from_str(text.unwrap_or(""), "%Y-%m-%d %H:%M:%S");
            let instant = local.ok().and_then(|local| zone.instant(local, Repeated::First).ok());
            if let Some(instant) = instant.filter(|_| value > 0.0) {
                start.push(instant.timestamp());
                seconds.push(value);
            }
        }
        let because = Bilingual::new(
            "l’instant est illisible ou le temps n’est pas positif",
            "the moment is unreadable or the time is not positive",
        );
        let about = ("Temps de parcours au Minnesota", "Travel times in Minnesota");
        let lost = csv.table.len() - start.len();
        self.note(about, ImperfectionKind::RowsDropped { because }, lost as u64, csv.table.len());
        let metadata = Metadata::new("Temps de parcours")
            .with_credit(
                Credit::new(
                    "Numenta Anomaly Benchmark, TravelTime_387",
                    "Minnesota Department of Transportation, Numenta",
                    Licence::Mit,
                )
                .with_date("2015")
                .with_url("https://github.com/numenta/NAB"),
            )
            .with_lineage(csv.lineage("Temps de parcours"));
        let place = Bilingual::new("Minneapolis–Saint Paul", "Minneapolis–Saint Paul");
        Ok(Dataset::new(TravelTimes { place, year: 2015, start, seconds }, metadata))
    }
}
