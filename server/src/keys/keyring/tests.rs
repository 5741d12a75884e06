//! What the keyring promises, over real files.

use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::keys::MasterKeyId;

const NOW: Timestamp = Timestamp(1_795_419_000_000);

struct Place {
    folder: TempDir,
    master: MasterKey,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), master: MasterKey::random() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store.keys")
    }

    async fn open(&self) -> Keyring {
        Keyring::open(&self.path(), self.master.clone()).await.unwrap()
    }

    /// Whether these bytes are in any file of the folder.
    fn holds(&self, bytes: &[u8]) -> bool {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        files.into_iter().any(|file| std::fs::read(file).unwrap().windows(bytes.len()).any(|window| window == bytes))
    }
}

fn name(number: u8) -> KeyName {
    KeyName::Dossier(DossierId([number; 16]))
}

fn label() -> Label {
    Label::new("essai", "x", b"1")
}

async fn wrapped(keyring: &Keyring, wanted: KeyName) -> Vec<u8> {
    let mut connection = keyring.pool.acquire().await.unwrap();
    let keys = rows::all(&mut connection).await.unwrap();
    keys.into_iter().find(|(name, _)| *name == wanted).unwrap().1.unwrap()
}

#[tokio::test]
async fn a_key_is_made_once_and_found_by_everyone() {
    let place = Place::new();
    let first = place.open().await;
    let second = place.open().await;
    assert_eq!(first.id(), second.id());
    assert!(matches!(first.seal(name(1), &label(), b"x"), Err(KeyError::Unknown(_))));
    first.ensure([name(1), KeyName::Agence], NOW).await.unwrap();
    let sealed = first.seal(name(1), &label(), b"Oiseau").unwrap();
    assert!(matches!(second.unseal(name(1), &label(), &sealed), Err(KeyError::Unknown(_))));
    second.refresh().await.unwrap();
    assert_eq!(second.unseal(name(1), &label(), &sealed).unwrap(), b"Oiseau");
    assert!(matches!(second.unseal(KeyName::Agence, &label(), &sealed), Err(KeyError::Unreadable(_))));
    // Two processes want the same key: the second one takes what the first has made.
    first.ensure([name(2)], NOW).await.unwrap();
    second.ensure([name(1), name(2)], NOW).await.unwrap();
    let sealed = second.seal(name(2), &label(), b"Oiseau").unwrap();
    assert_eq!(first.unseal(name(2), &label(), &sealed).unwrap(), b"Oiseau");
    assert_eq!(place.open().await.unseal(name(2), &label(), &sealed).unwrap(), b"Oiseau");
}

#[tokio::test]
async fn a_destroyed_key_is_gone_for_everyone_for_good() {
    let place = Place::new();
    let (keyring, other) = (place.open().await, place.open().await);
    keyring.ensure([name(1), name(2)], NOW).await.unwrap();
    let sealed = keyring.seal(name(1), &label(), b"Oiseau").unwrap();
    let lock = wrapped(&keyring, name(1)).await;
    assert!(place.holds(&lock), "the search finds what is there");
    other.refresh().await.unwrap();

    keyring.destroy(DossierId([1; 16]), NOW).await.unwrap();
    assert!(!place.holds(&lock), "not in the file, nor in its write-ahead log");
    assert!(keyring.is_destroyed(name(1)) && !keyring.is_destroyed(name(2)));
    assert_eq!(keyring.count(), (1, 1));
    assert!(matches!(keyring.unseal(name(1), &label(), &sealed), Err(KeyError::Destroyed(_))));
    assert!(matches!(keyring.seal(name(1), &label(), b"x"), Err(KeyError::Destroyed(_))));
    assert!(matches!(keyring.ensure([name(2), name(1)], NOW).await, Err(KeyError::Destroyed(_))));
    other.refresh().await.unwrap();
    assert!(matches!(other.unseal(name(1), &label(), &sealed), Err(KeyError::Destroyed(_))));
    assert!(place.open().await.is_destroyed(name(1)));

    keyring.destroy(DossierId([1; 16]), NOW).await.unwrap();
    let never = keyring.destroy(DossierId([9; 16]), NOW).await;
    assert!(matches!(never, Err(KeyError::Unknown(_))), "a misspelt dossier is not destroyed quietly");
}

#[tokio::test]
async fn another_master_key_opens_nothing_and_says_which_one_would() {
    let place = Place::new();
    place.open().await.ensure([name(1)], NOW).await.unwrap();
    let stranger = MasterKey::random();
    let error = Keyring::open(&place.path(), stranger.clone()).await.unwrap_err();
    let KeyError::WrongMasterKey { given, expected } = error else { panic!("{error}") };
    assert_eq!((given, expected), (stranger.id(), place.master.id()));
    // Not even when the keyring is made to say that it is the right one.
    let pool = rows::open(&place.path()).await.unwrap();
    rows::changed(&mut pool.acquire().await.unwrap(), stranger.id()).await.unwrap();
    assert!(matches!(Keyring::open(&place.path(), stranger).await, Err(KeyError::Unreadable(_))));
}

#[tokio::test]
async fn a_rotation_keeps_what_was_sealed_and_locks_the_former_master_key_out() {
    let place = Place::new();
    let (keyring, running) = (place.open().await, place.open().await);
    keyring.ensure([name(1), name(2), name(3)], NOW).await.unwrap();
    keyring.destroy(DossierId([3; 16]), NOW).await.unwrap();
    running.refresh().await.unwrap();
    let sealed = keyring.seal(name(1), &label(), b"Oiseau").unwrap();
    let before = wrapped(&keyring, name(1)).await;
    let new = MasterKey::random();
    assert_eq!(keyring.rotate(&new).await.unwrap(), 2);
    assert!(!place.holds(&before), "what the former key opens is wiped out");

    let former = |error| {
        assert!(matches!(error, KeyError::WrongMasterKey { expected, .. } if expected == new.id()), "{error}");
    };
    former(Keyring::open(&place.path(), place.master.clone()).await.unwrap_err());
    // A relay that went on with the former key notices, and makes no key that the new one would not open.
    former(running.refresh().await.unwrap_err());
    former(running.ensure([name(4)], NOW).await.unwrap_err());
    let rotated = Keyring::open(&place.path(), new.clone()).await.unwrap();
    assert_eq!(rotated.unseal(name(1), &label(), &sealed).unwrap(), b"Oiseau");
    assert!(rotated.is_destroyed(name(3)));
    assert!(matches!(rotated.rotate(&new).await, Err(KeyError::SameMasterKey)));
}

#[tokio::test]
async fn a_rotation_that_is_cut_short_has_not_begun() {
    let place = Place::new();
    let keyring = place.open().await;
    keyring.ensure([name(1), name(2)], NOW).await.unwrap();
    let sealed = keyring.seal(name(2), &label(), b"Oiseau").unwrap();
    keyring.close().await;
    // As `rotate` does it, up to the last moment before the end.
    let pool = rows::open(&place.path()).await.unwrap();
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    rows::rewrap(&mut transaction, name(1), b"with the new key").await.unwrap();
    rows::changed(&mut transaction, MasterKeyId([7; 8])).await.unwrap();
    drop(transaction);
    pool.close().await;
    assert_eq!(place.open().await.unseal(name(2), &label(), &sealed).unwrap(), b"Oiseau");
}

#[tokio::test]
async fn keys_do_not_change_places() {
    let place = Place::new();
    let keyring = place.open().await;
    keyring.ensure([name(1), name(2)], NOW).await.unwrap();
    let mut connection = keyring.pool.acquire().await.unwrap();
    let stolen = rows::all(&mut connection).await.unwrap()[0].1.clone().unwrap();
    rows::rewrap(&mut connection, name(2), &stolen).await.unwrap();
    drop(connection);
    assert!(matches!(Keyring::open(&place.path(), place.master.clone()).await, Err(KeyError::Unreadable(_))));
}
