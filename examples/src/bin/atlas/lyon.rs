//! The open data of the Métropole de Lyon as material.
mod amenities;
mod elsewhere;
mod ground;
mod week;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};

use datagora::core::io::{CsvOptions, ParquetOptions, read_csv, read_parquet};
use datagora::core::{
    Bilingual, Credit, Crs, Dataset, Field, FieldType, Hashed, Imperfection, ImperfectionKind, InseeCode,
    Licence, Lineage, Metadata, Parameters, Role, Schema, Siret,
};
use datagora::geo::types::{Rect, coord};
use datagora::geo::{
    FeatureFile, Features, GeometryColumn, ReadNote, doubt_crs, read_geojson, read_geopackage, read_shapefile,
};
use datagora::indicators::economy::StaffBracket;
use datagora::indicators::mobility::Mode as CountMode;
use datagora::indicators::mobility::io::{Cyclopolis, StationColumns, read_cyclopolis, read_station_records};

use crate::material::{Counters, Establishments, Material, Mode, Night, Parks, Quarters, Wanted, Zones};
use crate::progress::Progress;
use crate::recorder::{Recorder, Trouble};

const PORTAL: &str = "https://data.grandlyon.com";

/// Reads what there is; what cannot be read is recorded, and the atlas goes on without.
pub(crate) fn read(
    folder: &Path,
    wanted: Wanted,
    recorder: &mut Recorder,
    progress: &mut Progress,
) -> Result<Material, Box<dyn Error>> {
    if !folder.is_dir() {
        return Err(format!(
            "{} is no folder; give the folder that holds lyon_admin, lyon_mobility, …",
            folder.display()
        )
        .into());
    }
    let mut reader = Reader { folder, recorder, progress };
    let communes = reader.attempt(("Communes", "Communes"), Reader::communes);
    let quarters = reader.attempt(("IRIS, environnement", "IRIS, environment"), Reader::quarters);
    let counters =
        reader.attempt(("Compteurs vélo et voiture", "Bicycle and car counters"), Reader::counters);
    let night = reader.attempt(("Stations Vélo’v", "Vélo’v stations"), Reader::night);
    let trees = reader.attempt(("Arbres d’alignement", "Street trees"), Reader::trees);
    let parks = reader.attempt(("Parcs", "Parks"), Reader::parks);
    let establishments =
        reader.attempt(("Établissements industriels", "Industrial establishments"), Reader::establishments);
    let place = Bilingual::new("Métropole de Lyon", "Métropole de Lyon");
    let material = Material {
        communes,
        quarters,
        counters,
        night,
        trees,
        parks,
        establishments,
        ..Material::empty(place, false)
    };
    if wanted == Wanted::Communes {
        return Ok(Material { amenities: reader.amenities(), ..material });
    }
    let iris = reader.attempt(("IRIS", "IRIS"), |r| r.iris(material.communes.as_ref()));
    let week = reader.attempt(("Vélo’v, une semaine de 2014", "Vélo’v, a week of 2014"), Reader::week);
    let hourly = reader.attempt_if_there(
        elsewhere::BICYCLES_OF_PARIS,
        ("Compteurs vélo de Paris, heure par heure", "Bicycle counters of Paris, hour by hour"),
        Reader::bicycles_of_paris,
    );
    let travel_times = reader.attempt_if_there(
        elsewhere::TRAVEL_TIMES,
        ("Temps de parcours au Minnesota", "Travel times in Minnesota"),
        Reader::travel_times,
    );
    let inventory = reader.attempt_if_there(
        elsewhere::TREES_OF_GRENOBLE,
        ("Arbres de Grenoble", "Trees of Grenoble"),
        Reader::trees_of_grenoble,
    );
    let ground = reader.attempt(("Sols de la Part-Dieu", "Ground of the Part-Dieu"), Reader::ground);
    Ok(Material { iris, week, hourly, travel_times, inventory, ground, ..material })
}

/// The departments of the Rhône and the Loire, which the layers about Lyon come from, in degrees.
fn surroundings() -> Rect {
    Rect::new(coord! { x: 3.6, y: 45.2 }, coord! { x: 5.4, y: 46.4 })
}

struct Reader<'a> {
    folder: &'a Path,
    recorder: &'a mut Recorder,
    progress: &'a mut Progress,
}

impl Reader<'_> {
    /// Reads one dataset; if that fails the recorder learns why.
    fn attempt<T>(
        &mut self,
        (french, english): (&str, &str),
        read: impl FnOnce(&mut Self) -> Result<Dataset<T>, Trouble>,
    ) -> Option<Dataset<T>> {
        let begin = std::time::Instant::now();
        let result = read(self);
        self.progress.step_took(&format!("reading {english}"), begin.elapsed());
        result.map_err(|trouble| self.recorder.fail(Bilingual::new(french, english), trouble.as_ref())).ok()
    }

    /// Reads one dataset of another place if its file is there: the atlas of Lyon does without.
    fn attempt_if_there<T>(
        &mut self,
        file: &str,
        about: (&str, &str),
        read: impl FnOnce(&mut Self) -> Result<Dataset<T>, Trouble>,
    ) -> Option<Dataset<T>> {
        if self.folder.join(file).is_file() { self.attempt(about, read) } else { None }
    }

    fn note(&mut self, about: (&str, &str), kind: ImperfectionKind, count: u64, total: usize) {
        let about = Bilingual::new(about.0, about.1);
        self.recorder.note(Imperfection::new(about, kind, count).out_of(total as u64));
    }

    /// Geometry in CC46, once its numbers are where they should be.
    fn placed(&self, file: &FeatureFile) -> Result<GeometryColumn, Trouble> {
        let column = &file.features.geometry;
        if column.is_empty() {
            return Err(format!("{}: it holds no feature; at least one is needed", file.name).into());
        }
        if let Some(doubt) = doubt_crs(column, &surroundings()) {
            return Err(format!("{}: {doubt}", file.name).into());
        }
        Ok(column.reproject(&Crs::CC46)?)
    }

    fn communes(&mut self) -> Result<Dataset<Zones>, Trouble> {
        let file = read_geojson(self.folder.join("lyon_admin/communes_gl_2025_iarbre.geojson"))?;
        let geometry = self.placed(&file)?;
        let code = texts(&file, "insee")?;
        let name = texts(&file, "nom")?;
        for (row, code) in code.iter().enumerate() {
            InseeCode::parse(code).map_err(|error| format!("{}, feature {row}: {error}", file.name))?;
        }
        let schema = Schema::new(vec![
            Field::new("code_insee", FieldType::Text, Role::Identifier).required(),
            Field::new("population_municipale", FieldType::Number, Role::Measure),
        ]);
        let csv = read_csv(
            self.folder.join("lyon_admin/metropole_lyon_communes_population.csv"),
            &CsvOptions::default().with_schema(schema),
        )?;
        let known: BTreeMap<&str, f64> = csv
            .table
            .text_values("code_insee")?
            .zip(csv.table.numbers("population_municipale")?)
            .filter_map(|(code, population)| code.map(|code| (code, population)))
            .collect();
        let population: Vec<f64> =
            code.iter().map(|code| known.get(code.as_str()).copied().unwrap_or(f64::NAN)).collect();
        let unknown: Vec<&String> = code
            .iter()
            .zip(&population)
            .filter(|(_, people)| people.is_nan())
            .map(|(code, _)| code)
            .collect();
        if !unknown.is_empty() {
            let kind = ImperfectionKind::ZonesUnmatched {
                other: Bilingual::new("les populations légales", "the legal populations"),
            };
            let note = Imperfection::new(Bilingual::new("Communes", "Communes"), kind, unknown.len() as u64);
            self.recorder.note(
                note.out_of(code.len() as u64).with_examples(unknown.iter().map(|code| (*code).clone())),
            );
        }
        let people = csv.lineage("Populations légales");
        let outlines = file.into_dataset(
            "Communes",
            vec![
                Credit::new("Communes et arrondissements", "Métropole de Lyon", Licence::LicenceOuverte2)
                    .with_date("2025")
                    .with_url(PORTAL),
                Credit::new("Populations légales", "INSEE", Licence::LicenceOuverte2),
            ],
        );
        let metadata = joined(outlines.metadata(), "join inhabitants by code", &[&people]);
        Ok(Dataset::new(Zones { geometry, code, name, population }, metadata))
    }

    fn iris(&mut self, communes: Option<&Dataset<Zones>>) -> Result<Dataset<Zones>, Trouble> {
        let file = read_geojson(self.folder.join("lyon_admin/iris_lyon_mobitic.geojson"))?;
        let geometry = self.placed(&file)?;
        let (code, name, commune) =
            (texts(&file, "code_iris")?, texts(&file, "nom_iris")?, texts(&file, "code_insee")?);
        let ours: Option<BTreeSet<&str>> =
            communes.map(|zones| zones.payload().code.iter().map(String::as_str).collect());
        // Contours are older than the communes: a merged commune stands under its old code.
        let today = |code: &str| {
            let on = datagora::core::NaiveDate::from_ymd_opt(2025, 1, 1)?;
            Some(InseeCode::parse(code).ok()?.successor(on).as_str().to_owned())
        };
        let inside = |row: &usize| {
            ours.as_ref().is_none_or(|ours| {
                ours.contains(commune[*row].as_str())
                    || today(&commune[*row]).is_some_and(|now| ours.contains(now.as_str()))
            })
        };
        let kept: Vec<usize> = (0..code.len()).filter(inside).collect();
        let because = Bilingual::new("elles sont hors de la métropole", "they lie outside the metropolis");
        self.note(
            ("IRIS", "IRIS"),
            ImperfectionKind::RowsDropped { because },
            (code.len() - kept.len()) as u64,
            code.len(),
        );
        let (census, people) = self.census()?;
        let population: Vec<f64> =
            kept.iter().map(|&row| census.get(&code[row]).copied().unwrap_or(f64::NAN)).collect();
        self.note_census(("IRIS", "IRIS"), &population);
        let outlines = file.into_dataset(
            "IRIS",
            vec![
                Credit::new("Contours… IRIS", "IGN et INSEE", Licence::LicenceOuverte2),
                Credit::new("Recensement de la population, IRIS", "INSEE", Licence::LicenceOuverte2)
                    .with_date("2012"),
            ],
        );
        let metadata = joined(outlines.metadata(), "join inhabitants by code", &[&people]);
        let pick = |values: &[String]| kept.iter().map(|&row| values[row].clone()).collect();
        let zones =
            Zones { geometry: geometry.take(&kept), code: pick(&code), name: pick(&name), population };
        Ok(Dataset::new(zones, metadata))
    }

    /// Inhabitants by IRIS at the census of 2012, the only one in the folder.
    fn census(&mut self) -> Result<(BTreeMap<String, f64>, Lineage), Trouble> {
        let file = read_geojson(self.folder.join("lyon_admin/iris_lyonmetro.geojson"))?;
        let people = file.features.attributes.numbers("p12_pop").or_else(|_| {
            let whole = file.features.attributes.integer_values("p12_pop")?;
            Ok::<_, datagora::core::TableError>(whole.map(|n| n.map_or(f64::NAN, |n| n as f64)).collect())
        })?;
        let census = texts(&file, "id")?.into_iter().zip(people).collect();
        Ok((census, Lineage::source("Recensement 2012 par IRIS", file.name, file.content_hash)))
    }

    fn note_census(&mut self, about: (&str, &str), population: &[f64]) {
        let unmatched = population.iter().filter(|people| people.is_nan()).count() as u64;
        let other = Bilingual::new("le recensement de 2012", "the census of 2012");
        self.note(about, ImperfectionKind::ZonesUnmatched { other }, unmatched, population.len());
    }

    fn quarters(&mut self) -> Result<Dataset<Quarters>, Trouble> {
        let file = read_geopackage(self.folder.join("lyon_admin/LyonIris_social_env.gpkg"), None)?;
        let geometry = self.placed(&file)?;
        let code = texts(&file, "CODE_IRIS")?;
        let number = |name: &str| file.features.attributes.numbers(name);
        let (young, old, noise) = (number("Pct0_14")?, number("Pct_65")?, number("Lden")?);
        let high_vegetation = number("VegHautPrt")?;
        let (living, unemployed) = (Some(number("NivVieMed")?), Some(number("TxChom1564")?));
        let (census, people) = self.census()?;
        let population: Vec<f64> =
            code.iter().map(|code| census.get(code).copied().unwrap_or(f64::NAN)).collect();
        self.note_census(("IRIS, environnement", "IRIS, environment"), &population);
        // The file is compiled from open data of three publishers; the strictest of their licences is taken.
        let outlines = file.into_dataset(
            "IRIS, environnement",
            vec![
                Credit::new("LyonIris (paquet geocmeans)", "J. Gelb", Licence::Odbl1)
                    .with_url("https://github.com/JeremyGelb/geocmeans"),
                Credit::new("Bruit, végétation", "Métropole de Lyon, Acoucité", Licence::LicenceOuverte2),
                Credit::new("Recensement de la population, IRIS", "INSEE", Licence::LicenceOuverte2)
                    .with_date("2012"),
            ],
        );
        let metadata = joined(outlines.metadata(), "join inhabitants by code", &[&people]);
        let quarters = Quarters {
            geometry,
            code,
            population,
            young,
            old,
            noise,
            high_vegetation,
            vegetation: None,
            built_volume: None,
            living,
            unemployed,
        };
        Ok(Dataset::new(quarters, metadata))
    }

    fn counters(&mut self) -> Result<Dataset<Counters>, Trouble> {
        let path = |name: &str| self.folder.join("lyon_mobility").join(name);
        let (places, months) = (path("cyclopolis_counters.csv"), path("cyclopolis_monthly_counts.csv"));
        let Cyclopolis { channels, counts, rows, left_out, .. } = read_cyclopolis(&places, &months)?;
        let about = ("Compteurs", "Counters");
        let because = Bilingual::new(
            "le comptage est négatif, en double ou illisible",
            "the count is negative, given twice or unreadable",
        );
        self.note(about, ImperfectionKind::RowsDropped { because }, left_out, rows as usize);

        let row_of: BTreeMap<&str, usize> =
            channels.iter().enumerate().map(|(row, channel)| (channel.id.as_str(), row)).collect();
        let homeless = |channel: &&String| !row_of.contains_key(channel.as_str());
        let unplaced = counts.channels().iter().filter(homeless).count();
        let other = Bilingual::new("la liste des compteurs", "the list of counters");
        self.note(
            about,
            ImperfectionKind::ZonesUnmatched { other },
            unplaced as u64,
            counts.channels().len(),
        );
        let counts = counts.select(|channel| row_of.contains_key(channel))?;
        let silent = row_of.len() - counts.channels().len();
        let because = Bilingual::new("ils n’ont jamais compté", "they never counted");
        self.note(about, ImperfectionKind::RowsDropped { because }, silent as u64, row_of.len());

        let order: Vec<usize> = counts.channels().iter().map(|channel| row_of[channel.as_str()]).collect();
        let position = |axis: usize| -> Vec<f64> {
            channels
                .iter()
                .map(|channel| channel.position.map_or(f64::NAN, |position| position[axis]))
                .collect()
        };
        let all = GeometryColumn::try_points(position(0), position(1), Crs::WGS84)?;
        if let Some(doubt) = doubt_crs(&all, &surroundings()) {
            return Err(format!("cyclopolis_counters.csv: {doubt}").into());
        }
        let mode = |row: &usize| match channels[*row].mode {
            CountMode::Bike => Mode::Bicycle,
            _ => Mode::Car,
        };
        let counters = Counters {
            geometry: all.reproject(&Crs::CC46)?.take(&order),
            name: order.iter().map(|&row| channels[row].name.clone().unwrap_or_default()).collect(),
            mode: order.iter().map(mode).collect(),
            counts,
        };
        let metadata = Metadata::new("Compteurs")
            .with_credit(
                Credit::new(
                    "Comptages vélo (Eco-compteur) et voiture (Avatar)",
                    "Métropole de Lyon, Cerema",
                    Licence::LicenceOuverte2,
                )
                .with_date("2015–2026"),
            )
            .with_credit(
                Credit::new("Cyclopolis", "La Ville à Vélo", Licence::Mit)
                    .with_url("https://github.com/lavilleavelo/cyclopolis"),
            )
            .with_lineage(source("Compteurs", &places)?);
        let months = source("Comptages mensuels", &months)?;
        Ok(Dataset::new(counters, joined(&metadata, "join counts by counter", &[&months])))
    }

    fn night(&mut self) -> Result<Dataset<Night>, Trouble> {
        let path = |name: &str| self.folder.join("lyon_mobility").join(name);
        let list = path("velov_station_info.parquet");
        let days = [path("velov_status_2026-03-02.parquet"), path("velov_status_2026-03-03.parquet")];
        let stations = read_parquet(&list, &ParquetOptions::default())?;
        let recorded = read_station_records(&days, &StationColumns::default())?;
        let about = ("Stations Vélo’v", "Vélo’v stations");
        let because = Bilingual::new("elles sont absentes ou négatives", "they are absent or negative");
        // Six values a report.
        let values = 6 * recorded.rows as usize;
        self.note(about, ImperfectionKind::ValuesMissing { because }, recorded.problems.count(), values);
        let mut rows = recorded.stations;
        let times = rows.values().flat_map(|record| record.snapshots()).map(|snapshot| snapshot.time);
        let (from, to) = times.fold((i64::MAX, i64::MIN), |(from, to), time| (from.min(time), to.max(time)));
        if from > to {
            return Err("velov_status_2026-03-02.parquet: it holds no report; at least one is needed".into());
        }
        let ids: Vec<&str> = stations.text_values("station_id")?.map(|id| id.unwrap_or("")).collect();
        let listed: BTreeSet<&str> = ids.iter().copied().collect();
        let unlisted = rows.keys().filter(|id| !listed.contains(id.as_str())).count();
        let because = Bilingual::new(
            "elles ne sont pas dans la liste des stations",
            "they are not in the list of stations",
        );
        self.note(about, ImperfectionKind::RowsDropped { because }, unlisted as u64, rows.len());
        let (lon, lat) = (stations.numbers("lon")?, stations.numbers("lat")?);
        let all = GeometryColumn::try_points(lon.clone(), lat.clone(), Crs::WGS84)?;
        if let Some(doubt) = doubt_crs(&all, &surroundings()) {
            return Err(format!("velov_station_info.parquet: {doubt}").into());
        }
        let names: Vec<&str> = stations.text_values("name")?.map(|name| name.unwrap_or("")).collect();
        let area = surroundings();
        let near = |row: usize| {
            (area.min().x..=area.max().x).contains(&lon[row])
                && (area.min().y..=area.max().y).contains(&lat[row])
        };
        let reporting: Vec<usize> = (0..ids.len()).filter(|&row| rows.contains_key(ids[row])).collect();
        let (kept, astray): (Vec<usize>, Vec<usize>) = reporting.iter().partition(|&&row| near(row));
        let because =
            Bilingual::new("les coordonnées sont loin de Lyon", "the coordinates are far from Lyon");
        let note = Imperfection::new(
            Bilingual::new(about.0, about.1),
            ImperfectionKind::RowsDropped { because },
            astray.len() as u64,
        );
        self.recorder
            .note(note.out_of(reporting.len() as u64).with_examples(astray.iter().map(|&row| names[row])));
        let night = Night {
            geometry: all.reproject(&Crs::CC46)?.take(&kept),
            name: kept.iter().map(|&row| names[row].to_owned()).collect(),
            records: kept.iter().filter_map(|&row| rows.remove(ids[row])).collect(),
            period: from..to,
        };
        let metadata = Metadata::new("Vélo’v").with_credit(
            Credit::new(
                "Disponibilité des stations Vélo’v (GBFS)",
                "Métropole de Lyon, JCDecaux",
                Licence::LicenceOuverte2,
            )
            .with_date("2–3 mars 2026"),
        );
        let named = |path: &PathBuf| source(&path.file_name().unwrap_or_default().to_string_lossy(), path);
        let used = [&list].into_iter().chain(&days).map(named).collect::<Result<Vec<_>, _>>()?;
        let lineage = Lineage::gather("group reports by station", Parameters::new(), &used);
        Ok(Dataset::new(night, metadata.with_lineage(lineage)))
    }

    fn trees(&mut self) -> Result<Dataset<GeometryColumn>, Trouble> {
        let file = read_shapefile(self.folder.join("lyon_green/arbres_alignement.shp"))?;
        let geometry = self.placed(&file)?;
        if file.notes.iter().any(|note| matches!(note, ReadNote::AttributesAbsent { .. })) {
            let because = Bilingual::new(
                "le fichier des attributs manque\u{a0}: ni espèce, ni hauteur, ni date de plantation",
                "the file of attributes is absent: no species, no height, no date of planting",
            );
            let about = ("Arbres d’alignement", "Street trees");
            self.note(
                about,
                ImperfectionKind::ValuesMissing { because },
                geometry.len() as u64,
                geometry.len(),
            );
        }
        let credit = Credit::new("Arbres d’alignement", "Métropole de Lyon", Licence::LicenceOuverte2)
            .with_url(PORTAL);
        Ok(file.into_dataset("Arbres d’alignement", vec![credit]).map_payload(|_| geometry))
    }

    fn parks(&mut self) -> Result<Dataset<Parks>, Trouble> {
        let file = read_geojson(self.folder.join("lyon_green/pac_parcs_canop.geojson"))?;
        let geometry = self.placed(&file)?;
        let canopy = file.features.attributes.numbers("indiccanop")?;
        let name =
            file.features.attributes.text_values("nom")?.map(|name| name.unwrap_or("–").to_owned()).collect();
        let missing = canopy.iter().filter(|share| share.is_nan()).count();
        let because = Bilingual::new("l’indice de canopée n’est pas donné", "the canopy index is not given");
        self.note(
            ("Parcs", "Parks"),
            ImperfectionKind::ValuesMissing { because },
            missing as u64,
            canopy.len(),
        );
        let credits = vec![
            Credit::new("Parcs et indice de canopée", "Métropole de Lyon, Érasme", Licence::LicenceOuverte2)
                .with_url(PORTAL),
            Credit::new("OpenStreetMap", "les contributeurs d’OpenStreetMap", Licence::Odbl1)
                .with_url("https://www.openstreetmap.org/copyright"),
        ];
        Ok(file.into_dataset("Parcs", credits).map_payload(|_| Parks { geometry, name, canopy }))
    }

    fn establishments(&mut self) -> Result<Dataset<Establishments>, Trouble> {
        let text = |name: &str| Field::new(name, FieldType::Text, Role::Dimension);
        let number = |name: &str| Field::new(name, FieldType::Number, Role::Measure);
        let options = CsvOptions::default().with_mojibake_repaired().with_schema(Schema::new(vec![
            text("siret"),
            number("x"),
            number("y"),
            text("trancheEffectifsEtablissement"),
            text("Groupe"),
        ]));
        let csv = read_csv(self.folder.join("lyon_economy/sirene_industrie_69_42.csv"), &options)?;
        let about = ("Établissements industriels", "Industrial establishments");
        let repaired: u64 = csv.report.repaired.values().sum();
        let how = Bilingual::new(
            "texte encodé deux fois en UTF-8, remis en état",
            "text that was encoded twice as UTF-8, restored",
        );
        self.note(
            about,
            ImperfectionKind::Repaired { how },
            repaired,
            csv.table.len() * csv.table.schema().fields().len(),
        );

        let all =
            GeometryColumn::try_points(csv.table.numbers("x")?, csv.table.numbers("y")?, Crs::LAMBERT_93)?;
        let mut seen = BTreeSet::new();
        let (mut kept, mut invalid, mut again, mut nowhere) = (Vec::new(), 0, 0, 0);
        for (row, siret) in csv.table.text_values("siret")?.enumerate() {
            match Siret::parse(siret.unwrap_or("")) {
                Err(_) => invalid += 1,
                Ok(siret) if !seen.insert(siret.to_string()) => again += 1,
                Ok(_) if all.is_missing(row) => nowhere += 1,
                Ok(_) => kept.push(row),
            }
        }
        for (count, french, english) in [
            (invalid, "le SIRET n’est pas valide", "the SIRET is not valid"),
            (again, "le SIRET est déjà venu", "the SIRET came before"),
            (nowhere, "les coordonnées manquent", "the coordinates are missing"),
        ] {
            let because = Bilingual::new(french, english);
            self.note(about, ImperfectionKind::RowsDropped { because }, count, csv.table.len());
        }
        let staff: Vec<Option<StaffBracket>> = csv
            .table
            .text_values("trancheEffectifsEtablissement")?
            .map(|code| StaffBracket::parse(code.unwrap_or("")).ok())
            .collect();
        let staff: Vec<Option<StaffBracket>> = kept.iter().map(|&row| staff[row]).collect();
        let unknown = staff.iter().filter(|bracket| bracket.is_none()).count();
        let because = Bilingual::new("la tranche d’effectif manque", "the bracket of staff is missing");
        self.note(about, ImperfectionKind::ValuesMissing { because }, unknown as u64, staff.len());
        let sectors: Vec<Option<&str>> = csv.table.text_values("Groupe")?.collect();
        let unnamed = self.recorder.say("Activité non renseignée", "Activity not given");
        let establishments = Establishments {
            geometry: all.take(&kept).reproject(&Crs::CC46)?,
            sector: kept
                .iter()
                .map(|&row| sectors[row].map_or_else(|| unnamed.clone(), str::to_owned))
                .collect(),
            staff,
        };
        let lineage = csv.lineage("Établissements industriels");
        let credit =
            Credit::new("Base Sirene, établissements géolocalisés", "INSEE", Licence::LicenceOuverte2)
                .with_url("https://www.sirene.fr");
        let metadata = Metadata::new("Établissements industriels").with_credit(credit).with_lineage(lineage);
        Ok(Dataset::new(establishments, metadata))
    }
}

/// A file as the source of what was read from it.
fn source(title: &str, path: &Path) -> Result<Lineage, Trouble> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let hash = Hashed::new(File::open(path)?).finish()?;
    Ok(Lineage::source(title, name, hash))
}

/// A column of text; numbers that are codes become text.
fn texts(file: &FeatureFile, name: &str) -> Result<Vec<String>, Trouble> {
    let Features { attributes, .. } = &file.features;
    let values: Vec<Option<String>> = match attributes.text_values(name) {
        Ok(values) => values.map(|text| text.map(str::to_owned)).collect(),
        Err(error) => match attributes.integer_values(name) {
            Ok(values) => values.map(|number| number.map(|number| number.to_string())).collect(),
            Err(_) => return Err(format!("{}: {error}", file.name).into()),
        },
    };
    let row = values.iter().position(Option::is_none);
    if let Some(row) = row {
        return Err(format!("{}, feature {row}: “{name}” is missing; a value is needed", file.name).into());
    }
    Ok(values.into_iter().flatten().collect())
}

/// The metadata of a dataset to which others were joined.
fn joined(metadata: &Metadata, operation: &str, others: &[&Lineage]) -> Metadata {
    let lineage = metadata.lineage.step(operation, Parameters::new(), others);
    metadata.clone().with_lineage(lineage).with_crs(Crs::CC46)
}
