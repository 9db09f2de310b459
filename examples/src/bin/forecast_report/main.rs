//! Where forecasts fail: a report on the counters of Lyon, from several models and many moments of the past.
//!
//! ```sh
//! cargo run --release --bin forecast_report -- --data ../shared/data --out report
//! ```
mod counters;
mod views;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use datagora::core::Language;
use datagora::core::io::AtomicFolder;
use datagora::predict::{
    AutoEts, Automatic, Contender, DynamicTheta, Forecast, ForecastOptions, SeasonalNaive, evaluate,
    forecast_panel,
};
use datagora::viz::{Chapter, Page, Plate, Section, View};

/// What may go wrong.
type Trouble = Box<dyn std::error::Error>;

/// Months forecast.
const AHEAD: usize = 12;
/// Pixels of a PNG for each px of its scene.
const SHARPNESS: f64 = 2.0;
/// Of the paths whose sum is the city's forecast.
const SEED: u64 = 1;

/// Writes a report on forecasts of counters: where they fail, and how sure they are.
#[derive(Parser)]
#[command(name = "forecast_report", version, about)]
struct Arguments {
    /// Folder of open data of Lyon
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder to write; an older report in it is replaced when the new one is whole
    #[arg(long, value_name = "DIR", default_value = "forecast_report")]
    out: PathBuf,
    /// In English instead of French
    #[arg(long)]
    english: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let language = if arguments.english { Language::English } else { Language::French };
    match report(&arguments.data, &arguments.out, language) {
        Ok(views) => {
            println!("{views} views written to {}", arguments.out.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}; {} was left as it was", arguments.out.display());
            ExitCode::FAILURE
        }
    }
}

fn report(data: &Path, out: &Path, language: Language) -> Result<usize, Trouble> {
    let counters = counters::read(data)?;
    let options = ForecastOptions::default().with_non_negative(true);
    let contenders = [
        Contender::new(language.pick("modèle par défaut", "default model"), Automatic),
        Contender::new(language.pick("thêta dynamique", "dynamic theta"), DynamicTheta),
        Contender::new(language.pick("lissage exponentiel", "exponential smoothing"), AutoEts::default()),
        Contender::new(language.pick("même mois, un an avant", "same month, a year before"), SeasonalNaive),
    ];
    let evaluation = evaluate(&contenders, &counters.series, AHEAD, &options)?;
    let forecasts: Vec<Option<Forecast>> =
        forecast_panel(&counters.series, AHEAD, &options).into_iter().map(Result::ok).collect();

    let words = views::Words { counters: &counters, language };
    let errors = vec![
        words.errors_by_step(&evaluation)?,
        words.errors_by_month(&evaluation)?,
        words.ranking(&evaluation)?,
    ];
    let sureness = vec![words.coverage_by_step(&evaluation)?, words.city(&forecasts)?];
    let worst = words.worst(&evaluation, &forecasts, 4)?;
    let chapters = [
        (
            "errors",
            language.pick("Quelles erreurs, et quand", "Which errors, and when"),
            language.pick(
                "Chaque modèle a refait ses prévisions à partir des mêmes moments du passé, en ne sachant que ce qui était connu alors.",
                "Each model made its forecasts again from the same moments of the past, knowing only what was known then.",
            ),
            errors,
        ),
        (
            "sureness",
            language.pick("Les intervalles tiennent-ils parole\u{a0}?", "Do intervals keep their word?"),
            language.pick(
                "Un intervalle à 80\u{202f}% doit contenir quatre valeurs sur cinq, à chaque horizon.",
                "An interval of 80% has to hold four values in five, at each horizon.",
            ),
            sureness,
        ),
        (
            "worst",
            language.pick("Là où les prévisions échouent", "Where forecasts fail"),
            language.pick(
                "Les compteurs où les erreurs du modèle par défaut ont été les plus grandes, et ce qui s’y est passé.",
                "The counters where the errors of the default model were largest, and what happened there.",
            ),
            worst,
        ),
    ];
    write(out, &chapters, &words, evaluation.origins())
}

fn write(
    out: &Path,
    chapters: &[(&str, &str, &str, Vec<View>)],
    words: &views::Words,
    origins: usize,
) -> Result<usize, Trouble> {
    let language = words.language;
    let folder = AtomicFolder::create(out)?;
    let mut page = Page::new(
        language.pick("Prévoir les passages\u{a0}: mise à l’épreuve", "Forecasting passages: a trial"),
        language,
    )
    .with_subtitle(words.subtitle(origins));
    let mut views = 0;
    for (id, title, lead, plates) in chapters {
        let mut chapter = Chapter::new(*id, *title, *lead);
        for view in plates {
            folder
                .file(format!("views/{}.svg", view.id()))?
                .write_all(view.to_standalone_svg().as_bytes())?;
            folder.file(format!("views/{}.png", view.id()))?.write_all(&view.to_png(SHARPNESS)?)?;
            chapter = chapter.with_plate(
                Plate::new(view.clone())
                    .with_download("SVG", format!("views/{}.svg", view.id()))
                    .with_download("PNG", format!("views/{}.png", view.id())),
            );
            views += 1;
        }
        page = page.with_chapter(chapter);
    }
    let method = Section::new("method", language.pick("Méthode", "Method"))
        .with_paragraph(words.method())
        .with_paragraph(words.counters.metadata.attribution(language));
    folder.file("index.html")?.write_all(page.with_closing(method).to_html().as_bytes())?;
    folder.commit()?;
    Ok(views)
}
