//! Where the chunks are kept: a folder, or a bucket that speaks S3.
//!
//! Never makes a folder in the place of one that is missing.

use std::fs::DirBuilder;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, parse_url_opts};
use thiserror::Error;
use url::Url;

use super::BlobError;

/// A place that this relay does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a folder or s3://BUCKET/PREFIX")]
pub struct UnknownPlace;

/// Where the chunks are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobsPlace {
    /// A folder.
    Folder(PathBuf),
    /// A bucket, and a prefix in it; who may use it is in the `AWS_…` variables. Needs the feature `s3`.
    Bucket(Url),
}

impl FromStr for BlobsPlace {
    type Err = UnknownPlace;

    fn from_str(text: &str) -> Result<Self, UnknownPlace> {
        match text.split_once("://") {
            Some(("s3", _)) => text.parse().map(Self::Bucket).map_err(|_| UnknownPlace),
            Some(_) => Err(UnknownPlace),
            None if text.is_empty() => Err(UnknownPlace),
            None => Ok(Self::Folder(text.into())),
        }
    }
}

impl BlobsPlace {
    /// Opens it; `used`: the store names files that are there.
    pub(super) fn open(&self, used: bool) -> Result<Arc<dyn ObjectStore>, BlobError> {
        match self {
            Self::Folder(path) => {
                let missing = !path.try_exists().map_err(|source| BlobError::Folder { path: path.clone(), source })?;
                if missing && used {
                    return Err(BlobError::MissingFolder(path.clone()));
                }
                make_private(path).map_err(|source| BlobError::Folder { path: path.clone(), source })?;
                // What was written is on the disk before it is acknowledged, and no empty folders stay.
                let folder = LocalFileSystem::new_with_prefix(path)?.with_fsync(true).with_automatic_cleanup(true);
                Ok(Arc::new(folder))
            }
            Self::Bucket(url) => {
                let settings = std::env::vars_os().filter_map(|(name, value)| {
                    let name = name.into_string().ok()?;
                    name.starts_with("AWS_").then_some((name.to_lowercase(), value.into_string().ok()?))
                });
                let (bucket, prefix) = parse_url_opts(url, settings)?;
                Ok(Arc::new(PrefixStore::new(Arc::<dyn ObjectStore>::from(bucket), prefix)))
            }
        }
    }
}

/// Makes a folder that only its owner reads, unless it is there.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut folder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.recursive(true).create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        assert_eq!("/srv/x".parse(), Ok(BlobsPlace::Folder("/srv/x".into())));
        assert!(matches!("s3://agence/liaison".parse(), Ok(BlobsPlace::Bucket(_))));
        for none in ["", "gs://agence", "file:///srv/x", "memory://"] {
            assert_eq!(none.parse::<BlobsPlace>(), Err(UnknownPlace), "{none}");
        }
    }

    #[test]
    fn a_folder_that_should_be_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let place = BlobsPlace::Folder(folder.path().join("blobs"));
        assert!(matches!(place.open(true), Err(BlobError::MissingFolder(_))));
        place.open(false).unwrap();
        place.open(true).unwrap();
    }
}
