//! What the office does, written in a document and read back as the phone reads it.

use super::*;
use crate::documents::{Document, Pen, edit_records};
use crate::dossier::Dossier;
use crate::ids::{DocumentId, DossierId};
use crate::planning::{Demande, Semaine};
use crate::time::Timestamp;

const DOSSIER: DossierId = DossierId([1; 16]);
const REGLE: EntryId = EntryId([3; 16]);
const SONIA: UserId = UserId([9; 16]);
const LEA: UserId = UserId([8; 16]);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

/// A dossier's planning at the office, where Sonia comes on Mondays and Thursdays.
struct Office(Document);

impl Office {
    fn new(etat: Etat) -> Self {
        let mut office = Self(Document::new(DocumentId::prestation(DOSSIER)));
        office.write(&[reguliere(REGLE, &mornings(etat))]);
        office
    }

    fn write(&mut self, edits: &[RecordEdit]) {
        let (pen, base) = (Pen { user: UserId([1; 16]), actor: [1; 16] }, self.0.heads());
        edit_records(&mut self.0, &pen, &base, Timestamp(0), edits).unwrap();
    }

    fn agenda(&self) -> Agenda {
        Agenda::project(&Dossier::read([&self.0]), day("2026-11-26"))
    }

    fn week(&self) -> Vec<Planifiee> {
        let week = Semaine::of(day("2026-11-26"));
        self.agenda().between(DOSSIER, week.lundi(), week.dimanche())
    }

    fn told(&self) -> String {
        let one = |it: &Planifiee| {
            let who = if it.intervenant == Some(SONIA) { "Sonia" } else { "-" };
            let hours = it.visite.debut.time().format("%H:%M");
            format!("{} {hours} {who} {}", it.jour.format("%d"), it.etat.name())
        };
        self.week().iter().map(one).collect::<Vec<_>>().join(" | ")
    }

    fn change(&mut self, at: usize, change: impl FnOnce(&mut Voulue)) -> Vec<RecordEdit> {
        let planned = self.week().swap_remove(at);
        let mut voulue = Voulue::of(&planned);
        change(&mut voulue);
        let edits = vec![self.agenda().ecrire(&planned, &voulue)];
        let back = inverse(&edits, &Records::read(&self.0));
        self.write(&edits);
        back
    }
}

fn mornings(etat: Etat) -> Reguliere {
    Reguliere {
        jours: BTreeSet::from([1, 4]),
        debut: time("09:00:00"),
        fin: time("11:00:00"),
        toutes_les: 1,
        du: day("2026-11-01"),
        au: None,
        sauf_feries: true,
        intervenant: Some(SONIA),
        activite: "Courses et accompagnement".to_owned(),
        signature: false,
        etat,
        echeance: None,
    }
}

#[test]
fn a_day_that_is_moved_holds_only_what_is_its_own_and_goes_back() {
    let mut office = Office::new(Etat::Confirmee);
    assert_eq!(office.told(), "23 09:00 Sonia Confirmée | 26 09:00 Sonia Confirmée");
    let back = office.change(1, |it| it.jour = day("2026-11-27"));
    assert_eq!(office.told(), "23 09:00 Sonia Confirmée | 27 09:00 Sonia Confirmée");
    let records = Records::read(&office.0);
    let own = records.get(occurrence_id(REGLE, day("2026-11-26"))).unwrap();
    assert_eq!((own.value(&pre::VISITE_DATE), own.value(&pre::VISITE_DEBUT)), ("2026-11-27", ""));
    assert_eq!(own.value(&pre::VISITE_INTERVENANT), "");
    // « Annuler » of the message.
    office.write(&back);
    assert_eq!(office.told(), "23 09:00 Sonia Confirmée | 26 09:00 Sonia Confirmée");
    // Moved again, it remembers nothing of the first time; put back, it is the recurrence's.
    office.change(1, |it| it.debut = time("10:00:00"));
    assert_eq!(office.told(), "23 09:00 Sonia Confirmée | 26 10:00 Sonia Confirmée");
    let moved = office.week().swap_remove(1);
    let again = office.agenda().remettre(&moved).unwrap();
    office.write(&[again]);
    assert_eq!(office.told(), "23 09:00 Sonia Confirmée | 26 09:00 Sonia Confirmée");
    let plain = office.week().swap_remove(1);
    assert!(office.agenda().remettre(&plain).is_none(), "nothing to put back");
}

#[test]
fn a_day_without_the_one_who_usually_comes_is_nobody_s() {
    let mut office = Office::new(Etat::Confirmee);
    office.change(0, |it| it.intervenant = None);
    assert_eq!(office.told(), "23 09:00 - Confirmée | 26 09:00 Sonia Confirmée");
    office.change(0, |it| it.intervenant = Some(SONIA));
    assert_eq!(office.told(), "23 09:00 Sonia Confirmée | 26 09:00 Sonia Confirmée");
    office.change(1, |it| it.etat = Etat::Annulee);
    assert_eq!(office.told(), "23 09:00 Sonia Confirmée | 26 09:00 Sonia Annulée");
}

#[test]
fn a_single_visit_is_begun_and_taken_back() {
    let mut office = Office::new(Etat::Confirmee);
    let voulue = Voulue { jour: day("2026-11-25"), ..Voulue::of(&office.week()[0]) };
    let edits = [nouvelle(EntryId([7; 16]), &voulue)];
    let back = inverse(&edits, &Records::read(&office.0));
    office.write(&edits);
    assert_eq!(office.week().len(), 3);
    assert_eq!(office.agenda().origine(&office.week()[1]), None);
    office.write(&back);
    assert_eq!(office.week().len(), 2);
}

#[test]
fn drafts_are_published_accepted_and_confirmed() {
    let mut office = Office::new(Etat::Brouillon);
    // One day is another person's.
    office.change(0, |it| it.intervenant = Some(LEA));
    let (span, until) = ((day("2026-11-23"), day("2026-12-31")), day("2026-11-28"));
    let agenda = office.agenda();
    let drafts = agenda.brouillons(DOSSIER, None, span);
    let edits = agenda.publier(&drafts, until);
    assert_eq!(edits.len(), 2, "the recurrence as a whole, and the day that is another’s");
    office.write(&edits);
    let agenda = office.agenda();
    let asked = agenda.demandes(DOSSIER, span.0, span.1);
    let told = |it: &Demande| (it.a, it.regle.is_some(), it.attend(), it.en_retard(day("2026-11-29")));
    assert_eq!(asked.iter().map(told).collect::<Vec<_>>(), [(LEA, false, true, true), (SONIA, true, true, true)]);
    // Sonia accepts all of it at once.
    let mut answered = agenda.clone();
    let propose = agenda.regles[0].propose();
    let yes = super::super::Reponse {
        visite: REGLE,
        propose,
        acceptee: true,
        motif: String::new(),
        de: Some(SONIA),
        at: Timestamp(1),
    };
    answered.reponses.push(yes);
    let asked = answered.demandes(DOSSIER, span.0, span.1);
    assert!(!asked[1].attend() && asked[1].acceptees == asked[1].visites.len());
    assert!(answered.confirmer(&asked[0]).is_empty(), "Léa has not said anything");
    office.write(&answered.confirmer(&asked[1]));
    assert_eq!(office.told(), "23 09:00 - À valider | 26 09:00 Sonia Confirmée");
}

#[test]
fn days_are_said_in_words() {
    let office = Office::new(Etat::Confirmee);
    let regle = office.agenda().regles.swap_remove(0);
    assert_eq!(regle.jours_en_mots(), "lun., jeu.");
    assert_eq!(Regle { jours: 127, toutes_les: 2, ..regle }.jours_en_mots(), "tous les jours, une semaine sur deux");
}
