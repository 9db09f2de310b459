//! The atlas of a metropolis: one command reads its open data and writes a folder that a citizen opens by double-click.
//!
//! ```sh
//! cargo run --release --bin atlas                                  # a made city
//! cargo run --release --bin atlas -- --data ../shared/data         # Lyon
//! cargo run --release --bin atlas -- --communes --size metropolis  # a page for each commune
//! ```
mod amid;
mod communes;
mod economy;
mod figures;
mod greening;
mod lyon;
mod made;
mod material;
mod mobility;
mod progress;
mod publish;
mod recorder;
mod remember;
mod story;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use datagora::core::{Bilingual, Language};
use datagora_sample::CityPlan;

use crate::material::{Material, Wanted};
use crate::progress::Progress;
use crate::recorder::{Recorder, Trouble};

/// Writes an atlas of a metropolis: mobility, greening, economy.
#[derive(Parser)]
#[command(name = "atlas", version, about)]
struct Arguments {
    /// Folder of open data of Lyon; without it, a made city is shown
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder to write; an older atlas in it is replaced when the new one is whole
    #[arg(long, value_name = "DIR", default_value = "atlas")]
    out: PathBuf,
    /// Language of the atlas
    #[arg(long, value_enum, default_value = "fr")]
    lang: Lang,
    /// Size of the made city
    #[arg(long, value_enum, default_value = "town", conflicts_with = "data")]
    size: Size,
    /// Seed of the made city
    #[arg(long, default_value_t = 1, conflicts_with = "data")]
    seed: u64,
    /// Write an atlas with one page for each commune instead: as one file, and as a folder for a site
    #[arg(long)]
    communes: bool,
    /// Say nothing but errors
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Lang {
    Fr,
    En,
}

#[derive(Clone, Copy, ValueEnum)]
enum Size {
    Village,
    Town,
    Metropolis,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let language = match arguments.lang {
        Lang::Fr => Language::French,
        Lang::En => Language::English,
    };
    let plan = match arguments.size {
        Size::Village => CityPlan::village(),
        Size::Town => CityPlan::town(),
        // The atlas shows trends: five years, with fewer counters than the plan's 2,000 for one year.
        Size::Metropolis => CityPlan { sensors: 300, first_year: 2020, years: 5, ..CityPlan::metropolis() },
    };
    let mut progress = Progress::new(arguments.quiet);
    let mut recorder = Recorder::new(language);

    let wanted = if arguments.communes { Wanted::Communes } else { Wanted::All };
    let material = match &arguments.data {
        Some(folder) => lyon::read(folder, wanted, &mut recorder, &mut progress),
        None => made::make(&plan.with_seed(arguments.seed), wanted, language, &mut progress),
    };
    let material = match material {
        Ok(material) => material,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };

    let written = match wanted {
        Wanted::All => write_atlas(&arguments.out, &material, &mut recorder, &mut progress),
        Wanted::Communes => write_communes(&arguments.out, &material, &mut recorder, &mut progress),
    };
    if let Err(error) = written {
        eprintln!("error: {error}; {} was left as it was", arguments.out.display());
        return ExitCode::FAILURE;
    }
    if recorder.failures().is_empty() {
        return ExitCode::SUCCESS;
    }
    for failure in recorder.failures() {
        eprintln!("not shown: {failure}");
    }
    eprintln!("{} parts of the atlas could not be made; the page says which", recorder.failures().len());
    ExitCode::FAILURE
}

/// The atlas of the whole territory, chapter by chapter.
fn write_atlas(
    out: &Path,
    material: &Material,
    recorder: &mut Recorder,
    progress: &mut Progress,
) -> Result<(), Trouble> {
    let chapters = [
        mobility::chapter(material, recorder, progress),
        greening::chapter(material, recorder, progress),
        economy::chapter(material, recorder, progress),
    ];
    let told = progress.step("story of heat and trees", || story::heat(material, &chapters, recorder));
    let told = told.unwrap_or_else(|trouble| {
        recorder.fail(Bilingual::new("Récit sur la chaleur", "Story of heat"), trouble.as_ref());
        None
    });
    let summary =
        progress.step("writing", || publish::write(out, material, &chapters, told.as_ref(), recorder))?;
    let megabytes = |bytes: f64| bytes / 1e6;
    progress.summary(
        &format!(
            "{} views, {} tables, {} remarks on the data: a page of {:.1} MB, a PDF of {:.1} MB, {:.1} MB in all",
            summary.views,
            summary.tables,
            summary.imperfections,
            megabytes(summary.page as f64),
            megabytes(summary.pdf as f64),
            megabytes(summary.bytes as f64)
        ),
        &out.join("index.html"),
    );
    Ok(())
}

/// The atlas with one page for each commune.
fn write_communes(
    out: &Path,
    material: &Material,
    recorder: &mut Recorder,
    progress: &mut Progress,
) -> Result<(), Trouble> {
    let made = communes::make(material, recorder, progress)?;
    let summary = progress.step("writing", || communes::write(out, made, recorder))?;
    progress.summary(
        &format!(
            "{} pages: one file of {:.1} MB, and the same as a site; {:.1} MB",
            summary.pages,
            summary.file as f64 / 1e6,
            summary.bytes as f64 / 1e6
        ),
        &out.join("communes.html"),
    );
    Ok(())
}
