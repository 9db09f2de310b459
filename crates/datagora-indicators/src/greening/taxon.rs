//! What grows at a place: the Latin name of a tree as inventories write it.
mod families;
mod parse;

use std::fmt;

pub(in crate::greening) use families::is_gymnosperm;
pub use families::{family_of, similar_genera};

/// What an inventory has at one of its places.
///
/// # Example
///
/// ```
/// use datagora_indicators::greening::{Occupant, TaxonRank};
///
/// assert_eq!(Occupant::parse("Emplacement libre"), Occupant::Nothing);
/// assert_eq!(Occupant::parse("Souche"), Occupant::Stump);
/// let Occupant::Tree(plane) = Occupant::parse("PLATANUS X ACERIFOLIA (Aiton) Willd.") else { panic!() };
/// assert_eq!(plane.to_string(), "Platanus ×acerifolia");
/// assert_eq!(plane.species(), Some("Platanus acerifolia"));
/// assert_eq!((plane.family(), plane.rank()), (Some("Platanaceae"), TaxonRank::Species));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Occupant {
    /// A tree, identified or not.
    Tree(Taxon),
    /// What is left of a felled tree.
    Stump,
    /// A place for a tree without one.
    Nothing,
}

impl Occupant {
    /// Reads a name in one piece, such as `Acer campestre 'Elsrijk'`; it takes any text and never fails.
    ///
    /// What it knows: `×`, `x` and `X` of hybrids before a genus or an epithet, and between the parents of a formula; cultivars in
    /// any quotation marks or after `cv.`; `subsp.`, `var.`, `f.` and their variants; `sp.` and `spp.`; `cf.` and `aff.`,
    /// after which nothing is taken as identified; authors, which are left out; names all in capitals; words for an empty
    /// place, a stump and an unknown tree, in French and English. Accents and ligatures are removed, and hyphens after *pseudo*. What it does not understand is in [`Taxon::unread`].
    ///
    /// A capitalised word after the epithet without quotation marks is a cultivar, as in `Acer campestre Elsrijk`, unless it
    /// is written as an author: with a full stop, in brackets, or as one of the surnames that are usual in full.
    ///
    /// Misspellings stay; see [`similar_genera`].
    ///
    /// # References
    ///
    /// Turland, N. J. et al. (2018). *International Code of Nomenclature for algae, fungi, and plants (Shenzhen Code)*, Art. 4 (ranks),
    /// 20–24 (names), 46 (authors), 60.7 and 60.11 (diacritical signs, hyphens), H.2 and H.3 (hybrids). Brickell, C. D. et al. (2016).
    /// *International Code of Nomenclature for Cultivated Plants*, 9th ed., Art. 14 (cultivar epithets stand in single quotation marks;
    /// *cv.* and double ones are older usage).
    pub fn parse(name: &str) -> Self {
        parse::whole(name)
    }

    /// Reads a name from a column of genera, one of species and one of varieties, empty where unknown.
    ///
    /// As [`Occupant::parse`], but the place of a word says what it is: an epithet may be capitalised, and a variety without rank is
    /// a cultivar. The genus may be repeated in the column of species, which may also hold ranks and cultivars.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_indicators::greening::Occupant;
    ///
    /// let Occupant::Tree(maple) = Occupant::from_columns("Acer", "campestre", "Elsrijk") else { panic!() };
    /// assert_eq!(maple.to_string(), "Acer campestre 'Elsrijk'");
    /// ```
    pub fn from_columns(genus: &str, species: &str, variety: &str) -> Self {
        parse::columns(genus, species, variety)
    }

    /// The tree, if there is one.
    pub fn tree(&self) -> Option<&Taxon> {
        match self {
            Occupant::Tree(taxon) => Some(taxon),
            Occupant::Stump | Occupant::Nothing => None,
        }
    }
}

/// How far a tree is identified; the further, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TaxonRank {
    /// Nothing is known of it.
    Unidentified,
    /// To the family, by its genus.
    Family,
    /// To the genus.
    Genus,
    /// To the species, or further.
    Species,
}

/// Ranks below the species.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum InfraspecificRank {
    /// Subspecies.
    Subspecies,
    /// Variety.
    Variety,
    /// Form.
    Form,
    /// A third word without a rank, as in *Populus nigra italica*.
    Unstated,
}

impl InfraspecificRank {
    /// Its abbreviation; empty if it is not stated.
    pub const fn abbreviation(self) -> &'static str {
        match self {
            InfraspecificRank::Subspecies => "subsp.",
            InfraspecificRank::Variety => "var.",
            InfraspecificRank::Form => "f.",
            InfraspecificRank::Unstated => "",
        }
    }
}

/// Where the sign of a hybrid stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Hybrid {
    /// No sign.
    #[default]
    No,
    /// Before the genus: its parents are of two genera, as ×*Chitalpa*.
    OfGenera,
    /// Before the epithet: its parents are of two species, as *Platanus* ×*acerifolia*.
    OfSpecies,
    /// Between two names: a formula of the parents, *Salix alba* × *S. babylonica*, which is not the name of a species.
    Formula,
}

/// The name of a tree, as far as it is identified.
///
/// Names of one species compare equal by [`Taxon::species`], whatever their cultivar, and with or without the sign of a hybrid,
/// which does not distinguish names (ICN Art. H.3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Taxon {
    /// Genus and epithet, as far as they are known.
    name: String,
    /// Bytes of the genus in the name.
    genus: usize,
    hybrid: Hybrid,
    infraspecific: Option<(InfraspecificRank, String)>,
    cultivar: Option<String>,
    unread: Option<String>,
}

impl Taxon {
    /// A tree of which nothing is known.
    pub fn unidentified() -> Self {
        Self::default()
    }

    /// How far it is identified: species, genus, or not at all. A genus beyond [`family_of`] is still a genus.
    pub fn rank(&self) -> TaxonRank {
        match (self.genus, self.name.len()) {
            (0, _) => TaxonRank::Unidentified,
            (genus, all) if genus == all => TaxonRank::Genus,
            _ => TaxonRank::Species,
        }
    }

    /// Genus.
    pub fn genus(&self) -> Option<&str> {
        (self.genus > 0).then(|| &self.name[..self.genus])
    }

    /// Genus and epithet without the sign of a hybrid, as in `Platanus acerifolia`: what species are compared by.
    pub fn species(&self) -> Option<&str> {
        (self.rank() == TaxonRank::Species).then_some(self.name.as_str())
    }

    /// Epithet of the species.
    pub fn epithet(&self) -> Option<&str> {
        self.species().map(|name| &name[self.genus + 1..])
    }

    /// Family of its genus.
    pub fn family(&self) -> Option<&'static str> {
        self.genus().and_then(family_of)
    }

    /// Its name at a rank, if it is identified at least to there.
    pub fn name_at(&self, rank: TaxonRank) -> Option<&str> {
        match rank {
            TaxonRank::Species => self.species(),
            TaxonRank::Genus => self.genus(),
            TaxonRank::Family => self.family(),
            TaxonRank::Unidentified => None,
        }
    }

    /// Where the sign of a hybrid stood.
    pub fn hybrid(&self) -> Hybrid {
        self.hybrid
    }

    /// Rank and epithet below the species.
    pub fn infraspecific(&self) -> Option<(InfraspecificRank, &str)> {
        self.infraspecific.as_ref().map(|(rank, epithet)| (*rank, epithet.as_str()))
    }

    /// Cultivar, without quotation marks.
    pub fn cultivar(&self) -> Option<&str> {
        self.cultivar.as_deref()
    }

    /// What stood in the name and was not understood.
    pub fn unread(&self) -> Option<&str> {
        self.unread.as_deref()
    }
}

/// Genus, epithets and cultivar in today's writing; nothing for an unidentified tree.
impl fmt::Display for Taxon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(genus) = self.genus() else { return Ok(()) };
        let sign = |f: &mut fmt::Formatter<'_>, at: Hybrid| {
            if self.hybrid == at { f.write_str("×") } else { Ok(()) }
        };
        sign(f, Hybrid::OfGenera)?;
        f.write_str(genus)?;
        if let Some(epithet) = self.epithet() {
            f.write_str(" ")?;
            sign(f, Hybrid::OfSpecies)?;
            f.write_str(epithet)?;
        }
        if let Some((rank, epithet)) = &self.infraspecific {
            let space = if *rank == InfraspecificRank::Unstated { "" } else { " " };
            write!(f, " {}{space}{epithet}", rank.abbreviation())?;
        }
        match &self.cultivar {
            Some(cultivar) => write!(f, " '{cultivar}'"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
