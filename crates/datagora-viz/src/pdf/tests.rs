use datagora_core::{Language, Measured, NaiveDate, Unit};
use proptest::prelude::*;

use crate::{
    Anchor, BarChart, Captions, Chapter, Colour, Column, DataTable, Extent, Fill, Mark, Page, Path, PdfError,
    PdfOptions, Plate, Scene, Section, Shape, Stroke, Text, View,
};

fn chart(language: Language) -> View {
    let job = Unit::of("{job}");
    let captions =
        Captions::new("jobs", "Emplois industriels de la métropole, commune par commune", language)
            .with_subtitle("Établissements géolocalisés")
            .with_note("Une remarque qui doit être lue avec l’image.")
            .with_credits("Source\u{a0}: un programme.")
            .with_made(true);
    BarChart::new(job.clone())
        .with_heading("Commune")
        .with_bar("Bron", Measured::new(2_300.0, job.clone()))
        .with_bar("Lissieu", Measured::new(120.0, job))
        .draw(&captions)
        .expect("a sound chart")
}

/// The objects of a PDF with what their streams say: enough to look for names and texts.
fn readable(pdf: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = pdf;
    while let Some(at) = find(rest, b"stream\n") {
        text.push_str(&String::from_utf8_lossy(&rest[..at]));
        let body = &rest[at + 7..];
        let end = find(body, b"endstream").expect("streams end");
        let mut unpacked = Vec::new();
        let mut reader = flate2::read::ZlibDecoder::new(&body[..end]);
        match std::io::Read::read_to_end(&mut reader, &mut unpacked) {
            Ok(_) => text.push_str(&String::from_utf8_lossy(&unpacked)),
            Err(_) => text.push_str(&String::from_utf8_lossy(&body[..end])),
        }
        rest = &body[end + 9..];
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[test]
fn a_view_is_tagged_and_its_fonts_are_embedded() {
    let view = chart(Language::French);
    let pdf = view.to_pdf(&PdfOptions::default()).expect("a sound document");
    let text = readable(&pdf);
    assert!(text.contains("<pdfuaid:part>1</pdfuaid:part>"), "says that it is PDF/UA-1");
    for name in ["/H1", "/H2", "/Figure", "/Alt", "/Table", "/THead", "/TH", "/TD", "/Outlines", "/MarkInfo"]
    {
        assert!(text.contains(name), "{name} is missing");
    }
    assert_eq!(text.matches("/FontFile2").count() + text.matches("/FontFile3").count(), 2, "both fonts");
    assert!(text.contains("(fr)"), "the language");
    assert!(text.matches("/Type /Page\n").count() + text.matches("/Type/Page/").count() >= 1);
    assert!(!text.contains("/CreationDate"));
    let dated = PdfOptions::default().with_date(NaiveDate::from_ymd_opt(2026, 3, 31).expect("a day"));
    let dated = readable(&view.to_pdf(&dated).expect("a sound document"));
    assert!(dated.contains("/CreationDate (D:20260331") || dated.contains("/CreationDate(D:20260331"));
}

#[test]
fn long_tables_are_left_out_and_said_to_be() {
    let view = chart(Language::English);
    let pages = |rows: usize| {
        let pdf = view.to_pdf(&PdfOptions::default().with_longest_table(rows)).expect("a sound document");
        readable(&pdf)
    };
    assert!(pages(2).contains("/TBody"));
    assert!(!pages(1).contains("/TBody"));
}

fn page() -> Page {
    let rows = 400;
    let table = DataTable::new("Une autre légende")
        .with(Column::text(
            "Zone",
            (0..rows).map(|row| format!("Zone au nom assez long pour deux lignes {row}")),
        ))
        .with(Column::numbers("Valeur", Unit::ONE, (0..rows).map(f64::from)));
    let wide = (0..20).fold(table.clone(), |table, k| {
        table.with(Column::numbers(format!("Colonne {k}"), Unit::PERCENT, (0..rows).map(f64::from)))
    });
    let by_hand = |id: &str, table: DataTable| {
        let mut scene = Scene::new(760.0, 1_500.0);
        scene.add(
            Mark::new(Shape::Circle { x: 90.0, y: 90.0, radius: 40.0 })
                .fill(Fill::Hatch(Colour::MUTED))
                .stroke(Stroke::new(Colour::INK, 1.0).dashed(3.0)),
        );
        scene.text(Text::new("une étiquette", 300.0, 90.0).halo());
        View::new(id, "Dessin à la main", scene, table, "Un cercle.", Language::French)
    };
    Page::new("Atlas d’essai", Language::French)
        .with_subtitle("Une ville fabriquée")
        .with_lead("Un paragraphe. ".repeat(40))
        .with_made(true)
        .with_chapter(
            Chapter::new("a", "Un chapitre", "Ce qu’il dit.")
                .with_figure("97\u{202f}000", "arbres le long des rues")
                .with_plate(Plate::new(chart(Language::French)))
                .with_plate(Plate::new(chart(Language::English))),
        )
        .with_chapter(
            Chapter::new("b", "Un autre", "")
                .with_plate(Plate::new(by_hand("c", table)))
                .with_plate(Plate::new(by_hand("d", wide))),
        )
        .with_closing(
            Section::new("s", "Sources").with_paragraph("Des mots.").with_item("Un.").with_item("Deux."),
        )
}

#[test]
fn a_page_is_written_whole_and_the_same_twice() {
    let options = PdfOptions::default().with_longest_table(1_000);
    let pdf = page().to_pdf(&options).expect("a sound document");
    assert_eq!(pdf, page().to_pdf(&options).expect("a sound document"));
    let text = readable(&pdf);
    for name in
        ["/TOC", "/TOCI", "/Link", "/LI", "/LBody", "/Lbl", "/Figure", "/H1", "/H2", "/H3", "/Artifact"]
    {
        assert!(text.contains(name), "{name} is missing");
    }
    // Both tables have all their rows, the wide one in parts that each have them.
    assert!(text.matches("/S /TR").count() + text.matches("/S/TR").count() >= 1_200);
    // The chart in another language than the page says so.
    assert!(text.contains("/Lang (en)") || text.contains("/Lang(en)"));
}

#[test]
fn sizes_that_no_page_has_are_refused() {
    for (width, height) in [(0.0, 10.0), (10.0, f64::NAN), (20_000.0, 10.0)] {
        let view =
            View::new("v", "V", Scene::new(width, height), DataTable::new(""), "Nothing.", Language::English);
        assert!(
            matches!(view.to_pdf(&PdfOptions::default()), Err(PdfError::Size { .. })),
            "{width} × {height}"
        );
    }
}

fn shapes() -> impl Strategy<Value = Mark> {
    let number = prop_oneof![6 => -50.0..300.0f64, 1 => any::<f64>()];
    let text = (".{0,12}", number.clone(), number.clone(), any::<bool>(), any::<bool>()).prop_map(
        |(words, x, y, bold, halo)| {
            let text = Text { bold, halo, anchor: Anchor::Middle, ..Text::new(words, x, y) };
            Shape::Text(text)
        },
    );
    let ring = prop::collection::vec((number.clone(), number.clone()), 0..6)
        .prop_map(|ring| Shape::Path(Path::ring(ring.into_iter().map(|(x, y)| [x, y]).collect())));
    let rect = (number.clone(), number.clone(), number.clone(), number.clone())
        .prop_map(|(left, top, right, bottom)| Shape::Rect(Extent { left, top, right, bottom }));
    let circle = (number.clone(), number.clone(), number.clone()).prop_map(|(x, y, radius)| Shape::Circle {
        x,
        y,
        radius,
    });
    let fill = prop_oneof![
        Just(Fill::None),
        Just(Fill::Solid(Colour::INK)),
        (-1.0..2.0f64).prop_map(|opacity| Fill::Glass(Colour::MUTED, opacity)),
        Just(Fill::Hatch(Colour::MUTED)),
    ];
    let stroke = prop::option::of(
        (number, 0.0..5.0f64).prop_map(|(width, dash)| Stroke::new(Colour::INK, width).dashed(dash)),
    );
    (prop_oneof![text, ring, rect, circle], fill, stroke).prop_map(|(shape, fill, stroke)| Mark {
        shape,
        fill,
        stroke,
        tip: None,
        link: None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_marks_give_a_document(marks in prop::collection::vec(shapes(), 0..8), title in ".{0,20}") {
        let mut scene = Scene::new(200.0, 100.0);
        for mark in marks {
            scene.add(mark);
        }
        let view = View::new("v", title, scene, DataTable::new(""), "", Language::English);
        let written = view.to_pdf(&PdfOptions::default());
        // A document needs a title, and a figure words.
        let nameless = view.title().is_empty();
        prop_assert_eq!(written.is_err(), nameless, "{:?}", written.err());
    }
}

#[test]
fn lines_to_remember_and_shortened_tables_are_printed() {
    let table = DataTable::new("Zones").with(Column::text("Zone", (0..600).map(|row| format!("zone {row}"))));
    let view = View::new("z", "Zones", Scene::new(90.0, 90.0), table, "", Language::French);
    let rows = |plate: Plate| {
        let chapter = Chapter::new("a", "A", "")
            .with_takeaway("97\u{202f}000", "arbres", None)
            .with_figure("3", "autres")
            .with_plate(plate);
        let page = Page::new("P", Language::French).with_chapter(chapter);
        let text = readable(&page.to_pdf(&PdfOptions::default()).expect("a sound document"));
        text.matches("/S /TR").count() + text.matches("/S/TR").count()
    };
    assert_eq!(rows(Plate::new(view.clone()).with_excerpt(5, "tables/z.csv")), 1 + 5);
    // Without, a table that is too long is not printed at all.
    assert_eq!(rows(Plate::new(view)), 0);
}
