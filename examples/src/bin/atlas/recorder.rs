//! What happened on the way: views made, views left out, imperfections met.
use datagora::core::{
    Bilingual, Credit, Dataset, Imperfection, ImperfectionKind, Language, Lineage, Metadata, Parameters, Use,
};
use datagora::geo::GeometryColumn;
use datagora::viz::{Captions, View};

/// Why a view could not be made.
pub(crate) type Trouble = Box<dyn std::error::Error>;

/// A view with the history of its data, and where its rows lie if they are places.
pub(crate) struct Plate {
    pub(crate) view: View,
    pub(crate) metadata: Metadata,
    pub(crate) geometry: Option<GeometryColumn>,
}

/// A chapter of the atlas.
pub(crate) struct Chapter {
    pub(crate) id: &'static str,
    pub(crate) title: Bilingual,
    pub(crate) lead: Bilingual,
    /// What the chapter says first: a number and what it is.
    pub(crate) figures: Vec<(String, String)>,
    pub(crate) plates: Vec<Plate>,
    /// Interactive maps, as pages of their own, by the identifier of the view that they belong to.
    pub(crate) maps: Vec<(String, String)>,
}

impl Chapter {
    pub(crate) fn new(id: &'static str, title: Bilingual, lead: Bilingual) -> Self {
        Self { id, title, lead, figures: Vec::new(), plates: Vec::new(), maps: Vec::new() }
    }
}

/// Keeps account.
pub(crate) struct Recorder {
    pub(crate) language: Language,
    imperfections: Vec<Imperfection>,
    failures: Vec<String>,
}

impl Recorder {
    pub(crate) fn new(language: Language) -> Self {
        Self { language, imperfections: Vec::new(), failures: Vec::new() }
    }

    /// Notes an imperfection of the data; what several files of a dataset share is said once, with the sums.
    pub(crate) fn note(&mut self, imperfection: Imperfection) {
        if imperfection.count == 0 {
            return;
        }
        let alike = |noted: &&mut Imperfection| {
            noted.about == imperfection.about
                && noted.kind == imperfection.kind
                && noted.examples == imperfection.examples
        };
        if let Some(noted) = self.imperfections.iter_mut().find(alike)
            && let (Some(all), Some(more)) = (noted.total, imperfection.total)
        {
            noted.count += imperfection.count;
            noted.total = Some(all + more);
        } else {
            self.imperfections.push(imperfection);
        }
    }

    /// Notes that something could not be read or shown, and why.
    pub(crate) fn fail(&mut self, about: Bilingual, trouble: &dyn std::error::Error) {
        let mut because = trouble.to_string();
        let mut source = trouble.source();
        while let Some(cause) = source {
            because = format!("{because}: {cause}");
            source = cause.source();
        }
        self.failures.push(format!("{}: {because}", about.get(Language::English)));
        let because = Bilingual::new(because.clone(), because);
        self.imperfections.push(Imperfection::new(about, ImperfectionKind::ViewLeftOut { because }, 1));
    }

    /// Adds the view to a chapter, or notes why there is none.
    pub(crate) fn plate(&mut self, chapter: &mut Chapter, about: Bilingual, plate: Result<Plate, Trouble>) {
        match plate {
            Ok(plate) => chapter.plates.push(plate),
            Err(trouble) => self.fail(about, trouble.as_ref()),
        }
    }

    pub(crate) fn imperfections(&self) -> &[Imperfection] {
        &self.imperfections
    }

    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }

    /// The words in the language of the atlas.
    pub(crate) fn say(&self, french: &str, english: &str) -> String {
        self.language.pick(french, english).to_owned()
    }
}

/// What a dataset says about itself, whatever its payload.
pub(crate) trait Sourced {
    fn origin(&self) -> &Metadata;
}

impl<T> Sourced for Dataset<T> {
    fn origin(&self) -> &Metadata {
        self.metadata()
    }
}

/// The metadata of what was computed from several datasets: credits of all, one step that used them all.
///
/// Fails if their licences do not allow to publish the result as a database, as the atlas does with every table.
pub(crate) fn blend(
    operation: &str,
    parameters: &[(&str, &str)],
    used: &[&dyn Sourced],
) -> Result<Metadata, Trouble> {
    let parameters: Parameters =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let lineage = Lineage::gather(operation, parameters, used.iter().map(|data| &data.origin().lineage));
    let mut metadata = Metadata::new(operation).with_lineage(lineage);
    for data in used {
        let credits: &[Credit] = &data.origin().credits;
        metadata = credits.iter().cloned().fold(metadata, Metadata::with_credit);
        metadata.made |= data.origin().made;
    }
    metadata.terms(Use::DerivedDatabase)?;
    Ok(metadata)
}

/// The words of a view, with the credits that its data oblige to.
pub(crate) fn captions(
    id: &str,
    title: &str,
    subtitle: &str,
    metadata: &Metadata,
    language: Language,
) -> Captions {
    Captions::new(id, title, language)
        .with_subtitle(subtitle)
        .with_credits(metadata.attribution(language))
        .with_made(metadata.made)
}
