//! What waits for the office in a dossier, and what was handled lately: part of its summary.

use chrono::Datelike as _;

use super::AvisOuvert;
use crate::documents::schema::journal as jou;
use crate::documents::schema::relation as rel;
use crate::documents::schema::{Field, STATUTS_ANOMALIE};
use crate::documents::{Record, Records};
use crate::order;
use crate::rules::taches;
use crate::validate::calendar_date;

/// The notices that were handled since a day, oldest first: by whom, and when.
pub(super) fn traites(records: &Records, since: i32) -> Vec<AvisOuvert> {
    let handled = |record: &Record| {
        let statut = record.register(&jou::AVIS_STATUT).candidates.pop()?;
        let over = matches!(statut.value.as_str(), jou::TRAITE | jou::SANS_SUITE);
        let (at, de) = (statut.signature.at, statut.signature.author);
        (over && at.date().num_days_from_ce() >= since).then(|| AvisOuvert { at, de, ..AvisOuvert::read(record) })
    };
    let mut found: Vec<AvisOuvert> = records.of(&jou::AVIS).filter_map(handled).collect();
    order::by_key(&mut found, |it| it.at);
    found
}

/// The anomalies that nobody has answered, oldest first; urgent while nobody has taken them in charge.
pub(super) fn signalees(records: &Records) -> Vec<AvisOuvert> {
    let waits = |record: &&Record| {
        let statut = record.value(&jou::ANOMALIE_STATUT);
        record.collection.key == jou::ANOMALIES.key && !STATUTS_ANOMALIE[2..].contains(&statut)
    };
    let read = |record: &Record| AvisOuvert {
        nature: anomalie(record),
        urgent: matches!(record.value(&jou::ANOMALIE_STATUT), "" | "Signalée"),
        ..AvisOuvert::read(record)
    };
    let mut found: Vec<AvisOuvert> = records.iter().filter(waits).map(read).collect();
    order::by_key(&mut found, |it| it.at);
    found
}

/// An anomaly in words: « Téléphone : ce n’est plus à jour ».
#[must_use]
pub fn anomalie(record: &Record) -> String {
    let (champ, nature) = (record.value(&jou::ANOMALIE_CHAMP), record.value(&jou::ANOMALIE_NATURE));
    match Field::by_key(champ) {
        Some(field) => format!("{} : {}", field.label, nature.to_lowercase()),
        None if nature.is_empty() => record.title(),
        None => nature.to_owned(),
    }
}

/// The days by which open tasks are due, soonest first.
pub(super) fn echeances(records: &Records) -> Vec<i32> {
    let open = records.of(&rel::TACHES).filter(|tache| !taches::is_over(tache));
    let days = open.filter_map(|tache| calendar_date(tache.value(&rel::TACHE_ECHEANCE)));
    let mut days: Vec<i32> = days.map(|day| day.num_days_from_ce()).collect();
    order::by_key(&mut days, |day| *day);
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Document, Pen, RecordEdit, edit_records};
    use crate::ids::{DocumentId, DossierId, EntryId, UserId};
    use crate::time::Timestamp;

    const SONIA: UserId = UserId([9; 16]);
    const CLAIRE: UserId = UserId([1; 16]);

    fn written(document: &mut Document, user: UserId, at: Timestamp, edits: &[RecordEdit]) {
        let base = document.heads();
        edit_records(document, &Pen { user, actor: user.0 }, &base, at, edits).unwrap();
    }

    #[test]
    fn a_notice_is_known_by_who_handled_it_and_when_once_it_waits_no_more() {
        let mut journal = Document::new(DocumentId::journal(DossierId([1; 16]), 2026));
        let sent = Timestamp::midnight("2026-11-24".parse().unwrap());
        let handled = Timestamp::midnight("2026-11-26".parse().unwrap());
        let id = EntryId([7; 16]);
        let edit = |values: &[(&'static Field, &str)]| [RecordEdit::new(&jou::AVIS, id, values)];
        written(&mut journal, SONIA, sent, &edit(&[(&jou::AVIS_NATURE, jou::ABSENCE)]));
        let since = sent.date().num_days_from_ce();
        assert_eq!(traites(&Records::read(&journal), since), []);
        written(&mut journal, CLAIRE, handled, &edit(&[(&jou::AVIS_STATUT, jou::TRAITE)]));
        let found = traites(&Records::read(&journal), since);
        assert_eq!(found.iter().map(|it| (it.at, it.de)).collect::<Vec<_>>(), [(handled, Some(CLAIRE))]);
        assert_eq!(traites(&Records::read(&journal), since + 3), [], "long ago");
    }

    #[test]
    fn an_anomaly_waits_until_it_is_answered_and_says_which_field_it_is_about() {
        let mut journal = Document::new(DocumentId::journal(DossierId([1; 16]), 2026));
        let said = [(&jou::ANOMALIE_CHAMP, "contact.telephone"), (&jou::ANOMALIE_NATURE, "C’est faux")];
        let id = EntryId([7; 16]);
        written(&mut journal, SONIA, Timestamp(0), &[RecordEdit::new(&jou::ANOMALIES, id, &said)]);
        let found = signalees(&Records::read(&journal));
        assert_eq!((found[0].nature.as_str(), found[0].urgent), ("Téléphone : c’est faux", true));
        for (statut, waits) in [("Prise en compte", 1), ("Corrigée", 0)] {
            let edit = RecordEdit::new(&jou::ANOMALIES, id, &[(&jou::ANOMALIE_STATUT, statut)]);
            written(&mut journal, CLAIRE, Timestamp(0), &[edit]);
            let found = signalees(&Records::read(&journal));
            assert_eq!(found.len(), waits, "{statut}");
            assert!(found.iter().all(|it| !it.urgent), "{statut}");
        }
    }

    #[test]
    fn tasks_that_are_over_are_due_no_more() {
        let mut relation = Document::new(DocumentId::relation(DossierId([1; 16])));
        let task = |id: u8, day: &str, statut: &str| {
            let values = [(&rel::TACHE_ECHEANCE, day), (&rel::TACHE_STATUT, statut)];
            RecordEdit::new(&rel::TACHES, EntryId([id; 16]), &values)
        };
        let all = [task(1, "2026-12-02", "À faire"), task(2, "2026-12-01", ""), task(3, "2026-11-01", rel::FAIT)];
        written(&mut relation, CLAIRE, Timestamp(0), &all);
        let days = ["2026-12-01", "2026-12-02"].map(|day| calendar_date(day).unwrap().num_days_from_ce());
        assert_eq!(echeances(&Records::read(&relation)), days);
    }
}
