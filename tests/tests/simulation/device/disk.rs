//! What a device of the simulation has on its disk, and what it makes of it.

use super::*;

impl Disk {
    pub fn document(&self, id: DocumentId) -> Document {
        let (document, unreadable) = Document::load(id, self.chunks(id));
        assert_eq!(unreadable, 0, "everything on the disk can be read");
        document
    }

    /// What is here of a document: changes, and snapshots under their own names.
    pub fn chunks(&self, id: DocumentId) -> impl Iterator<Item = &[u8]> {
        self.changes.iter().filter(move |((document, _), _)| *document == id).map(|(_, bytes)| bytes.as_slice())
    }

    /// Puts a snapshot in the place of a document's changes, unless one of them may still be refused.
    pub fn compact(&mut self, id: DocumentId) -> bool {
        let owed = self.outbox.iter().any(|(document, _)| *document == id);
        if owed || self.chunks(id).nth(1).is_none() {
            return false;
        }
        let snapshot = Snapshot::of(self.chunks(id)).unwrap();
        self.changes.retain(|(document, hash), bytes| *document != id || !(is_snapshot(bytes) || snapshot.holds(hash)));
        self.changes.insert((id, snapshot.hash()), snapshot.bytes);
        true
    }

    /// Dossiers of which something is here without a grant, for those who need one.
    pub fn strays(&self) -> Vec<DossierId> {
        let here: BTreeSet<DossierId> = self.changes.keys().filter_map(|(document, _)| document.dossier()).collect();
        let granted = |dossier: &DossierId| self.holdings.contains_key(dossier);
        let team = self.role.is_some_and(|role| role.reach() == Reach::Team);
        here.into_iter().filter(|dossier| team && !granted(dossier)).collect()
    }

    /// What has to be pushed before these dossiers (or everything) may go: what is owed, and what was refused.
    pub fn reclaim(&mut self, goes: impl Fn(&DocumentId) -> bool) -> Vec<Outgoing> {
        let (refused, kept) = std::mem::take(&mut self.refused)
            .into_iter()
            .partition(|change| goes(&change.document) && !self.reclaimed.contains(&change.hash));
        self.refused = kept;
        for change in refused {
            // Once: what is refused again stays set aside.
            self.reclaimed.insert(change.hash);
            self.outbox.insert((change.document, change.hash));
            self.changes.insert((change.document, change.hash), change.bytes);
        }
        let owed: Vec<_> = self.outbox.iter().filter(|(document, _)| goes(document)).copied().collect();
        self.outgoing(owed)
    }

    pub fn outgoing(&self, keys: impl IntoIterator<Item = (DocumentId, ChangeHash)>) -> Vec<Outgoing> {
        let mut outgoing = Vec::new();
        for (document, hash) in keys {
            let (header, bytes) = ChangeHeader::read(&self.changes[&(document, hash)]).unwrap();
            outgoing.push((header.ops.0, Outgoing { document, hash, deps: header.deps, bytes }));
        }
        outgoing.sort_by_key(|(first_op, change)| (change.document, *first_op));
        outgoing.into_iter().map(|(_, change)| change).collect()
    }

    /// What was written here, and the beginnings of the documents it was written in.
    pub fn own(&self) -> Vec<NewChange> {
        let mine = |change: &NewChange| {
            let header = ChangeHeader::read(&change.bytes).unwrap().0;
            self.actors.iter().any(|actor| header.actor.0.ends_with(actor))
        };
        let documents: BTreeSet<DocumentId> = self.changes.keys().map(|(document, _)| *document).collect();
        let held = documents.into_iter().flat_map(|id| changes_of(id, self.chunks(id)));
        let own: Vec<NewChange> = held.filter(mine).collect();
        let written: BTreeSet<DocumentId> = own.iter().map(|change| change.document).collect();
        written.into_iter().flat_map(genesis).chain(own).collect()
    }
}
