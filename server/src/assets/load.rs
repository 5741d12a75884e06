//! Reads a build from its folder.
//!
//! Never follows a link out of the folder, never reads while requests are served.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use super::Assets;
use super::file::File;

/// Why a build could not be read.
#[derive(Debug, Error)]
pub enum AssetsError {
    /// A file or folder cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The description of the build is not one.
    #[error("{path}: {source}")]
    Description {
        /// Which.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
}

/// What the relay needs of `build.json`.
#[derive(Debug, Default, Deserialize)]
struct Description {
    #[serde(default)]
    script_hashes: Vec<String>,
}

impl Assets {
    /// Every file below a folder. A folder that does not exist is an application that was not built.
    ///
    /// # Errors
    /// When something in the folder cannot be read.
    pub fn load(folder: &Path) -> Result<Self, AssetsError> {
        if !folder.is_dir() {
            return Ok(Self::default());
        }
        let mut contents = HashMap::new();
        read_below(folder, "", &mut contents)?;
        let script_hashes = match contents.get("build.json") {
            Some(bytes) => {
                let description: Description = serde_json::from_slice(bytes)
                    .map_err(|source| AssetsError::Description { path: folder.join("build.json"), source })?;
                description.script_hashes
            }
            None => Vec::new(),
        };
        let mut names: Vec<String> = contents.keys().cloned().collect();
        names.retain(|name| !name.ends_with(".br") && !name.ends_with(".gz"));
        let mut files = HashMap::new();
        for name in names {
            let Some(plain) = contents.remove(&name) else { continue };
            let (brotli, gzip) = (contents.remove(&format!("{name}.br")), contents.remove(&format!("{name}.gz")));
            let file = File::new(&name, plain, brotli, gzip);
            files.insert(name, file);
        }
        Ok(Self { files, script_hashes })
    }
}

fn read_below(folder: &Path, prefix: &str, contents: &mut HashMap<String, Vec<u8>>) -> Result<(), AssetsError> {
    let unreadable = |path: &Path, source| AssetsError::Unreadable { path: path.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(|source| unreadable(folder, source))? {
        let entry = entry.map_err(|source| unreadable(folder, source))?;
        let path = entry.path();
        // A name that is no text cannot be asked for.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type().map_err(|source| unreadable(&path, source))?;
        if kind.is_dir() {
            read_below(&path, &format!("{prefix}{name}/"), contents)?;
        } else if kind.is_file() {
            let bytes = fs::read(&path).map_err(|source| unreadable(&path, source))?;
            contents.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
}
