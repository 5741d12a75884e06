//! A notice comes in, its consequences are decided in one sitting, and taken back.

use super::*;
use crate::documents::schema::administratif as adm;
use crate::documents::schema::prestation as pre;
use crate::documents::schema::relation as rel;
use crate::documents::{Document, FieldsView, NewChange, Pen, RecordEdit, edit_records};
use crate::dossier::{Dossier, Etape};
use crate::ids::{DocumentId, DocumentKind, DossierId, UserId};
use crate::planning::{Agenda, Etat};
use crate::time::Timestamp;

const DOSSIER: DossierId = DossierId([1; 16]);
const REGLE: EntryId = EntryId([3; 16]);
const SONIA: UserId = UserId([9; 16]);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2026-11-26")
}

/// The documents of Jeanne: visits on Mondays and Thursdays, a contract, an aid.
struct Jeanne(Vec<Document>);

impl Jeanne {
    fn new() -> Self {
        let ids = [
            DocumentId::prestation(DOSSIER),
            DocumentId::administratif(DOSSIER),
            DocumentId::relation(DOSSIER),
            DocumentId::journal(DOSSIER, 2026),
        ];
        let mut jeanne = Self(ids.into_iter().map(Document::new).collect());
        let sonia = SONIA.to_string();
        jeanne.write(&[
            RecordEdit::new(
                &pre::RECURRENCES,
                REGLE,
                &[
                    (&pre::RECURRENCE_JOURS, "1,4"),
                    (&pre::RECURRENCE_DEBUT, "09:00"),
                    (&pre::RECURRENCE_FIN, "11:00"),
                    (&pre::RECURRENCE_DU, "2026-11-01"),
                    (&pre::RECURRENCE_INTERVENANT, &sonia),
                ],
            ),
            RecordEdit::new(&adm::PIECES, EntryId([4; 16]), &[(&adm::PIECE_TYPE, adm::CONTRAT)]),
            RecordEdit::new(&adm::AIDES, EntryId([5; 16]), &[(&adm::AIDE_TYPE, "APA")]),
        ]);
        jeanne
    }

    fn write(&mut self, edits: &[RecordEdit]) {
        self.write_as(UserId([1; 16]), edits);
    }

    fn write_as(&mut self, user: UserId, edits: &[RecordEdit]) -> Vec<NewChange> {
        let (pen, mut changes) = (Pen { user, actor: user.0 }, Vec::new());
        for document in &mut self.0 {
            let of: Vec<RecordEdit> = edits
                .iter()
                .filter(|it| it.collection.document.name() == document.id().kind().name())
                .cloned()
                .collect();
            let base = document.heads();
            changes.extend(edit_records(document, &pen, &base, Timestamp(0), &of).unwrap());
        }
        changes
    }

    fn hear(&mut self, changes: &[NewChange]) {
        for change in changes {
            let document = self.0.iter_mut().find(|it| it.id() == change.document).unwrap();
            document.apply(&change.bytes).unwrap();
        }
    }

    fn read(&self) -> Dossier {
        Dossier::read(&self.0)
    }

    fn planned(&self) -> Vec<Planifiee> {
        Agenda::project(&self.read(), today()).between(DOSSIER, day("2026-11-20"), day("2027-03-01"))
    }

    fn proposed(&self, avis: &Avis) -> Vec<Proposition> {
        propositions(avis, &self.read(), &self.planned(), &|_| "Sonia Haddad".to_owned(), today())
    }

    /// Decides about every proposition, in one sitting.
    fn decide(&mut self, avis: &Avis, decide: impl Fn(&Proposition) -> Decision) {
        let dossier = self.read();
        let mut edits = Vec::new();
        for (n, proposition) in (10..).step_by(2).zip(self.proposed(avis)) {
            let ids = [EntryId([n; 16]), EntryId([n + 1; 16])];
            edits.extend(apply(avis, &proposition, &decide(&proposition), &dossier, ids).edits);
        }
        self.write(&edits);
    }

    fn take_all_back(&mut self) -> usize {
        let dossier = self.read();
        let backs: Vec<Back> = dossier.records.of(&rel::CONSEQUENCES).map(|it| take_back(it, &dossier)).collect();
        for back in &backs {
            self.write(&back.edits);
        }
        backs.iter().map(|back| back.left).sum()
    }
}

fn avis(nature: &str, du: &str, au: Option<&str>) -> Avis {
    Avis { id: EntryId([7; 16]), nature: nature.to_owned(), du: day(du), au: au.map(day), details: String::new() }
}

fn rules(list: &[Proposition]) -> Vec<&'static str> {
    list.iter().map(|it| it.regle).collect()
}

#[test]
fn an_absence_cancels_its_visits_tells_who_comes_and_the_invoice() {
    let jeanne = Jeanne::new();
    let list = jeanne.proposed(&avis(jou::ABSENCE, "2026-11-27", Some("2026-12-03")));
    assert_eq!(rules(&list), ["planning.annuler", "intervenants.prevenir", "facturation.ajuster"]);
    assert_eq!(list[0].texte, "Annuler 2 visites, du lun. 30 nov. au jeu. 3 déc.");
    assert_eq!(list[1].texte, "Prévenir Sonia Haddad");
    // It lasts: whoever pays for a part is told.
    let long = jeanne.proposed(&avis(jou::VACANCES, "2026-11-27", Some("2026-12-20")));
    assert_eq!(rules(&long).last(), Some(&"financeur.informer"));
}

#[test]
fn every_change_of_situation_asks_for_something_and_each_rule_once() {
    let jeanne = Jeanne::new();
    for nature in jou::NATURES {
        let list = jeanne.proposed(&avis(nature, "2026-11-27", None));
        assert!(!list.is_empty(), "{nature}");
        let mut once = rules(&list);
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), list.len(), "{nature}");
        for proposition in &list {
            if let Effet::Tache(tache) = &proposition.effet {
                assert!(
                    rel::CATEGORIES.contains(&tache.categorie) && rel::SERVICES.contains(&tache.service),
                    "{nature}"
                );
            }
        }
    }
}

#[test]
fn a_death_is_applied_together_and_taken_back_whole() {
    let mut jeanne = Jeanne::new();
    let before = jeanne.planned();
    let avis = avis(jou::DECES, "2026-11-27", None);
    jeanne.decide(&avis, |_| Decision::Acceptee);
    let dossier = jeanne.read();
    assert!(jeanne.planned().iter().filter(|it| it.jour >= avis.du).all(|it| it.etat == Etat::Annulee));
    assert_eq!(dossier.records.get(REGLE).unwrap().value(&pre::RECURRENCE_AU), "2026-11-26");
    assert_eq!(dossier.records.get(EntryId([4; 16])).unwrap().value(&adm::PIECE_FIN), "2026-11-27");
    assert_eq!(Etape::of(&dossier).0, Etape::Termine);
    assert!(dossier.records.of(&rel::TACHES).count() >= 4);
    assert_eq!(jeanne.take_all_back(), 0);
    let after = jeanne.read();
    let plain = |planned: Vec<Planifiee>| planned.into_iter().map(|it| (it.visite, it.etat)).collect::<Vec<_>>();
    assert_eq!(plain(jeanne.planned()), plain(before));
    assert_eq!((Etape::of(&after).0, after.records.of(&rel::TACHES).count()), (Etape::Prospect, 0));
    assert!(after.records.of(&rel::CONSEQUENCES).all(|it| it.value(&rel::CONSEQUENCE_ANNULEE) == "Oui"));
}

#[test]
fn what_is_changed_or_refused_is_kept_with_its_reason() {
    let mut jeanne = Jeanne::new();
    let avis = avis(jou::ABSENCE, "2026-11-27", Some("2026-12-03"));
    let monday = jeanne.proposed(&avis)[0].clone();
    let Effet::Annuler(visits) = monday.effet else { panic!() };
    let kept = visits[0].visite.id;
    jeanne.decide(&avis, |proposition| match proposition.regle {
        "planning.annuler" => Decision::Modifiee(Modification { garder: vec![kept], ..Modification::default() }),
        "facturation.ajuster" => Decision::Refusee("Forfait".to_owned()),
        _ => Decision::Acceptee,
    });
    let cancelled: Vec<NaiveDate> =
        jeanne.planned().iter().filter(|it| it.etat == Etat::Annulee).map(|it| it.jour).collect();
    assert_eq!(cancelled, [day("2026-12-03")]);
    let dossier = jeanne.read();
    let refused =
        dossier.records.of(&rel::CONSEQUENCES).find(|it| it.value(&rel::CONSEQUENCE_DECISION) == rel::REFUSEE);
    assert_eq!(refused.unwrap().value(&rel::CONSEQUENCE_MOTIF), "Forfait");
    assert_eq!(dossier.records.of(&rel::TACHES).count(), 1, "a task that was refused is not made");
}

#[test]
fn what_somebody_did_since_is_not_taken_back() {
    let mut jeanne = Jeanne::new();
    let avis = avis(jou::ABSENCE, "2026-11-27", Some("2026-12-03"));
    jeanne.decide(&avis, |_| Decision::Acceptee);
    let task = jeanne.read().records.of(&rel::TACHES).next().unwrap().id;
    jeanne.write(&[RecordEdit::new(&rel::TACHES, task, &[(&rel::TACHE_STATUT, rel::FAIT)])]);
    assert_eq!(jeanne.take_all_back(), 1);
    let dossier = jeanne.read();
    assert_eq!(dossier.records.get(task).unwrap().value(&rel::TACHE_STATUT), rel::FAIT);
    assert!(jeanne.planned().iter().all(|it| it.etat == Etat::Confirmee));
}

#[test]
fn what_two_coordinators_decide_apart_is_kept_said_and_put_away() {
    let mut jeanne = Jeanne::new();
    let avis = avis(jou::ABSENCE, "2026-11-27", Some("2026-12-03"));
    jeanne.write(&[RecordEdit::new(&jou::AVIS, avis.id, &[(&jou::AVIS_NATURE, jou::ABSENCE)])]);
    let mut other = Jeanne(jeanne.0.clone());
    let handle = |jeanne: &mut Jeanne, who: u8| {
        let dossier = jeanne.read();
        let ids = (u8::from(who == 2) * 40 + 50..).step_by(2);
        let each = ids.zip(jeanne.proposed(&avis)).flat_map(|(n, it)| {
            apply(&avis, &it, &Decision::Acceptee, &dossier, [EntryId([n; 16]), EntryId([n + 1; 16])]).edits
        });
        let at = who.to_string();
        let mut edits: Vec<RecordEdit> = each.collect();
        let values = [(&jou::AVIS_STATUT, jou::TRAITE), (&jou::AVIS_ACCUSE_LE, at.as_str())];
        edits.push(RecordEdit::new(&jou::AVIS, avis.id, &values));
        jeanne.write_as(UserId([who; 16]), &edits)
    };
    let claire = handle(&mut jeanne, 1);
    let said = |jeanne: &Jeanne| {
        let view = jeanne.read();
        let record = view.records.get(avis.id).unwrap();
        let kept = kept(&view, record);
        (apart(record, &kept), kept)
    };
    assert_eq!(said(&jeanne).0, [], "handled once");
    let nadia = handle(&mut other, 2);
    jeanne.hear(&nadia);
    other.hear(&claire);
    let (people, kept) = said(&jeanne);
    assert_eq!((&people, &kept), (&said(&other).0, &said(&other).1), "the same on both devices");
    assert_eq!(people, [UserId([1; 16]), UserId([2; 16])]);
    assert!(kept.len() == 6 && kept.iter().all(|it| it.twice));
    // The visits are cancelled once; of the tasks there are two each, and one may be put away.
    assert_eq!(jeanne.planned().iter().filter(|it| it.etat == Etat::Annulee).count(), 2);
    let task = kept.iter().find(|it| it.is_its_own()).unwrap();
    let back = take_back(&task.record, &jeanne.read());
    jeanne.write(&back.edits);
    let regle = task.record.value(&rel::CONSEQUENCE_REGLE).to_owned();
    let of_rule = said(&jeanne).1.into_iter().filter(|it| it.record.value(&rel::CONSEQUENCE_REGLE) == regle);
    assert!(of_rule.clone().count() == 2 && of_rule.clone().all(|it| !it.twice));
    assert_eq!(jeanne.read().records.of(&rel::TACHES).count(), 3);
}

#[test]
fn the_acknowledgement_says_what_was_decided_and_not_what_was_refused() {
    let jeanne = Jeanne::new();
    let avis = avis(jou::ABSENCE, "2026-11-27", Some("2026-12-03"));
    let decide = |it: &Proposition| match it.regle {
        "facturation.ajuster" => Decision::Refusee("Forfait".to_owned()),
        _ => Decision::Acceptee,
    };
    let decided: Vec<_> = jeanne.proposed(&avis).into_iter().map(|it| (it.clone(), decide(&it))).collect();
    let now = Timestamp::midnight(today());
    let text = accuse(&avis, &decided, ("Madame Jeanne PETIT", "Claire Martin", "Démo"), &FieldsView::default(), now);
    assert!(text.contains("absence, du ven. 27 nov. au jeu. 3 déc."), "{text}");
    assert!(text.contains("– Annuler 2 visites") && !text.contains("facturer"), "{text}");
    assert!(text.contains("Claire Martin") && text.ends_with("Démo") && !text.contains('{'), "{text}");
    assert_eq!(DocumentKind::Relation, rel::CONSEQUENCES.document);
}
