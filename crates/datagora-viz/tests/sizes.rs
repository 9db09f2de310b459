//! A view has one size on paper, whatever the file: 1 px of SVG is 1/96 inch, of a PNG of scale s 1/(96 s) inch, of a PDF 0.75 pt.
use std::io::Read;

use datagora_core::{Language, Measured, Unit};
use datagora_viz::{BarChart, Captions, DataTable, PdfOptions, Scene, View};

/// Points in a px.
const POINT: f64 = 72.0 / 96.0;

/// Width and height that the root of an SVG says, pt.
fn svg_size(svg: &str) -> [f64; 2] {
    let root = &svg[..svg.find('>').expect("a root")];
    ["width", "height"].map(|side| {
        let value = root.split(&format!(" {side}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        POINT * value.expect("a side").parse::<f64>().expect("a number of px")
    })
}

/// Width and height of a PNG of this many pixels a px, pt.
fn png_size(png: &[u8], scale: f64) -> [f64; 2] {
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    assert_eq!(&png[12..16], b"IHDR");
    [side(16), side(20)].map(|pixels| POINT * f64::from(pixels) / scale)
}

/// Width and height of each page of a PDF, pt.
fn page_sizes(pdf: &[u8]) -> Vec<[f64; 2]> {
    let find = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).position(|window| window == wanted);
    let (mut text, mut rest) = (String::new(), pdf);
    while let Some(at) = find(rest, b"stream\n") {
        text.push_str(&String::from_utf8_lossy(&rest[..at]));
        let body = &rest[at + 7..];
        let end = find(body, b"endstream").expect("streams end");
        let mut unpacked = Vec::new();
        if flate2::read::ZlibDecoder::new(&body[..end]).read_to_end(&mut unpacked).is_ok() {
            text.push_str(&String::from_utf8_lossy(&unpacked));
        }
        rest = &body[end + 9..];
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text.split("/MediaBox")
        .skip(1)
        .map(|rest| {
            let inner = rest.trim_start().trim_start_matches('[');
            let inner = &inner[..inner.find(']').expect("a closed list")];
            let sides: Vec<f64> = inner.split_whitespace().map(|n| n.parse().expect("a number")).collect();
            [sides[2] - sides[0], sides[3] - sides[1]]
        })
        .collect()
}

fn views() -> [View; 2] {
    let job = Unit::of("{job}");
    let chart = BarChart::new(job.clone())
        .with_bar("Bron", Measured::new(2_300.0, job.clone()))
        .with_bar("Lissieu", Measured::new(120.0, job))
        .draw(&Captions::new("jobs", "Emplois", Language::French))
        .expect("a sound chart");
    // A size that is whole in no unit.
    let odd =
        View::new("odd", "Odd", Scene::new(333.3, 77.7), DataTable::new(""), "Nothing.", Language::English);
    [chart, odd]
}

#[test]
fn files_of_one_view_have_one_size() {
    for view in views() {
        let expected = [view.scene().width(), view.scene().height()].map(|side| POINT * side);
        let near = |found: [f64; 2], by: f64| found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= by);
        for svg in [view.to_svg(), view.to_standalone_svg()] {
            assert!(near(svg_size(&svg), 0.01), "{}: {:?}, {expected:?}", view.id(), svg_size(&svg));
        }
        for scale in [1.0, 2.0, 3.125] {
            let png = view.to_png(scale).expect("a sound picture");
            // A PNG has whole pixels: it is larger by less than one.
            let found = png_size(&png, scale);
            assert!(near(found, POINT / scale), "{} at {scale}: {found:?}, {expected:?}", view.id());
            assert!(found.iter().zip(expected).all(|(found, size)| *found >= size - 1e-9));
        }
        let pages = page_sizes(&view.to_pdf(&PdfOptions::default()).expect("a sound document"));
        assert!(pages.iter().any(|page| near(*page, 0.01)), "{}: {pages:?}, {expected:?}", view.id());
        assert_eq!(pages.len(), if view.table().is_empty() { 1 } else { 2 }, "the picture, then its data");
    }
}
