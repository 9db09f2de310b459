//! Chapter two: trees, parks, vegetation, noise, and who lives there.
mod near_home;
mod parks;
mod plantability;
mod population;
mod quarters;
mod scenario;
mod trees;
mod vulnerability;

pub(crate) use parks::{WALK_TO_GREEN, distances};
pub(crate) use quarters::readable_names;
pub(crate) use vulnerability::is_whole;

use datagora::core::Bilingual;
use datagora::geo::{Boundary, locate};

use crate::material::Material;
use crate::progress::Progress;
use crate::recorder::{Chapter, Recorder};

/// The chapter, with the views that could be made.
pub(crate) fn chapter(material: &Material, recorder: &mut Recorder, progress: &mut Progress) -> Chapter {
    let mut lead = Bilingual::new(
        "Où sont les arbres, les parcs et l’ombre, et combien d’habitants en profitent\u{202f}? Chaque arbre est compté une \
         fois, dans la commune où il se trouve exactement.",
        "Where are the trees, the parks and the shade, and how many inhabitants enjoy them? Each tree is counted once, in \
         the commune in which it stands exactly.",
    );
    if material.homes.is_none() {
        lead.fr.push_str(
            " Qui manque de trois arbres, de canopée ou d’un parc près de chez soi n’est pas montré\u{a0}: les données lues ne \
             donnent pas les bâtiments de tout le territoire ni leurs habitants. La ville fabriquée montre cette méthode et un \
             scénario de plantation.",
        );
        lead.en.push_str(
            " Who lacks three trees, canopy or a park near home is not shown: the data that were read do not give the buildings of \
             the whole territory, nor their inhabitants. The made city shows that method and a planting scenario.",
        );
    }
    let mut chapter = Chapter::new("greening", Bilingual::new("Végétalisation", "Greening"), lead);
    if let (Some(places), Some(communes)) = (&material.trees, &material.communes) {
        let located = progress.step("greening: which tree stands where", || {
            locate(places.payload(), &communes.payload().geometry, Boundary::HalfOpen)
                .map(|located| located.to_options())
        });
        match located {
            Ok(located) => {
                trees::by_commune(material, places, communes, &located, recorder, &mut chapter, progress);
            }
            Err(error) => recorder.fail(Bilingual::new("Arbres par commune", "Trees by commune"), &error),
        }
        let plate =
            progress.step("greening: trees by hexagon", || trees::by_hexagon(places, communes, recorder));
        recorder.plate(&mut chapter, Bilingual::new("Arbres par hexagone", "Trees by hexagon"), plate);
    }
    // Trees of the place stand beside their maps, those of elsewhere at the end.
    let (here, elsewhere) = match &material.inventory {
        Some(data) if data.payload().elsewhere.is_none() => (Some(data), None),
        other => (None, other.as_ref()),
    };
    if let Some(data) = here {
        population::add(data, recorder, &mut chapter, progress);
    }
    let plantability = material
        .ground
        .as_ref()
        .and_then(|data| plantability::add(material, data, recorder, &mut chapter, progress));
    if let Some(near) = near_home::add(material, recorder, &mut chapter, progress)
        && let Some(work) = &plantability
    {
        scenario::add(material, work, &near, recorder, &mut chapter, progress);
    }
    if material.parks.is_some() && material.communes.is_some() {
        let plate = progress.step("greening: parks", || parks::by_commune(material, recorder));
        recorder.plate(&mut chapter, Bilingual::new("Parcs par commune", "Parks by commune"), plate);
        let plate = progress.step("greening: canopy of parks", || parks::canopy(material, recorder));
        recorder.plate(&mut chapter, Bilingual::new("Canopée des parcs", "Canopy of parks"), plate);
    }
    if let (Some(data), Some(green)) = (&material.quarters, &material.parks) {
        let plate = progress.step("greening: the nearest park", || {
            parks::nearest_park(material, data, green, recorder, &mut chapter.figures)
        });
        recorder.plate(&mut chapter, Bilingual::new("Parc le plus proche", "Nearest park"), plate);
    }
    if let Some(data) = &material.quarters {
        let about = Bilingual::new;
        if data.payload().code.len() > 1 {
            let plate =
                progress.step("greening: high vegetation", || quarters::vegetation(material, data, recorder));
            recorder.plate(&mut chapter, about("Végétation haute", "High vegetation"), plate);
        }
        let plate = progress.step("greening: noise", || quarters::noise(material, data, recorder));
        recorder.plate(&mut chapter, about("Bruit", "Noise"), plate);
        let plate = progress.step("greening: people sensitive to heat", || {
            quarters::heat(material, data, recorder, &mut chapter.figures)
        });
        recorder.plate(
            &mut chapter,
            about("Population sensible à la chaleur", "People sensitive to heat"),
            plate,
        );
        // Where only a part of the ground is known, most quarters have no cells.
        let planting = plantability.as_ref().filter(|work| work.data.payload().part.is_none());
        vulnerability::add(material, data, planting, recorder, &mut chapter, progress);
    }
    if let Some(data) = elsewhere {
        population::add(data, recorder, &mut chapter, progress);
    }
    chapter
}
