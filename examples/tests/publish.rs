//! What the atlas publishes beside its views: what to remember, tables that are shortened, a PDF, a story.
#[path = "tools/written.rs"]
mod written;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use written::atlas;

/// The atlas of a made village in English.
static VILLAGE: LazyLock<PathBuf> =
    LazyLock::new(|| atlas("publish-village", &["--size", "village", "--lang", "en"]));

/// The atlas of a made town in English.
static TOWN: LazyLock<PathBuf> = LazyLock::new(|| atlas("publish-town", &["--size", "town", "--lang", "en"]));

/// The folder of real data, if it is there.
fn data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = PathBuf::from(std::env::var("DATAGORA_DATA").unwrap_or_else(|_| default.to_owned()));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("DATAGORA_DATA absent: the size of the atlas of Lyon is not checked");
    None
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What stands between two marks, each time.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
}

#[test]
fn every_chapter_opens_with_five_lines_at_most() {
    let html = read(&TOWN, "index.html");
    let chapters: Vec<&str> = html.split("class=\"chapter\">").skip(1).collect();
    assert_eq!(chapters.len(), 3);
    for chapter in chapters {
        let opening = chapter.split("<article").next().expect("plates");
        let lines = between(opening, "<li><strong>", "</li>");
        let takeaways = between(opening, "<div class=\"takeaways\">", "</div>");
        assert_eq!(takeaways.len(), 1, "{opening}");
        let told = between(takeaways[0], "<li><strong>", "</li>");
        assert!((2..=5).contains(&told.len()), "{told:?}");
        // What does not fit is folded, not lost.
        assert!(lines.len() == told.len() || opening.contains("<details class=\"further\">"), "{lines:?}");
        for anchor in between(takeaways[0], "href=\"#", "\"") {
            let plate =
                |class: &str| chapter.contains(&format!("<article class=\"{class}\" id=\"{anchor}\""));
            assert!(plate("plate") || plate("plate half"), "{anchor}");
        }
    }
    // A line of a view says the highest value of its table.
    let table = read(&TOWN, "tables/greening-parks.csv");
    let rows = table.lines().skip(1).filter_map(|row| {
        let mut cells = row.split(',');
        Some((cells.next()?, cells.next()?.parse::<f64>().ok()?))
    });
    let (name, _) = rows.max_by(|a, b| a.1.total_cmp(&b.1)).expect("a park");
    assert!(html.contains(&format!("maximum, {name}")), "{name} has most park for each inhabitant");
}

#[test]
fn long_tables_are_shortened_and_lead_to_the_whole() {
    let html = read(&TOWN, "index.html");
    let tables = between(&html, "<details class=\"data\">", "</details>");
    assert!(tables.len() > 30);
    let mut shortened = 0;
    for table in tables {
        let body = between(table, "<tbody>", "</tbody>")[0];
        let rows = body.matches("<tr>").count();
        assert!(rows <= 100 && body.len() <= 15_000, "{rows} rows, {} bytes", body.len());
        let Some(excerpt) = between(table, "<p class=\"excerpt\">", "</p>").first().copied() else {
            continue;
        };
        shortened += 1;
        let path = between(excerpt, "href=\"", "\"")[0];
        let whole = read(&TOWN, path);
        let said = between(excerpt, " of ", " rows")[0].replace(',', "");
        assert_eq!(said.parse::<usize>().ok(), Some(csv_rows(&whole)), "{path}");
        assert_eq!(rows, 10, "{path}");
    }
    assert!(shortened > 3, "{shortened}");
}

/// Rows of a table below its heading; lines within quotes do not count.
fn csv_rows(text: &str) -> usize {
    let mut quoted = false;
    let ends = text.bytes().filter(|&byte| {
        quoted ^= byte == b'"';
        byte == b'\n' && !quoted
    });
    ends.count() - 1
}

#[test]
fn the_pdf_is_beside_the_page_and_linked() {
    let pdf = std::fs::read(VILLAGE.join("atlas.pdf")).expect("a PDF");
    assert!(pdf.starts_with(b"%PDF-1.7") && pdf.len() > 100_000, "{} bytes", pdf.len());
    let html = read(&VILLAGE, "index.html");
    let megabytes = format!("{:.1}", pdf.len() as f64 / 1e6);
    assert!(html.contains(&format!(
        "<a href=\"atlas.pdf\" download=\"\">The atlas as PDF ({megabytes}\u{a0}MB)</a>"
    )));
    // Each chapter is in the outline, each view in the text that is searched.
    for mark in [&b"/Outlines"[..], b"/StructTreeRoot", b"/Lang"] {
        assert!(pdf.windows(mark.len()).any(|window| window == mark), "{}", String::from_utf8_lossy(mark));
    }
}

/// Reads the story of an atlas against the table of its index.
fn check_story(folder: &Path) {
    let html = read(folder, "maps/story-heat.html");
    assert!((5..=8).contains(&html.matches("<section class=\"step\"").count()));
    let table = read(folder, "tables/greening-vulnerability.csv");
    let index = table.lines().skip(1).filter_map(|row| row.split(',').nth(1)?.parse::<f64>().ok());
    let very = index.filter(|index| index.round() >= 7.0).count();
    let first = between(&html, "id=\"step-1\"", "</section>")[0];
    let told = between(first, "IRIS, ", " ")[0];
    assert_eq!(told.parse::<usize>().ok(), Some(very), "{first}");
    assert!(read(folder, "index.html").contains("href=\"maps/story-heat.html\""));
    for loads in ["src=\"http", "href=\"http", "url(http", "@import", "<link"] {
        assert!(!html.contains(loads), "the story must load nothing: {loads}");
    }
}

#[test]
fn the_story_tells_figures_of_the_tables() {
    check_story(&TOWN);
    // One quarter cannot be set against others.
    assert!(!VILLAGE.join("maps/story-heat.html").exists());
    assert!(!read(&VILLAGE, "index.html").contains("story-heat"));
}

#[test]
fn the_atlas_of_lyon_is_small_enough_to_send_and_has_its_story() {
    let Some(data) = data() else { return };
    let data = data.to_str().expect("a path of text");
    let out = atlas("publish-lyon", &["--data", data]);
    let page = read(&out, "index.html").len();
    assert!(page <= 5_000_000, "{page} bytes");
    check_story(&out);
    let out = atlas("publish-communes-lyon", &["--communes", "--data", data]);
    let files = std::fs::read_dir(out.join("site")).expect("a folder").map(|entry| entry.expect("an entry"));
    let site: u64 = files.map(|file| file.metadata().expect("a file").len()).sum();
    assert!(site <= 25_000_000, "{site} bytes");
}
