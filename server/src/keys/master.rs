//! The master key: where it comes from, and how it is told from others without being shown.
//!
//! Never prints the key, never overwrites a file.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::KeyError;
use super::cipher::{Key, Label};
use crate::entropy;

/// The variable that may hold the master key itself.
const VARIABLE: &str = "LIAISON_MASTER_KEY";

/// Text that is not printed.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The master key in the environment, if it is there.
    #[must_use]
    pub fn from_environment() -> Option<Self> {
        std::env::var(VARIABLE).ok().map(Self::from)
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// What a master key is called in messages: the beginning of a hash of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MasterKeyId(pub [u8; 8]);

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// The key that wraps the keys of the keyring.
#[derive(Debug, Clone)]
pub struct MasterKey {
    key: Key,
}

impl MasterKey {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self { key: Key::random() }
    }

    /// A key written as 64 hexadecimal digits, as in [`VARIABLE`].
    ///
    /// # Errors
    /// When it is not written so.
    pub fn parse(text: &SecretText) -> Result<Self, KeyError> {
        Self::from_hex(&text.0).ok_or_else(|| KeyError::InvalidMasterKey(VARIABLE.to_owned()))
    }

    /// The key in a file: 64 hexadecimal digits and the end of the line.
    ///
    /// # Errors
    /// When there is no such file, it cannot be read, or holds something else.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(KeyError::MissingMasterKey(path.to_owned()));
            }
            Err(source) => return Err(KeyError::File { path: path.to_owned(), source }),
        };
        Self::from_hex(&text).ok_or_else(|| KeyError::InvalidMasterKey(path.display().to_string()))
    }

    /// As [`Self::load`], but a file that does not exist is made, with a new key, for its owner alone.
    /// Whatever happens meanwhile, the file is there whole or not at all.
    ///
    /// # Errors
    /// As [`Self::load`], and when the file cannot be written.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match Self::load(path) {
            Err(KeyError::MissingMasterKey(_)) => {}
            loaded => return loaded,
        }
        match Self::random().save(path) {
            Ok(()) => tracing::warn!(
                path = %path.display(),
                "a new master key: without it nobody reads the dossiers; keep a copy apart from the backups of the store"
            ),
            // Another process was faster: its key is the one.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(KeyError::File { path: path.to_owned(), source }),
        }
        Self::load(path)
    }

    /// What this key is called.
    #[must_use]
    pub fn id(&self) -> MasterKeyId {
        let hash = Sha256::new().chain_update("liaison master key").chain_update(self.key.bytes()).finalize();
        let mut id = [0; 8];
        id.copy_from_slice(&hash[..8]);
        MasterKeyId(id)
    }

    /// Seals another key.
    pub(super) fn wrap(&self, label: &Label, key: &Key) -> Result<Vec<u8>, KeyError> {
        self.key.seal(label, key.bytes()).ok_or(KeyError::TooLarge)
    }

    /// Opens another key; `None` when this key did not seal it, or not under this label.
    pub(super) fn unwrap(&self, label: &Label, wrapped: &[u8]) -> Option<Key> {
        let bytes = Zeroizing::new(self.key.open(label, wrapped)?);
        bytes.as_slice().try_into().ok().map(Key::new)
    }

    fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim_end(), &mut bytes).ok()?;
        Some(Self { key: Key::new(bytes) })
    }

    /// Written beside its place first, then linked there: a link fails when there is a file already.
    fn save(&self, path: &Path) -> io::Result<()> {
        let unique = hex::encode(entropy::bytes::<8>());
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{unique}"));
        let beside = PathBuf::from(beside);
        let digits = Zeroizing::new(hex::encode(self.key.bytes()));
        let saved = create_private(&beside)
            .and_then(|mut file| {
                writeln!(file, "{}", *digits)?;
                file.sync_all()
            })
            .and_then(|()| fs::hard_link(&beside, path));
        let removed = fs::remove_file(&beside);
        saved?;
        removed?;
        sync_folder(path)
    }
}

/// Makes a file that only its owner may read.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A new name in a folder outlives a power cut only once the folder itself is written.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_once_and_read_ever_after() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master-key");
        assert!(matches!(MasterKey::load(&path), Err(KeyError::MissingMasterKey(_))));
        let made = MasterKey::load_or_create(&path).unwrap();
        assert_eq!(MasterKey::load(&path).unwrap().id(), made.id());
        assert_eq!(MasterKey::load_or_create(&path).unwrap().id(), made.id());
        let error = MasterKey::random().save(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists, "a key is never overwritten");
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!((text.len(), text.ends_with('\n')), (65, true));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_not_a_key_is_not_taken_for_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master-key");
        for bad in ["", "\n", &"a".repeat(63), &"g".repeat(64), &"a".repeat(66)] {
            fs::write(&path, bad).unwrap();
            assert!(matches!(MasterKey::load(&path), Err(KeyError::InvalidMasterKey(_))), "{bad}");
            assert!(MasterKey::parse(&SecretText::from(bad.to_owned())).is_err(), "{bad}");
        }
        assert!(matches!(MasterKey::load(folder.path()), Err(KeyError::File { .. })));
    }

    #[test]
    fn nothing_prints_a_master_key() {
        let digits = "ab".repeat(32);
        let text = SecretText::from(digits.clone());
        let master = MasterKey::parse(&text).unwrap();
        let wrong = MasterKey::parse(&SecretText::from(format!("{digits}zz"))).unwrap_err();
        let printed = format!("{text:?} {master:?} {} {wrong} {wrong:?}", master.id());
        assert!(!printed.contains("abab") && !printed.contains("171"), "{printed}");
    }
}
