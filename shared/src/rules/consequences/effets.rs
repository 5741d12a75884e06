//! What a decision writes, and how it is taken back: only what still stands as it was written.

use crate::documents::schema::administratif::{PIECE_FIN, PIECES};
use crate::documents::schema::prestation as pre;
use crate::documents::schema::relation as rel;
use crate::documents::schema::{Collection, Field};
use crate::documents::{Record, RecordEdit, SetField};
use crate::dossier::{Dossier, Etape};
use crate::ids::EntryId;
use crate::planning::Planifiee;

use super::{Avis, Decision, Effet, Modification, Proposition, Tache};

/// What a decision writes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// In the documents of the dossier, each edit in that of its collection.
    pub edits: Vec<RecordEdit>,
}

/// What taking a decision back writes, and what it leaves because somebody has changed it since.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Back {
    /// In the documents of the dossier.
    pub edits: Vec<RecordEdit>,
    /// How many things stay as somebody made them since.
    pub left: usize,
}

/// What a decision about a proposition writes: its effect, and the record that remembers both. `ids` gives new identities:
/// the record's, then that of a task or stage.
#[must_use]
pub fn apply(
    avis: &Avis,
    proposition: &Proposition,
    decision: &Decision,
    dossier: &Dossier,
    ids: [EntryId; 2],
) -> Applied {
    let (word, motif, how) = match decision {
        Decision::Acceptee => (rel::ACCEPTEE, "", Some(Modification::default())),
        Decision::Modifiee(how) => (rel::MODIFIEE, how.motif.as_str(), Some(how.clone())),
        Decision::Refusee(why) => (rel::REFUSEE, why.as_str(), None),
    };
    let mut applied = Applied::default();
    let mut done = Vec::new();
    if let Some(how) = how {
        let mut write = Writing { avis, dossier, edits: &mut applied.edits, done: &mut done };
        write.effect(&proposition.effet, &how, ids[1]);
    }
    let values = [
        (&rel::CONSEQUENCE_AVIS, avis.id.to_string()),
        (&rel::CONSEQUENCE_REGLE, proposition.regle.to_owned()),
        (&rel::CONSEQUENCE_TEXTE, proposition.texte.clone()),
        (&rel::CONSEQUENCE_DECISION, word.to_owned()),
        (&rel::CONSEQUENCE_MOTIF, motif.to_owned()),
        (&rel::CONSEQUENCE_EFFET, done.join(" ")),
    ];
    let values = values.into_iter().map(|(field, value)| SetField { field, value }).collect();
    applied.edits.push(RecordEdit { collection: &rel::CONSEQUENCES, id: ids[0], values, retire: None });
    applied
}

/// Collects edits, and says of each what stood there before: `what:id:before:after`.
struct Writing<'a> {
    avis: &'a Avis,
    dossier: &'a Dossier,
    edits: &'a mut Vec<RecordEdit>,
    done: &'a mut Vec<String>,
}

impl Writing<'_> {
    fn effect(&mut self, effet: &Effet, how: &Modification, id: EntryId) {
        match effet {
            Effet::Annuler(visits) => {
                for visit in visits.iter().filter(|it| !how.garder.contains(&it.visite.id)) {
                    self.cancel(visit);
                }
            }
            Effet::Arreter(regles, day) => {
                self.end(regles, (&pre::RECURRENCES, &pre::RECURRENCE_AU), how.date.unwrap_or(*day));
            }
            Effet::Terminer(pieces, day) => self.end(pieces, (&PIECES, &PIECE_FIN), how.date.unwrap_or(*day)),
            Effet::Etape(name, day) => {
                let day = how.date.unwrap_or(*day).to_string();
                let why = format!("Avis de changement : {}", self.avis.nature);
                let name = Etape::from_name(name).unwrap_or_default().name();
                let values =
                    [(&pre::ETAPE_NOM, name), (&pre::ETAPE_DATE, day.as_str()), (&pre::ETAPE_MOTIF, why.as_str())];
                self.edits.push(RecordEdit::new(&pre::ETAPES, id, &values));
                self.note("etapes", id, "", "");
            }
            Effet::Tache(tache) => {
                self.edits.push(task(tache, how, id));
                self.note("taches", id, "", "");
            }
        }
    }

    fn cancel(&mut self, visit: &Planifiee) {
        let id = visit.visite.id;
        let before = self.dossier.records.get(id).map_or("", |record| record.value(&pre::VISITE_ETAT)).to_owned();
        let (avis, jour) = (self.avis.id.to_string(), visit.jour.to_string());
        let mut values = vec![
            (&pre::VISITE_ETAT, pre::ANNULEE),
            (&pre::VISITE_AVIS, avis.as_str()),
            (&pre::VISITE_MOTIF, self.avis.nature.as_str()),
        ];
        let regle = visit.recurrence.map(|id| id.to_string()).unwrap_or_default();
        if self.dossier.records.get(id).is_none() {
            values.extend([(&pre::VISITE_RECURRENCE, regle.as_str()), (&pre::VISITE_JOUR, jour.as_str())]);
        }
        self.edits.push(RecordEdit::new(&pre::VISITES, id, &values));
        self.note("visites", id, &before, pre::ANNULEE);
    }

    /// Gives records an end, those that have an earlier one left out.
    fn end(
        &mut self,
        ids: &[EntryId],
        (collection, field): (&'static Collection, &'static Field),
        day: chrono::NaiveDate,
    ) {
        let day = day.to_string();
        for id in ids {
            let before = self.dossier.records.get(*id).map_or("", |record| record.value(field)).to_owned();
            if before.is_empty() || before > day {
                self.edits.push(RecordEdit::new(collection, *id, &[(field, &day)]));
                self.note(collection.key, *id, &before, &day);
            }
        }
    }

    fn note(&mut self, what: &str, id: EntryId, before: &str, after: &str) {
        self.done.push(format!("{what}:{id}:{before}:{after}"));
    }
}

fn task(tache: &Tache, how: &Modification, id: EntryId) -> RecordEdit {
    let day = how.date.unwrap_or(tache.echeance).to_string();
    let titre = if how.texte.trim().is_empty() { tache.titre.as_str() } else { how.texte.trim() };
    let values = [
        (&rel::TACHE_TITRE, titre),
        (&rel::TACHE_CATEGORIE, tache.categorie),
        (&rel::TACHE_SERVICE, tache.service),
        (&rel::TACHE_ECHEANCE, day.as_str()),
        (&rel::TACHE_STATUT, "À faire"),
        (&rel::TACHE_DESCRIPTION, tache.description.as_str()),
    ];
    RecordEdit::new(&rel::TACHES, id, &values)
}

/// Something that a decision has done: a record that was written, and what stood there before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fait {
    /// The key of the collection: `visites`, `recurrences`, `pieces`, `etapes`, `taches`.
    pub quoi: String,
    /// Which record.
    pub id: EntryId,
    /// What stood there; empty when it is new.
    pub avant: String,
    /// What was written.
    pub apres: String,
}

impl Fait {
    /// Whether the record was made for this decision: two people who decide the same apart then make two.
    #[must_use]
    pub fn is_its_own(&self) -> bool {
        matches!(self.quoi.as_str(), "etapes" | "taches")
    }
}

/// Everything that a decision has done.
#[must_use]
pub fn faits(consequence: &Record) -> Vec<Fait> {
    let read = |done: &str| {
        let mut parts = done.splitn(4, ':');
        let (quoi, id) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
        let mut rest = || parts.next().unwrap_or_default().to_owned();
        Some(Fait { quoi, id, avant: rest(), apres: rest() })
    };
    consequence.value(&rel::CONSEQUENCE_EFFET).split_whitespace().filter_map(read).collect()
}

/// What takes a decision back. What somebody has changed since stays, and is counted.
#[must_use]
pub fn take_back(consequence: &Record, dossier: &Dossier) -> Back {
    let mut back = Back::default();
    for fait in faits(consequence) {
        match undo(&fait, dossier) {
            Some(edit) => back.edits.push(edit),
            None => back.left += 1,
        }
    }
    let noted = RecordEdit::new(&rel::CONSEQUENCES, consequence.id, &[(&rel::CONSEQUENCE_ANNULEE, "Oui")]);
    back.edits.push(noted);
    back
}

fn undo(fait: &Fait, dossier: &Dossier) -> Option<RecordEdit> {
    let Fait { id, avant, apres, .. } = fait;
    let id = *id;
    let record = dossier.records.get(id).filter(|record| !record.retire)?;
    let put_back = |collection, field: &'static Field| {
        (record.value(field) == apres).then(|| RecordEdit::new(collection, id, &[(field, avant.as_str())]))
    };
    match fait.quoi.as_str() {
        "visites" => {
            let mut edit = put_back(&pre::VISITES, &pre::VISITE_ETAT)?;
            let cleared = [&pre::VISITE_AVIS, &pre::VISITE_MOTIF];
            edit.values.extend(cleared.map(|field| SetField { field, value: String::new() }));
            Some(edit)
        }
        "recurrences" => put_back(&pre::RECURRENCES, &pre::RECURRENCE_AU),
        "pieces" => put_back(&PIECES, &PIECE_FIN),
        "etapes" => Some(RecordEdit { retire: Some(true), ..RecordEdit::new(&pre::ETAPES, id, &[]) }),
        // A task that somebody has begun or done is theirs.
        "taches" if record.value(&rel::TACHE_STATUT) == "À faire" => {
            Some(RecordEdit { retire: Some(true), ..RecordEdit::new(&rel::TACHES, id, &[]) })
        }
        _ => None,
    }
}
