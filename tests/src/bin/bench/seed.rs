//! Agencies as the workloads want them: each dossier has 60 fields and 100 changes of history, three quarters of them
//! fields written anew, one quarter transmissions. The same for every system that is measured (tests/peers).
//!
//! Never goes around the door: every change is admitted by the log's own rules.

use std::collections::BTreeSet;
use std::path::PathBuf;

use liaison_server::accounts::{Account, AccountStore, Sessions, hash_password};
use liaison_server::annuaire::candidates;
use liaison_server::config::StoreOptions;
use liaison_server::database::Database;
use liaison_server::devices::Devices;
use liaison_server::log::{ChangeLog as _, Push, StoredLog};
use liaison_server::server::open;
use liaison_shared::access::Role;
use liaison_shared::documents::journal::add_transmission;
use liaison_shared::documents::prestation::add_membre;
use liaison_shared::documents::schema::{Field, administratif, client};
use liaison_shared::documents::{Document, NewChange, Pen, SetField, genesis, set_fields};
use liaison_shared::{DeviceId, DocumentId, DossierId, EntryId, Timestamp, UserId};
use liaison_tests::client::Session;
use serde_json::{Value, json};

use crate::relay::{copy, remove};
use crate::{Failure, Place, clock};

/// Scalar fields of a dossier, over `client` and `administratif`.
const FIELDS: usize = 60;
/// Changes after the first ones.
const HISTORY: usize = 100;
/// Pushes of one transaction.
const BATCH: usize = 512;
const WORDS: [&str; 24] = [
    "visite",
    "matin",
    "soir",
    "repas",
    "famille",
    "appel",
    "médecin",
    "sommeil",
    "marche",
    "fatigue",
    "bonne",
    "courses",
    "demain",
    "dossier",
    "suivi",
    "linge",
    "mobilité",
    "aide",
    "toilette",
    "pharmacie",
    "retour",
    "moral",
    "chute",
    "clés",
];

/// What an agency is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Dossiers.
    pub dossiers: usize,
    /// Intervenants, each with a phone.
    pub phones: usize,
    /// Dossiers that each of them is on the team of.
    pub each: usize,
}

/// A store that is ready to be served.
pub struct Agency {
    /// The store, for this run only.
    pub store: PathBuf,
    /// A device of the office.
    pub office: Session,
    /// The phones.
    pub phones: Vec<Session>,
}

/// Which dossiers a phone has.
pub fn dossiers_of(size: Size, phone: usize) -> impl Iterator<Item = DossierId> {
    (0..size.each).map(move |place| dossier_id((phone * size.each + place) % size.dossiers))
}

/// A dossier, by its number.
pub fn dossier_id(number: usize) -> DossierId {
    let mut random = fastrand::Rng::with_seed(number as u64 + 1);
    DossierId(random.u128(..).to_le_bytes())
}

/// A copy of an agency of this size; the original is kept for the next bench, until the relay's program changes.
pub async fn agency(place: &Place, size: Size) -> Result<Agency, Failure> {
    let name = format!("seed-{}-{}-{}", size.dossiers, size.phones, size.each);
    let (kept, told) = (place.folder.join(format!("{name}.db")), place.folder.join(format!("{name}.json")));
    let built = place.server.metadata()?.modified()?;
    if !told.metadata().and_then(|told| told.modified()).is_ok_and(|filled| filled > built) {
        eprintln!("bench: writing an agency of {} dossiers", size.dossiers);
        std::fs::remove_file(&told).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        remove(&kept)?;
        let sessions = fill(&kept, size).await?;
        let sessions: Vec<Value> = sessions.iter().map(tell).collect();
        std::fs::write(&told, serde_json::to_vec(&sessions)?)?;
    }
    let sessions: Vec<Value> = serde_json::from_slice(&std::fs::read(&told)?)?;
    let mut sessions = sessions.iter().map(session).collect::<Option<Vec<_>>>().ok_or("the seed cannot be read")?;
    let store = place.folder.join("run.db");
    copy(&kept, &store)?;
    Ok(Agency { store, office: sessions.remove(0), phones: sessions })
}

fn tell(session: &Session) -> Value {
    json!({ "token": session.token, "user": session.user.to_string(), "device": session.device.to_string() })
}

fn session(told: &Value) -> Option<Session> {
    let text = |name: &str| told[name].as_str();
    Some(Session {
        token: text("token")?.to_owned(),
        user: text("user")?.parse().ok()?,
        device: text("device")?.parse().ok()?,
    })
}

async fn fill(store: &std::path::Path, size: Size) -> Result<Vec<Session>, Failure> {
    let database = open(&StoreOptions::sqlite(store)).await?;
    let log = StoredLog::new(database.clone());
    let sessions = people(&database, size.phones).await?;
    let office = sessions[0].identity(Role::Gestionnaire);
    let mut teams: Vec<Vec<UserId>> = vec![Vec::new(); size.dossiers];
    for (number, phone) in sessions[1..].iter().enumerate() {
        for place in 0..size.each {
            teams[(number * size.each + place) % size.dossiers].push(phone.user);
        }
    }
    let mut batch = Vec::new();
    for (number, team) in teams.iter().enumerate() {
        for changes in dossier(number, &sessions[0], team)? {
            batch.push(Push { identity: office, candidates: candidates(&changes)?, received: clock::now() });
        }
        if batch.len() >= BATCH || number + 1 == size.dossiers {
            append(&log, std::mem::take(&mut batch)).await?;
        }
    }
    // As the relay leaves a store that had a quiet moment.
    let all: Vec<DossierId> = (0..size.dossiers).map(dossier_id).collect();
    for some in all.chunks(64) {
        let some: BTreeSet<DossierId> = some.iter().copied().collect();
        let documents = log.of_dossiers(&some, None).await?.into_iter().map(|stored| stored.id).collect();
        log.compact(documents).await?;
        log.summarise(&some).await?;
    }
    database.close().await;
    Ok(sessions)
}

async fn append(log: &StoredLog, batch: Vec<Push>) -> Result<(), Failure> {
    let answers = log.append(batch).await?;
    match answers.iter().find(|answer| !answer.refused.is_empty()) {
        Some(answer) => Err(format!("the log refuses the seed: {:?}", answer.refused).into()),
        None => Ok(()),
    }
}

/// An office and so many intervenants, signed in.
async fn people(database: &Database, phones: usize) -> Result<Vec<Session>, Failure> {
    let (accounts, devices) = (AccountStore::new(database.clone()), Devices::new(database.clone()));
    let open = Sessions::new(database.clone(), chrono::TimeDelta::days(30));
    let (password, now) = (hash_password("banc-d-essai-2026")?, clock::now());
    let mut random = fastrand::Rng::with_seed(7);
    let mut sessions = Vec::with_capacity(phones + 1);
    for number in 0..=phones {
        let (user, device) = (UserId(random.u128(..).to_le_bytes()), DeviceId(random.u128(..).to_le_bytes()));
        let account = Account {
            user,
            email: format!("personne-{number}@banc.example"),
            name: format!("Personne {number}"),
            role: if number == 0 { Role::Gestionnaire } else { Role::Intervenant },
            fonction: String::new(),
            sectors: Vec::new(),
            closed: None,
        };
        accounts.add(&account, &password, now).await?;
        devices.register(user, Some(device), "Banc d’essai", now).await?;
        let token = open.start(user, device, now).await?;
        sessions.push(Session { token, user, device });
    }
    Ok(sessions)
}

fn word(random: &mut fastrand::Rng, length: usize) -> String {
    (0..length).map(|_| random.alphanumeric().to_ascii_lowercase()).collect()
}

/// A transmission as somebody writes it after a visit.
pub fn visit(document: &mut Document, pen: &Pen, random: &mut fastrand::Rng) -> Result<NewChange, Failure> {
    let (entry, texte) = (EntryId(random.u128(..).to_le_bytes()), phrase(random));
    let change = add_transmission(document, pen, clock::now(), entry, &texte)?;
    Ok(change.ok_or("an entry was there already")?)
}

/// A sentence as somebody types it after a visit.
fn phrase(random: &mut fastrand::Rng) -> String {
    let mut text = String::new();
    while text.len() < 110 {
        text += WORDS[random.usize(..WORDS.len())];
        text.push(' ');
    }
    text
}

/// The fields of the workloads, and whose document they are in.
fn fields() -> impl Iterator<Item = (bool, &'static Field)> {
    let of = |all: &'static [&'static Field], own: bool| {
        all.iter().filter(|field| !field.is_text()).map(move |field| (own, *field))
    };
    of(client::FIELDS, true).chain(of(administratif::FIELDS, false)).take(FIELDS)
}

/// Everything written in one dossier, in pushes.
fn dossier(number: usize, office: &Session, team: &[UserId]) -> Result<Vec<Vec<NewChange>>, Failure> {
    let mut random = fastrand::Rng::with_seed(number as u64 + 1);
    let id = dossier_id(number);
    let [mut client, mut papers, mut journal, mut prestation] = [
        DocumentId::client(id),
        DocumentId::administratif(id),
        DocumentId::journal(id, 2026),
        DocumentId::prestation(id),
    ]
    .map(Document::new);
    let mut all = Vec::new();
    for document in [&client, &papers, &journal, &prestation] {
        all.extend(genesis(document.id()));
    }
    let pen = |random: &mut fastrand::Rng| office.pen(random.u8(1..9));
    let at = |step: usize| Timestamp(1_780_000_000_000 + step as i64 * 3_600_000);
    let mut set = |pen: &Pen, step: usize, values: &[(bool, &'static Field)], random: &mut fastrand::Rng| {
        let mut made = Vec::new();
        for (own, document) in [(true, &mut client), (false, &mut papers)] {
            let edits: Vec<SetField> = values
                .iter()
                .filter(|(of, _)| *of == own)
                .map(|(_, field)| SetField { field, value: word(random, 20) })
                .collect();
            let base = document.heads();
            if !edits.is_empty() {
                made.extend(set_fields(document, pen, &base, at(step), &edits)?);
            }
        }
        Ok::<_, Failure>(made)
    };
    let fields: Vec<_> = fields().collect();
    all.extend(set(&pen(&mut random), 0, &fields, &mut random)?);
    for step in 1..=HISTORY {
        let pen = pen(&mut random);
        if step % 4 == 0 {
            let entry = EntryId(random.u128(..).to_le_bytes());
            let texte = phrase(&mut random);
            all.extend(add_transmission(&mut journal, &pen, at(step), entry, &texte)?);
        } else {
            let one = fields[random.usize(..fields.len())];
            all.extend(set(&pen, step, &[one], &mut random)?);
        }
    }
    for user in team {
        let entry = EntryId(random.u128(..).to_le_bytes());
        let days = (chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default(), None);
        all.extend(add_membre(&mut prestation, &office.pen(1), at(HISTORY), entry, *user, days)?);
    }
    let mut by_document: Vec<Vec<NewChange>> = Vec::new();
    for change in all {
        match by_document.iter_mut().find(|changes| changes[0].document == change.document) {
            Some(changes) => changes.push(change),
            None => by_document.push(vec![change]),
        }
    }
    Ok(by_document)
}
