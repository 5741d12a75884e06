//! What the office of the demo has written about contracts, payment and stages. Draws from numbers of its own, so that
//! what the rest of the demo draws does not change with it.

use fastrand::Rng;
use liaison_shared::documents::schema::administratif as adm;
use liaison_shared::documents::schema::prestation as mission;
use liaison_shared::documents::schema::{Field, agence, client};
use liaison_shared::documents::{Document, DocumentError, NewChange, Pen, SetField, add_record, genesis, set_fields};
use liaison_shared::dossier::Etape;
use liaison_shared::time::Millis;
use liaison_shared::{DocumentId, DossierId, EntryId, Timestamp};

use super::dossier::{Written, bytes};
use super::planning;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn set(field: &'static Field, value: impl Into<String>) -> SetField {
    SetField { field, value: value.into() }
}

fn rng(number: u32) -> Rng {
    Rng::with_seed(u64::from(number) ^ 0x5u64)
}

/// The stage of a dossier: most are active, some are on their way there or beyond.
fn stage(number: u32) -> Etape {
    match number % 10 {
        0 => Etape::Prospect,
        1 => Etape::Besoins,
        2 => Etape::Devis,
        3 => Etape::Suspendu,
        4 if number % 20 == 4 => Etape::Termine,
        _ => Etape::Actif,
    }
}

/// Whether somebody visits there.
pub(super) fn is_active(number: u32) -> bool {
    stage(number) == Etape::Actif
}

/// Mode, mission and stage, in the `prestation` document.
pub(super) fn mission(
    number: u32,
    document: &mut Document,
    pen: &Pen,
    opened: Timestamp,
) -> Result<Vec<NewChange>, DocumentError> {
    let (etape, mut rng) = (stage(number), rng(number));
    if etape == Etape::Prospect {
        return Ok(Vec::new());
    }
    let first = (opened + Millis(14 * DAY)).date();
    let mut fields = vec![
        set(&mission::MODE, mission::MODES[usize::from(number % 4 == 3)]),
        set(
            &mission::PUBLIC,
            ["Personnes âgées", "Tout public", "Personnes en situation de handicap"][rng.usize(0..3)],
        ),
        set(&mission::ACTIVITE, ["Assistance aux actes quotidiens", "Entretien de la maison"][rng.usize(0..2)]),
    ];
    if etape >= Etape::Actif {
        let drawn = (4 + rng.u8(0..20)).to_string();
        fields.extend([
            set(&mission::POURVUE, "Pourvue"),
            set(&mission::PREMIERE_VISITE, first.to_string()),
            set(&mission::HEURES, planning::hours(number).map_or(drawn, str::to_owned)),
            set(&mission::FREQUENCE, ["lundi et jeudi", "chaque matin", "mardi et vendredi"][rng.usize(0..3)]),
        ]);
    }
    let base = document.heads();
    let mut changes: Vec<NewChange> = set_fields(document, pen, &base, opened, &fields)?.into_iter().collect();
    let values = [
        set(&mission::ETAPE_NOM, etape.name()),
        set(&mission::ETAPE_DATE, if etape >= Etape::Actif { first } else { opened.date() }.to_string()),
    ];
    changes.extend(add_record(document, pen, opened, (&mission::ETAPES, EntryId(bytes(&mut rng))), &values)?);
    Ok(changes)
}

/// Aid, payment, who answers for the dossier, its contract.
pub(super) fn administratif(
    number: u32,
    id: DossierId,
    opened: Timestamp,
    pens: &[Pen],
) -> Result<Option<Written>, DocumentError> {
    let (etape, mut rng) = (stage(number), rng(number + 7));
    if etape < Etape::Devis {
        return Ok(None);
    }
    let id = DocumentId::administratif(id);
    let mut document = Document::new(id);
    let (by, at) = (0, opened + Millis(2 * HOUR));
    let mut changes = genesis(id);
    let base = document.heads();
    let fields = [
        set(&adm::EXONERATION, adm::EXONERATIONS[rng.usize(0..4)]),
        set(&adm::ORIGINE, adm::ORIGINES[rng.usize(1..5)]),
        set(&adm::PAIEMENT_MODE, adm::PAIEMENTS[rng.usize(0..3)]),
        set(&adm::GERE_PAR, pens[[0, 5][usize::from(number.is_multiple_of(3))]].user.to_string()),
    ];
    changes.extend(set_fields(&mut document, &pens[by], &base, at, &fields)?);
    let hours = 4 + rng.i64(0..20);
    let paper = |kind: &str, status: &str, letter: char| {
        vec![
            set(&adm::PIECE_TYPE, kind),
            set(&adm::PIECE_NUMERO, format!("{letter}-2026-{number:04}")),
            set(&adm::PIECE_DATE, at.date().to_string()),
            set(&adm::PIECE_STATUT, status),
            set(&adm::PIECE_QUANTITE, hours.to_string()),
            set(&adm::PIECE_PRIX_TTC, "26,50"),
            set(&adm::PIECE_TTC, format!("{},{:02}", hours * 2650 / 100, hours * 2650 % 100)),
        ]
    };
    let mut papers = vec![paper(adm::DEVIS, if etape == Etape::Devis { "Envoyé" } else { "Accepté" }, 'D')];
    if etape >= Etape::Actif {
        let mut contract = paper(adm::CONTRAT, "Signé", 'C');
        contract.push(set(&adm::PIECE_SIGNATURE, (at + Millis(7 * DAY)).date().to_string()));
        papers.push(contract);
    }
    for values in papers {
        let record = (&adm::PIECES, EntryId(bytes(&mut rng)));
        changes.extend(add_record(&mut document, &pens[by], at, record, &values)?);
    }
    Ok(Some(Written { by, at, changes }))
}

/// What the papers of the demo's agency say of it. Its numbers are nobody's.
pub(super) fn agency(pens: &[Pen], at: Timestamp) -> Result<Written, DocumentError> {
    let id = DocumentId::Agence;
    let mut document = Document::new(id);
    let mut changes = genesis(id);
    let base = document.heads();
    let fields = [
        set(&agence::RAISON_SOCIALE, super::AGENCY),
        set(&agence::ADRESSE, "12 rue des Tilleuls"),
        set(&agence::CODE_POSTAL, "38000"),
        set(&agence::VILLE, "Grenoble"),
        set(&agence::TELEPHONE, "0465710000"),
        set(&agence::EMAIL, "contact@liaison.demo"),
        set(&agence::SIRET, "73282932000074"),
        set(&agence::SAP, "SAP732829320"),
    ];
    changes.extend(set_fields(&mut document, &pens[0], &base, at, &fields)?);
    Ok(Written { by: 0, at, changes })
}

/// Somebody to call, in every third dossier.
pub(super) fn contacts(
    number: u32,
    document: &mut Document,
    pen: &Pen,
    at: Timestamp,
) -> Result<Option<NewChange>, DocumentError> {
    if number % 3 != 1 {
        return Ok(None);
    }
    let mut rng = rng(number + 11);
    let values = [
        set(&client::CONTACT_ROLE, "Interlocuteur principal"),
        set(&client::CONTACT_NOM, ["Anne Lacroix", "Michel Roux", "Fatima Slimani"][rng.usize(0..3)]),
        set(&client::CONTACT_LIEN, ["fille", "fils", "nièce"][rng.usize(0..3)]),
        set(&client::CONTACT_TELEPHONE, format!("046571{:04}", rng.u16(0..10_000))),
        set(&client::CONTACT_ORDRE, "1"),
    ];
    add_record(document, pen, at, (&client::CONTACTS, EntryId(bytes(&mut rng))), &values)
}
