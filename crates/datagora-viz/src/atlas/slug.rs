//! Names in addresses.

/// A name in lower case and letters without accents, such that people can write it: « Saint-Genis-les-Ollières » is
/// `saint-genis-les-ollieres`.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => slug.push('a'),
            'ç' => slug.push('c'),
            'è' | 'é' | 'ê' | 'ë' => slug.push('e'),
            'ì' | 'í' | 'î' | 'ï' => slug.push('i'),
            'ñ' => slug.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => slug.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => slug.push('u'),
            'ý' | 'ÿ' => slug.push('y'),
            'æ' => slug.push_str("ae"),
            'œ' => slug.push_str("oe"),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "page".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_on_any_keyboard() {
        assert_eq!(slug("Saint-Genis-les-Ollières"), "saint-genis-les-ollieres");
        assert_eq!(slug("Écully / «\u{a0}Œuf\u{a0}»"), "ecully-oeuf");
        assert_eq!([slug(""), slug("市"), slug("../x")], ["page", "page", "x"]);
    }
}
