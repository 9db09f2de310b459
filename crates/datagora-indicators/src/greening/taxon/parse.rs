//! Reading names word by word.
use super::{Hybrid, InfraspecificRank, Occupant, Taxon};

/// Words for a place without a tree, plain and in lower case; more words may follow.
const NOTHING: [&str; 12] = [
    "emplacement",
    "libre",
    "vide",
    "fosse",
    "a planter",
    "sans arbre",
    "non plante",
    "supprime",
    "abattu",
    "arbre abattu",
    "vacant",
    "empty",
];

/// Words for a stump.
const STUMP: [&str; 4] = ["souche", "souches", "stump", "chandelle"];

/// Words for a tree that nobody identified.
const UNKNOWN: [&str; 24] = [
    "",
    "-",
    "?",
    "nr",
    "n r",
    "nc",
    "nd",
    "na",
    "n/a",
    "null",
    "none",
    "nan",
    "inconnu",
    "inconnue",
    "indetermine",
    "indeterminee",
    "non identifie",
    "non determine",
    "non renseigne",
    "a determiner",
    "divers",
    "autre",
    "arbre",
    "unknown",
];

/// Authors whose surname is usual in full (Brummitt, R. K. and Powell, C. E. (1992), *Authors of plant names*).
const AUTHORS: [&str; 24] = [
    "Ait",
    "Blume",
    "Boiss",
    "Borkh",
    "Bunge",
    "Carrière",
    "Desf",
    "Dode",
    "Ehrh",
    "Franch",
    "Franco",
    "Hance",
    "Koehne",
    "Lam",
    "Linné",
    "Linnaeus",
    "Lour",
    "Marshall",
    "Maxim",
    "Mill",
    "Miller",
    "Moench",
    "Roth",
    "Willd",
];

/// Longest name that is read; what is beyond is no name.
const LONGEST: usize = 300;

pub(super) fn whole(name: &str) -> Occupant {
    if let Some(found) = without_name(name) {
        return found;
    }
    Occupant::Tree(Reader::default().read(name, Place::Name))
}

pub(super) fn columns(genus: &str, species: &str, variety: &str) -> Occupant {
    if let Some(found) = without_name(genus) {
        // A genus that is only unknown may still be named in the column of species; a stump is one whatever else is said.
        return match found {
            Occupant::Tree(_) if without_name(species).is_none() && species.trim().contains(' ') => {
                whole(species)
            }
            found => found,
        };
    }
    let mut reader = Reader::default();
    reader.words(genus, Place::Name);
    let mut species = species.trim();
    if let Some((first, rest)) = species.split_once(char::is_whitespace)
        && first.eq_ignore_ascii_case(&reader.taxon.name[..reader.taxon.genus])
    {
        species = rest;
    }
    if without_name(species).is_none() {
        reader.words(species, Place::Species);
    }
    if without_name(variety).is_none() {
        reader.words(variety, Place::Variety);
    }
    Occupant::Tree(reader.finish())
}

/// What a text says that is no name.
fn without_name(text: &str) -> Option<Occupant> {
    let text = text.trim();
    // Most names are none of these: their first letter says so without a copy.
    let first = text.chars().next().map(|letter| plain_letter(letter).0);
    if first.is_some_and(|letter| !"-?nidaulsevfc".contains(letter)) {
        return None;
    }
    let text = plain(text.get(..LONGEST).unwrap_or(text));
    let text = text.trim_end_matches(['.', ' ']);
    let starts = |words: &[&str]| {
        words
            .iter()
            .any(|word| text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
    };
    if starts(&STUMP) {
        Some(Occupant::Stump)
    } else if starts(&NOTHING) {
        Some(Occupant::Nothing)
    } else {
        UNKNOWN.contains(&text).then(|| Occupant::Tree(Taxon::unidentified()))
    }
}

/// Where a text stands, which says what its words are.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// A name in one piece.
    Name,
    /// A column of species: the first word is an epithet.
    Species,
    /// A column of varieties: what has no rank is a cultivar.
    Variety,
}

#[derive(Default)]
struct Reader {
    taxon: Taxon,
    /// The sign of a hybrid came before the word.
    sign: bool,
    /// The rank that came before the word.
    rank: Option<InfraspecificRank>,
    /// An author was read: what follows up to a rank or cultivar is of authors as well.
    authors: bool,
    /// `cf.` or `sp.` was read: no epithet is taken from here on.
    closed: bool,
    unread: String,
}

impl Reader {
    fn read(mut self, text: &str, place: Place) -> Taxon {
        self.words(text, place);
        self.finish()
    }

    fn finish(mut self) -> Taxon {
        let unread = self.unread.trim();
        if !unread.is_empty() {
            self.taxon.unread = Some(unread.to_owned());
        }
        self.taxon
    }

    fn words(&mut self, text: &str, place: Place) {
        // The authors of a genus in its column do not go on in that of the species.
        self.authors = false;
        let text = text.trim();
        if text.len() > LONGEST {
            self.leave(text);
            return;
        }
        let capitals = text.chars().all(|letter| !letter.is_lowercase() || letter == 'x');
        let mut rest = text;
        let mut position = 0;
        while let Some(start) = rest.find(|letter: char| !letter.is_whitespace()) {
            rest = &rest[start..];
            if let Some((cultivar, after)) = quoted(rest, place) {
                self.cultivar(cultivar);
                rest = after;
                continue;
            }
            if place == Place::Variety && self.rank.is_none() && rank_of(first_word(rest)).is_none() {
                self.cultivar(rest.trim_matches(is_quote));
                return;
            }
            let word = first_word(rest);
            rest = &rest[word.len()..];
            if matches!(word, "cv." | "cv" | "CV" | "CV.") {
                self.cultivar(rest.trim().trim_matches(is_quote));
                return;
            }
            if self.word(word, place, capitals, position) == Then::RestIsCultivar {
                let cultivar = format!("{word}{rest}");
                self.cultivar(cultivar.trim_end_matches(is_quote));
                return;
            }
            position += 1;
        }
        // A sign or a rank that nothing followed.
        if std::mem::take(&mut self.sign) {
            self.leave("×");
        }
        if let Some(rank) = self.rank.take() {
            // `ssp.` after a genus is `spp.` misspelt.
            if self.taxon.genus < self.taxon.name.len() {
                self.leave(rank.abbreviation());
            }
        }
    }

    fn word(&mut self, word: &str, place: Place, capitals: bool, position: usize) -> Then {
        if matches!(word, "×" | "x" | "X" | "✕") && !self.authors {
            self.sign = true;
            return Then::NextWord;
        }
        let (word, signed) = match word.strip_prefix('×') {
            Some(word) => (word, true),
            None => (word, std::mem::take(&mut self.sign)),
        };
        if self.taxon.genus == 0 {
            self.genus(word, signed);
            return Then::NextWord;
        }
        if signed && self.taxon.genus < self.taxon.name.len() {
            // Names of two parents: the tree is of none of the two species.
            self.formula(word);
            return Then::NextWord;
        }
        if matches!(
            word.trim_end_matches('.'),
            "sp" | "spp" | "SP" | "SPP" | "species" | "cf" | "CF" | "aff" | "AFF" | "?"
        ) {
            let open = matches!(word.trim_end_matches('.'), "cf" | "CF" | "aff" | "AFF" | "?");
            if open {
                self.leave(word);
            }
            self.closed = true;
            return Then::NextWord;
        }
        if self.closed {
            self.leave(word);
            return Then::NextWord;
        }
        let no_epithet = self.taxon.genus == self.taxon.name.len();
        if let Some(rank) =
            rank_of(word).filter(|_| !(place == Place::Name && is_filius(word) && self.authors))
        {
            self.rank = Some(rank);
            self.authors = false;
            return Then::NextWord;
        }
        let small = word.chars().next().is_some_and(char::is_lowercase);
        if let Some(rank) = self.rank.take() {
            match epithet(word) {
                Some(epithet) if !no_epithet => self.taxon.infraspecific = Some((rank, epithet)),
                _ => self.leave(word),
            }
            return Then::NextWord;
        }
        if no_epithet && !self.authors {
            let column = place == Place::Species && position == 0;
            if (small || capitals || signed || column)
                && let Some(epithet) = epithet(word)
            {
                self.epithet(&epithet, signed);
                return Then::NextWord;
            }
        }
        if self.authors || is_author(word) {
            self.authors = true;
            return Then::NextWord;
        }
        if small && !no_epithet && self.taxon.infraspecific.is_none() {
            match epithet(word) {
                Some(epithet) => {
                    self.taxon.infraspecific = Some((InfraspecificRank::Unstated, epithet));
                }
                None => self.leave(word),
            }
            return Then::NextWord;
        }
        if word.chars().next().is_some_and(char::is_uppercase) && self.taxon.cultivar.is_none() {
            return Then::RestIsCultivar;
        }
        self.leave(word);
        Then::NextWord
    }

    fn genus(&mut self, word: &str, signed: bool) {
        // `xChitalpa`: a small sign grown together with its genus.
        let (word, signed) = match word.strip_prefix('x') {
            Some(rest) if rest.starts_with(char::is_uppercase) => (rest, true),
            _ => (word, signed),
        };
        let letters = word.trim_end_matches([',', ';', ':', '.']);
        let count = letters.chars().count();
        if count < 2 || !letters.chars().all(|letter| letter.is_alphabetic() || letter == '-') {
            self.leave(word);
            return;
        }
        let small = plain(letters);
        let mut rest = small.chars();
        self.taxon.name.extend(rest.next().map(|first| first.to_uppercase()).into_iter().flatten());
        self.taxon.name.push_str(rest.as_str());
        self.taxon.genus = self.taxon.name.len();
        if signed {
            self.taxon.hybrid = Hybrid::OfGenera;
        }
    }

    fn epithet(&mut self, epithet: &str, signed: bool) {
        self.taxon.name.push(' ');
        self.taxon.name.push_str(epithet);
        if signed {
            self.taxon.hybrid = Hybrid::OfSpecies;
        }
    }

    /// A second parent makes a formula.
    fn formula(&mut self, word: &str) {
        self.taxon.name.truncate(self.taxon.genus);
        self.taxon.infraspecific = None;
        self.taxon.hybrid = Hybrid::Formula;
        self.closed = true;
        self.leave("×");
        self.leave(word);
    }

    fn cultivar(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match &self.taxon.cultivar {
            None => self.taxon.cultivar = Some(text.to_owned()),
            Some(known) if known == text => {}
            Some(_) => self.leave(text),
        }
    }

    fn leave(&mut self, word: &str) {
        if !self.unread.is_empty() {
            self.unread.push(' ');
        }
        self.unread.push_str(word);
    }
}

#[derive(PartialEq)]
enum Then {
    NextWord,
    RestIsCultivar,
}

fn first_word(text: &str) -> &str {
    let end = text.find(|letter: char| letter.is_whitespace()).unwrap_or(text.len());
    &text[..end]
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '\'' | '"' | '‘' | '’' | '“' | '”' | '«' | '»' | '`' | '´')
}

/// A cultivar in quotation marks at the beginning of a text, and what follows it. The last mark may lack; inside the cultivar, an
/// apostrophe before a letter is no end, as in 'Goutte d'Or'.
fn quoted(text: &str, place: Place) -> Option<(&str, &str)> {
    let mut letters = text.char_indices();
    let (_, first) = letters.next().filter(|(_, letter)| is_quote(*letter))?;
    let inside = &text[first.len_utf8()..];
    if place == Place::Variety {
        return Some((inside.trim_matches(is_quote), ""));
    }
    let end = inside.char_indices().find(|&(at, letter)| {
        is_quote(letter)
            && inside[at + letter.len_utf8()..].chars().next().is_none_or(|next| !next.is_alphanumeric())
    });
    Some(match end {
        Some((at, letter)) => (&inside[..at], &inside[at + letter.len_utf8()..]),
        None => (inside, ""),
    })
}

fn rank_of(word: &str) -> Option<InfraspecificRank> {
    Some(match word {
        "subsp." | "subsp" | "ssp." | "ssp" | "SSP." | "SUBSP." => InfraspecificRank::Subspecies,
        "var." | "var" | "VAR." | "convar." | "subvar." => InfraspecificRank::Variety,
        "f." | "fo." | "forma" | "form." | "F." => InfraspecificRank::Form,
        _ => return None,
    })
}

/// `f.` after an author is *filius*, the son: `L. f.`
fn is_filius(word: &str) -> bool {
    matches!(word, "f." | "F.")
}

fn is_author(word: &str) -> bool {
    word.starts_with('(')
        || word.ends_with(['.', ')', ','])
        || matches!(word, "&" | "et" | "ex" | "in" | "hort" | "de" | "von")
        || AUTHORS.contains(&word)
}

/// An epithet as it is compared: lower case without diacritical signs, ligatures resolved (ICN Art. 60.7), no hyphen after *pseudo*
/// unless two o meet (Art. 60.11).
fn epithet(word: &str) -> Option<String> {
    let word = word.trim_end_matches([',', ';']);
    let letters = plain(word);
    let sound = letters.len() >= 2
        && letters.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'-')
        && !letters.starts_with('-')
        && !letters.ends_with('-');
    if !sound {
        return None;
    }
    Some(match letters.strip_prefix("pseudo-") {
        Some(rest) if !rest.starts_with('o') => format!("pseudo{rest}"),
        _ => letters,
    })
}

/// Lower case without the accents of European languages.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        let (first, second) = plain_letter(letter);
        plain.push(first);
        plain.extend(second);
    }
    plain
}

/// One letter in lower case without its accent; a ligature is two.
fn plain_letter(letter: char) -> (char, Option<char>) {
    let small = if letter.is_ascii() {
        letter.to_ascii_lowercase()
    } else {
        letter.to_lowercase().next().unwrap_or(letter)
    };
    let first = match small {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'æ' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'œ' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ß' => 's',
        'ý' | 'ÿ' => 'y',
        'ž' => 'z',
        other => other,
    };
    let second = match small {
        'æ' | 'œ' => Some('e'),
        'ß' => Some('s'),
        _ => None,
    };
    (first, second)
}
