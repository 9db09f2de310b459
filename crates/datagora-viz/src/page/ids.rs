//! Anchors of a page, each given once.
use std::collections::BTreeSet;

use super::squeeze;
use crate::View;
use crate::frame::anchor;
use crate::render::SharedBackdrops;

/// The anchors given so far, and the backdrops that pictures on the page share, if they do.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    given: BTreeSet<String>,
    shared: Option<SharedBackdrops>,
}

/// A view with a name of its own on the page, and its pictures.
pub(super) struct Pictures {
    pub(super) id: String,
    pub(super) wide: String,
    pub(super) compact: Option<String>,
}

impl Ids {
    /// No anchors yet, for a page whose pictures share their backdrops: [`Ids::definitions`] must stand on it.
    #[cfg(feature = "maps")]
    pub(crate) fn sharing() -> Self {
        Self { given: BTreeSet::new(), shared: Some(SharedBackdrops::default()) }
    }

    /// Where pictures share their backdrops, if they do.
    #[cfg(feature = "maps")]
    pub(crate) fn shared(&mut self) -> Option<&mut SharedBackdrops> {
        self.shared.as_mut()
    }

    /// The backdrops of all pictures drawn so far.
    #[cfg(feature = "maps")]
    pub(crate) fn definitions(&self) -> String {
        self.shared.as_ref().map_or_else(String::new, |shared| squeeze(&shared.definitions()))
    }

    /// The anchor wanted, with a number behind it if it is given already.
    pub(crate) fn claim(&mut self, wanted: &str) -> String {
        let wanted = anchor(wanted);
        let mut id = wanted.clone();
        let mut number = 1;
        while !self.given.insert(id.clone()) {
            number += 1;
            id = format!("{wanted}-{number}");
        }
        id
    }

    /// Draws a view such that no anchor in its pictures, nor its own with one of these endings, is given twice.
    pub(super) fn draw(&mut self, view: &View, endings: &[&str]) -> Pictures {
        let mut named = view.clone();
        let mut number = 1;
        loop {
            let (wide, compact) = named.to_page_svgs(&mut self.shared);
            let mut own: BTreeSet<String> = endings.iter().map(|end| format!("{}{end}", named.id)).collect();
            own.extend([&wide].into_iter().chain(&compact).flat_map(|svg| anchors(svg)).map(str::to_owned));
            if own.is_disjoint(&self.given) {
                self.given.extend(own);
                let compact = compact.as_deref().map(squeeze);
                return Pictures { id: named.id, wide: squeeze(&wide), compact };
            }
            number += 1;
            named.id = format!("{}-{number}", view.id);
        }
    }
}

/// The anchors in markup whose texts are escaped.
pub(super) fn anchors(markup: &str) -> impl Iterator<Item = &str> {
    markup.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

#[cfg(test)]
mod tests {
    use datagora_core::Language;

    use super::*;
    use crate::{DataTable, Scene};

    #[test]
    fn the_second_of_a_name_gets_a_number() {
        let mut ids = Ids::default();
        assert_eq!(
            [ids.claim("vélo"), ids.claim("v-lo"), ids.claim("v-lo-2")],
            ["v-lo", "v-lo-2", "v-lo-2-2"]
        );
    }

    #[test]
    fn anchors_inside_pictures_count() {
        let mut ids = Ids::default();
        ids.claim("a-title");
        let view = View::new("a", "A", Scene::new(10.0, 10.0), DataTable::new("A"), "A.", Language::English);
        let pictures = ids.draw(&view, &["", "-name"]);
        assert_eq!(pictures.id, "a-2");
        assert!(pictures.wide.contains("id=\"a-2-title\""));
        assert_eq!(ids.claim("a-2-name"), "a-2-name-2");
    }
}
