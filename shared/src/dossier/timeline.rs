//! What happened in a dossier, newest first, on one page: contacts, needs, papers, stages, visits, complaints.

use chrono::NaiveDate;

use super::{Dossier, Etape, domicile};
use crate::documents::schema::administratif::{
    FICHIER_PIECE, FICHIER_QUALITE, FICHIER_SIGNATAIRE, FICHIER_SIGNE, FICHIER_SIGNE_LE, FICHIERS, PIECE_DATE,
    PIECE_SIGNATURE, PIECE_STATUT, PIECES,
};
use crate::documents::schema::client::{RECUEIL_LE, REEVALUATION};
use crate::documents::schema::prestation::{
    ETAPE_DATE, ETAPE_MOTIF, ETAPE_NOM, ETAPES, PREMIERE_VISITE, PRESENTATION_LE,
};
use crate::documents::schema::relation as rel;
use crate::documents::schema::{Field, FieldKind};
use crate::documents::{Record, Signature};
use crate::time::Timestamp;
use crate::validate::calendar_date;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// Somebody asked for something.
    Demande,
    /// Needs, visits: a day that a field names.
    Jalon,
    /// The dossier entered a stage.
    Etape,
    /// A paper was made or signed.
    Piece,
    /// Somebody passed something on.
    Transmission,
    /// A letter.
    Courrier,
    /// A complaint.
    Reclamation,
    /// Somebody came and went.
    Visite,
    /// Something was seen at a visit.
    Observation,
    /// A change of situation, and the office's answer.
    Avis,
    /// Something wrong in the dossier, and what became of it.
    Anomalie,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When: the beginning of the day it says, unless it was written that day.
    pub at: Timestamp,
    /// What kind.
    pub kind: EventKind,
    /// In a few words.
    pub title: String,
    /// What there is to say of it; may be empty.
    pub text: String,
    /// Who wrote it down.
    pub signature: Option<Signature>,
}

/// Everything that happened, newest first. What is to come is first of all.
#[must_use]
pub fn timeline(dossier: &Dossier) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    events.extend(dossier.demandes.iter().map(|demande| Event {
        at: demande.signature.at,
        kind: EventKind::Demande,
        title: format!("Demande · {}", demande.canal),
        text: demande.texte.clone(),
        signature: Some(demande.signature.clone()),
    }));
    events.extend(dossier.transmissions.iter().map(|transmission| Event {
        at: transmission.signature.at,
        kind: EventKind::Transmission,
        title: "Transmission".to_owned(),
        text: transmission.texte.clone(),
        signature: Some(transmission.signature.clone()),
    }));
    for (field, title) in [
        (&RECUEIL_LE, "Recueil des besoins"),
        (&REEVALUATION, "Réévaluation des besoins"),
        (&PRESENTATION_LE, "Visite de présentation"),
        (&PREMIERE_VISITE, "Première prestation"),
    ] {
        events.extend(milestone(dossier, field, title));
    }
    // Those of the same moment in the order of a dossier's life, the last one first.
    let mut stages: Vec<&Record> = dossier.records.of(&ETAPES).collect();
    stages.sort_by_key(|record| std::cmp::Reverse(Etape::from_name(record.value(&ETAPE_NOM))));
    events.extend(stages.into_iter().map(stage));
    for piece in dossier.records.of(&PIECES) {
        events.push(of_record(piece, EventKind::Piece, &PIECE_DATE, &PIECE_STATUT));
        events.extend(signed(dossier, piece));
    }
    let letters = dossier.records.of(&rel::COURRIERS);
    events.extend(letters.map(|it| of_record(it, EventKind::Courrier, &rel::COURRIER_DATE, &rel::COURRIER_NOTE)));
    let complaints = dossier.records.of(&rel::RECLAMATIONS);
    events.extend(
        complaints.map(|it| of_record(it, EventKind::Reclamation, &rel::RECLAMATION_DATE, &rel::RECLAMATION_STATUT)),
    );
    events.extend(domicile::events(dossier));
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events
}

/// Each signature that was drawn for a paper; without any on the day it says, that day.
fn signed(dossier: &Dossier, piece: &Record) -> Vec<Event> {
    let title = format!("Signature · {}", piece.title());
    let event = |at, text, signature| Event { at, kind: EventKind::Piece, title: title.clone(), text, signature };
    let id = piece.id.to_string();
    let of_piece = |file: &&Record| file.value(&FICHIER_PIECE) == id && !file.value(&FICHIER_SIGNE).is_empty();
    let drawn = dossier.records.of(&FICHIERS).filter(of_piece).map(|file| {
        let at = file.value(&FICHIER_SIGNE_LE).parse().map_or(file.signature.at, Timestamp);
        let who = [file.value(&FICHIER_SIGNATAIRE), file.value(&FICHIER_QUALITE)].join(" · ");
        event(at, who, Some(file.signature.clone()))
    });
    let mut events: Vec<Event> = drawn.collect();
    let day = calendar_date(piece.value(&PIECE_SIGNATURE));
    if let Some(day) = day.filter(|day| events.iter().all(|event| event.at.date() != *day)) {
        events.push(event(Timestamp::midnight(day), String::new(), None));
    }
    events
}

fn milestone(dossier: &Dossier, field: &'static Field, title: &str) -> Option<Event> {
    let register = dossier.fields.register(field);
    let day = calendar_date(register.value())?;
    let signature = register.candidates.into_iter().next_back().map(|candidate| candidate.signature);
    Some(Event {
        at: moment(day, signature.as_ref().map(|signature| signature.at)),
        kind: EventKind::Jalon,
        title: title.to_owned(),
        text: String::new(),
        signature,
    })
}

fn stage(record: &Record) -> Event {
    let name = record.value(&ETAPE_NOM);
    Event {
        at: at(record, &ETAPE_DATE),
        kind: EventKind::Etape,
        title: Etape::from_name(name).map_or_else(|| name.to_owned(), |etape| format!("Étape · {}", etape.label())),
        text: record.value(&ETAPE_MOTIF).to_owned(),
        signature: Some(record.signature.clone()),
    }
}

fn of_record(record: &Record, kind: EventKind, date: &Field, told: &Field) -> Event {
    Event {
        at: at(record, date),
        kind,
        title: record.title(),
        text: if told.kind == FieldKind::Person { String::new() } else { told.display(record.value(told)) },
        signature: Some(record.signature.clone()),
    }
}

/// The day that a record says, else when it was added.
fn at(record: &Record, date: &Field) -> Timestamp {
    let written = record.signature.at;
    calendar_date(record.value(date)).map_or(written, |day| moment(day, Some(written)))
}

/// A day, as the moment it begins; when it was written down that very day, that moment, for the order.
fn moment(day: NaiveDate, written: Option<Timestamp>) -> Timestamp {
    written.filter(|written| written.date() == day).unwrap_or_else(|| Timestamp::midnight(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::schema::administratif::PIECE_TYPE;
    use crate::documents::{Document, Pen, SetField, add_record, add_record_and_set, relation};
    use crate::ids::{DocumentId, DossierId, EntryId, UserId};

    #[test]
    fn what_happened_is_told_newest_first_by_the_day_it_says() {
        let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
        let dossier = DossierId([1; 16]);
        let mut requests = Document::new(DocumentId::relation(dossier));
        let now = Timestamp::from_seconds(1_795_419_000); // 2026-11-23
        relation::add_demande(&mut requests, &pen, now, EntryId([1; 16]), "Téléphone", "Une aide.").unwrap();
        let mut papers = Document::new(DocumentId::administratif(dossier));
        let values = [(&PIECE_TYPE, "Devis"), (&PIECE_DATE, "2026-11-20"), (&PIECE_SIGNATURE, "2026-12-01")];
        let values = values.map(|(field, value)| SetField { field, value: value.to_owned() });
        add_record(&mut papers, &pen, now, (&PIECES, EntryId([2; 16])), &values).unwrap();
        let events = timeline(&Dossier::read([&requests, &papers]));
        let titles: Vec<&str> = events.iter().map(|event| event.title.as_str()).collect();
        assert_eq!(titles, ["Signature · Devis", "Demande · Téléphone", "Devis"]);
    }

    #[test]
    fn stages_entered_in_the_same_second_are_told_in_the_order_of_a_dossier_s_life() {
        let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
        let mut mission = Document::new(DocumentId::prestation(DossierId([1; 16])));
        let now = Timestamp::from_seconds(1_795_419_000);
        for (id, etape) in [(9, Etape::Besoins), (1, Etape::Contrat), (5, Etape::Actif)] {
            let values = [(&ETAPE_NOM, etape.name()), (&ETAPE_DATE, "2026-11-23")];
            let values = values.map(|(field, value)| SetField { field, value: value.to_owned() });
            add_record(&mut mission, &pen, now, (&ETAPES, EntryId([id; 16])), &values).unwrap();
        }
        let titles: Vec<String> = timeline(&Dossier::read([&mission])).into_iter().map(|event| event.title).collect();
        assert_eq!(titles, ["Étape · Actif", "Étape · Contrat", "Étape · Besoins recueillis"]);
    }

    #[test]
    fn a_signature_drawn_on_a_screen_is_told_once_with_who_signed() {
        let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
        let now = Timestamp::from_seconds(1_795_419_000); // 2026-11-23
        let (piece, when) = (EntryId([2; 16]).to_string(), now.0.to_string());
        let paper = [(&PIECE_TYPE, "Contrat"), (&PIECE_SIGNATURE, "2026-11-23")];
        let drawn = [
            (&FICHIER_PIECE, piece.as_str()),
            (&FICHIER_SIGNE, "00"),
            (&FICHIER_SIGNE_LE, &when),
            (&FICHIER_SIGNATAIRE, "Jeanne Petit"),
            (&FICHIER_QUALITE, "Client"),
        ];
        let set = |values: &[(&'static Field, &str)]| -> Vec<SetField> {
            values.iter().map(|(field, value)| SetField { field, value: (*value).to_owned() }).collect()
        };
        let mut papers = Document::new(DocumentId::administratif(DossierId([1; 16])));
        add_record(&mut papers, &pen, now, (&PIECES, EntryId([2; 16])), &set(&paper)).unwrap();
        let (base, file, signed) =
            (papers.heads(), EntryId([3; 16]), [SetField { field: &PIECE_STATUT, value: "Signé".into() }]);
        let change = add_record_and_set(
            &mut papers,
            &pen,
            &base,
            now,
            ((&FICHIERS, file), &set(&drawn)),
            ((&PIECES, EntryId([2; 16])), &signed),
        );
        assert!(change.unwrap().is_some());
        let events = timeline(&Dossier::read([&papers]));
        let told: Vec<_> = events.iter().map(|event| (event.title.as_str(), event.text.as_str())).collect();
        assert_eq!(told, [("Contrat", "Signé"), ("Signature · Contrat", "Jeanne Petit · Client")]);
    }
}
