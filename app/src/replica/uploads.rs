//! Files on their way to the relay: by the leading tab, after all that was written, piece by piece; after a cut line only
//! what is missing. What the relay refuses stays, with its reason.

use std::rc::Rc;

use liaison_shared::DossierId;
use liaison_shared::order;
use liaison_shared::sync::Link;
use serde_json::{Value, json};

use super::files::{FileKey, Refused, Upload, piece_length};
use super::leader::{Leader, Work};
use super::tabs::TabMessage;
use super::{Notice, Replica};
use crate::platform::clock;
use crate::platform::http::{self, HttpError};
use crate::platform::indexed_db::StorageError;

/// Waits between two tries that brought nothing, in milliseconds.
const FIRST_WAIT: u32 = 1_000;
const LONGEST_WAIT: u32 = 30_000;

/// What stopped a file.
enum Stop {
    /// To be tried again in a while.
    Later,
    /// The relay does not take it.
    Refused(Refused),
}

impl Replica {
    /// Keeps a file that somebody adds, and brings it to the relay when it can.
    ///
    /// # Errors
    /// When the device cannot store: nothing of it is stored then.
    pub async fn keep_file(&self, file: FileKey, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let upload = self.inner.store.keep_file(file, name, bytes).await?;
        self.stores_again();
        self.say_upload(&upload);
        self.upload_soon();
        Ok(())
    }

    /// Asks the relay once more for a file that it refused.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn retry_upload(&self, key: &str) -> Result<(), StorageError> {
        let known = self.inner.uploads.borrow().get(key).cloned();
        let Some(upload) = known else { return Ok(()) };
        let upload = Upload { refused: None, ..upload };
        self.inner.store.keep_upload(&upload).await?;
        self.say_upload(&upload);
        self.upload_soon();
        Ok(())
    }

    /// The files that the relay does not have, as far as this page knows.
    #[must_use]
    pub fn uploads(&self) -> Vec<Upload> {
        self.inner.uploads.borrow().values().cloned().collect()
    }

    /// Where a file is has changed in this tab: the page and the others hear of it.
    fn say_upload(&self, upload: &Upload) {
        self.tell_tabs(&TabMessage::Upload(upload.clone()));
        self.hear_upload(upload.clone());
    }

    pub(super) fn hear_upload(&self, upload: Upload) {
        self.inner.uploads.borrow_mut().insert(upload.key.clone(), upload);
        self.notify(Notice::Uploads);
    }

    pub(super) fn hear_uploaded(&self, key: &str) {
        self.inner.uploads.borrow_mut().remove(key);
        self.notify(Notice::Uploads);
    }

    /// Reads from the store what the relay does not have; what is known to be there already stays so.
    pub(super) async fn read_uploads(&self) {
        // What cannot be read now is read by the next leader.
        let Ok(stored) = self.inner.store.uploads().await else { return };
        let before = self.inner.uploads.take();
        let sent = |key: &str| before.get(key).map_or(0, |upload| upload.sent);
        let fresh = order::map(stored.into_iter().map(|it| (it.key.clone(), Upload { sent: sent(&it.key), ..it })));
        *self.inner.uploads.borrow_mut() = fresh;
        self.notify(Notice::Uploads);
    }

    pub(super) fn upload_soon(&self) {
        let leader = self.inner.leader.borrow().clone();
        if let Some(leader) = leader {
            leader.upload_soon();
        }
    }
}

impl Leader {
    /// Brings what is owed, unless that is under way.
    pub(super) fn upload_soon(self: &Rc<Self>) {
        self.files.again.set(true);
        if self.files.under_way.replace(true) {
            return;
        }
        let leader = Rc::clone(self);
        clock::spawn(async move {
            let mut wait = FIRST_WAIT;
            while leader.files.again.take() && leader.may_upload() {
                match leader.upload_all().await {
                    Some(true) => wait = FIRST_WAIT,
                    Some(false) => wait = (wait * 2).min(LONGEST_WAIT),
                    None => continue,
                }
                clock::sleep(wait).await;
                leader.files.again.set(true);
            }
            leader.files.under_way.set(false);
        });
    }

    /// What was written goes first: the relay takes no file of a dossier that it does not know.
    fn may_upload(&self) -> bool {
        let status = self.status();
        status.link == Link::Online && status.pending == 0
    }

    /// Tries each file that is owed once. `None`: nothing is left to try; else whether something was brought.
    async fn upload_all(self: &Rc<Self>) -> Option<bool> {
        let store = &self.replica.inner.store;
        // A device that cannot read tries again after a while.
        let Ok(uploads) = store.uploads().await else { return Some(false) };
        let (mut left, mut brought) = (false, false);
        for upload in uploads.into_iter().filter(Upload::is_due) {
            let Some(file) = upload.file() else { continue };
            match self.upload(file, &upload, &mut brought).await {
                Ok(()) => {
                    // Left in the store, it is offered again after the next start: complete at once.
                    let _settled = store.uploaded(&upload.key).await.is_ok();
                    self.replica.tell_tabs(&TabMessage::Uploaded(upload.key.clone()));
                    self.replica.hear_uploaded(&upload.key);
                }
                Err(Stop::Refused(refused)) => {
                    let upload = Upload { refused: Some(refused), ..upload };
                    left |= upload.is_due();
                    // Not kept, it is refused again after the next start.
                    let _kept = store.keep_upload(&upload).await.is_ok();
                    self.replica.say_upload(&upload);
                }
                Err(Stop::Later) => left = true,
            }
            self.take_leave();
            if !self.may_upload() {
                break;
            }
        }
        left.then_some(brought)
    }

    /// Brings what the relay says is missing of a file, until it says that it is complete.
    async fn upload(&self, file: FileKey, upload: &Upload, brought: &mut bool) -> Result<(), Stop> {
        let (path, token) = (format!("/api/blobs/{file}"), self.replica.inner.token.as_str());
        // Once to hear what is missing, once to hear that nothing is.
        for _ in 0..2 {
            let body = json!({ "size": upload.size }).to_string();
            let answer = http::send("POST", &path, Some(token), Some(body)).await.map_err(stop)?;
            let answer: Value = serde_json::from_str(&answer).map_err(|_| Stop::Later)?;
            if answer["complete"].as_bool() == Some(true) {
                return Ok(());
            }
            let missing: Vec<u32> = answer["missing"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default()
                .iter()
                .filter_map(|index| u32::try_from(index.as_u64()?).ok())
                .collect();
            let owed: u64 = missing.iter().map(|index| piece_length(upload.size, *index)).sum();
            let mut sent = upload.size.saturating_sub(owed);
            for index in missing {
                self.replica.say_upload(&Upload { sent, refused: None, ..upload.clone() });
                let piece = self.replica.inner.store.piece(&file.hash, index).await.map_err(|_| Stop::Later)?;
                let Some(piece) = piece else { return Err(Stop::Refused(lost())) };
                http::carry("PUT", &format!("{path}/{index}"), token, Some(&piece)).await.map_err(stop)?;
                *brought = true;
                sent += piece.len() as u64;
            }
            self.replica.say_upload(&Upload { sent, refused: None, ..upload.clone() });
        }
        Err(Stop::Later)
    }

    /// Whether files of some dossiers (of any, without them) have to be brought first: then what was to be done is done
    /// once they are at the relay, or refused.
    pub(super) async fn files_first(self: &Rc<Self>, dossiers: Option<&[DossierId]>) -> Result<bool, StorageError> {
        let leaves = |upload: &Upload| {
            let dossier = upload.file().map(|file| file.dossier);
            upload.refused.is_none() && dossiers.is_none_or(|all| dossier.is_some_and(|it| all.contains(&it)))
        };
        if !self.replica.inner.store.uploads().await?.iter().any(leaves) {
            return Ok(false);
        }
        match dossiers {
            Some(dossiers) => self.files.leaving.borrow_mut().extend(dossiers),
            None => self.files.starting_over.set(true),
        }
        self.upload_soon();
        Ok(true)
    }

    /// Takes up what waited for a file; it waits again when another one is owed.
    fn take_leave(self: &Rc<Self>) {
        let leaving = self.files.leaving.take();
        if !leaving.is_empty() {
            self.work(Work::Forget(leaving.into_iter().collect()));
        }
        if self.files.starting_over.take() {
            self.work(Work::StartOver);
        }
    }
}

/// Its bytes are not on this device any more.
fn lost() -> Refused {
    let sentence = "Ce fichier n’est plus entier sur cet appareil. Ajoutez-le de nouveau.".to_owned();
    Refused { status: 0, sentence }
}

fn stop(error: HttpError) -> Stop {
    match error {
        HttpError::Refused { status: status @ (403 | 413 | 422 | 429), message, .. } => {
            Stop::Refused(Refused { status, sentence: message })
        }
        _ => Stop::Later,
    }
}
