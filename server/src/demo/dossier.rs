//! One made-up dossier: its documents, written by the people of the demo at past times.

use fastrand::Rng;
use liaison_shared::documents::journal::add_transmission;
use liaison_shared::documents::prestation::{add_membre, set_secteur};
use liaison_shared::documents::relation::{CANAUX, add_demande};
use liaison_shared::documents::schema::Field;
use liaison_shared::documents::{Document, DocumentError, NewChange, Pen, SetField, client, genesis, set_fields};
use liaison_shared::time::Millis;
use liaison_shared::{DocumentId, DossierId, EntryId, Timestamp};

use super::names::{FEMMES, HOMMES, NOM_LONG, NOMS, VILLES, VOIES};
use super::phrases::{ACCES, APPELS, DEMANDES, LIENS, NOTES, TRANSMISSIONS};
use super::{SECTEURS, planning, suivi};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// 2026-11-20T08:00:00Z: the demo's present. Fixed, so that the same seed makes the same log.
pub(super) const PRESENT: Timestamp = Timestamp(1_795_161_600_000);

/// Changes that one person has made in one document.
pub(super) struct Written {
    /// Index of the person in [`super::PEOPLE`].
    pub by: usize,
    /// When the last of them was made.
    pub at: Timestamp,
    /// The changes.
    pub changes: Vec<NewChange>,
}

/// Writes the dossier with a number; the first few hold what real files hold too: gaps and mistakes.
pub(super) fn dossier(number: u32, pens: &[Pen], rng: &mut Rng) -> Result<Vec<Written>, DocumentError> {
    let id = DossierId(bytes(rng));
    let opened = Timestamp(PRESENT.0 - rng.i64(2..300) * DAY + rng.i64(0..9) * HOUR);
    let mut written = client(number, id, opened, pens, rng)?;
    written.push(prestation(number, id, opened, pens, rng)?);
    written.extend(suivi::administratif(number, id, opened, pens)?);
    written.extend(journal(id, opened, pens, rng)?);
    written.extend(relation(id, opened, pens, rng)?);
    Ok(written)
}

fn client(
    number: u32,
    id: DossierId,
    opened: Timestamp,
    pens: &[Pen],
    rng: &mut Rng,
) -> Result<Vec<Written>, DocumentError> {
    let id = DocumentId::client(id);
    let mut document = Document::new(id);
    let mut written = Vec::new();
    let by = rng.usize(0..2);
    let mut changes = genesis(id);
    let first = first_call(number, rng);
    let base = document.heads();
    changes.extend(set_fields(&mut document, &pens[by], &base, opened, &first)?);
    written.push(Written { by, at: opened, changes });

    let (by, at) = (rng.usize(0..2), opened + Millis(rng.i64(0..4) * DAY));
    let base = document.heads();
    let visit = first_visit(rng);
    let mut changes: Vec<NewChange> = set_fields(&mut document, &pens[by], &base, at, &visit)?.into_iter().collect();
    changes.extend(suivi::contacts(number, &mut document, &pens[by], at)?);
    written.push(Written { by, at, changes });

    // The first one goes without a number.
    if rng.u8(0..4) == 0 && number != 0 {
        let (by, at) = (rng.usize(0..2), at + Millis(rng.i64(1..20) * HOUR));
        let base = document.heads();
        let edit = [set(&client::TELEPHONE, phone(rng))];
        let changes = set_fields(&mut document, &pens[by], &base, at, &edit)?.into_iter().collect();
        written.push(Written { by, at, changes });
    }
    Ok(written)
}

/// The sector, and who visits: Sonia everybody in the first dozen, then the three in turn; one dossier has no team yet.
fn prestation(
    number: u32,
    id: DossierId,
    opened: Timestamp,
    pens: &[Pen],
    rng: &mut Rng,
) -> Result<Written, DocumentError> {
    let id = DocumentId::prestation(id);
    let mut document = Document::new(id);
    let (by, at) = (0, opened + Millis(HOUR));
    let mut changes = genesis(id);
    let base = document.heads();
    let secteur = SECTEURS[usize::from(rng.u8(0..3) == 0)];
    changes.extend(set_secteur(&mut document, &pens[by], &base, at, secteur)?);
    changes.extend(suivi::mission(number, &mut document, &pens[by], at)?);
    let mut team = vec![2 + number as usize % 3];
    if number < 12 && team[0] != 2 {
        team.push(2);
    }
    for place in team.into_iter().filter(|_| number % 50 != 49) {
        let entry = EntryId(bytes(rng));
        changes.extend(add_membre(&mut document, &pens[by], at, entry, pens[place].user, (opened.date(), None))?);
    }
    changes.extend(planning::visits(number, &mut document, pens, (by, at))?);
    Ok(Written { by, at, changes })
}

/// What is asked on the telephone.
fn first_call(number: u32, rng: &mut Rng) -> Vec<SetField> {
    let woman = rng.u8(0..10) < 7;
    let prenom = if woman { pick(rng, &FEMMES) } else { pick(rng, &HOMMES) };
    let nom = if number == 2 { NOM_LONG } else { pick(rng, &NOMS) };
    let (postcode, ville) = VILLES[rng.usize(0..VILLES.len())];
    let postcode = if number == 1 { "3800" } else { postcode };
    let suffix = ["", "", "", " bis", " ter"][rng.usize(0..5)];
    let adresse = format!("{}{suffix} {}", rng.u8(1..120), pick(rng, &VOIES));
    let mut edits = vec![
        set(&client::CIVILITE, if woman { "Madame" } else { "Monsieur" }),
        set(&client::PRENOM, prenom),
        set(&client::NOM, nom),
        set(&client::ADRESSE, adresse),
        set(&client::CODE_POSTAL, postcode),
        set(&client::VILLE, ville),
        set(&client::DEMANDE, pick(rng, &DEMANDES)),
    ];
    let telephone = phone(rng);
    if number != 0 && number % 41 != 40 {
        edits.push(set(&client::TELEPHONE, telephone));
    }
    edits
}

/// What is seen at the first visit.
fn first_visit(rng: &mut Rng) -> Vec<SetField> {
    let code = rng.u16(1000..9999).to_string();
    let mut edits = vec![
        set(&client::NAISSANCE, format!("19{:02}-{:02}-{:02}", rng.u8(26..59), rng.u8(1..=12), rng.u8(1..=28))),
        set(&client::ACCES, pick(rng, &ACCES).replace("{n}", &code)),
        set(&client::NOTE, pick(rng, &NOTES)),
        set(&client::PREVENIR_NOM, format!("{} {}, {}", pick(rng, &FEMMES), pick(rng, &NOMS), pick(rng, &LIENS))),
        set(&client::PREVENIR_TELEPHONE, phone(rng)),
    ];
    if rng.u8(0..3) == 0 {
        edits.push(set(&client::TELEPHONE_2, phone(rng)));
    }
    if rng.u8(0..5) == 0 {
        edits.push(set(&client::EMAIL, format!("famille{}@exemple.fr", rng.u16(1..9999))));
    }
    edits
}

fn journal(id: DossierId, opened: Timestamp, pens: &[Pen], rng: &mut Rng) -> Result<Vec<Written>, DocumentError> {
    let id = DocumentId::journal(id, PRESENT.year());
    let mut document = Document::new(id);
    let mut written = Vec::new();
    let mut day = opened;
    for _ in 0..rng.usize(0..4) {
        day = day + Millis(rng.i64(1..9) * DAY);
        // People work between eight and six.
        let at = day + Millis(rng.i64(-60..60) * MINUTE);
        if at >= PRESENT || at.year() != PRESENT.year() {
            break;
        }
        let mut changes = if written.is_empty() { genesis(id) } else { Vec::new() };
        let by = rng.usize(2..5);
        let texte = pick(rng, &TRANSMISSIONS);
        changes.extend(add_transmission(&mut document, &pens[by], at, EntryId(bytes(rng)), texte)?);
        written.push(Written { by, at, changes });
    }
    Ok(written)
}

fn relation(id: DossierId, opened: Timestamp, pens: &[Pen], rng: &mut Rng) -> Result<Vec<Written>, DocumentError> {
    if rng.bool() {
        return Ok(Vec::new());
    }
    let id = DocumentId::relation(id);
    let mut document = Document::new(id);
    let (by, at) = (rng.usize(0..2), opened + Millis(rng.i64(0..4) * DAY));
    let mut changes = genesis(id);
    let (canal, texte) = (CANAUX[rng.usize(0..CANAUX.len())], pick(rng, &APPELS));
    changes.extend(add_demande(&mut document, &pens[by], at, EntryId(bytes(rng)), canal, texte)?);
    Ok(vec![Written { by, at, changes }])
}

fn set(field: &'static Field, value: impl Into<String>) -> SetField {
    SetField { field, value: value.into() }
}

fn pick<'a>(rng: &mut Rng, table: &[&'a str]) -> &'a str {
    table[rng.usize(0..table.len())]
}

/// Random bytes that the seed decides.
pub(super) fn bytes(rng: &mut Rng) -> [u8; 16] {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    bytes
}

/// A number nobody has: ARCEP keeps 06 39 98 and 04 65 71 for fiction.
fn phone(rng: &mut Rng) -> String {
    let prefix = if rng.u8(0..3) == 0 { "063998" } else { "046571" };
    format!("{prefix}{:04}", rng.u16(0..10_000))
}
