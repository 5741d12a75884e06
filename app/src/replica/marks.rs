//! Marks on the dossiers whose summary does not know yet what is stored of them. Whatever writes in a dossier puts a mark
//! of its own, in the same transaction; whoever has made the summary takes away the marks that were there before it was
//! read. Never takes away the mark of something that was written meanwhile.

use liaison_shared::{DossierId, order};

use super::store::{STALE, Store};
use crate::platform::indexed_db::{Batch, StorageError};
use crate::platform::random;

/// The marks on some dossiers, as they were before these were read.
pub(super) struct Marks {
    /// What their ids begin with, all of them.
    pub beginning: String,
    keys: Vec<String>,
}

impl Marks {
    /// Whether there is one on this dossier.
    pub fn has(&self, dossier: DossierId) -> bool {
        !self.on(|it| it == dossier).is_empty()
    }

    /// Those on some of the dossiers.
    pub fn on(&self, dossiers: impl Fn(DossierId) -> bool) -> Vec<&String> {
        self.keys.iter().filter(|key| dossier_of(key).is_some_and(&dossiers)).collect()
    }
}

/// Marks dossiers, in the transaction that writes in them. No two transactions put the same mark; those of earlier
/// versions of the application were named after the document.
pub(super) fn mark(batch: &mut Batch, dossiers: impl IntoIterator<Item = DossierId>) {
    let turn = random::seed();
    for dossier in order::set(dossiers) {
        batch.put(STALE, format!("{dossier}/{turn:016x}"), Vec::new());
    }
}

/// Which dossier's a document is, or anything else whose name begins as its does.
pub(super) fn dossier_of(name: &str) -> Option<DossierId> {
    name.split_once('/')?.0.parse().ok()
}

/// What the ids of dossiers begin with, which come in their order.
fn beginning(dossiers: &[DossierId]) -> String {
    let (Some(first), Some(last)) = (dossiers.first(), dossiers.last()) else { return String::new() };
    let (first, last) = (first.to_string(), last.to_string());
    let shared = first.chars().zip(last.chars()).take_while(|(one, other)| one == other);
    shared.map(|(sign, _)| sign).collect()
}

impl Store {
    /// The dossiers whose summary is out of date.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn stale(&self) -> Result<Vec<DossierId>, StorageError> {
        Ok(self.database.keys(STALE, "").await?.iter().filter_map(|key| dossier_of(key)).collect())
    }

    /// The marks on some dossiers, which come in the order of their ids: one reading for those that are close together.
    ///
    /// # Errors
    /// When the device cannot read.
    pub(super) async fn marks(&self, dossiers: &[DossierId]) -> Result<Marks, StorageError> {
        let beginning = beginning(dossiers);
        let keys = self.database.keys(STALE, &beginning).await?;
        Ok(Marks { beginning, keys })
    }
}

#[cfg(test)]
mod tests {
    use liaison_shared::DocumentId;

    use super::*;

    fn dossier(first: u8, last: u8) -> DossierId {
        let mut id = [0; 16];
        (id[0], id[15]) = (first, last);
        DossierId(id)
    }

    #[test]
    fn marks_of_this_version_and_of_earlier_ones_name_their_dossier() {
        let one = dossier(0x7f, 1);
        let names =
            [format!("{one}/00000000000000ff"), format!("{one}/journal/2026"), DocumentId::client(one).to_string()];
        assert_eq!(names.map(|name| dossier_of(&name)), [Some(one); 3]);
        for name in ["annuaire", "qualite/2026", format!("personnel/{one}").as_str(), ""] {
            assert_eq!(dossier_of(name), None, "{name}");
        }
    }

    #[test]
    fn the_beginning_of_some_is_that_of_all_between_them_and_no_longer() {
        assert_eq!(beginning(&[]), "");
        assert_eq!(beginning(&[dossier(0x7f, 1)]), dossier(0x7f, 1).to_string());
        assert_eq!(beginning(&[dossier(0x71, 1), dossier(0x75, 0), dossier(0x7f, 1)]), "7");
        assert_eq!(beginning(&[dossier(0x6f, 1), dossier(0x70, 0)]), "");
    }

    #[test]
    fn a_mark_is_found_by_its_dossier() {
        let (one, other) = (dossier(0x71, 1), dossier(0x71, 2));
        let keys = vec![format!("{one}/1"), format!("{one}/client"), format!("{other}/2")];
        let marks = Marks { beginning: String::new(), keys: keys.clone() };
        assert_eq!(marks.on(|it| it == one), [&keys[0], &keys[1]]);
        assert!(marks.on(|_| false).is_empty());
        assert!(marks.has(one) && !marks.has(dossier(0x71, 3)), "what has left has no mark");
    }
}
