//! What is kept in this browser, and under which keys. Append-only for changes; never holds a document in memory.
//! Values are sealed under the vault's key; keys are not, so they hold ids and hashes only, never a name.
//!
//! `changes`, `outbox` and `refused` have keys `<document>#<hash>`, so one range read gives a document, or a whole dossier;
//! `stale` has a mark for each writing (`marks.rs`).

use std::collections::{HashMap, HashSet};

use liaison_shared::access::Role;
use liaison_shared::documents::{ChangeHeader, NewChange, changes_of, genesis, written};
use liaison_shared::order;
use liaison_shared::protocol::{ChangeRefusal, Cursor};
use liaison_shared::sync::{Outgoing, Quarantined, ReceivedChunk, Resume};
use liaison_shared::{ChangeHash, DocumentId, DossierId, Timestamp, UserId};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::marks::{dossier_of, mark};
use super::takeover::take_over;
use crate::platform::clock;
use crate::platform::indexed_db::{Batch, Database, Durability, StorageError};
use crate::vault::OpenVault;

pub(super) const CHANGES: &str = "changes";
pub(super) const OUTBOX: &str = "outbox";
pub(super) const STALE: &str = "stale";
pub(super) const SUMMARIES: &str = "summaries";
pub(super) const REFUSED: &str = "refused";
pub(super) const DRAFTS: &str = "drafts";
pub(super) const META: &str = "meta";
pub(super) const HOLDINGS: &str = "holdings";
pub(super) const READINGS: &str = "readings";
/// Pieces of files: `<hash>#<index>`.
pub(super) const FILES: &str = "files";
/// Which dossier has which file here: `<dossier>/<kind>/<hash>`.
pub(super) const FILED: &str = "filed";
/// The files that the relay does not have, under the same keys.
pub(super) const UPLOADS: &str = "uploads";
pub(super) const STORES: &[&str] =
    &[CHANGES, OUTBOX, STALE, SUMMARIES, REFUSED, DRAFTS, META, HOLDINGS, READINGS, FILES, FILED, UPLOADS];
/// 2: files. Grows with [`STORES`], and with it the version at which unsealed data is taken over.
const VERSION: u8 = 2;

/// A change the relay refused, kept whole.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Refusal {
    /// Its document's name.
    #[n(0)]
    pub document: DocumentId,
    /// Its identity.
    #[n(1)]
    pub hash: ChangeHash,
    /// The change chunk.
    #[n(2)]
    pub bytes: ByteVec,
    /// Why.
    #[n(3)]
    pub reason: ChangeRefusal,
    /// The refused change it stands on, when it was not refused itself.
    #[n(4)]
    pub because_of: Option<ChangeHash>,
    /// When it was set aside.
    #[n(5)]
    pub at: Timestamp,
}

/// What is owed again after the relay's log was replaced.
#[derive(Debug, Default)]
pub struct OwedAgain {
    /// Which changes.
    pub changes: Vec<(DocumentId, ChangeHash)>,
    /// Something in this browser does not open, and is not among them.
    pub damaged: bool,
}

/// One person's replica in this browser.
#[derive(Clone)]
pub struct Store {
    pub(super) database: Database,
}

fn database_name(vault: &str) -> String {
    format!("liaison-vault-{vault}")
}

pub(super) fn key(document: &str, hash: &ChangeHash) -> String {
    format!("{document}#{hash}")
}

/// Chunks from the relay, each at its place.
pub(super) fn put_chunks(batch: &mut Batch, chunks: &[ReceivedChunk]) {
    for chunk in chunks {
        batch.put(CHANGES, key(&chunk.document, &chunk.hash), chunk.bytes.clone());
    }
}

/// The same, of which the summaries do not know.
pub(super) fn put_news(batch: &mut Batch, chunks: &[ReceivedChunk]) {
    put_chunks(batch, chunks);
    mark(batch, chunks.iter().filter_map(|chunk| dossier_of(&chunk.document)));
}

pub(super) fn split_key(key: &str) -> Option<(DocumentId, ChangeHash)> {
    let (document, hash) = key.split_once('#')?;
    Some((document.parse().ok()?, hash.parse().ok()?))
}

/// The name of the tab session that made a change, as it is kept: behind Automerge's prefix for concurrent edits, an actor
/// ends with the session's sixteen bytes.
fn actor_of(change: &NewChange) -> Option<String> {
    let (header, _) = ChangeHeader::read(&change.bytes).ok()?;
    let actor = header.actor.to_string();
    Some(format!("actor:{}", &actor[actor.len().saturating_sub(32)..]))
}

pub(super) fn encoded<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

impl Store {
    /// Opens the replica that is in a vault. What this person's browser held before there were vaults is taken into it.
    ///
    /// # Errors
    /// When the browser gives no database, or what was held before cannot be taken over yet.
    pub async fn open(user: UserId, vault: &OpenVault) -> Result<Self, StorageError> {
        let seal = std::rc::Rc::new(vault.key.clone());
        let database = Database::open(&database_name(&vault.id), VERSION, STORES, Some(seal)).await?;
        take_over(&database, user).await?;
        Ok(Self { database })
    }

    /// Erases the replica of a vault.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn erase(vault: &str) -> Result<(), StorageError> {
        Database::erase(&database_name(vault)).await
    }

    /// Returns once everything that was handed to this store before is on the disk, or could not be put there.
    pub async fn barrier(&self) {
        let mut batch = Batch::default();
        // A transaction over a store begins after the earlier ones that write there have ended. No key is empty.
        for store in [CHANGES, DRAFTS, FILES] {
            batch.delete(store, "");
        }
        // Failing, it has waited all the same.
        let _waited = self.database.write(&batch, Durability::Strict).await.is_ok();
    }

    /// Calls `listener` when this page will not be able to store any more, and why.
    pub fn on_end(&self, listener: impl Fn(StorageError) + 'static) {
        self.database.on_end(listener);
    }

    /// The changes of one document, and snapshots of many, in no particular order.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn changes(&self, document: DocumentId) -> Result<Vec<Vec<u8>>, StorageError> {
        let rows = self.database.prefixed(CHANGES, &format!("{document}#")).await?;
        Ok(rows.into_iter().map(|(_, bytes)| bytes).collect())
    }

    /// Those of them that open, of a document some of which do not.
    async fn whole_changes(&self, document: DocumentId) -> Result<Vec<Vec<u8>>, StorageError> {
        let mut chunks = Vec::new();
        for key in self.database.keys(CHANGES, &format!("{document}#")).await? {
            match self.database.get(CHANGES, &key).await {
                Err(StorageError::Damaged(_)) => {}
                bytes => chunks.extend(bytes?),
            }
        }
        Ok(chunks)
    }

    /// The changes of every document of a dossier.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn dossier(&self, dossier: DossierId) -> Result<HashMap<DocumentId, Vec<Vec<u8>>>, StorageError> {
        let mut documents: HashMap<DocumentId, Vec<Vec<u8>>> = HashMap::new();
        for (key, bytes) in self.database.prefixed(CHANGES, &format!("{dossier}/")).await? {
            if let Some((document, _)) = split_key(&key) {
                documents.entry(document).or_default().push(bytes);
            }
        }
        Ok(documents)
    }

    /// Keeps what a person wrote: the changes, and that the relay does not have them. On the disk when this returns.
    /// Of `noted` it is kept that their tab sessions were of this browser, needed once for each; `drafts` are what these changes
    /// were made of.
    ///
    /// # Errors
    /// When the device cannot store: nothing of it is stored then, and no draft is forgotten.
    pub async fn append(
        &self,
        changes: &[NewChange],
        noted: &[NewChange],
        drafts: &[String],
    ) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        for draft in drafts {
            batch.delete(DRAFTS, draft.clone());
        }
        for actor in order::set(noted.iter().filter_map(actor_of)) {
            batch.put(META, actor, Vec::new());
        }
        for change in changes {
            let key = key(&change.document.to_string(), &change.hash);
            batch.put(CHANGES, key.clone(), change.bytes.clone());
            batch.put(OUTBOX, key, Vec::new());
        }
        mark(&mut batch, changes.iter().filter_map(|change| change.document.dossier()));
        self.database.write(&batch, Durability::Strict).await
    }

    /// Keeps what the relay sent, with the cursor it leads to.
    ///
    /// # Errors
    /// When the device cannot store: nothing of it is stored then, the cursor neither.
    pub async fn receive(&self, changes: &[ReceivedChunk], cursor: Cursor, role: Role) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        put_news(&mut batch, changes);
        batch.put(META, "cursor", encoded(&cursor));
        batch.put(META, "role", encoded(&role));
        self.database.write(&batch, Durability::Relaxed).await
    }

    /// The relay has these: they leave the outbox.
    ///
    /// # Errors
    /// When the device cannot store; they will be pushed again, which does no harm.
    pub async fn settle(&self, changes: &[(DocumentId, ChangeHash)]) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        for (document, hash) in changes {
            batch.delete(OUTBOX, key(&document.to_string(), hash));
        }
        self.database.write(&batch, Durability::Relaxed).await
    }

    /// Sets changes aside: out of their document, whole, with the reason.
    ///
    /// # Errors
    /// When the device cannot store: they stay where they were.
    pub async fn quarantine(&self, changes: &[Quarantined], now: Timestamp) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        for change in changes {
            let key = key(&change.document.to_string(), &change.hash);
            let refusal = Refusal {
                document: change.document,
                hash: change.hash,
                bytes: change.bytes.clone().into(),
                reason: change.reason,
                because_of: change.because_of,
                at: now,
            };
            batch.put(REFUSED, key.clone(), encoded(&refusal));
            batch.delete(CHANGES, key.clone());
            batch.delete(OUTBOX, key);
        }
        mark(&mut batch, changes.iter().filter_map(|change| change.document.dossier()));
        self.database.write(&batch, Durability::Strict).await
    }

    /// What was set aside, oldest first.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn refusals(&self) -> Result<Vec<Refusal>, StorageError> {
        let rows = self.database.prefixed(REFUSED, "").await?;
        let mut refusals: Vec<Refusal> =
            rows.into_iter().filter_map(|(_, bytes)| minicbor::decode(&bytes).ok()).collect();
        // A refused change before those that follow it aside.
        order::by_key(&mut refusals, |refusal| (refusal.at, refusal.because_of.is_some()));
        Ok(refusals)
    }

    /// The hashes on this device only, but for the beginnings of documents, which nobody wrote.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn pending(&self) -> Result<HashSet<ChangeHash>, StorageError> {
        Ok(written(&self.outbox_keys().await?).into_iter().collect())
    }

    /// The outbox: which change of which document.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn outbox_keys(&self) -> Result<Vec<(DocumentId, ChangeHash)>, StorageError> {
        self.owed("").await
    }

    /// What is owed of the documents whose name begins so.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn owed(&self, prefix: &str) -> Result<Vec<(DocumentId, ChangeHash)>, StorageError> {
        Ok(self.database.keys(OUTBOX, prefix).await?.iter().filter_map(|key| split_key(key)).collect())
    }

    /// Some changes, to be pushed, each after what it stands on.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn outgoing(&self, keys: &[(DocumentId, ChangeHash)]) -> Result<Vec<Outgoing>, StorageError> {
        let mut outgoing = Vec::with_capacity(keys.len());
        for (document, hash) in keys {
            let Some(bytes) = self.database.get(CHANGES, &key(&document.to_string(), hash)).await? else { continue };
            let Ok((header, bytes)) = ChangeHeader::read(&bytes) else { continue };
            outgoing.push((header.ops.0, Outgoing { document: *document, hash: *hash, deps: header.deps, bytes }));
        }
        // A change's operations are numbered after those of all it stands on.
        order::by_key(&mut outgoing, |(first_op, change)| (change.document, *first_op));
        Ok(outgoing.into_iter().map(|(_, change)| change).collect())
    }

    /// Where to take up again with the relay.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn resume(&self) -> Result<Resume, StorageError> {
        let cursor = self.database.get(META, "cursor").await?;
        let outbox = self.outgoing(&self.outbox_keys().await?).await?;
        let refusals = self.refusals().await?;
        let refused = refusals.into_iter().map(|refusal| (refusal.hash, refusal.reason)).collect();
        let role: Option<Role> = self.database.get(META, "role").await?.and_then(|bytes| minicbor::decode(&bytes).ok());
        let holdings = self.holdings().await?;
        let strays = self.strays(role.map(Role::reach), &holdings).await?;
        let readings = self.readings().await?;
        let cursor = cursor.and_then(|bytes| minicbor::decode(&bytes).ok());
        Ok(Resume { cursor, role, outbox, refused, holdings, strays, readings })
    }

    /// The relay's log was replaced: everything that was written in this browser goes back into the outbox. What does not open
    /// holds nothing else up.
    ///
    /// # Errors
    /// When the device cannot read or store.
    pub async fn refill_outbox(&self) -> Result<OwedAgain, StorageError> {
        let actors: HashSet<String> = self.database.keys(META, "actor:").await?.into_iter().collect();
        let keys = self.database.keys(CHANGES, "").await?;
        let documents = order::set(keys.iter().filter_map(|key| Some(split_key(key)?.0)));
        let mut own = OwedAgain::default();
        for document in documents {
            let chunks = match self.changes(document).await {
                Err(StorageError::Damaged(_)) => {
                    own.damaged = true;
                    self.whole_changes(document).await?
                }
                chunks => chunks?,
            };
            let mine = |change: &NewChange| actor_of(change).is_some_and(|session| actors.contains(&session));
            let mut written: Vec<NewChange> =
                changes_of(document, chunks.iter().map(Vec::as_slice)).into_iter().filter(mine).collect();
            // Its beginning too; those of others are not this device's to write.
            if written.is_empty() {
                continue;
            }
            written.extend(genesis(document));
            // Also what is in a snapshot: each by itself again, until the relay has it.
            let mut batch = Batch::default();
            for change in &written {
                let key = key(&document.to_string(), &change.hash);
                batch.put(CHANGES, key.clone(), change.bytes.clone());
                batch.put(OUTBOX, key, Vec::new());
                own.changes.push((document, change.hash));
            }
            self.database.write(&batch, Durability::Strict).await?;
            clock::breathe().await;
        }
        Ok(own)
    }

    /// A text somebody has begun and not sent.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn draft(&self, name: &str) -> Result<String, StorageError> {
        let bytes = self.database.get(DRAFTS, name).await?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default())
    }

    /// Keeps a text somebody has begun; an empty one is forgotten.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn keep_draft(&self, name: &str, text: &str) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        if text.is_empty() {
            batch.delete(DRAFTS, name);
        } else {
            batch.put(DRAFTS, name, text.as_bytes().to_vec());
        }
        self.database.write(&batch, Durability::Strict).await
    }
}
