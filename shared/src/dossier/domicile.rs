//! What happened at the client's home, for the timeline: visits, what was seen there, notices and their acknowledgements,
//! what somebody found wrong in the dossier.

use std::collections::BTreeMap;

use super::{Dossier, Event, EventKind};
use crate::documents::Record;
use crate::documents::schema::journal as jou;
use crate::ids::EntryId;
use crate::planning::{Lieu, Moyen, Pointage, anomalie};
use crate::time::{Timestamp, french_day};
use crate::validate::calendar_date;

/// All of it, in no order.
pub(super) fn events(dossier: &Dossier) -> Vec<Event> {
    let records = &dossier.records;
    let mut events = visits(dossier);
    events.extend(records.of(&jou::OBSERVATIONS).map(|it| {
        let text = it.value(&jou::OBSERVATION_TEXTE).to_owned();
        of(it, EventKind::Observation, "Observation".to_owned(), text)
    }));
    for avis in records.of(&jou::AVIS) {
        let title = format!("Avis de changement · {}", avis.value(&jou::AVIS_NATURE));
        events.push(of(avis, EventKind::Avis, title, notice(avis)));
        events.extend(acknowledged(avis));
    }
    let anomalies = records.iter().filter(|it| it.collection.key == jou::ANOMALIES.key);
    for record in anomalies {
        let title = format!("Anomalie signalée · {}", anomalie(record));
        events.push(of(record, EventKind::Anomalie, title, record.value(&jou::ANOMALIE_NOTE).to_owned()));
        events.extend(answered(record));
    }
    events
}

fn of(record: &Record, kind: EventKind, title: String, text: String) -> Event {
    Event { at: record.signature.at, kind, title, text, signature: Some(record.signature.clone()) }
}

/// The days of a notice, and what was said of it.
fn notice(avis: &Record) -> String {
    let day = |field| calendar_date(avis.value(field)).map(|day| french_day(day, avis.signature.at));
    let days = match (day(&jou::AVIS_DU), day(&jou::AVIS_AU)) {
        (Some(du), Some(au)) => format!("Du {du} au {au}"),
        (Some(du), None) => format!("À partir du {du}"),
        (None, Some(au)) => format!("Jusqu’au {au}"),
        (None, None) => String::new(),
    };
    let urgent = (avis.value(&jou::AVIS_URGENT) == "Oui").then_some("Urgent");
    let parts = [urgent.unwrap_or_default(), &days, avis.value(&jou::AVIS_DETAILS).trim()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The office's answers to a notice: all of them, when several were given apart.
fn acknowledged(avis: &Record) -> Vec<Event> {
    let nature = avis.value(&jou::AVIS_NATURE);
    let title = match avis.value(&jou::AVIS_STATUT) {
        jou::SANS_SUITE => format!("Avis sans suite · {nature}"),
        _ => format!("Accusé de réception · {nature}"),
    };
    let answers = avis.register(&jou::AVIS_ACCUSE).candidates.into_iter().filter(|it| !it.value.trim().is_empty());
    let event = |it: crate::documents::Candidate| Event {
        at: it.signature.at,
        kind: EventKind::Avis,
        title: title.clone(),
        text: it.value,
        signature: Some(it.signature),
    };
    answers.map(event).collect()
}

/// What became of an anomaly.
fn answered(record: &Record) -> Option<Event> {
    let statut = record.register(&jou::ANOMALIE_STATUT).candidates.pop()?;
    (!matches!(statut.value.as_str(), "" | "Signalée")).then(|| Event {
        at: statut.signature.at,
        kind: EventKind::Anomalie,
        title: format!("Anomalie · {}", statut.value.to_lowercase()),
        text: record.value(&jou::ANOMALIE_REPONSE).to_owned(),
        signature: Some(statut.signature),
    })
}

/// The clock-ins, those of one visit together: « Visite · 9 h 02 – 10 h 01 ».
fn visits(dossier: &Dossier) -> Vec<Event> {
    let mut visits: BTreeMap<EntryId, Vec<(Pointage, &Record)>> = BTreeMap::new();
    for record in dossier.records.all(&jou::POINTAGES) {
        if let Some(pointage) = Pointage::read(record) {
            visits.entry(pointage.visite).or_default().push((pointage, record));
        }
    }
    visits.into_values().filter_map(visit).collect()
}

fn visit(mut clocked: Vec<(Pointage, &Record)>) -> Option<Event> {
    clocked.sort_by_key(|(it, _)| (it.at(), it.id));
    let arrivee = clocked.iter().map(|(it, _)| it).find(|it| it.arrivee).map(Pointage::at);
    let depart = clocked.iter().map(|(it, _)| it).rfind(|it| !it.arrivee).map(Pointage::at);
    let title = match (arrivee, depart) {
        (Some(from), Some(to)) => format!("Visite · {} – {}", from.hours(), to.hours()),
        (Some(from), None) => format!("Arrivée · {}", from.hours()),
        (None, to) => format!("Départ · {}", to.map(Timestamp::hours).unwrap_or_default()),
    };
    let mut told: Vec<String> = Vec::new();
    for (it, _) in &clocked {
        let mut words = if it.moyen == Moyen::Manuel { "À la main".to_owned() } else { it.moyen.name().to_owned() };
        if !it.motif.is_empty() {
            words = format!("{words} : {}", it.motif);
        }
        if it.lieu == Lieu::Ailleurs {
            words.push_str(" (étiquette d’un autre domicile)");
        }
        if !told.contains(&words) {
            told.push(words);
        }
    }
    let (first, record) = clocked.first()?;
    Some(Event {
        at: first.at(),
        kind: EventKind::Visite,
        title,
        text: told.join(" · "),
        signature: Some(record.signature.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::schema::Field;
    use crate::documents::{Document, Pen, RecordEdit, edit_records};
    use crate::dossier::timeline;
    use crate::ids::{DocumentId, DossierId, UserId};

    fn told(edits: &[RecordEdit]) -> Vec<(String, String)> {
        let mut journal = Document::new(DocumentId::journal(DossierId([1; 16]), 2026));
        let base = journal.heads();
        let now = Timestamp::from_seconds(1_795_419_000);
        edit_records(&mut journal, &Pen { user: UserId([1; 16]), actor: [2; 16] }, &base, now, edits).unwrap();
        timeline(&Dossier::read([&journal])).into_iter().map(|it| (it.title, it.text)).collect()
    }

    #[test]
    fn a_visit_is_told_once_with_both_times_and_how_they_were_noted() {
        let visite = EntryId([5; 16]).to_string();
        let clock = |id: u8, sens: &'static str, minutes: i64, moyen: &'static str, motif: &'static str| {
            let heure = (1_795_419_000_000 + minutes * 60_000).to_string();
            let values: [(&'static Field, &str); 5] = [
                (&jou::POINTAGE_VISITE, &visite),
                (&jou::POINTAGE_SENS, sens),
                (&jou::POINTAGE_HEURE, &heure),
                (&jou::POINTAGE_MOYEN, moyen),
                (&jou::POINTAGE_MOTIF, motif),
            ];
            RecordEdit::new(&jou::POINTAGES, EntryId([id; 16]), &values)
        };
        let both =
            [clock(1, jou::ARRIVEE, 0, jou::QR_CODE, ""), clock(2, jou::DEPART, 60, jou::MANUEL, "Étiquette tombée")];
        assert_eq!(
            told(&both),
            [(
                "Visite · 8\u{a0}h\u{a0}30 – 9\u{a0}h\u{a0}30".to_owned(),
                "QR code · À la main : Étiquette tombée".to_owned()
            )]
        );
    }

    #[test]
    fn a_notice_and_its_acknowledgement_an_anomaly_and_its_answer_are_in_the_dossier() {
        let avis = [
            (&jou::AVIS_NATURE, jou::ABSENCE),
            (&jou::AVIS_DU, "2026-11-27"),
            (&jou::AVIS_AU, "2026-12-03"),
            (&jou::AVIS_URGENT, "Oui"),
            (&jou::AVIS_DETAILS, "Chez sa fille"),
            (&jou::AVIS_STATUT, jou::TRAITE),
            (&jou::AVIS_ACCUSE, "Bien reçu."),
        ];
        let anomalie = [
            (&jou::ANOMALIE_CHAMP, "contact.telephone"),
            (&jou::ANOMALIE_NATURE, "C’est faux"),
            (&jou::ANOMALIE_STATUT, "Corrigée"),
            (&jou::ANOMALIE_REPONSE, "Merci."),
        ];
        let told = told(&[
            RecordEdit::new(&jou::AVIS, EntryId([1; 16]), &avis),
            RecordEdit::new(&jou::ANOMALIES, EntryId([2; 16]), &anomalie),
            RecordEdit::new(&jou::OBSERVATIONS, EntryId([3; 16]), &[(&jou::OBSERVATION_TEXTE, "Fatiguée")]),
        ]);
        let expected = [
            ("Observation", "Fatiguée"),
            ("Avis de changement · Absence", "Urgent\nDu ven. 27 nov. au jeu. 3 déc.\nChez sa fille"),
            ("Accusé de réception · Absence", "Bien reçu."),
            ("Anomalie signalée · Téléphone : c’est faux", ""),
            ("Anomalie · corrigée", "Merci."),
        ];
        assert_eq!(told, expected.map(|(title, text)| (title.to_owned(), text.to_owned())));
    }
}
