//! The documents of a dossier: how each kind begins, how it is changed, how it reads.
//!
//! One user action is one Automerge change. Nothing here stores or sends; a change comes back as bytes.

pub mod annuaire;
#[cfg(test)]
mod converge_tests;
mod describe;
pub mod entries;
mod fields;
mod genesis;
pub mod history;
pub mod journal;
pub mod prestation;
mod records;
mod register;
pub mod relation;
pub mod schema;
mod snapshot;
mod text;
mod ticks;

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{Author, Automerge, Change, ObjId, PatchLog, ROOT, ReadDoc};
use thiserror::Error;

use crate::ids::{ActorId, ChangeHash, DocumentId, UserId};
use crate::order;
use crate::time::Timestamp;

pub use describe::{Deed, describe, touched};
pub use fields::{FieldsView, SetField, register, set_field, set_fields};
pub use genesis::{GENESIS_ACTOR, genesis, is_genesis, is_genesis_actor, written};
pub use history::{Revision, field_history, record_history};
pub use records::{
    Record, RecordEdit, Records, add_record, add_record_and_set, edit_records, record_field, retire_record, set_record,
};
pub use register::{Candidate, Register};
pub use schema::client;
pub use snapshot::{Snapshot, changes_of, held_of, is_snapshot, snapshot_hash};
pub use ticks::{Ticks, set_tick};

/// Why a document could not be read or changed.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// Automerge refused.
    #[error("automerge: {0}")]
    Automerge(#[from] automerge::AutomergeError),
    /// Bytes that are not a change.
    #[error("not a change: {0}")]
    Change(#[from] automerge::LoadChangeError),
    /// What was saved does not open as what it was.
    #[error("a snapshot does not read as what it was made of")]
    Snapshot,
    /// A part of the document that its genesis makes is not there.
    #[error("{document} has no {part}")]
    Missing {
        /// The document.
        document: DocumentId,
        /// The missing part.
        part: String,
    },
    /// The edit does not belong to this kind of document or field.
    #[error("{0} cannot be changed that way")]
    WrongEdit(String),
}

/// Who writes: a person, through one tab session. The actor is drawn at random when the tab opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pen {
    /// The person.
    pub user: UserId,
    /// The tab session.
    pub actor: [u8; 16],
}

/// A set of heads: the state of a document that somebody was looking at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heads(Vec<automerge::ChangeHash>);

/// What one edit made: to be stored, then pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// The document it belongs to.
    pub document: DocumentId,
    /// Its identity.
    pub hash: ChangeHash,
    /// The Automerge change chunk, uncompressed.
    pub bytes: Vec<u8>,
}

/// One Automerge document in memory.
#[derive(Debug, Clone)]
pub struct Document {
    id: DocumentId,
    inner: Automerge,
}

impl Document {
    /// A document with nothing but its genesis: the same bytes on every device.
    #[must_use]
    pub fn new(id: DocumentId) -> Self {
        Self { id, inner: genesis::document(id) }
    }

    /// The same as an earlier version of the application begins it: with the first steps of its genesis only.
    #[must_use]
    pub fn of_version(id: DocumentId, steps: usize) -> Self {
        Self { id, inner: genesis::begun(id, steps) }
    }

    /// A document from stored chunks (changes and snapshots), in any order. The genesis need not be among them.
    /// What cannot be applied is left out and counted, so that one bad chunk never hides the rest.
    #[must_use]
    pub fn load<'a>(id: DocumentId, chunks: impl IntoIterator<Item = &'a [u8]>) -> (Self, usize) {
        let begin = |snapshot: Option<Automerge>| match snapshot {
            Some(inner) => Self { id, inner }.with_later_steps().inner,
            None => Self::new(id).inner,
        };
        let snapshot::Taken { inner, left_out, .. } = snapshot::take(begin, chunks);
        (Self { id, inner }, left_out)
    }

    /// What somebody with an older version of the application began lacks the later steps of its genesis.
    fn with_later_steps(mut self) -> Self {
        if genesis::has_all(&self.inner, self.id.kind()) {
            return self;
        }
        let lacks = |step: &Change| self.inner.get_change_meta_by_hash(&step.hash()).is_none();
        let steps: Vec<Change> = genesis::document(self.id).get_changes(&[]).into_iter().filter(lacks).collect();
        // The same bytes everywhere: there is nothing in them that could be refused.
        let _applied = self.inner.apply_changes(steps).is_ok();
        self
    }

    /// Which document this is.
    #[must_use]
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// Adds a change made elsewhere, or a snapshot of many. Known changes do nothing; one that comes too early waits for
    /// its dependencies.
    ///
    /// # Errors
    /// When the bytes are neither, or Automerge refuses them.
    pub fn apply(&mut self, chunk: &[u8]) -> Result<(), DocumentError> {
        if is_snapshot(chunk) {
            return snapshot::join(&mut self.inner, chunk);
        }
        Ok(self.inner.apply_changes([Change::try_from(chunk)?])?)
    }

    /// The state one is looking at now, to base an edit on.
    #[must_use]
    pub fn heads(&self) -> Heads {
        let mut heads = self.inner.get_heads();
        order::by(&mut heads, Ord::cmp);
        Heads(heads)
    }

    /// Whether the document holds a change.
    #[must_use]
    pub fn holds(&self, hash: &ChangeHash) -> bool {
        self.inner.get_change_meta_by_hash(&(*hash).into()).is_some()
    }

    /// Every change this document holds, genesis first, each after what it depends on.
    #[must_use]
    pub fn changes(&self) -> Vec<NewChange> {
        let changes = self.inner.get_changes(&[]);
        changes.iter().map(|change| Self::new_change(self.id, change)).collect()
    }

    /// The whole document as one Automerge file, as any Automerge library opens it.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        self.inner.save()
    }

    /// One of the objects that the genesis puts at the root.
    pub(crate) fn part(&self, name: &str) -> Result<ObjId, DocumentError> {
        match self.inner.get(ROOT, name)? {
            Some((value, object)) if value.is_object() => Ok(object),
            _ => Err(DocumentError::Missing { document: self.id, part: name.to_owned() }),
        }
    }

    /// The Automerge document, for reading only.
    pub(crate) fn inner(&self) -> &Automerge {
        &self.inner
    }

    /// Runs one edit as one change, made against `base` when the writer was looking at an older state:
    /// what came in meanwhile then stands beside the edit instead of being overwritten by it.
    /// `None` when the edit changes nothing.
    pub(crate) fn write(
        &mut self,
        pen: &Pen,
        base: &Heads,
        now: Timestamp,
        edit: impl FnOnce(&mut Transaction<'_>) -> Result<(), DocumentError>,
    ) -> Result<Option<NewChange>, DocumentError> {
        let author = Author::from(&pen.user.0[..]).into_owned();
        if self.inner.get_author() != Some(&author) || self.inner.get_actor().to_bytes() != pen.actor {
            self.inner.set_author(Some(author));
            self.inner.set_actor(automerge::ActorId::from(pen.actor));
        }
        // A base that went with a refused change is nothing one can stand on.
        let known = base.0.iter().all(|hash| self.inner.get_change_meta_by_hash(hash).is_some());
        let mut transaction = if !known || base.0.is_empty() || *base == self.heads() {
            self.inner.transaction()
        } else {
            self.inner.transaction_at(PatchLog::null(), &base.0).map_err(automerge::AutomergeError::from)?
        };
        if let Err(error) = edit(&mut transaction) {
            transaction.rollback();
            return Err(error);
        }
        let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(now.seconds()));
        let Some(hash) = hash else { return Ok(None) };
        let change = self.inner.get_change_by_hash(&hash);
        Ok(change.map(|change| Self::new_change(self.id, &change)))
    }

    /// Puts one text under a key of a map; nothing when it is the only value standing already.
    pub(crate) fn put_text(
        &mut self,
        pen: &Pen,
        base: &Heads,
        now: Timestamp,
        object: &ObjId,
        (key, value): (&str, &str),
    ) -> Result<Option<NewChange>, DocumentError> {
        self.write(pen, base, now, |transaction| put_text(transaction, object, key, value))
    }

    fn new_change(document: DocumentId, change: &Change) -> NewChange {
        NewChange { document, hash: change.hash().into(), bytes: change.raw_bytes().to_vec() }
    }

    /// Who made a change, and when by their device's clock.
    pub(crate) fn signature(&self, hash: automerge::ChangeHash) -> Signature {
        let meta = self.inner.get_change_meta_by_hash(&hash);
        let author = meta.as_ref().and_then(|meta| {
            let author = meta.author.clone().or_else(|| self.inner.get_author_for_actor(&meta.actor));
            UserId::try_from(author?.as_bytes()).ok()
        });
        Signature {
            change: hash.into(),
            author,
            at: meta.map(|meta| Timestamp::from_seconds(meta.timestamp)).unwrap_or_default(),
        }
    }
}

/// Puts one text under a key of a map; nothing when it is the only value standing already.
pub(crate) fn put_text(
    transaction: &mut Transaction<'_>,
    object: &ObjId,
    key: &str,
    value: &str,
) -> Result<(), DocumentError> {
    let standing = transaction.get_all(object, key)?;
    let unchanged = match standing.as_slice() {
        [] => value.is_empty(),
        [(old, _)] => old.as_str() == Some(value),
        _ => false,
    };
    if !unchanged {
        transaction.put(object, key, value)?;
    }
    Ok(())
}

/// Who made a change, when, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The change.
    pub change: ChangeHash,
    /// The person; `None` for what the genesis made.
    pub author: Option<UserId>,
    /// By the clock of the device that wrote.
    pub at: Timestamp,
}

/// What the relay and the device need to know of a change without applying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeHeader {
    /// Its identity.
    pub hash: ChangeHash,
    /// What it was made on top of.
    pub deps: Vec<ChangeHash>,
    /// Who wrote, as a tab session.
    pub actor: ActorId,
    /// 1 for that actor's first change in this document.
    pub actor_seq: u64,
    /// First and last operation counter.
    pub ops: (u64, u64),
    /// The person; Automerge carries it in an actor's first change only.
    pub author: Option<Vec<u8>>,
}

impl ChangeHeader {
    /// Reads the header of a change chunk, checks the whole chunk's integrity, and gives it back uncompressed.
    ///
    /// # Errors
    /// When the bytes are not one whole Automerge change.
    pub fn read(bytes: &[u8]) -> Result<(Self, Vec<u8>), DocumentError> {
        let change = Change::try_from(bytes)?;
        let header = Self {
            hash: change.hash().into(),
            deps: change.deps().iter().map(|hash| (*hash).into()).collect(),
            actor: ActorId(change.actor_id().to_bytes().to_vec()),
            actor_seq: change.seq(),
            ops: (change.start_op().get(), (change.start_op().get() + change.len() as u64).saturating_sub(1)),
            author: change.author().map(|author| author.as_bytes().to_vec()),
        };
        Ok((header, change.raw_bytes().to_vec()))
    }
}
