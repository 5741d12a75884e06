//! The records of a volet as cards: what they are, where they stand, where they are safe; and the buttons that add one.

use leptos::prelude::*;
use liaison_shared::documents::schema::administratif as adm;
use liaison_shared::documents::schema::client::CONTACT_ORDRE;
use liaison_shared::documents::schema::relation as rel;
use liaison_shared::documents::schema::{Collection, Field, FieldKind, client, qualite};
use liaison_shared::documents::{Record, SetField};
use liaison_shared::{DossierId, EntryId};

use super::value::shown_value;
use crate::platform::{clock, random};
use crate::state::{OpenDossier, Place, Toasts, Workspace};
use crate::ui::sheet::{Act, Block, Nothing, Row};
use crate::ui::{ButtonKind, IconName, Tone};

/// What lists of records have at hand. Copies are the same.
#[derive(Clone, Copy)]
pub struct Records {
    /// The person's work.
    pub workspace: Workspace,
    /// The dossier that is open.
    pub dossier: OpenDossier,
    /// Short messages.
    pub toasts: Toasts,
    /// Where one is.
    pub place: Place,
    /// The beginning of the dossier's addresses.
    pub base: StoredValue<String>,
}

impl Records {
    /// Of the dossier that is open.
    pub fn here(base: String) -> Self {
        Self {
            workspace: expect_context(),
            dossier: expect_context(),
            toasts: expect_context(),
            place: expect_context(),
            base: StoredValue::new(base),
        }
    }

    /// Of a dossier.
    pub fn of_dossier() -> Self {
        let dossier = expect_context::<OpenDossier>();
        Self::here(format!("/dossiers/{}", dossier.id))
    }

    /// The page of a record.
    #[must_use]
    pub fn href(self, id: EntryId) -> String {
        format!("{}/fiche/{id}", self.base.get_value())
    }

    fn add(self, collection: &'static Collection, values: &[SetField]) {
        match self.dossier.add(collection, values) {
            Ok(id) => self.place.go(&self.href(id)),
            Err(error) => self.toasts.say(Tone::Danger, format!("Rien n’a été ajouté : {error}")),
        }
    }
}

/// One collection: its records, and how to add one.
pub fn card(records: Records, collection: &'static Collection, icon: IconName, why: &'static str) -> Vec<Block> {
    let writes = records.workspace.writes(collection.document);
    let mut rows: Vec<(String, Row)> = records
        .dossier
        .view
        .with(|view| view.records.of(collection).map(|record| (order(record), row(records, record))).collect());
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    if rows.is_empty() && !writes {
        return Vec::new();
    }
    let nothing = Nothing::new(icon, format!("{} : rien encore", collection.plural), why);
    let mut blocks = vec![Block::Card(collection.plural.to_owned(), rows, Some(nothing))];
    if writes {
        blocks.push(Block::Acts(additions(records, collection)));
    }
    blocks
}

/// Whom to call first comes first; papers, letters and complaints by their day, newest first; tasks soonest first.
fn order(record: &Record) -> String {
    let number = |field| format!("{:>4}", record.value(field));
    let newest_first = |field| {
        let digits = record.value(field).bytes().map(|byte| char::from(b'z' - byte.saturating_sub(b'-').min(40)));
        digits.collect()
    };
    match record.collection.key {
        "contacts" if record.value(&CONTACT_ORDRE).is_empty() => "~".to_owned(),
        "contacts" => number(&CONTACT_ORDRE),
        "pieces" => newest_first(&adm::PIECE_DATE),
        "courriers" => newest_first(&rel::COURRIER_DATE),
        "reclamations" => newest_first(&rel::RECLAMATION_DATE),
        "taches" => format!("{}{}", record.value(&rel::TACHE_STATUT) == rel::FAIT, record.value(&rel::TACHE_ECHEANCE)),
        _ => String::new(),
    }
}

/// One record, as one line.
pub fn row(records: Records, record: &Record) -> Row {
    let mut row = Row::new(title_of(records.workspace, record));
    row.href = records.href(record.id);
    let shown = |field: &'static Field| {
        let value = record.value(field);
        (!value.is_empty()).then(|| shown_value(records.workspace, field, value))
    };
    if let Some(status) = status_field(record.collection).and_then(shown) {
        row.badge = Some((tone_of(&status), status));
    }
    let told = record.collection.fields.iter().copied().filter(|field| {
        let kind = matches!(
            field.kind,
            FieldKind::Date | FieldKind::Money | FieldKind::Phone | FieldKind::Email | FieldKind::Person
        );
        kind && !record.collection.title.contains(field)
    });
    let told: Vec<String> = told.filter_map(|field| Some(format!("{} : {}", field.label, shown(field)?))).collect();
    row.details.extend((!told.is_empty()).then(|| told.join(" · ")));
    if record.contested() > 0 {
        row.texts.push("Deux valeurs ont été écrites séparément : à choisir.".to_owned());
    }
    if records.workspace.writes(record.collection.document) {
        let (dossier, changes) = (records.dossier, record.changes());
        row.receipt = Some(Signal::derive(move || dossier.least_safe(changes.iter().copied())));
    }
    row
}

/// What names a record, people and dossiers by their names.
#[must_use]
pub fn title_of(workspace: Workspace, record: &Record) -> String {
    let named = record.collection.title.iter().map(|field| shown_value(workspace, field, record.value(field)));
    let parts: Vec<String> = named.filter(|part| !part.trim().is_empty()).collect();
    if parts.is_empty() { record.collection.singular.to_owned() } else { parts.join(" · ") }
}

/// The field that says where a record stands.
#[must_use]
pub fn status_field(collection: &Collection) -> Option<&'static Field> {
    match collection.key {
        "pieces" => Some(&adm::PIECE_STATUT),
        "reclamations" => Some(&rel::RECLAMATION_STATUT),
        "taches" => Some(&rel::TACHE_STATUT),
        "contacts" => Some(&client::CONTACT_ROLE),
        "actions" => Some(&qualite::ACTION_STATUT),
        _ => None,
    }
}

fn tone_of(status: &str) -> Tone {
    match status {
        "Signé" | "Accepté" | "Réglé" | "Remis" | "Fait" | "Faite" | "Close" | "Conforme" => Tone::Done,
        "Refusé" | "Annulé" | "Ouverte" | "Non conforme" => Tone::Warning,
        "Envoyé" | "En cours" | "Prêt" => Tone::Information,
        _ => Tone::Neutral,
    }
}

fn additions(records: Records, collection: &'static Collection) -> Vec<Act> {
    let value = |field: &'static Field, value: &str| SetField { field, value: value.to_owned() };
    let today = clock::now().date().to_string();
    let act = |words: String, values: Vec<SetField>| {
        Act::new(ButtonKind::Secondary, words, move || records.add(collection, &values))
    };
    match collection.key {
        "pieces" => {
            let paper = |piece_type: &&'static str| {
                let number = paper_number(records.dossier.id, piece_type);
                let first = adm::statuses_of_piece(piece_type)[0];
                let values = vec![
                    value(&adm::PIECE_TYPE, piece_type),
                    value(&adm::PIECE_NUMERO, &number),
                    value(&adm::PIECE_DATE, &today),
                    value(&adm::PIECE_STATUT, first),
                ];
                act((*piece_type).to_owned(), values)
            };
            adm::TYPES_PIECE.iter().map(paper).collect()
        }
        "contacts" => {
            let contact = |role: &&'static str| act((*role).to_owned(), vec![value(&client::CONTACT_ROLE, role)]);
            client::ROLES.iter().map(contact).collect()
        }
        "reclamations" => {
            let values = vec![value(&rel::RECLAMATION_DATE, &today), value(&rel::RECLAMATION_STATUT, "Ouverte")];
            vec![act("Noter une réclamation".to_owned(), values)]
        }
        "courriers" => ["Reçu", "Envoyé"]
            .map(|way| {
                let values = vec![value(&rel::COURRIER_SENS, way), value(&rel::COURRIER_DATE, &today)];
                act(format!("Courrier {}", way.to_lowercase()), values)
            })
            .into(),
        "taches" => {
            let values = vec![value(&rel::TACHE_ECHEANCE, &today), value(&rel::TACHE_STATUT, "À faire")];
            vec![act("Ajouter une tâche".to_owned(), values)]
        }
        _ => vec![act(format!("Ajouter : {}", collection.singular.to_lowercase()), Vec::new())],
    }
}

/// A number that two devices do not give twice: `D-2026-7K3Q`.
fn paper_number(dossier: DossierId, piece_type: &str) -> String {
    let year = clock::now().year();
    let drawn = liaison_shared::dossier::number(DossierId(random::sixteen_bytes()), "");
    let letter = piece_type.chars().next().filter(|_| dossier.0 != [0; 16]).unwrap_or('P');
    format!("{letter}-{year}-{}", drawn.split('-').next().unwrap_or_default())
}
