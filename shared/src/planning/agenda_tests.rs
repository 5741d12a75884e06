//! What a summary knows of a planning, written and read as on two devices.

use super::*;
use crate::documents::schema::prestation as pre;
use crate::documents::{Document, Heads, Pen, RecordEdit, edit_records};
use crate::ids::{DocumentId, EntryId};
use crate::planning::suivi;
use crate::planning::{Deroulement, Ecart};

const DOSSIER: DossierId = DossierId([1; 16]);
const SONIA: UserId = UserId([9; 16]);
const NADIA: UserId = UserId([8; 16]);
const REGLE: EntryId = EntryId([3; 16]);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn pen(id: u8) -> Pen {
    Pen { user: UserId([id; 16]), actor: [id; 16] }
}

/// Writes as somebody who has seen everything up to `base`.
fn write(document: &mut Document, by: u8, base: &Heads, at: i64, edits: &[RecordEdit]) -> Vec<u8> {
    edit_records(document, &pen(by), base, Timestamp(at * 1000), edits).unwrap().unwrap().bytes
}

fn mornings() -> RecordEdit {
    let user = SONIA.to_string();
    RecordEdit::new(
        &pre::RECURRENCES,
        REGLE,
        &[
            (&pre::RECURRENCE_JOURS, "1,4"),
            (&pre::RECURRENCE_DEBUT, "09:00"),
            (&pre::RECURRENCE_FIN, "11:00"),
            (&pre::RECURRENCE_DU, "2026-11-01"),
            (&pre::RECURRENCE_INTERVENANT, &user),
        ],
    )
}

/// What is changed on Thursday 26 November.
fn thursday(values: &[(&'static Field, &str)]) -> RecordEdit {
    let (regle, jour) = (REGLE.to_string(), day("2026-11-26"));
    let mut all = vec![(&pre::VISITE_RECURRENCE, regle.as_str()), (&pre::VISITE_JOUR, "2026-11-26")];
    all.extend_from_slice(values);
    RecordEdit::new(&pre::VISITES, occurrence_id(REGLE, jour), &all)
}

fn prestation() -> Document {
    let mut document = Document::new(DocumentId::prestation(DOSSIER));
    let base = document.heads();
    write(&mut document, 1, &base, 0, &[mornings()]);
    document
}

fn agenda(documents: &[&Document]) -> Agenda {
    Agenda::project(&Dossier::read(documents.iter().copied()), day("2026-11-26"))
}

fn week(document: &Document) -> Vec<Planifiee> {
    agenda(&[document]).between(DOSSIER, day("2026-11-23"), day("2026-11-29"))
}

fn told(planned: &[Planifiee]) -> Vec<String> {
    let one = |it: &Planifiee| {
        format!("{} {}-{} {}", it.jour, it.visite.debut.hours(), it.visite.fin.hours(), it.etat.name())
    };
    planned.iter().map(one).map(|text| text.replace('\u{a0}', "")).collect()
}

#[test]
fn a_day_of_a_recurrence_is_moved_given_to_somebody_else_cancelled_and_put_back() {
    let mut document = prestation();
    assert_eq!(told(&week(&document)), ["2026-11-23 9h00-11h00 Confirmée", "2026-11-26 9h00-11h00 Confirmée"]);
    let base = document.heads();
    let nadia = NADIA.to_string();
    let moved = thursday(&[
        (&pre::VISITE_DATE, "2026-11-27"),
        (&pre::VISITE_DEBUT, "14:00"),
        (&pre::VISITE_FIN, "15:30"),
        (&pre::VISITE_INTERVENANT, &nadia),
    ]);
    write(&mut document, 1, &base, 1, &[moved]);
    let planned = week(&document);
    assert_eq!(told(&planned), ["2026-11-23 9h00-11h00 Confirmée", "2026-11-27 14h00-15h30 Confirmée"]);
    assert_eq!((planned[0].intervenant, planned[1].intervenant), (Some(SONIA), Some(NADIA)));
    assert_eq!(planned[1].visite.id, occurrence_id(REGLE, day("2026-11-26")), "a clock-in finds it wherever it goes");
    let base = document.heads();
    write(&mut document, 1, &base, 2, &[thursday(&[(&pre::VISITE_ETAT, pre::ANNULEE)])]);
    assert_eq!(week(&document)[1].etat, Etat::Annulee);
    let base = document.heads();
    let back = RecordEdit { retire: Some(true), ..thursday(&[]) };
    write(&mut document, 1, &base, 3, &[back]);
    assert_eq!(told(&week(&document))[1], "2026-11-26 9h00-11h00 Confirmée");
}

#[test]
fn plan_two_coordinators_who_move_one_visit_apart_leave_one_visit_that_says_so() {
    let mut one = prestation();
    let mut two = one.clone();
    let base = one.heads();
    let to = |debut, fin| thursday(&[(&pre::VISITE_DEBUT, debut), (&pre::VISITE_FIN, fin)]);
    let first = write(&mut one, 4, &base, 10, &[to("14:00", "15:00")]);
    let second = write(&mut two, 5, &base, 20, &[to("16:00", "17:00")]);
    one.apply(&second).unwrap();
    two.apply(&first).unwrap();
    assert_eq!(week(&one), week(&two));
    let thursday = &week(&one)[1];
    assert!(thursday.conteste);
    // The hours of one of them, never the beginning of one and the end of the other.
    assert_eq!(told(&week(&one))[1], "2026-11-26 16h00-17h00 Confirmée");
    // Somebody chooses: it is not contested any more.
    let base = one.heads();
    write(&mut one, 4, &base, 30, &[to("14:00", "15:00")]);
    assert_eq!((told(&week(&one))[1].as_str(), week(&one)[1].conteste), ("2026-11-26 14h00-15h00 Confirmée", false));
}

#[test]
fn a_clock_in_to_a_visit_that_was_cancelled_meanwhile_is_kept_and_said() {
    let mut document = prestation();
    let base = document.heads();
    let id = occurrence_id(REGLE, day("2026-11-26"));
    write(&mut document, 1, &base, 2, &[thursday(&[(&pre::VISITE_ETAT, pre::ANNULEE)])]);
    let mut journal = Document::new(DocumentId::journal(DOSSIER, 2026));
    let at = instant(day("2026-11-26"), "09:02:00".parse().unwrap());
    let (visite, heure) = (id.to_string(), at.0.to_string());
    let clock_in = RecordEdit::new(
        &jou::POINTAGES,
        EntryId([7; 16]),
        &[(&jou::POINTAGE_VISITE, &visite), (&jou::POINTAGE_SENS, jou::ARRIVEE), (&jou::POINTAGE_HEURE, &heure)],
    );
    let base = journal.heads();
    write(&mut journal, 9, &base, 3, &[clock_in]);
    let agenda = agenda(&[&document, &journal]);
    let planned = &agenda.between(DOSSIER, day("2026-11-26"), day("2026-11-26"))[0];
    let suivi = suivi(planned, &agenda.pointages, at);
    assert_eq!(suivi.deroulement, Deroulement::EnCours);
    assert!(suivi.ecarts.contains(&Ecart::Annulee) && suivi.is_serious());
    assert!(agenda.orphelins(DOSSIER, day("2026-11-26")).is_empty());
    // The recurrence itself is put away: the clock-in has no visit, and is shown by itself.
    let base = document.heads();
    let away = RecordEdit { retire: Some(true), ..RecordEdit::new(&pre::RECURRENCES, REGLE, &[]) };
    let gone = RecordEdit { retire: Some(true), ..thursday(&[]) };
    write(&mut document, 1, &base, 4, &[away, gone]);
    let agenda = Agenda::project(&Dossier::read([&document, &journal]), day("2026-11-26"));
    assert_eq!(agenda.orphelins(DOSSIER, day("2026-11-26")).len(), 1);
}

#[test]
fn an_answer_is_to_the_visit_as_it_was_proposed() {
    let mut document = prestation();
    let base = document.heads();
    let published = [(&pre::VISITE_ETAT, pre::A_VALIDER), (&pre::VISITE_ECHEANCE, "2026-11-24")];
    write(&mut document, 1, &base, 2, &[thursday(&published)]);
    let planned = week(&document)[1].clone();
    assert_eq!((planned.etat, planned.echeance), (Etat::AValider, Some(day("2026-11-24"))));
    let mut journal = Document::new(DocumentId::journal(DOSSIER, 2026));
    let (visite, propose) = (planned.visite.id.to_string(), planned.propose());
    let answer = RecordEdit::new(
        &jou::REPONSES,
        EntryId([7; 16]),
        &[(&jou::REPONSE_VISITE, &visite), (&jou::REPONSE_PROPOSE, &propose), (&jou::REPONSE_CHOIX, jou::ACCEPTEE)],
    );
    let base = journal.heads();
    write(&mut journal, 9, &base, 3, &[answer]);
    assert!(agenda(&[&document, &journal]).reponse(&planned, SONIA).unwrap().acceptee);
    assert_eq!(agenda(&[&document, &journal]).reponse(&planned, NADIA), None);
    // The office moves it: nobody has accepted that.
    let base = document.heads();
    write(&mut document, 1, &base, 4, &[thursday(&[(&pre::VISITE_DEBUT, "10:00")])]);
    let moved = week(&document)[1].clone();
    assert_eq!(agenda(&[&document, &journal]).reponse(&moved, SONIA), None);
}

#[test]
fn a_draft_is_on_nobody_s_phone_and_a_summary_survives_its_store() {
    let mut document = prestation();
    let base = document.heads();
    let draft = RecordEdit::new(&pre::RECURRENCES, REGLE, &[(&pre::RECURRENCE_ETAT, pre::BROUILLON)]);
    write(&mut document, 1, &base, 2, &[draft]);
    assert!(week(&document).iter().all(|it| it.intervenant == Some(SONIA) && !it.is_for(SONIA)));
    let agenda = agenda(&[&document]);
    assert_eq!(minicbor::decode::<Agenda>(&minicbor::to_vec(&agenda).unwrap()).unwrap(), agenda);
}

#[test]
fn a_clock_in_of_a_device_whose_clock_was_wrong_is_not_lost() {
    let document = prestation();
    let mut journal = Document::new(DocumentId::journal(DOSSIER, 2026));
    let clock_in = |id: u8, visite: EntryId| {
        let (visite, heure) = (visite.to_string(), Timestamp::midnight(day("1999-12-31")).0.to_string());
        let values = [(&jou::POINTAGE_VISITE, visite.as_str()), (&jou::POINTAGE_HEURE, heure.as_str())];
        RecordEdit::new(&jou::POINTAGES, EntryId([id; 16]), &values)
    };
    let (this_week, of_old) = (occurrence_id(REGLE, day("2026-11-23")), occurrence_id(REGLE, day("2020-11-23")));
    let base = journal.heads();
    write(&mut journal, 9, &base, 3, &[clock_in(1, this_week), clock_in(2, of_old)]);
    let known: Vec<u8> = agenda(&[&document, &journal]).pointages.iter().map(|it| it.id.0[0]).collect();
    assert_eq!(known, [1]);
}
