//! Fills an empty store through the same door as everything else: the log's contract.

use fastrand::Rng;
use liaison_shared::access::Role;
use liaison_shared::documents::Pen;
use liaison_shared::sync::Identity;
use liaison_shared::{DeviceId, Timestamp, UserId};

use super::dossier::{PRESENT, bytes, dossier};
use super::{PASSWORD, PEOPLE, SECTEURS, planning, suivi};
use crate::accounts::{Account, AccountStore, hash_password};
use crate::annuaire;
use crate::commands::CommandError;
use crate::database::Database;
use crate::devices::Devices;
use crate::log::{ChangeLog, Push};

/// Pushes in one transaction.
const BATCH: usize = 2000;

/// Fills the store.
///
/// # Errors
/// When the store refuses, which it does not unless it was not empty.
pub async fn fill(database: &Database, log: &impl ChangeLog, dossiers: u32, seed: u64) -> Result<(), CommandError> {
    let mut rng = Rng::with_seed(seed);
    let (identities, pens) = people(database, log, &mut rng).await?;
    let mut batch = Vec::with_capacity(BATCH);
    let agency = suivi::agency(&pens, PRESENT)?;
    let candidates = annuaire::candidates(&agency.changes)?;
    batch.push(Push { identity: identities[agency.by], candidates, received: agency.at });
    for file in planning::files(&pens, PRESENT)? {
        let candidates = annuaire::candidates(&file.changes)?;
        batch.push(Push { identity: identities[file.by], candidates, received: file.at });
    }
    for number in 0..dossiers {
        for written in dossier(number, &pens, &mut rng)? {
            let candidates = annuaire::candidates(&written.changes)?;
            batch.push(Push { identity: identities[written.by], candidates, received: written.at });
        }
        if batch.len() >= BATCH {
            append(log, std::mem::take(&mut batch)).await?;
        }
    }
    append(log, batch).await
}

async fn append(log: &impl ChangeLog, batch: Vec<Push>) -> Result<(), CommandError> {
    let answers = log.append(batch).await?;
    if answers.iter().all(|answer| answer.refused.is_empty()) { Ok(()) } else { Err(CommandError::Refused) }
}

/// Accounts, devices and the annuaire.
async fn people(
    database: &Database,
    log: &impl ChangeLog,
    rng: &mut Rng,
) -> Result<(Vec<Identity>, Vec<Pen>), CommandError> {
    let (accounts, devices) = (AccountStore::new(database.clone()), Devices::new(database.clone()));
    let password = hash_password(PASSWORD)?;
    let opening = Timestamp(PRESENT.0 - 400 * 24 * 3_600_000);
    let (mut identities, mut pens, mut personnes) = (Vec::new(), Vec::new(), Vec::new());
    for person in &PEOPLE {
        let (user, device) = (UserId(bytes(rng)), DeviceId(bytes(rng)));
        let account = Account {
            user,
            email: person.email.to_owned(),
            name: person.nom.to_owned(),
            role: person.role,
            fonction: person.fonction.to_owned(),
            sectors: match person.role {
                Role::ResponsableSecteur => vec![SECTEURS[0].to_owned()],
                _ => Vec::new(),
            },
            closed: None,
        };
        accounts.add(&account, &password, opening).await?;
        devices.register(user, Some(device), "Démonstration", opening).await?;
        identities.push(Identity { user, device, role: person.role });
        pens.push(Pen { user, actor: bytes(rng) });
        personnes.push(annuaire::personne(&account));
    }
    annuaire::put(log, &personnes, bytes(rng), opening).await?;
    Ok((identities, pens))
}
