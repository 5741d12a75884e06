//! Who comes when in the demo: visits that recur for the first active dossiers, a few single ones, drafts, and the files of
//! the three who visit. Draws nothing, so that the rest of the demo stays as it is.

use liaison_shared::documents::schema::{personnel as per, prestation as pre};
use liaison_shared::documents::{Document, DocumentError, NewChange, Pen, RecordEdit, edit_records, genesis};
use liaison_shared::{DocumentId, EntryId, Timestamp, UserId};
use sha2::{Digest as _, Sha256};

use super::dossier::Written;

/// Clients that one person visits every week.
const CLIENTS: u32 = 12;

/// An identity that follows from what it is for.
fn id(what: &str, number: u32) -> EntryId {
    let digest = Sha256::digest(format!("demo/{what}/{number}"));
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    EntryId(id)
}

/// The how-many-th active client of the one who visits this dossier; `None` when it is not active.
fn place(number: u32) -> Option<u32> {
    let active = |other: &u32| super::suivi::is_active(*other) && other % 50 != 49;
    let before = (0..number).filter(active).filter(|other| other % 3 == number % 3).count();
    active(&number).then_some(u32::try_from(before).unwrap_or(u32::MAX))
}

/// The hours a month of these visits; `None` for a dossier without any.
pub(super) fn hours(number: u32) -> Option<&'static str> {
    let place = place(number).filter(|place| *place < CLIENTS)?;
    Some(match place {
        0 => "22",
        9.. => "9",
        _ => "13",
    })
}

/// The visits of a dossier, in its `prestation`.
pub(super) fn visits(
    number: u32,
    document: &mut Document,
    pens: &[Pen],
    (by, at): (usize, Timestamp),
) -> Result<Option<NewChange>, DocumentError> {
    let Some(place) = place(number).filter(|place| *place < CLIENTS) else { return Ok(None) };
    let visitor = pens[2 + number as usize % 3].user.to_string();
    let (days, from, to) = match place {
        0 => ("1,2,3,4,5", "08:30", "09:30"),
        _ => {
            let hours = [("10:00", "11:30"), ("13:30", "15:00"), ("15:30", "17:00"), ("17:30", "18:30")];
            let (from, to) = hours[(place as usize / 3) % hours.len()];
            (["1,4", "2,5", "3,6"][place as usize % 3], from, to)
        }
    };
    let first = at.date().to_string();
    let mut edits = vec![RecordEdit::new(
        &pre::RECURRENCES,
        id("recurrence", number),
        &[
            (&pre::RECURRENCE_JOURS, days),
            (&pre::RECURRENCE_DEBUT, from),
            (&pre::RECURRENCE_FIN, to),
            (&pre::RECURRENCE_DU, &first),
            (&pre::RECURRENCE_FERIES, if number.is_multiple_of(2) { pre::SUSPENDUS } else { "Maintenus" }),
            (&pre::RECURRENCE_INTERVENANT, &visitor),
            (&pre::RECURRENCE_ACTIVITE, "Assistance aux actes quotidiens"),
            (&pre::RECURRENCE_SIGNATURE, if number.is_multiple_of(4) { pre::DEMANDEE } else { pre::SIGNATURES[0] }),
        ],
    )];
    edits.extend(of_their_own(number, &visitor, &pens[2].user));
    let base = document.heads();
    edit_records(document, &pens[by], &base, at, &edits)
}

/// Single visits and a draft, of some of the first dossiers: nobody yet, two at once, an answer that is waited for.
fn of_their_own(number: u32, visitor: &str, sonia: &UserId) -> Vec<RecordEdit> {
    let sonia = sonia.to_string();
    let single = |at: u32, date, from, to, who, etat, until| {
        let values = [
            (&pre::VISITE_DATE, date),
            (&pre::VISITE_DEBUT, from),
            (&pre::VISITE_FIN, to),
            (&pre::VISITE_INTERVENANT, who),
            (&pre::VISITE_ACTIVITE, "Courses et accompagnement"),
            (&pre::VISITE_ETAT, etat),
            (&pre::VISITE_ECHEANCE, until),
        ];
        RecordEdit::new(&pre::VISITES, id("visite", number * 10 + at), &values)
    };
    match number {
        5 => vec![
            single(0, "2026-11-27", "14:00", "16:00", "", "", ""),
            single(1, "2026-11-30", "09:30", "11:00", "", "", ""),
        ],
        6 => vec![
            single(0, "2026-11-26", "09:00", "10:00", "", pre::ANNULEE, ""),
            single(1, "2026-12-02", "14:00", "15:30", visitor, pre::A_VALIDER, "2026-11-29"),
        ],
        7 => vec![single(0, "2026-11-28", "10:00", "12:00", "", "", "")],
        8 => vec![RecordEdit::new(
            &pre::RECURRENCES,
            id("brouillon", number),
            &[
                (&pre::RECURRENCE_JOURS, "2,6"),
                (&pre::RECURRENCE_DEBUT, "18:45"),
                (&pre::RECURRENCE_FIN, "19:30"),
                (&pre::RECURRENCE_DU, "2026-11-24"),
                (&pre::RECURRENCE_AU, "2027-11-23"),
                (&pre::RECURRENCE_INTERVENANT, visitor),
                (&pre::RECURRENCE_ACTIVITE, "Préparation de repas"),
                (&pre::RECURRENCE_ETAT, pre::BROUILLON),
            ],
        )],
        9 => vec![single(0, "2026-11-27", "09:00", "10:00", &sonia, "", "")],
        _ => Vec::new(),
    }
}

/// The contracts of those who visit, and a week in which one of them is away.
pub(super) fn files(pens: &[Pen], at: Timestamp) -> Result<Vec<Written>, DocumentError> {
    let people = [(2, "35", "2027-02-26"), (3, "24", ""), (4, "30", "")];
    let mut written = Vec::new();
    for (place, hours, until) in people {
        let document_id = DocumentId::Personnel(pens[place].user);
        let mut document = Document::new(document_id);
        let number = u32::try_from(place).unwrap_or_default();
        let mut edits = vec![RecordEdit::new(
            &per::CONTRATS,
            id("contrat", number),
            &[
                (&per::CONTRAT_TYPE, if until.is_empty() { "CDI temps partiel" } else { "CDD" }),
                (&per::CONTRAT_DEBUT, "2025-09-01"),
                (&per::CONTRAT_FIN, until),
                (&per::CONTRAT_HEURES, hours),
            ],
        )];
        if place == 4 {
            let away =
                [(&per::ABSENCE_NATURE, "Congé"), (&per::ABSENCE_DU, "2026-11-27"), (&per::ABSENCE_AU, "2026-12-02")];
            edits.push(RecordEdit::new(&per::ABSENCES, id("absence", number), &away));
        }
        let mut changes = genesis(document_id);
        let base = document.heads();
        changes.extend(edit_records(&mut document, &pens[0], &base, at, &edits)?);
        written.push(Written { by: 0, at, changes });
    }
    Ok(written)
}
