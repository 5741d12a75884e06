//! What the keyring promises, over real files.

use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::keys::MasterKeyId;

const NOW: Timestamp = Timestamp(1_795_419_000_000);

struct Place {
    folder: TempDir,
    master: MasterKey,
    /// Whether it is as relays on several machines open it.
    shared: bool,
}

impl Place {
    fn new(shared: bool) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), master: MasterKey::random(), shared }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store.keys")
    }

    async fn open(&self) -> Keyring {
        Keyring::open(&self.path(), self.master.clone(), self.shared).await.unwrap()
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
    let keys = rows::since(&mut connection, 0).await.unwrap();
    keys.into_iter().find(|(name, _)| *name == wanted).unwrap().1.unwrap()
}

macro_rules! suite {
    ($($test:ident),* $(,)?) => {
        mod one_machine {
            use super::*;
            $(#[tokio::test] async fn $test() { super::$test(Place::new(false)).await; })*
        }
        mod a_shared_folder {
            use super::*;
            $(#[tokio::test] async fn $test() { super::$test(Place::new(true)).await; })*
        }
    };
}

suite!(
    a_key_is_made_once_and_found_by_everyone,
    a_destroyed_key_is_gone_for_everyone_for_good,
    another_master_key_opens_nothing_and_says_which_one_would,
    a_rotation_keeps_what_was_sealed_and_locks_the_former_master_key_out,
    a_rotation_that_is_cut_short_has_not_begun,
    keys_do_not_change_places,
    relays_that_make_keys_at_once_make_each_once,
    a_keyring_of_an_earlier_version_is_read_and_goes_on,
);

async fn a_key_is_made_once_and_found_by_everyone(place: Place) {
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

async fn a_destroyed_key_is_gone_for_everyone_for_good(place: Place) {
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

async fn another_master_key_opens_nothing_and_says_which_one_would(place: Place) {
    place.open().await.ensure([name(1)], NOW).await.unwrap();
    let stranger = MasterKey::random();
    let error = Keyring::open(&place.path(), stranger.clone(), place.shared).await.unwrap_err();
    let KeyError::WrongMasterKey { given, expected } = error else { panic!("{error}") };
    assert_eq!((given, expected), (stranger.id(), place.master.id()));
    // Not even when the keyring is made to say that it is the right one.
    let pool = rows::open(&place.path(), place.shared).await.unwrap();
    rows::changed(&mut pool.acquire().await.unwrap(), stranger.id()).await.unwrap();
    assert!(matches!(Keyring::open(&place.path(), stranger, place.shared).await, Err(KeyError::Unreadable(_))));
}

async fn a_rotation_keeps_what_was_sealed_and_locks_the_former_master_key_out(place: Place) {
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
    former(Keyring::open(&place.path(), place.master.clone(), place.shared).await.unwrap_err());
    // A relay that went on with the former key notices, and makes no key that the new one would not open.
    former(running.refresh().await.unwrap_err());
    former(running.ensure([name(4)], NOW).await.unwrap_err());
    let rotated = Keyring::open(&place.path(), new.clone(), place.shared).await.unwrap();
    assert_eq!(rotated.unseal(name(1), &label(), &sealed).unwrap(), b"Oiseau");
    assert!(rotated.is_destroyed(name(3)));
    assert!(matches!(rotated.rotate(&new).await, Err(KeyError::SameMasterKey)));
}

async fn a_rotation_that_is_cut_short_has_not_begun(place: Place) {
    let keyring = place.open().await;
    keyring.ensure([name(1), name(2)], NOW).await.unwrap();
    let sealed = keyring.seal(name(2), &label(), b"Oiseau").unwrap();
    keyring.close().await;
    // As `rotate` does it, up to the last moment before the end.
    let pool = rows::open(&place.path(), place.shared).await.unwrap();
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    rows::rewrap(&mut transaction, name(1), b"with the new key").await.unwrap();
    rows::changed(&mut transaction, MasterKeyId([7; 8])).await.unwrap();
    drop(transaction);
    pool.close().await;
    assert_eq!(place.open().await.unseal(name(2), &label(), &sealed).unwrap(), b"Oiseau");
}

async fn keys_do_not_change_places(place: Place) {
    let keyring = place.open().await;
    keyring.ensure([name(1), name(2)], NOW).await.unwrap();
    let mut connection = keyring.pool.acquire().await.unwrap();
    let stolen = rows::since(&mut connection, 0).await.unwrap()[0].1.clone().unwrap();
    rows::rewrap(&mut connection, name(2), &stolen).await.unwrap();
    drop(connection);
    assert!(matches!(
        Keyring::open(&place.path(), place.master.clone(), place.shared).await,
        Err(KeyError::Unreadable(_))
    ));
}

async fn relays_that_make_keys_at_once_make_each_once(place: Place) {
    let relays = [place.open().await, place.open().await, place.open().await];
    let making = relays.clone().map(|keyring| {
        tokio::spawn(async move {
            for number in 0..20 {
                keyring.refresh().await.unwrap();
                keyring.ensure([name(number), KeyName::Agence], NOW).await.unwrap();
            }
        })
    });
    for task in making {
        task.await.unwrap();
    }
    for keyring in &relays {
        keyring.refresh().await.unwrap();
    }
    let [first, rest @ ..] = &relays;
    assert_eq!(first.count(), (21, 0));
    for number in 0..20 {
        let sealed = first.seal(name(number), &label(), b"Oiseau").unwrap();
        for other in rest {
            assert_eq!(other.unseal(name(number), &label(), &sealed).unwrap(), b"Oiseau");
        }
    }
    // What one destroys is destroyed for those that knew it.
    first.destroy(DossierId([3; 16]), NOW).await.unwrap();
    for other in rest {
        other.refresh().await.unwrap();
        assert!(other.is_destroyed(name(3)) && !other.is_destroyed(name(4)));
    }
}

async fn a_keyring_of_an_earlier_version_is_read_and_goes_on(place: Place) {
    let keyring = place.open().await;
    keyring.ensure([name(1)], NOW).await.unwrap();
    let sealed = keyring.seal(name(1), &label(), b"Oiseau").unwrap();
    keyring.close().await;
    let pool = rows::open(&place.path(), place.shared).await.unwrap();
    let earlier = "DROP INDEX keys_by_change; ALTER TABLE keys DROP COLUMN changed";
    sqlx::raw_sql(earlier).execute(&pool).await.unwrap();
    pool.close().await;
    let (one, other) = (place.open().await, place.open().await);
    assert_eq!(one.unseal(name(1), &label(), &sealed).unwrap(), b"Oiseau");
    one.ensure([name(2)], NOW).await.unwrap();
    other.refresh().await.unwrap();
    assert!(other.knows(name(1)) && other.knows(name(2)));
}
