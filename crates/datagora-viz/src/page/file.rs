//! A page as files.

/// A file of a page that is a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebFile {
    /// Path within the folder, with `/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}
