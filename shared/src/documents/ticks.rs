//! Items of a checklist that a person ticks: which, by whom, when. Unticking is written too.

use automerge::ReadDoc;

use super::{Document, DocumentError, Heads, NewChange, Pen, Register, Signature};
use crate::time::Timestamp;

/// Where ticks are kept: a map from an item's id to `oui`, or to nothing once unticked.
pub(super) const COCHES: &str = "coches";
const OUI: &str = "oui";

/// Ticks an item, or unticks it. `None` when nothing changes.
///
/// # Errors
/// When this kind of document has no checklist, or Automerge refuses.
pub fn set_tick(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    item: &str,
    done: bool,
) -> Result<Option<NewChange>, DocumentError> {
    let object = document.part(COCHES)?;
    document.put_text(pen, base, now, &object, (item, if done { OUI } else { "" }))
}

/// What was ticked in one or several documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ticks(Vec<(String, Register)>);

impl Ticks {
    /// Reads the ticks of a document; none when it has no checklist.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let Ok(object) = document.part(COCHES) else { return Self::default() };
        let keys = document.inner().keys(&object);
        Self(keys.map(|item| (item.clone(), Register::read(document, &object, &item))).collect())
    }

    /// Takes the ticks of another document in.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The items that are ticked, each with who did it and when.
    pub fn done(&self) -> impl Iterator<Item = (&str, &Signature)> {
        self.0.iter().filter_map(|(item, _)| Some((item.as_str(), self.get(item)?)))
    }

    /// Who ticked an item, and when. Ticked by one and unticked by another apart is not ticked.
    #[must_use]
    pub fn get(&self, item: &str) -> Option<&Signature> {
        let (_, register) = self.0.iter().find(|(key, _)| key == item)?;
        let all = register.candidates.iter().all(|candidate| candidate.value == OUI);
        register.candidates.last().filter(|_| all).map(|candidate| &candidate.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DocumentId, DossierId, UserId};

    const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };

    fn tick(document: &mut Document, pen: &Pen, done: bool) -> NewChange {
        let base = document.heads();
        set_tick(document, pen, &base, Timestamp(7000), "appel.presentation", done).unwrap().unwrap()
    }

    #[test]
    fn a_tick_says_who_and_when_and_disagreement_is_not_done() {
        let mut one = Document::new(DocumentId::administratif(DossierId([1; 16])));
        tick(&mut one, &PEN, true);
        let ticks = Ticks::read(&one);
        assert_eq!(
            ticks.get("appel.presentation").map(|it| (it.author, it.at)),
            Some((Some(PEN.user), Timestamp(7000)))
        );
        assert_eq!(ticks.get("appel.cout"), None);
        let mut two = one.clone();
        let change = tick(&mut two, &Pen { user: UserId([4; 16]), actor: [5; 16] }, false);
        assert_eq!(Ticks::read(&two).get("appel.presentation"), None);
        tick(&mut one, &PEN, false);
        tick(&mut one, &PEN, true);
        one.apply(&change.bytes).unwrap();
        assert_eq!(Ticks::read(&one).get("appel.presentation"), None);
    }
}
