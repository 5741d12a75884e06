//! The checklist of an intervenant's own file (seed 004), as dated packs.

use super::pack::Check::{Computed, Fields, FieldsOrTick, Tick};
use super::pack::Target::{Field as At, Here, Volet};
use super::pack::When::Always;
use super::pack::{Item, Pack};
use crate::documents::schema::personnel as agent;
use crate::documents::schema::relation::GESTION;
use crate::dossier::Dossier;
use crate::ids::DocumentKind;

/// Every pack, oldest first.
pub static PACKS: &[Pack] = &[Pack { id: "personnel-2025-06", from: (2025, 6, 4), items: ITEMS }];

const fn item(id: &'static str, label: &'static str, check: super::Check, target: super::Target) -> Item {
    Item { id, service: GESTION, label, check, when: Always, target }
}

#[rustfmt::skip]
static ITEMS: &[Item] = &[
    item("agent.nom", "Nom et prénom", Fields(&[&agent::NOM, &agent::PRENOM]), At(&agent::NOM)),
    item("agent.naissance", "Date de naissance", Fields(&[&agent::NAISSANCE]), At(&agent::NAISSANCE)),
    item("agent.nir", "Numéro de sécurité sociale", Fields(&[&agent::NIR]), At(&agent::NIR)),
    item("agent.lieu", "Lieu, département et pays de naissance", Fields(&[&agent::LIEU_NAISSANCE, &agent::PAYS_NAISSANCE]), At(&agent::LIEU_NAISSANCE)),
    item("agent.nationalite", "Nationalité", Fields(&[&agent::NATIONALITE]), At(&agent::NATIONALITE)),
    item("agent.origine", "Origine", Fields(&[&agent::ORIGINE]), At(&agent::ORIGINE)),
    item("agent.paiement", "RIB pour la paie", Fields(&[&agent::IBAN]), At(&agent::IBAN)),
    item("agent.secteur", "Secteur", Fields(&[&agent::SECTEUR]), At(&agent::SECTEUR)),
    item("agent.coordonnees", "Courriel et téléphone", Fields(&[&agent::EMAIL, &agent::TELEPHONE]), At(&agent::TELEPHONE)),
    item("agent.gere_par", "Géré par", Fields(&[&agent::GERE_PAR]), At(&agent::GERE_PAR)),
    item("agent.contrat", "Contrat de travail : employeur, type, début, essai, exonération, rémunération, transport, heures", Computed(|dossier, _| has_whole_contract(dossier)), Volet(DocumentKind::Personnel)),
    item("agent.planning", "Planning sans chevauchement, volume et repos vérifiés", Tick, Here),
    item("agent.outils", "Outils présentés : connexion, télépointage, agenda, propositions, ressources", FieldsOrTick(&[&agent::OUTILS_LE]), At(&agent::OUTILS_LE)),
];

/// A contract of employment with every mention of seed 004.
fn has_whole_contract(dossier: &Dossier) -> bool {
    let mentions = [
        &agent::CONTRAT_EMPLOYEUR,
        &agent::CONTRAT_TYPE,
        &agent::CONTRAT_DEBUT,
        &agent::CONTRAT_ESSAI_DEBUT,
        &agent::CONTRAT_ESSAI_FIN,
        &agent::CONTRAT_EXONERATION,
        &agent::CONTRAT_REMUNERATION,
        &agent::CONTRAT_TRANSPORT,
        &agent::CONTRAT_HEURES,
    ];
    let whole = |contract: &crate::documents::Record| mentions.iter().all(|it| !contract.value(it).trim().is_empty());
    dossier.records.of(&agent::CONTRATS).any(whole)
}
