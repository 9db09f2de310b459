//! Folders that appear whole or not at all.
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::WriteError;
use super::atomic::{parent, sync_folder};

/// Name of the list of files, in the format of `sha256sum`.
const LIST: &str = "files.sha256";
/// How many foreign files an error names.
const NAMED: usize = 5;

/// An output folder that takes its name only when it is complete.
///
/// Files are written into a temporary folder beside the target. [`commit`](AtomicFolder::commit) adds `files.sha256`, the list
/// of all files with their hashes (`sha256sum -c files.sha256` checks it), and swaps the folder in. A folder dropped before
/// leaves nothing behind, and the old one untouched.
///
/// **What is replaced.** An existing target is replaced only if it is empty, or if it holds exactly what its own
/// `files.sha256` lists, unchanged: what an earlier run wrote and nobody touched. Anything else is refused, so that a slip in
/// a path never costs a folder of somebody's work.
///
/// ```
/// use datagora_core::io::AtomicFolder;
/// use std::io::Write;
///
/// let place = tempfile::tempdir()?;
/// let target = place.path().join("atlas");
/// let folder = AtomicFolder::create(&target)?;
/// folder.file("tables/trees.csv")?.write_all(b"commune,trees\r\n")?;
/// assert!(!target.exists());
/// folder.commit()?;
/// assert!(target.join("tables/trees.csv").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AtomicFolder {
    target: PathBuf,
    building: TempDir,
}

fn unwritable(path: &Path, source: std::io::Error) -> WriteError {
    WriteError::Unwritable { path: path.to_owned(), source }
}

impl AtomicFolder {
    /// Begins a folder that will have this path; folders above it are made.
    ///
    /// # Errors
    ///
    /// [`WriteError::Occupied`] if the target holds something else than an earlier run wrote;
    /// [`WriteError::Unwritable`] if it is no folder, or no folder can be made beside it.
    pub fn create(target: impl AsRef<Path>) -> Result<Self, WriteError> {
        let target = target.as_ref();
        // A link is followed: what it points to is replaced, not the link. “.” and “..” get their names.
        let target = match target.canonicalize() {
            Ok(existing) => existing,
            Err(_) => target.to_owned(),
        };
        if target.file_name().is_none() {
            let source = std::io::Error::other("it has no name of its own; choose a folder inside it");
            return Err(unwritable(&target, source));
        }
        refuse_foreign(&target)?;
        let beside = parent(&target);
        fs::create_dir_all(beside).map_err(|source| unwritable(beside, source))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".datagora-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        let building = builder.tempdir_in(beside).map_err(|source| unwritable(&target, source))?;
        Ok(Self { target, building })
    }

    /// The path it will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where it is being built. Files put here become part of it.
    pub fn path(&self) -> &Path {
        self.building.path()
    }

    /// The path, for now, of a file inside; the folders it lies in are made.
    ///
    /// # Errors
    ///
    /// [`WriteError::Outside`] if the name is absolute, empty or climbs out with `..`; [`WriteError::Unwritable`].
    pub fn place(&self, name: impl AsRef<Path>) -> Result<PathBuf, WriteError> {
        let name = name.as_ref();
        let inside = name.components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || name.as_os_str().is_empty() || name == Path::new(LIST) {
            return Err(WriteError::Outside { found: name.display().to_string() });
        }
        let path = self.path().join(name);
        let folder = parent(&path);
        fs::create_dir_all(folder).map_err(|source| unwritable(folder, source))?;
        Ok(path)
    }

    /// Opens a new file inside; the folders it lies in are made.
    ///
    /// # Errors
    ///
    /// As [`AtomicFolder::place`].
    pub fn file(&self, name: impl AsRef<Path>) -> Result<File, WriteError> {
        let path = self.place(name)?;
        File::create(&path).map_err(|source| unwritable(&path, source))
    }

    /// Completes the folder: lists its files, makes them durable, and gives it its name.
    ///
    /// Between taking the old folder away and giving the new one its name lies one instant without either; a machine that
    /// fails just then leaves both beside the target, under names that begin with `.datagora-`.
    ///
    /// # Errors
    ///
    /// [`WriteError::Occupied`] if something was put into the target in the meantime; [`WriteError::Unwritable`]. The old folder
    /// keeps its name.
    pub fn commit(self) -> Result<(), WriteError> {
        let Self { target, building } = self;
        let list = hashes(building.path()).map_err(|source| unwritable(building.path(), source))?;
        for name in list.keys() {
            let path = building.path().join(name);
            File::open(&path).and_then(|file| file.sync_all()).map_err(|source| unwritable(&path, source))?;
        }
        let text: String = list.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
        let place = building.path().join(LIST);
        File::create(&place)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .map_err(|source| unwritable(&place, source))?;
        refuse_foreign(&target)?;
        let beside = parent(&target).to_owned();
        if target.exists() {
            let old = tempfile::Builder::new()
                .prefix(".datagora-")
                .tempdir_in(&beside)
                .map_err(|source| unwritable(&target, source))?;
            let kept = old.path().join("old");
            fs::rename(&target, &kept).map_err(|source| unwritable(&target, source))?;
            if let Err(source) = fs::rename(building.path(), &target) {
                // Put the old one back; if even that fails, keep it rather than clean it away.
                if fs::rename(&kept, &target).is_err() {
                    let _ = old.keep();
                }
                return Err(unwritable(&target, source));
            }
        } else {
            fs::rename(building.path(), &target).map_err(|source| unwritable(&target, source))?;
        }
        // It has moved: there is nothing left to clean up under the temporary name.
        let _ = building.keep();
        sync_folder(&beside);
        Ok(())
    }
}

/// Refuses a target that holds something else than its list says.
fn refuse_foreign(target: &Path) -> Result<(), WriteError> {
    let listed = match fs::read_to_string(target.join(LIST)) {
        Ok(text) => text
            .lines()
            .filter_map(|line| line.split_once("  "))
            .map(|(hash, name)| (name.to_owned(), hash.to_owned()))
            .collect(),
        Err(_) if !target.exists() => return Ok(()),
        Err(_) => BTreeMap::new(),
    };
    let there = hashes(target).map_err(|source| unwritable(target, source))?;
    let found: Vec<String> = there
        .into_iter()
        .filter(|(name, hash)| listed.get(name) != Some(hash))
        .map(|(name, _)| name)
        .take(NAMED)
        .collect();
    if found.is_empty() { Ok(()) } else { Err(WriteError::Occupied { path: target.to_owned(), found }) }
}

/// Name, with slashes, and hash of each file in a folder and those below; its own list left out.
///
/// Links are not followed and have no hash, so that they never count as ours.
fn hashes(folder: &Path) -> std::io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![(folder.to_owned(), String::new())];
    while let Some((place, prefix)) = waiting.pop() {
        for entry in fs::read_dir(&place)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                waiting.push((entry.path(), format!("{name}/")));
            } else if kind.is_file() {
                if name != LIST {
                    found.insert(name, file_hash(&entry.path())?);
                }
            } else {
                found.insert(name, String::new());
            }
        }
    }
    Ok(found)
}

fn file_hash(path: &Path) -> std::io::Result<String> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            return Ok(crate::lineage::hexadecimal(&digest.finalize()));
        }
        digest.update(&buffer[..read]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(target: &Path, name: &str, text: &str) -> Result<(), WriteError> {
        let folder = AtomicFolder::create(target)?;
        folder.file(name)?.write_all(text.as_bytes()).unwrap();
        folder.commit()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_second_run_replaces_the_first() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("a/b/out");
        write(&target, "one/x.txt", "1").unwrap();
        let first = fs::read(target.join(LIST)).unwrap();
        write(&target, "one/x.txt", "1").unwrap();
        assert_eq!(first, fs::read(target.join(LIST)).unwrap(), "same input, same bytes");
        write(&target, "two.txt", "2").unwrap();
        assert_eq!(names(&target), [LIST, "two.txt"]);
        assert_eq!(names(target.parent().unwrap()), ["out"], "nothing is left beside it");
    }

    #[test]
    fn a_failed_run_leaves_the_old_folder() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        write(&target, "x.txt", "1").unwrap();
        let folder = AtomicFolder::create(&target).unwrap();
        folder.file("half.txt").unwrap().write_all(b"half").unwrap();
        drop(folder);
        assert_eq!(names(&target), [LIST, "x.txt"]);
        assert_eq!(names(place.path()), ["out"]);
    }

    #[test]
    fn what_is_not_ours_is_never_replaced() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("home");
        fs::create_dir(&target).unwrap();
        write(&target, "x.txt", "1").expect("an empty folder may be filled");
        fs::write(target.join("thesis.tex"), "years of work").unwrap();
        let error = write(&target, "x.txt", "2").unwrap_err();
        assert!(matches!(&error, WriteError::Occupied { found, .. } if found == &["thesis.tex"]), "{error}");
        fs::remove_file(target.join("thesis.tex")).unwrap();
        fs::write(target.join("x.txt"), "edited by hand").unwrap();
        assert!(matches!(write(&target, "x.txt", "2"), Err(WriteError::Occupied { .. })));
        assert_eq!(fs::read_to_string(target.join("x.txt")).unwrap(), "edited by hand");
        let file = place.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(AtomicFolder::create(&file), Err(WriteError::Unwritable { .. })));
    }

    #[test]
    fn names_stay_inside() {
        let place = tempfile::tempdir().unwrap();
        let folder = AtomicFolder::create(place.path().join("out")).unwrap();
        for name in ["../x", "/etc/x", "", "a/../../x", LIST] {
            assert!(matches!(folder.place(name), Err(WriteError::Outside { .. })), "{name}");
        }
    }
}
