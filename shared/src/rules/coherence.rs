//! Values that are each right and do not fit together (domain.md §4): said, never blocking.

use chrono::NaiveDate;

use crate::documents::schema::administratif as adm;
use crate::documents::schema::{Field, client, prestation};
use crate::dossier::{Dossier, Etape};
use crate::validate::{self, Finding, calendar_date};

/// Something that does not fit, and the field where to look first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoherence {
    /// Where to look.
    pub field: &'static Field,
    /// What is wrong.
    pub finding: Finding,
}

/// Everything in a dossier that does not fit together.
#[must_use]
pub fn incoherences(dossier: &Dossier, today: NaiveDate) -> Vec<Incoherence> {
    let value = |field| dossier.fields.value(field);
    let mut found = Vec::new();
    let mut add = |field: &'static Field, finding: Option<Finding>| {
        found.extend(finding.map(|finding| Incoherence { field, finding }));
    };
    add(&adm::NIR, validate::nir_coherence(value(&adm::NIR), value(&client::CIVILITE), value(&client::NAISSANCE)));
    add(
        &prestation::FIN_MISSION,
        validate::dates_in_order(value(&prestation::PREMIERE_VISITE), value(&prestation::FIN_MISSION)),
    );
    add(&adm::URGENCE, urgency(dossier, today));
    add(&prestation::FIN_MISSION, stale(dossier, today));
    add(&client::RECUEIL_LE, reassessment(dossier, today));
    add(&adm::DEMANDE_EXPRESSE, withdrawal(dossier));
    found
}

/// CONTRAT-14J: in an emergency the client's agreement is gathered within 14 days of the start [S0 §9].
fn urgency(dossier: &Dossier, today: NaiveDate) -> Option<Finding> {
    let started = calendar_date(dossier.fields.value(&adm::URGENCE))?;
    let signed = dossier.records.of(&adm::PIECES).any(|piece| {
        matches!(piece.value(&adm::PIECE_TYPE), adm::CONTRAT | adm::MANDAT)
            && !piece.value(&adm::PIECE_SIGNATURE).is_empty()
    });
    if signed {
        return None;
    }
    let left = 14 - (today - started).num_days();
    let what = match left {
        ..0 => format!("L’accord du client aurait dû être recueilli il y a {} jours.", -left),
        0 => "L’accord du client doit être recueilli aujourd’hui.".to_owned(),
        1 => "Il reste 1\u{a0}jour pour recueillir l’accord du client.".to_owned(),
        _ => format!("Il reste {left}\u{a0}jours pour recueillir l’accord du client."),
    };
    Some(Finding {
        rule: "CONTRAT-14J",
        what,
        why: "En urgence, l’intervention peut commencer avant le contrat, mais l’accord est dû dans les 14 jours.",
        example: "contrat signé, avec sa date",
    })
}

/// PERIME-1: still active although what was planned has ended.
fn stale(dossier: &Dossier, today: NaiveDate) -> Option<Finding> {
    let end = calendar_date(dossier.fields.value(&prestation::FIN_MISSION))?;
    (Etape::of(dossier).0 == Etape::Actif && end < today).then(|| Finding {
        rule: "PERIME-1",
        what: "Le dossier est actif alors que la mission a pris fin.".to_owned(),
        why: "Les tableaux de bord et les visites à venir en dépendent.",
        example: "une nouvelle date de fin, ou l’étape « Terminé »",
    })
}

/// BESOINS-1AN: needs are looked at again every year [S0].
fn reassessment(dossier: &Dossier, today: NaiveDate) -> Option<Finding> {
    let last = [&client::REEVALUATION, &client::RECUEIL_LE]
        .into_iter()
        .filter_map(|it| calendar_date(dossier.fields.value(it)))
        .max()?;
    (Etape::of(dossier).0 == Etape::Actif && (today - last).num_days() > 365).then(|| Finding {
        rule: "BESOINS-1AN",
        what: "Les besoins n’ont pas été réévalués depuis plus d’un an.".to_owned(),
        why: "Une réévaluation annuelle fait partie du suivi de la prestation.",
        example: "la date de la dernière réévaluation",
    })
}

/// CONTRAT-RETRACT: signed away from the agency and begun within the 14 days of withdrawal without an express request [L].
fn withdrawal(dossier: &Dossier) -> Option<Finding> {
    if dossier.fields.value(&adm::HORS_ETABLISSEMENT) != "Oui" || dossier.fields.is_filled(&adm::DEMANDE_EXPRESSE) {
        return None;
    }
    let first = calendar_date(dossier.fields.value(&prestation::PREMIERE_VISITE))?;
    let signed = dossier.records.of(&adm::PIECES).filter(|piece| piece.value(&adm::PIECE_TYPE) == adm::CONTRAT);
    let signed = signed.filter_map(|piece| calendar_date(piece.value(&adm::PIECE_SIGNATURE))).max()?;
    ((first - signed).num_days() < 14).then(|| Finding {
        rule: "CONTRAT-RETRACT",
        what: "La prestation commence pendant le délai de rétractation, sans demande expresse.".to_owned(),
        why: "Signé hors de l’agence, le client a 14 jours pour se rétracter.",
        example: "la date de la demande expresse du client",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Document, Pen, SetField, set_field};
    use crate::ids::{DocumentId, DossierId, UserId};
    use crate::time::Timestamp;

    fn rules(values: &[(&'static Field, &str)], today: &str) -> Vec<&'static str> {
        let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
        let dossier = DossierId([1; 16]);
        let mut documents =
            [DocumentId::client(dossier), DocumentId::administratif(dossier), DocumentId::prestation(dossier)]
                .map(Document::new);
        for (field, value) in values {
            let document = documents.iter_mut().find(|it| it.id().kind() == field.document).unwrap();
            let base = document.heads();
            set_field(document, &pen, &base, Timestamp(0), &SetField { field, value: (*value).to_owned() }).unwrap();
        }
        let dossier = Dossier::read(&documents);
        incoherences(&dossier, today.parse().unwrap()).into_iter().map(|it| it.finding.rule).collect()
    }

    #[test]
    fn contrat_14j_counts_down_from_the_start_of_an_emergency() {
        assert_eq!(rules(&[(&adm::URGENCE, "2026-11-10")], "2026-11-23"), ["CONTRAT-14J"]);
        assert!(rules(&[], "2026-11-23").is_empty());
    }

    #[test]
    fn nir_2_and_the_order_of_dates_are_looked_at_together() {
        let born = [(&client::CIVILITE, "Madame"), (&adm::NIR, "1841276451089 46")];
        assert_eq!(rules(&born, "2026-11-23"), ["NIR-2"]);
        let dates = [(&prestation::PREMIERE_VISITE, "2026-11-10"), (&prestation::FIN_MISSION, "2026-11-01")];
        assert_eq!(rules(&dates, "2026-11-23"), ["DATES-1"]);
    }
}
