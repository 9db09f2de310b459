//! A payload with what it says about itself.
use crate::{LicenceConflict, Metadata, Parameters, Use};

/// Data, and what they say about themselves.
///
/// ```
/// use datagora_core::{Credit, Dataset, Licence, Metadata, Parameters, Use};
///
/// let dataset = |title: &str, licence, values| {
///     Dataset::new(values, Metadata::new(title).with_credit(Credit::new(title, "Métropole de Lyon", licence)))
/// };
/// let trees = dataset("Arbres", Licence::LicenceOuverte2, vec![10.0, 20.0]);
/// let areas = dataset("Communes", Licence::Odbl1, vec![2.0, 5.0]);
/// let densities = trees.combine(&areas, "density", Parameters::new(), Use::DerivedDatabase, |trees, areas| {
///     trees.iter().zip(areas).map(|(trees, area)| trees / area).collect::<Vec<f64>>()
/// })?;
/// assert_eq!(densities.payload(), &[5.0, 4.0]);
/// assert_eq!(densities.metadata().terms(Use::DerivedDatabase)?.licence(), Some(Licence::Odbl1));
/// # Ok::<(), datagora_core::LicenceConflict>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<T> {
    payload: T,
    metadata: Metadata,
}

impl<T> Dataset<T> {
    /// Joins payload and metadata.
    pub fn new(payload: T, metadata: Metadata) -> Self {
        Self { payload, metadata }
    }

    /// The data.
    pub fn payload(&self) -> &T {
        &self.payload
    }

    /// What they say about themselves.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The data alone. Credits and lineage are lost: ask for it by name only where nothing is published.
    pub fn into_payload(self) -> T {
        self.payload
    }

    /// The data and what they say about themselves, apart.
    pub fn into_parts(self) -> (T, Metadata) {
        (self.payload, self.metadata)
    }

    /// The same data with metadata that say more about them: a title, columns, a CRS.
    pub fn describe(self, say: impl FnOnce(Metadata) -> Metadata) -> Self {
        Self { payload: self.payload, metadata: say(self.metadata) }
    }

    /// The same data in another form, such as a table as a data frame. No step is recorded: what changes values is
    /// [`derive`](Dataset::derive).
    pub fn map_payload<U>(self, convert: impl FnOnce(T) -> U) -> Dataset<U> {
        Dataset { payload: convert(self.payload), metadata: self.metadata }
    }

    /// The same data in another form, if they can take it.
    ///
    /// # Errors
    ///
    /// Those of `convert`.
    pub fn try_map_payload<U, E>(self, convert: impl FnOnce(T) -> Result<U, E>) -> Result<Dataset<U>, E> {
        Ok(Dataset { payload: convert(self.payload)?, metadata: self.metadata })
    }

    /// A view of the data that keeps what they say about themselves, so that several steps can start from it.
    pub fn as_ref(&self) -> Dataset<&T> {
        Dataset { payload: &self.payload, metadata: self.metadata.clone() }
    }

    /// A new dataset computed from this one; the step and its parameters join the lineage.
    ///
    /// Title, columns and CRS are still those of this dataset: [`describe`](Dataset::describe) the new one if they differ.
    pub fn derive<U>(
        &self,
        operation: &str,
        parameters: Parameters,
        compute: impl FnOnce(&T) -> U,
    ) -> Dataset<U> {
        Dataset { payload: compute(&self.payload), metadata: self.stepped(operation, parameters) }
    }

    /// A new dataset computed from this one, if the computation succeeds.
    ///
    /// # Errors
    ///
    /// Those of `compute`.
    pub fn try_derive<U, E>(
        &self,
        operation: &str,
        parameters: Parameters,
        compute: impl FnOnce(&T) -> Result<U, E>,
    ) -> Result<Dataset<U>, E> {
        Ok(Dataset { payload: compute(&self.payload)?, metadata: self.stepped(operation, parameters) })
    }

    fn stepped(&self, operation: &str, parameters: Parameters) -> Metadata {
        let mut metadata = self.metadata.clone();
        metadata.lineage = self.metadata.lineage.step(operation, parameters, &[]);
        metadata
    }

    /// A new dataset computed from this one and another: credits of both, a step in the lineage that used both, made if either
    /// is. What will be done with the result decides whether their licences go together; merged data that will be published,
    /// be it only as a map, are [`Use::DerivedDatabase`].
    ///
    /// # Errors
    ///
    /// [`LicenceConflict`], before anything is computed.
    pub fn combine<V, U>(
        &self,
        other: &Dataset<V>,
        operation: &str,
        parameters: Parameters,
        purpose: Use,
        compute: impl FnOnce(&T, &V) -> U,
    ) -> Result<Dataset<U>, LicenceConflict> {
        self.try_combine(other, operation, parameters, purpose, |one, two| Ok(compute(one, two)))
    }

    /// As [`combine`](Dataset::combine), for a computation that may fail.
    ///
    /// # Errors
    ///
    /// A [`LicenceConflict`], before anything is computed; those of `compute`.
    pub fn try_combine<V, U, E: From<LicenceConflict>>(
        &self,
        other: &Dataset<V>,
        operation: &str,
        parameters: Parameters,
        purpose: Use,
        compute: impl FnOnce(&T, &V) -> Result<U, E>,
    ) -> Result<Dataset<U>, E> {
        let mut metadata = self.metadata.joined(&other.metadata);
        metadata.terms(purpose)?;
        metadata.lineage = self.metadata.lineage.step(operation, parameters, &[&other.metadata.lineage]);
        Ok(Dataset { payload: compute(&self.payload, &other.payload)?, metadata })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Credit, Licence, Lineage};

    fn dataset(title: &str, licence: Licence, made: bool) -> Dataset<f64> {
        let metadata = Metadata::new(title)
            .with_credit(Credit::new(title, "someone", licence))
            .with_lineage(Lineage::source(title, title, ""))
            .with_made(made);
        Dataset::new(1.0, metadata)
    }

    #[test]
    fn conflicts_are_found_before_anything_is_computed() {
        let (one, two) = (dataset("a", Licence::Odbl1, false), dataset("b", Licence::CcBySa4, false));
        let combine = |purpose| {
            one.combine(&two, "add", Parameters::new(), purpose, |one, two| {
                assert_ne!(purpose, Use::DerivedDatabase, "computed in spite of the conflict");
                one + two
            })
        };
        assert!(matches!(combine(Use::DerivedDatabase), Err(LicenceConflict::ShareAlike { .. })));
        assert_eq!(combine(Use::Internal).unwrap().payload(), &2.0);
    }

    #[test]
    fn all_that_was_said_travels_on() {
        let (one, two) = (dataset("a", Licence::Cc0, false), dataset("b", Licence::Odbl1, true));
        let sum = one
            .combine(&two, "add", Parameters::new(), Use::DerivedDatabase, |one, two| one + two)
            .unwrap()
            .derive("double", Parameters::from([("by".into(), "2".into())]), |sum| 2.0 * sum)
            .describe(|metadata| metadata.with_title("c"));
        let metadata = sum.metadata();
        assert!(metadata.made, "one made input makes it made");
        assert_eq!(metadata.credits.len(), 2);
        assert_eq!(metadata.lineage.walk().count(), 4);
        assert_eq!(metadata.title, "c");
        let back = two.combine(&one, "add", Parameters::new(), Use::Internal, |a, b| a + b).unwrap();
        assert!(back.metadata().made);
    }

    #[test]
    fn a_failed_step_gives_no_dataset() {
        let one = dataset("a", Licence::Cc0, false);
        assert_eq!(one.try_derive("x", Parameters::new(), |_| Err::<f64, _>("no")), Err("no"));
    }
}
