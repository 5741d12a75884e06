//! The `prestation` document: the sector and the team of a dossier, which decide who else holds it.
//!
//! `champs.secteur` is the sector; `equipe` maps an entry id to `personne`, `debut`, `fin` and `retire` (texts). What
//! coordinators write apart is read so that it opens least: the latest beginning, the earliest end, any withdrawal.

use automerge::{ObjId, ReadDoc};
use chrono::NaiveDate;

use super::{Document, DocumentError, Heads, NewChange, Pen, Register, Signature, entries};
use crate::ids::{ChangeHash, EntryId, UserId};
use crate::time::Timestamp;

const EQUIPE: &str = "equipe";
const CHAMPS: &str = "champs";
const SECTEUR: &str = "secteur";
const FIN: &str = "fin";
const RETIRE: &str = "retire";

/// Somebody on the team, from their first visit to their last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membre {
    /// Its identity.
    pub id: EntryId,
    /// Their account; `None` when the entry names nobody.
    pub personne: Option<UserId>,
    /// The day of the first visit, in Europe/Paris; `None` when it is no date: then nothing is opened.
    pub debut: Option<NaiveDate>,
    /// The day of the last visit; `None` while it is not known.
    pub fin: Option<NaiveDate>,
    /// Taken off the team.
    pub retire: bool,
    /// Who put them there, when.
    pub signature: Signature,
    /// The changes of the values that stand: what has to arrive for others to read the same.
    pub changes: Vec<ChangeHash>,
}

/// A `prestation` document as it reads at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrestationView {
    /// The sector, every value standing.
    pub secteur: Register,
    /// Everybody who is or was on the team, oldest entry first.
    pub equipe: Vec<Membre>,
}

impl PrestationView {
    /// Reads the document.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let secteur =
            document.part(CHAMPS).map(|object| Register::read(document, &object, SECTEUR)).unwrap_or_default();
        let equipe = document.part(EQUIPE).ok();
        let membre = |entry: entries::RawEntry| {
            let object = entry_object(document, equipe.as_ref()?, entry.id)?;
            let mut changes = Vec::new();
            let mut values = |key: &str| {
                let candidates = Register::read(document, &object, key).candidates;
                changes.extend(candidates.iter().map(|candidate| candidate.signature.change));
                candidates.into_iter().map(|candidate| candidate.value).collect::<Vec<_>>()
            };
            Some(Membre {
                id: entry.id,
                personne: entry.part("personne").parse().ok(),
                debut: values("debut").iter().filter_map(|text| text.parse().ok()).max(),
                fin: values(FIN).iter().filter_map(|text| text.parse().ok()).min(),
                retire: values(RETIRE).iter().any(|text| !text.is_empty()),
                signature: entry.signature,
                changes,
            })
        };
        Self { secteur, equipe: entries::read(document, EQUIPE).into_iter().filter_map(membre).collect() }
    }
}

fn entry_object(document: &Document, equipe: &ObjId, id: EntryId) -> Option<ObjId> {
    let (value, object) = document.inner().get(equipe, id.to_string()).ok()??;
    value.is_object().then_some(object)
}

/// Puts somebody on the team. `None` when the entry is there already.
///
/// # Errors
/// When the document is not a `prestation`, or Automerge refuses.
pub fn add_membre(
    document: &mut Document,
    pen: &Pen,
    now: Timestamp,
    id: EntryId,
    personne: UserId,
    (debut, fin): (NaiveDate, Option<NaiveDate>),
) -> Result<Option<NewChange>, DocumentError> {
    let fin = fin.map(|fin| fin.to_string()).unwrap_or_default();
    let parts = [("personne", personne.to_string()), ("debut", debut.to_string()), (FIN, fin)];
    let parts = parts.each_ref().map(|(key, value)| (*key, value.as_str()));
    entries::add(document, pen, now, EQUIPE, id, &parts)
}

/// Says when somebody's last visit is. `None` when nothing changes.
///
/// # Errors
/// When the document is not a `prestation`, has no such entry, or Automerge refuses.
pub fn set_fin(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    id: EntryId,
    fin: Option<NaiveDate>,
) -> Result<Option<NewChange>, DocumentError> {
    put(document, pen, base, now, id, FIN, &fin.map(|fin| fin.to_string()).unwrap_or_default())
}

/// Takes somebody off the team. To put them back is a new entry.
///
/// # Errors
/// As [`set_fin`].
pub fn withdraw(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    id: EntryId,
) -> Result<Option<NewChange>, DocumentError> {
    put(document, pen, base, now, id, RETIRE, "oui")
}

/// Gives the dossier to a sector; an empty name takes it out of all.
///
/// # Errors
/// When the document is not a `prestation`, or Automerge refuses.
pub fn set_secteur(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    secteur: &str,
) -> Result<Option<NewChange>, DocumentError> {
    let object = document.part(CHAMPS)?;
    document.put_text(pen, base, now, &object, (SECTEUR, secteur))
}

fn put(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    id: EntryId,
    key: &str,
    value: &str,
) -> Result<Option<NewChange>, DocumentError> {
    let equipe = document.part(EQUIPE)?;
    let object = entry_object(document, &equipe, id);
    let object = object.ok_or_else(|| DocumentError::Missing { document: document.id(), part: id.to_string() })?;
    document.put_text(pen, base, now, &object, (key, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DocumentId, DossierId};

    const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
    const ID: EntryId = EntryId([3; 16]);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn with_sonia() -> Document {
        let mut document = Document::new(DocumentId::prestation(DossierId([1; 16])));
        let span = (day("2026-11-23"), None);
        add_membre(&mut document, &PEN, Timestamp(0), ID, UserId([9; 16]), span).unwrap().unwrap();
        document
    }

    #[test]
    fn a_team_is_read_as_it_was_written() {
        let mut document = with_sonia();
        let base = document.heads();
        set_secteur(&mut document, &PEN, &base, Timestamp(0), "Grésivaudan").unwrap().unwrap();
        let view = PrestationView::read(&document);
        assert_eq!(view.secteur.value(), "Grésivaudan");
        let membre = &view.equipe[0];
        assert_eq!((membre.personne, membre.debut), (Some(UserId([9; 16])), Some(day("2026-11-23"))));
        assert_eq!((membre.fin, membre.retire), (None, false));
        let base = document.heads();
        assert!(set_secteur(&mut document, &PEN, &base, Timestamp(0), "Grésivaudan").unwrap().is_none());
    }

    #[test]
    fn doc_7_what_two_coordinators_write_apart_opens_least() {
        let mut one = with_sonia();
        let mut two = one.clone();
        let other = Pen { user: UserId([4; 16]), actor: [5; 16] };
        let base = one.heads();
        let late = set_fin(&mut one, &PEN, &base, Timestamp(0), ID, Some(day("2026-12-31"))).unwrap().unwrap();
        let early = set_fin(&mut two, &other, &base, Timestamp(0), ID, Some(day("2026-12-01"))).unwrap().unwrap();
        one.apply(&early.bytes).unwrap();
        two.apply(&late.bytes).unwrap();
        for document in [&one, &two] {
            assert_eq!(PrestationView::read(document).equipe[0].fin, Some(day("2026-12-01")));
        }
        let seen = one.heads();
        let withdrawn = withdraw(&mut one, &PEN, &seen, Timestamp(0), ID).unwrap().unwrap();
        let membre = &PrestationView::read(&one).equipe[0];
        assert!(membre.retire && membre.changes.contains(&withdrawn.hash), "{membre:?}");
    }

    #[test]
    fn an_entry_that_names_nobody_or_no_day_opens_nothing() {
        let mut document = Document::new(DocumentId::prestation(DossierId([1; 16])));
        let parts = [("personne", "quelqu’un"), ("debut", "lundi")];
        entries::add(&mut document, &PEN, Timestamp(0), EQUIPE, ID, &parts).unwrap().unwrap();
        let membre = &PrestationView::read(&document).equipe[0];
        assert_eq!((membre.personne, membre.debut), (None, None));
    }
}
