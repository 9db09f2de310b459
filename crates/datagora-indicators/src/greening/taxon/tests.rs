use proptest::prelude::*;

use super::*;

fn tree(name: &str) -> Taxon {
    match Occupant::parse(name) {
        Occupant::Tree(taxon) => taxon,
        other => panic!("{name}: {other:?}"),
    }
}

/// Names as inventories write them, and as they are today.
#[test]
fn names_are_read_as_written() {
    for (written, read) in [
        ("Acer campestre", "Acer campestre"),
        ("ACER CAMPESTRE", "Acer campestre"),
        ("acer campestre", "Acer campestre"),
        ("Acer campestre L.", "Acer campestre"),
        ("Acer campestre L., 1753", "Acer campestre"),
        ("Acer campestre Elsrijk", "Acer campestre 'Elsrijk'"),
        ("Acer campestre 'Elsrijk'", "Acer campestre 'Elsrijk'"),
        ("Acer campestre L. ‘Elsrijk’", "Acer campestre 'Elsrijk'"),
        ("Acer campestre cv. Elsrijk", "Acer campestre 'Elsrijk'"),
        ("Platanus x acerifolia", "Platanus ×acerifolia"),
        ("Platanus X acerifolia (Aiton) Willd.", "Platanus ×acerifolia"),
        ("Platanus ×acerifolia", "Platanus ×acerifolia"),
        ("Platanus × hispanica Münchh.", "Platanus ×hispanica"),
        ("x Cupressocyparis leylandii", "×Cupressocyparis leylandii"),
        ("×Chitalpa tashkentensis 'Pink Dawn'", "×Chitalpa tashkentensis 'Pink Dawn'"),
        ("xChitalpa", "×Chitalpa"),
        ("Quercus sp.", "Quercus"),
        ("Quercus spp", "Quercus"),
        ("Quercus ssp.", "Quercus"),
        ("Malus 'Evereste'", "Malus 'Evereste'"),
        ("Malus Evereste", "Malus 'Evereste'"),
        ("Pinus nigra subsp. laricio", "Pinus nigra subsp. laricio"),
        ("Pinus nigra ssp laricio (Poir.) Maire", "Pinus nigra subsp. laricio"),
        ("Gleditsia triacanthos f. inermis", "Gleditsia triacanthos f. inermis"),
        ("Gleditsia triacanthos L. f. inermis 'Sunburst'", "Gleditsia triacanthos 'Sunburst'"),
        ("Gleditsia triacanthos var. inermis Sunburst", "Gleditsia triacanthos var. inermis 'Sunburst'"),
        ("Populus nigra italica", "Populus nigra italica"),
        ("Robinia pseudo-acacia", "Robinia pseudoacacia"),
        ("Arctostaphylos uva-ursi", "Arctostaphylos uva-ursi"),
        ("Sorbus thuringiäca", "Sorbus thuringiaca"),
        ("Prunus cerasifera 'Goutte d'Or' hort.", "Prunus cerasifera 'Goutte d'Or'"),
        ("Ginkgo", "Ginkgo"),
        ("Amélanchier lævis", "Amelanchier laevis"),
    ] {
        let taxon = tree(written);
        assert_eq!((taxon.to_string().as_str(), taxon.unread()), (read, None), "{written}");
    }
}

#[test]
fn what_is_not_certain_is_not_taken() {
    let doubtful = tree("Quercus cf. robur");
    assert_eq!(
        (doubtful.species(), doubtful.genus(), doubtful.unread()),
        (None, Some("Quercus"), Some("cf. robur"))
    );
    let formula = tree("Salix alba x babylonica");
    assert_eq!((formula.rank(), formula.hybrid()), (TaxonRank::Genus, Hybrid::Formula));
    assert_eq!(formula.unread(), Some("× babylonica"));
    assert_eq!(tree("12 Tilia").genus(), Some("Tilia"));
    assert_eq!(tree("12 Tilia").unread(), Some("12"));
    assert_eq!(tree("Tilia x").unread(), Some("×"));
    // A misspelling stays.
    assert_eq!(
        (tree("Sambuccus nigra").species(), tree("Sambuccus nigra").family()),
        (Some("Sambuccus nigra"), None)
    );
}

#[test]
fn places_without_a_tree_and_unknown_trees() {
    for name in [
        "Emplacement libre",
        "EMPLACEMENT VIDE",
        "Fosse vide",
        "Vide",
        "À planter",
        "Sans arbre",
        "Arbre abattu",
    ] {
        assert_eq!(Occupant::parse(name), Occupant::Nothing, "{name}");
    }
    for name in ["Souche", "souches", "SOUCHE", "Souche de platane"] {
        assert_eq!(Occupant::parse(name), Occupant::Stump, "{name}");
    }
    for name in
        ["", "  ", "?", "-", "Inconnu", "Indéterminé", "non identifié", "NR", "N.R.", "A déterminer", "Arbre"]
    {
        let known = Occupant::parse(name);
        let rank = known.tree().map(Taxon::rank);
        // Points between letters are not taken for a word: the tree is unidentified and the text is told.
        assert_eq!(rank, Some(TaxonRank::Unidentified), "{name}");
    }
    // Genera that begin as those words do.
    for name in ["Arbutus unedo", "Soucheara", "Viburnum lantana", "Fagus sylvatica", "Nyssa sylvatica"] {
        assert_eq!(tree(name).genus(), name.split(' ').next(), "{name}");
    }
}

#[test]
fn columns_say_what_a_word_is() {
    for (columns, read) in [
        (["Acer", "campestre", "Elsrijk"], "Acer campestre 'Elsrijk'"),
        (["Betula", " Alba", ""], "Betula alba"),
        (["Fagus L.", "sylvatica L.", ""], "Fagus sylvatica"),
        (["Platanus", "x Acerifolia", ""], "Platanus ×acerifolia"),
        (["Platanus", "Platanus acerifolia", ""], "Platanus acerifolia"),
        (["Quercus", "sp.", ""], "Quercus"),
        (["Quercus", "?", "Fastigiata"], "Quercus 'Fastigiata'"),
        (["Gleditsia", "triacanthos", "f. inermis"], "Gleditsia triacanthos f. inermis"),
        (["Pyrus", "calleryana", "'Chanticleer'"], "Pyrus calleryana 'Chanticleer'"),
        (["Pyrus", "communis", "Louise Bonne d'Avranche"], "Pyrus communis 'Louise Bonne d'Avranche'"),
        (["Malus", "Evereste 'Perpetu", ""], "Malus evereste 'Perpetu'"),
        (["", "Tilia cordata", ""], "Tilia cordata"),
    ] {
        let [genus, species, variety] = columns;
        let found = Occupant::from_columns(genus, species, variety);
        assert_eq!(found.tree().map(Taxon::to_string).as_deref(), Some(read), "{columns:?}");
    }
    assert_eq!(Occupant::from_columns("Souche", "platane", ""), Occupant::Stump);
    assert_eq!(Occupant::from_columns("", "", "x"), Occupant::Tree(Taxon::unidentified()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn no_text_makes_it_panic(name in any::<String>(), genus in ".{0,12}", species in ".{0,12}", variety in ".{0,12}") {
        let _ = Occupant::parse(&name);
        let _ = Occupant::from_columns(&genus, &species, &variety);
    }

    /// Words that belong to names, in any order.
    #[test]
    fn no_order_of_words_makes_it_panic_and_ranks_agree(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "Acer", "campestre", "×", "x", "X", "'", "'Elsrijk'", "cv.", "sp.", "subsp.", "var.", "f.", "L.", "(Mill.)", "&", "cf.",
                "É", "pseudo-", "-", "×robur", "’", "souche", "MAUR", "1753", "\u{301}", "œ",
            ]),
            0..8,
        )
    ) {
        let text = words.join(" ");
        let reads = [Occupant::parse(&text), Occupant::from_columns(&text, &text, &text), Occupant::from_columns("Acer", &text, "")];
        for taxon in reads.iter().filter_map(Occupant::tree) {
            prop_assert_eq!(taxon.rank() >= TaxonRank::Genus, taxon.genus().is_some());
            prop_assert_eq!(taxon.rank() == TaxonRank::Species, taxon.species().is_some());
            prop_assert_eq!(taxon.to_string().is_empty(), taxon.rank() == TaxonRank::Unidentified);
        }
    }

    /// Today's writing reads back as the same taxon, and case does not matter.
    #[test]
    fn what_is_written_reads_back(
        genus in "[A-Z][b-hj-w]{3,9}", epithet in "[b-hj-w]{3,9}", below in "[b-hj-w]{3,9}",
        cultivar in "[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8})?", sign in any::<bool>(), rank in 0..4_usize, with in any::<bool>(),
    ) {
        let sign = if sign { "×" } else { "" };
        let rank = ["", "subsp. ", "var. ", "f. "][rank];
        let below = if rank.is_empty() { String::new() } else { format!(" {rank}{below}") };
        let cultivar = if with { format!(" '{cultivar}'") } else { String::new() };
        let name = format!("{genus} {sign}{epithet}{below}{cultivar}");
        prop_assume!(family_of(&genus).is_none());
        let taxon = tree(&name);
        prop_assert_eq!(taxon.to_string(), name);
        prop_assert_eq!(&tree(&taxon.to_string()), &taxon);
        let loud = format!("{} {sign}{}", genus.to_uppercase(), epithet.to_uppercase());
        let loud = tree(&loud);
        prop_assert_eq!(loud.species(), taxon.species());
    }
}
