//! Chapter three: industrial establishments, their size, their jobs, and what each commune is specialised in.
mod around;
mod inhabitants;
mod sizes;

use std::collections::BTreeMap;

use datagora::core::disclosure::SecrecyRule;
use datagora::core::{
    Bilingual, Dataset, Imperfection, ImperfectionKind, Language, Measured, Metadata, Unit,
};
use datagora::geo::{Boundary, locate};
use datagora::indicators::economy::EstablishmentTable;
use datagora::viz::{BarChart, describe_measured, format_number};

use crate::figures::{Mapped, short_names, symbols};
use crate::material::{Establishments, Material, Zones};
use crate::progress::Progress;
use crate::recorder::{Chapter, Plate, Recorder, Sourced, Trouble, blend, captions};

/// The chapter, with the views that could be made.
pub(crate) fn chapter(material: &Material, recorder: &mut Recorder, progress: &mut Progress) -> Chapter {
    let mut chapter = Chapter::new(
        "economy",
        Bilingual::new("Économie", "Economy"),
        Bilingual::new(
            "Où l’industrie travaille, et à quoi. L’effectif d’un établissement n’est connu que par tranche\u{a0}: un nombre \
             d’emplois est donc un intervalle, jamais un milieu inventé\u{202f}; ce que le secret statistique protège n’est pas montré.",
            "Where industry works, and at what. The staff of an establishment is known only by bracket: a number of jobs is an \
             interval, never an invented midpoint; what statistical secrecy protects is not shown.",
        ),
    );
    let (Some(data), Some(communes)) = (&material.establishments, &material.communes) else { return chapter };
    let work =
        match progress.step("economy: jobs by commune and sector", || Work::new(data, communes, recorder)) {
            Ok(work) => work,
            Err(trouble) => {
                recorder.fail(Bilingual::new("Emplois industriels", "Industrial jobs"), trouble.as_ref());
                return chapter;
            }
        };
    work.figures(recorder.language, &mut chapter.figures);
    let about = Bilingual::new;
    let plate =
        progress.step("economy: establishments", || establishments(material, communes, &work, recorder));
    recorder.plate(&mut chapter, about("Établissements par commune", "Establishments by commune"), plate);
    let plate =
        progress.step("economy: establishments around", || around::plate(data, communes, &work, recorder));
    recorder.plate(&mut chapter, about("Établissements alentour", "Establishments around"), plate);
    let plate = progress
        .step("economy: establishments and inhabitants", || inhabitants::plate(communes, &work, recorder));
    recorder.plate(
        &mut chapter,
        about("Établissements et habitants", "Establishments and inhabitants"),
        plate,
    );
    let plate = progress.step("economy: sizes of establishments", || {
        sizes::plate(data, &work, recorder, &mut chapter.figures)
    });
    recorder.plate(&mut chapter, about("Taille des établissements", "Sizes of establishments"), plate);
    let plate = progress.step("economy: jobs by commune", || jobs(communes, &work, recorder));
    recorder.plate(&mut chapter, about("Emplois par commune", "Jobs by commune"), plate);
    let plate = progress.step("economy: jobs by sector", || sectors(&work, recorder));
    recorder.plate(&mut chapter, about("Emplois par secteur", "Jobs by sector"), plate);
    let plate = progress.step("economy: specialisation", || specialisation(communes, &work, recorder));
    if let Some(plate) = plate.transpose() {
        recorder.plate(&mut chapter, about("Spécialisation", "Specialisation"), plate);
    }
    chapter
}

/// Establishments counted by commune and sector, with secrecy applied.
pub(crate) struct Work {
    pub(crate) table: EstablishmentTable,
    pub(crate) sectors: Vec<String>,
    pub(crate) metadata: Metadata,
    /// The commune of each establishment, and its sector.
    located: Vec<Option<u32>>,
    sector: Vec<Option<u32>>,
}

impl Sourced for Work {
    fn origin(&self) -> &Metadata {
        &self.metadata
    }
}

impl Work {
    pub(crate) fn new(
        data: &Dataset<Establishments>,
        communes: &Dataset<Zones>,
        recorder: &mut Recorder,
    ) -> Result<Self, Trouble> {
        let (places, zones) = (data.payload(), communes.payload());
        let metadata = blend(
            "establishments by commune and sector",
            &[("boundary", "half-open"), ("least establishments", "3"), ("dominance", "0.85")],
            &[data, communes],
        )?;
        let located = locate(&places.geometry, &zones.geometry, Boundary::HalfOpen)?.to_options();
        // The register covers two departments: what lies outside the metropolis is not ours to count.
        let outside = located.iter().filter(|zone| zone.is_none()).count() as u64;
        let kind = ImperfectionKind::OutsideZones { zones: Bilingual::new("communes", "communes") };
        let about = Bilingual::new("Établissements industriels", "Industrial establishments");
        recorder.note(Imperfection::new(about, kind, outside).out_of(located.len() as u64));

        let mut rank: BTreeMap<&str, u32> = places.sector.iter().map(|sector| (sector.as_str(), 0)).collect();
        rank.values_mut().enumerate().for_each(|(k, slot)| *slot = k as u32);
        let sector: Vec<Option<u32>> =
            places.sector.iter().map(|sector| rank.get(sector.as_str()).copied()).collect();
        let rule = SecrecyRule::default();
        let table =
            EstablishmentTable::new(&located, &sector, &places.staff, zones.code.len(), rank.len(), &rule)?;
        let secret = (0..table.zones())
            .flat_map(|zone| (0..table.sectors()).map(move |sector| (zone, sector)))
            .filter(|&(zone, sector)| {
                table.jobs(Some(zone), Some(sector)).suppression().is_some_and(|s| s.is_secret())
            })
            .count() as u64;
        let about = Bilingual::new("Emplois par commune et secteur", "Jobs by commune and sector");
        let cells = (table.zones() * table.sectors()) as u64;
        recorder.note(Imperfection::new(about, ImperfectionKind::Withheld, secret).out_of(cells));
        let sectors = rank.into_keys().map(str::to_owned).collect();
        Ok(Self { table, sectors, metadata, located, sector })
    }

    fn figures(&self, language: Language, figures: &mut Vec<(String, String)>) {
        let number = self.table.establishments(None, None).value().unwrap_or(f64::NAN);
        let label = language.pick(
            "établissements industriels dans les communes",
            "industrial establishments in the communes",
        );
        figures.push((format_number(number, 0, language), label.to_owned()));
        let jobs = describe_measured(&self.table.jobs(None, None), language);
        figures.push((
            jobs,
            language
                .pick("emplois, d’après les tranches d’effectif", "jobs, by the brackets of staff")
                .to_owned(),
        ));
    }

    /// Rows from the most to the fewest establishments.
    pub(crate) fn ranked(&self, count: usize, of: impl Fn(usize) -> Measured) -> Vec<usize> {
        let size = |row: usize| of(row).value().unwrap_or(0.0);
        let mut rows: Vec<usize> = (0..count).filter(|&row| size(row) > 0.0).collect();
        rows.sort_by(|&a, &b| size(b).total_cmp(&size(a)).then(a.cmp(&b)));
        rows
    }
}

fn establishments(
    material: &Material,
    communes: &Dataset<Zones>,
    work: &Work,
    recorder: &Recorder,
) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let zones = communes.payload();
    let values: Vec<Measured> =
        (0..zones.code.len()).map(|zone| work.table.establishments(Some(zone), None)).collect();
    let title = recorder.say("Les établissements industriels", "Industrial establishments");
    let subtitle = recorder.say("nombre d’établissements par commune", "number of establishments by commune");
    let words = captions("economy-establishments", &title, &subtitle, &work.metadata, language);
    let measure = language.pick("Établissements", "Establishments");
    let view = symbols(
        material,
        &Mapped {
            places: &zones.geometry,
            names: &short_names(&zones.name),
            values: &values,
            measure,
            word: "communes",
            labels: 12,
        },
        None,
        &words,
    )?;
    Ok(Plate { view, metadata: work.metadata.clone(), geometry: Some(zones.geometry.clone()) })
}

fn jobs(communes: &Dataset<Zones>, work: &Work, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let zones = communes.payload();
    let rows = work.ranked(zones.code.len(), |zone| work.table.establishments(Some(zone), None));
    let mut chart = BarChart::new(Unit::of("{job}"));
    for &zone in rows.iter().take(25) {
        chart = chart.with_bar(zones.name[zone].clone(), work.table.jobs(Some(zone), None));
    }
    let title = recorder.say("Les emplois industriels", "Industrial jobs");
    let subtitle = recorder.say(
        "emplois par commune, les 25 qui ont le plus d’établissements",
        "jobs by commune, the 25 with the most establishments",
    );
    let note = recorder.say(
        "Plein\u{a0}: ce qui est certain (somme des bas de tranche)\u{202f}; clair\u{a0}: ce qui est possible (somme des hauts de tranche).",
        "Dark: what is certain (sum of the lower ends of brackets); light: what is possible (sum of the upper ends).",
    );
    let view =
        chart.draw(&captions("economy-jobs", &title, &subtitle, &work.metadata, language).with_note(note))?;
    Ok(Plate { view, metadata: work.metadata.clone(), geometry: None })
}

fn sectors(work: &Work, recorder: &Recorder) -> Result<Plate, Trouble> {
    let language = recorder.language;
    let rows = work.ranked(work.sectors.len(), |sector| work.table.establishments(None, Some(sector)));
    let mut chart = BarChart::new(Unit::of("{job}"));
    for &sector in &rows {
        chart = chart.with_bar(work.sectors[sector].clone(), work.table.jobs(None, Some(sector)));
    }
    let title = recorder.say("Ce que fait l’industrie", "What industry does");
    let subtitle = recorder.say("emplois par groupe d’activités", "jobs by group of activities");
    let note = recorder.say(
        "Du plus grand au plus petit nombre d’établissements. Plein\u{a0}: certain\u{202f}; clair\u{a0}: possible.",
        "From the most to the fewest establishments. Dark: certain; light: possible.",
    );
    let view = chart
        .draw(&captions("economy-sectors", &title, &subtitle, &work.metadata, language).with_note(note))?;
    Ok(Plate { view, metadata: work.metadata.clone(), geometry: None })
}

/// Specialisations that are sure: location quotients whose interval lies above one. There may be none.
fn specialisation(
    communes: &Dataset<Zones>,
    work: &Work,
    recorder: &Recorder,
) -> Result<Option<Plate>, Trouble> {
    let language = recorder.language;
    let zones = communes.payload();
    let sectors = work.sectors.len();
    let quotients = work.table.location_quotients(0.95)?;
    let lower = |cell: usize| quotients[cell].interval().map_or(f64::NEG_INFINITY, |interval| interval.lower);
    // A speciality of one or two firms would be news about those firms.
    let firms = |cell: usize| {
        work.table.establishments(Some(cell / sectors), Some(cell % sectors)).value().unwrap_or(0.0)
    };
    let mut sure: Vec<usize> = (0..quotients.len())
        .filter(|&cell| quotients[cell].value().is_some() && lower(cell) > 1.0 && firms(cell) >= 5.0)
        .collect();
    sure.sort_by(|&a, &b| lower(b).total_cmp(&lower(a)).then(a.cmp(&b)));
    let found = sure.len();
    if found == 0 {
        return Ok(None);
    }
    let mut chart = BarChart::new(Unit::ONE).with_limit(20);
    for &cell in &sure {
        let name = format!("{} – {}", zones.name[cell / sectors], work.sectors[cell % sectors]);
        chart = chart.with_bar(name, quotients[cell].clone());
    }
    let title = recorder.say("Les spécialités des communes", "What communes are specialised in");
    let subtitle = recorder.say(
        "quotient de localisation des établissements\u{a0}: part du secteur dans la commune, rapportée à sa part dans la métropole",
        "location quotient of establishments: share of the sector in the commune against its share in the metropolis",
    );
    let note = match language {
        Language::French => format!(
            "Seules les spécialités sûres sont retenues\u{a0}: au moins cinq établissements, et un intervalle à 95\u{202f}% (exact, binomial) tout entier \
             au-dessus de 1. Il y en a {found}, rangées par le bas de leur intervalle, les plus nettes d’abord. Nombres d’établissements, qui ne \
             sont pas secrets.",
        ),
        Language::English => format!(
            "Only sure specialities are kept: at least five establishments, and a 95% interval (exact, binomial) that lies above 1 as a whole. \
             There are {found}, by the lower end of their interval, the clearest first. Numbers of establishments, which are not secret.",
        ),
    };
    let view = chart.draw(
        &captions("economy-specialisation", &title, &subtitle, &work.metadata, language).with_note(note),
    )?;
    Ok(Some(Plate { view, metadata: work.metadata.clone(), geometry: None }))
}
