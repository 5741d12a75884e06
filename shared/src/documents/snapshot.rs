//! One chunk that stands for many changes: an Automerge document chunk, which keeps every change and its history.
//!
//! Never holds anything that was not in the chunks it was made of: not even the beginning of its document, which a
//! device would then believe to be at the relay.

use automerge::{Automerge, Change};
use sha2::{Digest as _, Sha256};

use super::{Document, DocumentError, NewChange};
use crate::ids::{ChangeHash, DocumentId};
use crate::order;

/// Place of the type in a chunk: magic (4), checksum (4), type.
const TYPE: usize = 8;
/// The type of a document chunk; changes are 1 and 2.
const DOCUMENT: u8 = 0;

/// Whether a chunk is a snapshot. Says nothing of whether it can be read.
#[must_use]
pub fn is_snapshot(chunk: &[u8]) -> bool {
    chunk.get(TYPE) == Some(&DOCUMENT)
}

/// Names a snapshot, as a change is named by its own hash: the SHA-256 of its bytes.
#[must_use]
pub fn snapshot_hash(bytes: &[u8]) -> ChangeHash {
    ChangeHash(Sha256::digest(bytes).into())
}

/// A whole document as one chunk.
#[derive(Debug)]
pub struct Snapshot {
    /// The chunk.
    pub bytes: Vec<u8>,
    inner: Automerge,
    /// The snapshots it was made of.
    older: Vec<ChangeHash>,
}

impl Snapshot {
    /// What these chunks of a document come to, checked by opening it again. What cannot be applied, or waits for what is
    /// not there, is not in it.
    ///
    /// # Errors
    /// When Automerge does not give back what it was given.
    pub fn of<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, DocumentError> {
        let Taken { inner, snapshots, .. } = take(Option::unwrap_or_default, chunks);
        let bytes = inner.save();
        let mut again = Automerge::load(&bytes)?.get_heads();
        let mut heads = inner.get_heads();
        again.sort_unstable();
        heads.sort_unstable();
        if again != heads {
            return Err(DocumentError::Snapshot);
        }
        let older = snapshots.into_iter().map(snapshot_hash).collect();
        Ok(Self { bytes, inner, older })
    }

    /// Its name.
    #[must_use]
    pub fn hash(&self) -> ChangeHash {
        snapshot_hash(&self.bytes)
    }

    /// Whether a change is in it.
    #[must_use]
    pub fn holds(&self, change: &ChangeHash) -> bool {
        self.inner.get_change_meta_by_hash(&(*change).into()).is_some()
    }

    /// Whether everything of a chunk is in it: a change of this hash, or a snapshot that it was made of.
    #[must_use]
    pub fn covers(&self, hash: &ChangeHash, chunk: &[u8]) -> bool {
        if is_snapshot(chunk) { self.older.contains(&snapshot_hash(chunk)) } else { self.holds(hash) }
    }
}

/// Every change that chunks hold, each after those it stands on; what cannot be read is left out.
#[must_use]
pub fn changes_of<'a>(document: DocumentId, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<NewChange> {
    let inner = take(Option::unwrap_or_default, chunks).inner;
    let changes = inner.get_changes(&[]);
    changes.iter().map(|change| Document::new_change(document, change)).collect()
}

/// Which of these changes the chunks hold.
#[must_use]
pub fn held_of<'a>(changes: Vec<NewChange>, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<NewChange> {
    let (mut snapshots, mut plain) = (Vec::new(), Vec::new());
    for chunk in chunks {
        if is_snapshot(chunk) {
            snapshots.extend(Automerge::load(chunk));
        } else {
            plain.push(chunk);
        }
    }
    let held = |change: &NewChange| {
        let hash = automerge::ChangeHash::from(change.hash);
        plain.contains(&change.bytes.as_slice())
            || snapshots.iter().any(|snapshot| snapshot.get_change_meta_by_hash(&hash).is_some())
    };
    changes.into_iter().filter(held).collect()
}

/// Brings a snapshot into a document that may hold some of it: all of it, or nothing when it is damaged.
pub(super) fn join(inner: &mut Automerge, snapshot: &[u8]) -> Result<(), DocumentError> {
    inner.merge(&mut Automerge::load(snapshot)?)?;
    Ok(())
}

/// What came of chunks.
pub(super) struct Taken<'a> {
    /// The document.
    pub inner: Automerge,
    /// How many of them are not in it.
    pub left_out: usize,
    /// The snapshots that are.
    snapshots: Vec<&'a [u8]>,
}

/// A document of chunks, in any order. What cannot be applied is left out and counted, so that one bad chunk never hides
/// the rest. `begin` gives what it begins with: with a snapshot, when there is one. It is asked again when a chunk is bad.
pub(super) fn take<'a>(
    begin: impl Fn(Option<Automerge>) -> Automerge,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> Taken<'a> {
    let (mut snapshots, chunks): (Vec<&[u8]>, Vec<&[u8]>) = chunks.into_iter().partition(|chunk| is_snapshot(chunk));
    // Opened as a whole, a snapshot is quick; brought into a document, it is so many changes.
    order::by(&mut snapshots, |one, other| other.len().cmp(&one.len()));
    let joined = || {
        let (mut whole, mut taken) = (None::<Automerge>, Vec::new());
        for snapshot in &snapshots {
            let Ok(mut opened) = Automerge::load(snapshot) else { continue };
            let goes_in = match &mut whole {
                Some(whole) => whole.merge(&mut opened).is_ok(),
                None => {
                    whole = Some(begin(Some(opened)));
                    true
                }
            };
            taken.extend(goes_in.then_some(*snapshot));
        }
        (whole.unwrap_or_else(|| begin(None)), taken)
    };
    let (mut inner, mut taken) = joined();
    let changes: Vec<Change> = chunks.iter().filter_map(|chunk| Change::try_from(*chunk).ok()).collect();
    let mut left_out = snapshots.len() - taken.len() + chunks.len() - changes.len();
    if inner.apply_changes(changes.iter().cloned()).is_err() {
        // Some of them may be in it by now: one after the other, in another one.
        (inner, taken) = joined();
        for change in changes {
            left_out += usize::from(inner.apply_changes([change]).is_err());
        }
    }
    Taken { inner, left_out, snapshots: taken }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::journal::{add_transmission, transmissions};
    use crate::documents::{Pen, genesis};
    use crate::ids::{DossierId, EntryId, UserId};
    use crate::time::Timestamp;

    fn written(count: u8) -> (DocumentId, Vec<Vec<u8>>) {
        let id = DocumentId::journal(DossierId([7; 16]), 2026);
        let mut document = Document::new(id);
        let mut chunks: Vec<Vec<u8>> = genesis(id).into_iter().map(|step| step.bytes).collect();
        for number in 0..count {
            let pen = Pen { user: UserId([number % 3; 16]), actor: [number % 3 + 1; 16] };
            let change = add_transmission(&mut document, &pen, Timestamp(0), EntryId([number; 16]), "Visite faite.");
            chunks.push(change.unwrap().unwrap().bytes);
        }
        (id, chunks)
    }

    fn slices(chunks: &[Vec<u8>]) -> impl Iterator<Item = &[u8]> {
        chunks.iter().map(Vec::as_slice)
    }

    #[test]
    fn a_snapshot_reads_as_the_changes_it_was_made_of_and_gives_them_back() {
        let (id, chunks) = written(40);
        let snapshot = Snapshot::of(slices(&chunks)).unwrap();
        assert!(is_snapshot(&snapshot.bytes) && !is_snapshot(&chunks[5]));
        assert!(snapshot.bytes.len() < chunks.iter().map(Vec::len).sum::<usize>() / 2);
        let (whole, left_out) = Document::load(id, [&snapshot.bytes[..]]);
        assert_eq!(left_out, 0);
        assert_eq!(transmissions(&whole).len(), 40);
        let back = changes_of(id, [&snapshot.bytes[..]]);
        assert_eq!(back.len(), chunks.len());
        assert!(back.iter().all(|change| chunks.contains(&change.bytes) && snapshot.holds(&change.hash)));
    }

    #[test]
    fn a_snapshot_is_taken_beside_changes_before_after_and_twice() {
        let (id, chunks) = written(40);
        let early = Snapshot::of(slices(&chunks[..20])).unwrap().bytes;
        let late = Snapshot::of(slices(&chunks[..30])).unwrap().bytes;
        let some: Vec<&[u8]> =
            [&chunks[35][..], &late, &chunks[3], &early].into_iter().chain(slices(&chunks[28..])).collect();
        let (document, left_out) = Document::load(id, some);
        assert_eq!((left_out, transmissions(&document).len()), (0, 40));
        let mut live = Document::new(id);
        live.apply(&early).unwrap();
        live.apply(&chunks[30]).unwrap();
        live.apply(&late).unwrap();
        live.apply(&late).unwrap();
        assert_eq!(transmissions(&live).len(), chunks[..31].len() - genesis(id).len());
    }

    #[test]
    fn a_snapshot_does_not_hold_what_it_was_not_given() {
        let (id, mut chunks) = written(3);
        let last = genesis(id).pop().unwrap();
        chunks.retain(|chunk| *chunk != last.bytes);
        let snapshot = Snapshot::of(slices(&chunks)).unwrap();
        assert!(!snapshot.holds(&last.hash));
        let held = held_of(genesis(id), [&snapshot.bytes[..]]);
        assert_eq!(held.len(), genesis(id).len() - 1);
        assert_eq!(held_of(genesis(id), [&snapshot.bytes[..], &last.bytes]), genesis(id));
        // What waited for it is not in it either, and not lost: whoever drops what a snapshot covers asks it first.
        assert_eq!(changes_of(id, [&snapshot.bytes[..]]).len(), genesis(id).len() - 1);
    }

    #[test]
    fn a_snapshot_covers_the_changes_and_the_snapshots_that_it_was_made_of() {
        let (_, chunks) = written(40);
        let name = |chunk: &[u8]| snapshot_hash(chunk);
        let early = Snapshot::of(slices(&chunks[..20])).unwrap().bytes;
        let middle = Snapshot::of(slices(&chunks[..25])).unwrap().bytes;
        let late = Snapshot::of([&early[..], &middle].into_iter().chain(slices(&chunks[25..30]))).unwrap();
        assert!(late.covers(&name(&early), &early) && late.covers(&name(&middle), &middle));
        let alone = Snapshot::of(slices(&chunks[..22])).unwrap();
        assert!(!alone.covers(&name(&middle), &middle), "it was not there when this one was made");
        let change = |chunk: &Vec<u8>| Change::try_from(&chunk[..]).unwrap().hash().into();
        assert!(late.covers(&change(&chunks[29]), &chunks[29]) && !late.covers(&change(&chunks[30]), &chunks[30]));
        let mut broken = early.clone();
        let place = broken.len() / 2;
        broken[place] ^= 1;
        let without = Snapshot::of([&broken[..]].into_iter().chain(slices(&chunks))).unwrap();
        assert!(!without.covers(&name(&broken), &broken));
    }

    #[test]
    fn a_broken_snapshot_hides_nothing_else() {
        let (id, chunks) = written(5);
        let mut broken = Snapshot::of(slices(&chunks)).unwrap().bytes;
        let middle = broken.len() / 2;
        broken[middle] ^= 1;
        let (document, left_out) = Document::load(id, slices(&chunks).chain([&broken[..]]));
        assert_eq!((left_out, transmissions(&document).len()), (1, 5));
    }
}
