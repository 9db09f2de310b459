//! The family of each genus of trees and shrubs that an inventory may name.
use std::collections::HashMap;
use std::sync::LazyLock;

/// Families with their genera, of which names that are no longer accepted are in the family of their accepted genus.
///
/// Flowering plants after the Angiosperm Phylogeny Group (2016), An update of the Angiosperm Phylogeny Group classification
/// (APG IV), Bot. J. Linn. Soc. 181, 1–20, doi:10.1111/boj.12385; gymnosperms after Christenhusz, M. J. M. et al. (2011), A new
/// classification and linear sequence of extant gymnosperms, Phytotaxa 19, 55–70, doi:10.11646/phytotaxa.19.1.3; the place of
/// genera after Plants of the World Online, <https://powo.science.kew.org>.
const FAMILIES: &[(&str, &str)] = &[
    ("Adoxaceae", "Adoxa Sambucus Viburnum"),
    ("Altingiaceae", "Altingia Liquidambar Semiliquidambar"),
    ("Anacardiaceae", "Cotinus Mangifera Pistacia Rhus Schinus Searsia Spondias Toxicodendron"),
    ("Annonaceae", "Annona Asimina"),
    ("Apocynaceae", "Nerium Plumeria Thevetia Trachelospermum Vinca"),
    ("Aquifoliaceae", "Ilex Nemopanthus"),
    ("Araceae", "Monstera Philodendron Zantedeschia"),
    ("Araliaceae", "Aralia Dendropanax Eleutherococcus Fatsia Hedera Kalopanax Schefflera Tetrapanax"),
    ("Araucariaceae", "Agathis Araucaria Wollemia"),
    (
        "Arecaceae",
        "Acanthophoenix Acoelorrhaphe Acrocomia Actinokentia Actinorhytis Adonidia Aiphanes Allagoptera Ammandra \
         Aphandra Archontophoenix Areca Arenga Asterogyne Astrocaryum Attalea Bactris Balaka Barcella Basselinia \
         Beccariophoenix Bentinckia Bismarckia Borassodendron Borassus Brahea Brassiophoenix Burretiokentia Butia Calamus \
         Calyptrocalyx Calyptrogyne Calyptronoma Carpentaria Carpoxylon Caryota Ceratolobus Ceroxylon Chamaedorea \
         Chamaerops Chambeyronia Chelyocarpus Chuniophoenix Clinosperma Clinostigma Coccothrinax Cocos Colpothrinax \
         Copernicia Corypha Cryosophila Cyphokentia Cyphophoenix Cyphosperma Cyrtostachys Daemonorops Deckenia Desmoncus \
         Dictyocaryum Dictyosperma Dransfieldia Drymophloeus Dypsis Elaeis Eleiodoxa Eremospatha Eugeissona Euterpe \
         Gaussia Geonoma Guihaia Hedyscepe Hemithrinax Heterospathe Howea Hydriastele Hyophorbe Hyospathe Hyphaene \
         Iguanura Iriartea Iriartella Itaya Johannesteijsmannia Juania Jubaea Jubaeopsis Kentiopsis Kerriodoxa Korthalsia \
         Laccospadix Laccosperma Latania Lemurophoenix Leopoldinia Lepidocaryum Lepidorrhachis Leucothrinax Licuala \
         Linospadix Livistona Lodoicea Loxococcus Lytocaryum Manicaria Marojejya Masoala Mauritia Mauritiella Maxburretia \
         Medemia Metroxylon Myrialepis Nannorrhops Nenga Neonicholsonia Neoveitchia Nephrosperma Normanbya Nypa Oenocarpus \
         Oncocalamus Oncosperma Orania Oraniopsis Parajubaea Pelagodoxa Phoenicophorium Phoenix Pholidocarpus \
         Pholidostachys Physokentia Phytelephas Pigafetta Pinanga Plectocomia Plectocomiopsis Podococcus Pogonotium Ponapea \
         Prestoea Pritchardia Pritchardiopsis Pseudophoenix Ptychococcus Ptychosperma Raphia Ravenea Reinhardtia \
         Retispatha Rhapidophyllum Rhapis Rhopaloblaste Rhopalostylis Roscheria Roystonea Sabal Sabinaria Salacca Saribus \
         Satakentia Satranala Schippia Sclerosperma Serenoa Socratea Solfia Sommieria Syagrus Synechanthus Tahina \
         Tectiphiala Thrinax Trachycarpus Trithrinax Veitchia Verschaffeltia Voanioala Wallichia Washingtonia Welfia \
         Wendlandiella Wettinia Wodyetia Zombia",
    ),
    ("Asparagaceae", "Agave Beaucarnea Cordyline Dracaena Ruscus Yucca"),
    ("Asteraceae", "Baccharis Olearia Santolina"),
    ("Berberidaceae", "Berberis Mahonia Nandina"),
    ("Betulaceae", "Alnus Betula Carpinus Corylus Ostrya Ostryopsis"),
    ("Bignoniaceae", "Campsis Catalpa Chilopsis Chitalpa Handroanthus Jacaranda Tabebuia Tecoma"),
    ("Boraginaceae", "Cordia Ehretia"),
    ("Buxaceae", "Buxus Sarcococca"),
    ("Calycanthaceae", "Calycanthus Chimonanthus"),
    ("Cannabaceae", "Aphananthe Celtis Humulus Pteroceltis"),
    (
        "Caprifoliaceae",
        "Abelia Diervilla Dipelta Heptacodium Kolkwitzia Leycesteria Lonicera Symphoricarpos Weigela",
    ),
    ("Casuarinaceae", "Allocasuarina Casuarina"),
    ("Celastraceae", "Celastrus Euonymus Evonymus"),
    ("Cercidiphyllaceae", "Cercidiphyllum"),
    ("Cistaceae", "Cistus Halimium Helianthemum"),
    ("Cornaceae", "Alangium Cornus"),
    ("Crassulaceae", "Crassula Sedum"),
    (
        "Cupressaceae",
        "Athrotaxis Callitris Calocedrus Chamaecyparis Cryptomeria Cunninghamia Cupressocyparis Cupressus Cuprocyparis \
         Fitzroya Fokienia Glyptostrobus Hesperocyparis Juniperus Libocedrus Metasequoia Microbiota Platycladus Sequoia \
         Sequoiadendron Taiwania Taxodium Tetraclinis Thuja Thujopsis Widdringtonia Xanthocyparis",
    ),
    ("Cycadaceae", "Cycas"),
    ("Ebenaceae", "Diospyros"),
    ("Elaeagnaceae", "Elaeagnus Hippophae Shepherdia"),
    ("Ephedraceae", "Ephedra"),
    ("Ericaceae", "Arbutus Calluna Erica Kalmia Oxydendrum Pieris Rhododendron Vaccinium"),
    ("Eucommiaceae", "Eucommia"),
    ("Euphorbiaceae", "Euphorbia Mallotus Ricinus Sapium Triadica"),
    (
        "Fabaceae",
        "Acacia Albizia Albizzia Amorpha Bauhinia Calicotome Caragana Cassia Ceratonia Cercis Cladrastis Colutea Coronilla \
         Cytisus Delonix Erythrina Genista Gleditsia Gleditschia Gymnocladus Halimodendron Hippocrepis Indigofera \
         Laburnocytisus Laburnum Lespedeza Maackia Parkinsonia Prosopis Robinia Senna Sophora Spartium Styphnolobium Tipuana \
         Ulex Vachellia Wisteria",
    ),
    ("Fagaceae", "Castanea Castanopsis Chrysolepis Fagus Lithocarpus Notholithocarpus Quercus"),
    ("Garryaceae", "Aucuba Garrya"),
    ("Ginkgoaceae", "Ginkgo"),
    ("Gnetaceae", "Gnetum"),
    ("Grossulariaceae", "Ribes"),
    (
        "Hamamelidaceae",
        "Corylopsis Distylium Fothergilla Hamamelis Loropetalum Parrotia Parrotiopsis Sinowilsonia Sycoparrotia Sycopsis",
    ),
    ("Hydrangeaceae", "Deutzia Hydrangea Philadelphus"),
    ("Hypericaceae", "Hypericum"),
    ("Iteaceae", "Itea"),
    ("Juglandaceae", "Carya Cyclocarya Juglans Platycarya Pterocarya"),
    (
        "Lamiaceae",
        "Callicarpa Caryopteris Clerodendron Clerodendrum Lavandula Rosmarinus Salvia Teucrium Vitex",
    ),
    ("Lardizabalaceae", "Akebia Decaisnea"),
    ("Lauraceae", "Cinnamomum Laurus Lindera Machilus Neolitsea Persea Phoebe Sassafras Umbellularia"),
    ("Lythraceae", "Lagerstroemia Lawsonia Punica"),
    ("Magnoliaceae", "Liriodendron Magnolia Manglietia Michelia"),
    (
        "Malvaceae",
        "Abutilon Adansonia Brachychiton Ceiba Chorisia Firmiana Fremontodendron Grewia Hibiscus Lagunaria Sterculia Tilia",
    ),
    ("Meliaceae", "Azadirachta Cedrela Khaya Melia Swietenia Toona"),
    ("Moraceae", "Broussonetia Ficus Maclura Morus"),
    ("Musaceae", "Ensete Musa"),
    ("Myricaceae", "Morella Myrica"),
    (
        "Myrtaceae",
        "Acca Callistemon Corymbia Eucalyptus Eugenia Feijoa Luma Melaleuca Metrosideros Myrtus Psidium Syzygium",
    ),
    ("Nothofagaceae", "Lophozonia Nothofagus"),
    ("Nyctaginaceae", "Bougainvillea"),
    ("Nyssaceae", "Camptotheca Davidia Nyssa"),
    (
        "Oleaceae",
        "Chionanthus Fontanesia Forsythia Fraxinus Jasminum Ligustrum Olea Osmanthus Phillyrea Syringa",
    ),
    ("Paulowniaceae", "Paulownia"),
    ("Pentaphylacaceae", "Cleyera Eurya"),
    ("Phyllanthaceae", "Bischofia"),
    (
        "Pinaceae",
        "Abies Cathaya Cedrus Keteleeria Larix Nothotsuga Picea Pinus Pseudolarix Pseudotsuga Tsuga",
    ),
    ("Pittosporaceae", "Pittosporum"),
    ("Platanaceae", "Platanus"),
    (
        "Poaceae",
        "Arundo Bambusa Cortaderia Fargesia Miscanthus Phyllostachys Pleioblastus Pseudosasa Sasa Semiarundinaria",
    ),
    (
        "Podocarpaceae",
        "Afrocarpus Dacrycarpus Dacrydium Nageia Phyllocladus Podocarpus Prumnopitys Saxegothaea",
    ),
    ("Proteaceae", "Banksia Embothrium Grevillea Hakea"),
    ("Ranunculaceae", "Clematis"),
    ("Rhamnaceae", "Ceanothus Frangula Hovenia Paliurus Rhamnus Ziziphus Zizyphus"),
    (
        "Rosaceae",
        "Amelanchier Amygdalus Aria Armeniaca Aronia Cerasus Cercocarpus Chaenomeles Chamaemespilus Cormus Cotoneaster \
         Crataegomespilus Crataegus Crataemespilus Cydonia Eriobotrya Exochorda Heteromeles Holodiscus Kerria Laurocerasus \
         Malus Mespilus Padus Persica Photinia Physocarpus Pirus Potentilla Prunus Pseudocydonia Pyracantha Pyrus \
         Rhaphiolepis Rosa Rubus Sorbaria Sorbopyrus Sorbus Spiraea Stranvaesia Torminalis",
    ),
    ("Rubiaceae", "Cephalanthus Coffea Emmenopterys Gardenia"),
    (
        "Rutaceae",
        "Choisya Citrus Euodia Evodia Fortunella Phellodendron Poncirus Ptelea Skimmia Tetradium Zanthoxylum",
    ),
    ("Salicaceae", "Idesia Poliothyrsis Populus Salix Xylosma"),
    (
        "Sapindaceae",
        "Acer Aesculus Dipteronia Dodonaea Koelreuteria Litchi Negundo Pavia Sapindus Xanthoceras",
    ),
    ("Schisandraceae", "Illicium Schisandra"),
    ("Sciadopityaceae", "Sciadopitys"),
    ("Scrophulariaceae", "Buddleja Buddleia Myoporum"),
    ("Simaroubaceae", "Ailanthus Picrasma Simarouba"),
    ("Solanaceae", "Lycium Solanum"),
    ("Stachyuraceae", "Stachyurus"),
    ("Staphyleaceae", "Euscaphis Staphylea Turpinia"),
    ("Styracaceae", "Halesia Pterostyrax Rehderodendron Sinojackia Styrax"),
    ("Tamaricaceae", "Myricaria Tamarix"),
    ("Taxaceae", "Amentotaxus Cephalotaxus Pseudotaxus Taxus Torreya"),
    ("Theaceae", "Camellia Franklinia Stewartia Stuartia"),
    ("Thymelaeaceae", "Daphne Edgeworthia"),
    ("Trochodendraceae", "Tetracentron Trochodendron"),
    ("Ulmaceae", "Hemiptelea Planera Ulmus Zelkova"),
    ("Verbenaceae", "Aloysia Lantana Verbena"),
    ("Vitaceae", "Parthenocissus Vitis"),
    ("Welwitschiaceae", "Welwitschia"),
    ("Zamiaceae", "Ceratozamia Chigua Dioon Encephalartos Lepidozamia Macrozamia Microcycas Zamia"),
];

/// Families of plants without flowers: conifers, cycads and their kin.
const GYMNOSPERMS: [&str; 12] = [
    "Araucariaceae",
    "Cupressaceae",
    "Cycadaceae",
    "Ephedraceae",
    "Ginkgoaceae",
    "Gnetaceae",
    "Pinaceae",
    "Podocarpaceae",
    "Sciadopityaceae",
    "Taxaceae",
    "Welwitschiaceae",
    "Zamiaceae",
];

static OF_GENUS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    FAMILIES
        .iter()
        .flat_map(|(family, genera)| genera.split_whitespace().map(move |genus| (genus, *family)))
        .collect()
});

/// The family of a genus, written as in `Platanus`; `None` if the table does not have it.
///
/// The table holds the woody genera that inventories of French cities name, with some that are no longer accepted and some
/// known variants of spelling (`Albizzia`, `Pirus`).
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::family_of;
///
/// assert_eq!(family_of("Tilia"), Some("Malvaceae")); // once Tiliaceae
/// assert_eq!(family_of("Tillia"), None);
/// ```
///
/// # References
///
/// Angiosperm Phylogeny Group (2016). APG IV. Bot. J. Linn. Soc. 181, 1–20. doi:10.1111/boj.12385. Christenhusz, M. J. M. et
/// al. (2011). Phytotaxa 19, 55–70. Plants of the World Online, <https://powo.science.kew.org>.
pub fn family_of(genus: &str) -> Option<&'static str> {
    OF_GENUS.get(genus).copied()
}

/// Is it a family of gymnosperms?
pub(in crate::greening) fn is_gymnosperm(family: &str) -> bool {
    GYMNOSPERMS.contains(&family)
}

/// Genera of the table that a word might be a misspelling of, the nearest first, in alphabetical order among equals.
///
/// Nothing is ever corrected by itself: this is what a person might want to look at. Nearness counts letters to insert, delete,
/// change or swap with their neighbour; one for words of up to five letters, two for longer ones.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::similar_genera;
///
/// assert_eq!(similar_genera("Sambuccus"), ["Sambucus"]);
/// assert!(similar_genera("Nerprun").is_empty()); // French for Rhamnus
/// ```
///
/// # References
///
/// Damerau, F. J. (1964). A technique for computer detection and correction of spelling errors. Comm. ACM 7, 171–176, in the
/// form of the optimal string alignment.
pub fn similar_genera(word: &str) -> Vec<&'static str> {
    let word: Vec<char> = word.chars().take(LONGEST_WORD).collect();
    let reach = if word.len() <= 5 { 1 } else { 2 };
    let mut found: Vec<(usize, &str)> = OF_GENUS
        .keys()
        .filter(|genus| genus.len().abs_diff(word.len()) <= reach)
        .map(|genus| (edits(&word, genus), *genus))
        .filter(|(edits, _)| (1..=reach).contains(edits))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, genus)| genus).collect()
}

/// No genus is longer by far; keeps the time bounded for any text.
const LONGEST_WORD: usize = 40;

/// Edits between a word and a genus, which is ASCII.
fn edits(word: &[char], genus: &str) -> usize {
    let genus: Vec<char> = genus.chars().collect();
    let width = genus.len() + 1;
    // Rows of the table of distances between the beginnings of both.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..width).collect();
    for (i, letter) in word.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, other) in genus.iter().enumerate() {
            let changed = last[j] + usize::from(letter != other);
            row[j + 1] = changed.min(row[j] + 1).min(last[j + 1] + 1);
            if i > 0 && j > 0 && *letter == genus[j - 1] && word[i - 1] == *other {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[genus.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_genus_has_one_family() {
        let named: usize = FAMILIES.iter().map(|(_, genera)| genera.split_whitespace().count()).sum();
        assert_eq!(OF_GENUS.len(), named, "a genus stands twice");
        for (family, genera) in FAMILIES {
            assert!(family.ends_with("aceae"), "{family}");
            for genus in genera.split_whitespace() {
                assert!(genus.starts_with(|c: char| c.is_ascii_uppercase()), "{genus}");
                assert!(genus[1..].bytes().all(|c| c.is_ascii_lowercase()), "{genus}");
            }
        }
        assert!(GYMNOSPERMS.iter().all(|family| FAMILIES.iter().any(|(known, _)| known == family)));
    }

    /// Families that moved in the last decades, as *Plants of the World Online* has them.
    #[test]
    fn families_are_those_of_today() {
        for (genus, family) in [
            ("Acer", "Sapindaceae"),
            ("Aesculus", "Sapindaceae"),
            ("Celtis", "Cannabaceae"),
            ("Paulownia", "Paulowniaceae"),
            ("Sequoia", "Cupressaceae"),
            ("Cephalotaxus", "Taxaceae"),
            ("Liquidambar", "Altingiaceae"),
            ("Davidia", "Nyssaceae"),
            ("Viburnum", "Adoxaceae"),
            ("Punica", "Lythraceae"),
            ("Idesia", "Salicaceae"),
            ("Vitex", "Lamiaceae"),
        ] {
            assert_eq!(family_of(genus), Some(family));
        }
    }

    #[test]
    fn edits_count_swaps_once() {
        let word = |text: &str| text.chars().collect::<Vec<char>>();
        assert_eq!(edits(&word("Tilia"), "Tilia"), 0);
        assert_eq!(edits(&word("Tliia"), "Tilia"), 1);
        assert_eq!(edits(&word("Elaegnus"), "Elaeagnus"), 1);
        assert_eq!(edits(&word(""), "Acer"), 4);
        assert_eq!(similar_genera("Eleagnus"), ["Elaeagnus"]);
        assert_eq!(similar_genera("Acer"), Vec::<&str>::new());
        assert!(similar_genera(&"x".repeat(100_000)).is_empty());
    }
}
