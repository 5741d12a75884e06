//! The checklist of a conforming new client, by service (seed 004, domain.md §2), as dated packs.

use chrono::{Months, NaiveDate};

use super::pack::Check::{Computed, Fields, FieldsOrTick, Tick};
use super::pack::Target::{Field as At, Here, Volet};
use super::pack::When::{Always, If, Mode, Public};
use super::pack::{Check, Item, Pack, Target, When};
use crate::documents::schema::administratif as adm;
use crate::documents::schema::client;
use crate::documents::schema::prestation as mission;
use crate::documents::schema::relation::{CONVERSION, GESTION, SERVICE_CLIENT};
use crate::dossier::{Dossier, Etape};
use crate::ids::DocumentKind;
use crate::validate;

const ADMINISTRATIF: Target = Volet(DocumentKind::Administratif);
const PRESTATION: Target = Volet(DocumentKind::Prestation);
const CLIENT: Target = Volet(DocumentKind::Client);
const MANDATAIRE: When = Mode(&[mission::MANDATAIRE]);
const EMPLOYEUR: When = Mode(&[mission::PRESTATAIRE, mission::MISE_A_DISPOSITION]);
const FRAGILES: When = Public(&["Personnes âgées", "Personnes en situation de handicap"]);
const ENFANTS: When = Public(&["Enfants de moins de 3 ans"]);
const PRELEVEMENT: When = If(|dossier| matches!(dossier.fields.value(&adm::PAIEMENT_MODE), "" | "Prélèvement"));

const fn item(
    id: &'static str,
    service: &'static str,
    label: &'static str,
    check: Check,
    when: When,
    target: Target,
) -> Item {
    Item { id, service, label, check, when, target }
}

/// Every pack, oldest first.
pub static PACKS: &[Pack] = &[Pack { id: "client-2025-06", from: (2025, 6, 4), items: ITEMS }];

#[rustfmt::skip]
static ITEMS: &[Item] = &[
    item("conversion.mission", CONVERSION, "Mission pourvue", Computed(pourvue), Always, At(&mission::POURVUE)),
    item("conversion.mode", CONVERSION, "Mode et public", Fields(&[&mission::MODE, &mission::PUBLIC]), Always, At(&mission::MODE)),

    item("fiche.client", GESTION, "Le prospect est devenu client", Computed(is_client), Always, PRESTATION),
    item("fiche.nir", GESTION, "Numéro de sécurité sociale", Fields(&[&adm::NIR]), MANDATAIRE, At(&adm::NIR)),
    item("fiche.civilite", GESTION, "Civilité", Fields(&[&client::CIVILITE]), Always, At(&client::CIVILITE)),
    item("fiche.nom", GESTION, "Nom et prénom", Fields(&[&client::NOM, &client::PRENOM]), Always, At(&client::NOM)),
    item("fiche.nom_naissance", GESTION, "Nom de naissance, s’il est différent", FieldsOrTick(&[&client::NOM_NAISSANCE]), Always, At(&client::NOM_NAISSANCE)),
    item("fiche.naissance", GESTION, "Date de naissance", Fields(&[&client::NAISSANCE]), Always, At(&client::NAISSANCE)),
    item("fiche.exoneration", GESTION, "Exonération", Fields(&[&adm::EXONERATION]), Always, At(&adm::EXONERATION)),
    item("fiche.origine", GESTION, "Origine", Fields(&[&adm::ORIGINE]), Always, At(&adm::ORIGINE)),
    item("fiche.parrain", GESTION, "Parrain de la cooptation (RTU)", Fields(&[&adm::PARRAIN]), If(coopte), At(&adm::PARRAIN)),
    item("fiche.paiement", GESTION, "Prélèvement : IBAN et mandat signé", Fields(&[&adm::PAIEMENT_MODE, &adm::IBAN, &adm::MANDAT_SIGNE_LE]), PRELEVEMENT, At(&adm::PAIEMENT_MODE)),
    item("fiche.secteur", GESTION, "Secteur", Computed(in_a_sector), Always, PRESTATION),
    item("fiche.adresse", GESTION, "Adresse vérifiée", Fields(&[&client::ADRESSE, &client::CODE_POSTAL, &client::VILLE, &client::ADRESSE_VERIFIEE]), Always, At(&client::ADRESSE_VERIFIEE)),
    item("fiche.mobile", GESTION, "Téléphone portable", Computed(has_mobile), Always, At(&client::TELEPHONE)),
    item("fiche.email", GESTION, "Adresse électronique", Fields(&[&client::EMAIL]), Always, At(&client::EMAIL)),
    item("fiche.interlocuteur", GESTION, "Interlocuteur principal : nom, rôle, téléphone, courriel", Computed(has_main_contact), Always, CLIENT),
    item("fiche.gere_par", GESTION, "Géré par", Fields(&[&adm::GERE_PAR]), Always, At(&adm::GERE_PAR)),
    item("fiche.rgpd", GESTION, "Mention d’information remise", Fields(&[&adm::INFORMATION_RGPD]), Always, At(&adm::INFORMATION_RGPD)),
    item("fiche.evaluation", GESTION, "Évaluation des besoins et autonomie", Fields(&[&client::RECUEIL_LE, &client::AUTONOMIE_NIVEAU]), FRAGILES, At(&client::RECUEIL_LE)),
    item("fiche.prevenir", GESTION, "Personne à prévenir", Computed(has_somebody_to_warn), Always, CLIENT),
    item("fiche.enfants", GESTION, "Autorisations des parents et carnet de santé vus", Tick, ENFANTS, Here),

    item("appel.presentation", GESTION, "Appel client : se présenter", Tick, Always, Here),
    item("appel.missions", GESTION, "Appel client : expliquer ses missions", Tick, Always, Here),
    item("appel.coordonnees", GESTION, "Appel client : transmettre ses coordonnées", Tick, Always, Here),
    item("appel.taches", GESTION, "Appel client : expliquer les tâches à venir", Tick, Always, Here),
    item("appel.details", GESTION, "Appel client : heures, répartition, intervenants", Tick, Always, Here),
    item("appel.absences", GESTION, "Appel client : absences à mettre au contrat", Tick, Always, Here),
    item("appel.outils", GESTION, "Appel client : utilisation des outils", Tick, Always, Here),
    item("appel.aides", GESTION, "Appel client : aide financière et avance immédiate", Tick, Always, Here),
    item("appel.echange", GESTION, "Appel client : prochain échange, fin de période d’essai", Tick, Always, Here),
    item("appel.cout", GESTION, "Appel client : coût mensuel", FieldsOrTick(&[&adm::COUT_MENSUEL]), Always, At(&adm::COUT_MENSUEL)),
    item("appel.signature", GESTION, "Appel client : signature des contrats", Tick, Always, Here),

    item("mandat.contrat", GESTION, "Contrat de mandat, un par intervenant", Computed(a_mandate_each), MANDATAIRE, ADMINISTRATIF),
    item("mandat.couts", GESTION, "Frais de gestion et coût du salarié", Fields(&[&adm::FRAIS_GESTION, &adm::COUT_SALARIE]), MANDATAIRE, At(&adm::FRAIS_GESTION)),
    item("contrat.signe", GESTION, "Contrat signé, exemplaire remis", Computed(has_signed_contract), EMPLOYEUR, ADMINISTRATIF),
    item("planning.presentation", GESTION, "Visite de présentation", Fields(&[&mission::PRESENTATION_LE]), Always, At(&mission::PRESENTATION_LE)),
    item("planning.annee", GESTION, "Planning sur un an", Computed(planned_a_year), Always, At(&mission::PLANNING_JUSQU_AU)),
    item("planning.heures", GESTION, "Volume mensuel et jour de repos", Fields(&[&mission::HEURES, &mission::REPOS]), Always, At(&mission::HEURES)),
    item("planning.chevauchement", GESTION, "Aucun chevauchement avec d’autres prestations", Tick, Always, Here),
    item("planning.intervenant", GESTION, "Intervenant attaché", Computed(has_a_team), Always, PRESTATION),
    item("documents.devis", GESTION, "Devis enregistré", Computed(|dossier, _| has_piece(dossier, adm::DEVIS)), Always, ADMINISTRATIF),
    item("documents.sepa", GESTION, "Mandat de prélèvement enregistré", Computed(|dossier, _| has_piece(dossier, adm::MANDAT_SEPA)), PRELEVEMENT, ADMINISTRATIF),

    item("service.preparation", SERVICE_CLIENT, "Client préparé 30 minutes avant le rendez-vous", Tick, Always, Here),
    item("service.fiche", SERVICE_CLIENT, "Fiche client vérifiée", Tick, Always, Here),
    item("service.mandat", SERVICE_CLIENT, "Contrat de mandat vérifié", Tick, MANDATAIRE, Here),
    item("service.travail", SERVICE_CLIENT, "Contrat de travail : mentions vérifiées", Tick, MANDATAIRE, Here),
    item("service.appel", SERVICE_CLIENT, "Appel : présentation, missions, coordonnées, tâches", Tick, Always, Here),
    item("service.details", SERVICE_CLIENT, "Appel : prise en charge, absences, coût mensuel", Tick, Always, Here),
    item("service.signatures", SERVICE_CLIENT, "Signatures envoyées et accompagnées", Tick, Always, Here),
    item("service.outils", SERVICE_CLIENT, "Outils : application, messages, ressources", Tick, Always, Here),
    item("service.aides", SERVICE_CLIENT, "Besoin en aide financière ou avance immédiate", Fields(&[&adm::AICI]), Always, At(&adm::AICI)),
    item("service.echange", SERVICE_CLIENT, "Prochain échange programmé", Tick, Always, Here),
];

fn pourvue(dossier: &Dossier, _: NaiveDate) -> bool {
    dossier.fields.value(&mission::POURVUE) == "Pourvue"
}

fn is_client(dossier: &Dossier, _: NaiveDate) -> bool {
    matches!(Etape::of(dossier).0, Etape::Contrat | Etape::Actif | Etape::Suspendu)
}

fn coopte(dossier: &Dossier) -> bool {
    dossier.fields.value(&adm::ORIGINE) == "Cooptation"
}

fn in_a_sector(dossier: &Dossier, _: NaiveDate) -> bool {
    !dossier.prestation.secteur.value().is_empty() && !dossier.prestation.secteur.is_contested()
}

fn has_mobile(dossier: &Dossier, _: NaiveDate) -> bool {
    let is_mobile = |text: &str| !text.trim().is_empty() && validate::mobile(text).is_none();
    [&client::TELEPHONE, &client::TELEPHONE_2].into_iter().any(|field| is_mobile(dossier.fields.value(field)))
}

fn has_main_contact(dossier: &Dossier, _: NaiveDate) -> bool {
    dossier.records.of(&client::CONTACTS).any(|contact| {
        let right = |field: &'static crate::documents::schema::Field, wrong: Option<validate::Finding>| {
            !contact.value(field).trim().is_empty() && wrong.is_none()
        };
        contact.value(&client::CONTACT_ROLE) == "Interlocuteur principal"
            && right(&client::CONTACT_NOM, None)
            && right(&client::CONTACT_TELEPHONE, validate::phone(contact.value(&client::CONTACT_TELEPHONE)))
            && right(&client::CONTACT_EMAIL, validate::email(contact.value(&client::CONTACT_EMAIL)))
    })
}

fn has_somebody_to_warn(dossier: &Dossier, _: NaiveDate) -> bool {
    let of_contacts = dossier.records.of(&client::CONTACTS).any(|contact| {
        contact.value(&client::CONTACT_ROLE) == "Personne à prévenir"
            && !contact.value(&client::CONTACT_TELEPHONE).trim().is_empty()
    });
    of_contacts || dossier.fields.is_filled(&client::PREVENIR_TELEPHONE)
}

fn a_mandate_each(dossier: &Dossier, _: NaiveDate) -> bool {
    let mut team =
        dossier.prestation.equipe.iter().filter(|membre| !membre.retire).filter_map(|it| it.personne).peekable();
    let has_mandate = |user: crate::ids::UserId| {
        dossier.records.of(&adm::PIECES).any(|piece| {
            piece.value(&adm::PIECE_TYPE) == adm::MANDAT && piece.value(&adm::PIECE_INTERVENANT) == user.to_string()
        })
    };
    team.peek().is_some() && team.all(has_mandate)
}

fn has_signed_contract(dossier: &Dossier, _: NaiveDate) -> bool {
    dossier.records.of(&adm::PIECES).any(|piece| {
        piece.value(&adm::PIECE_TYPE) == adm::CONTRAT
            && validate::calendar_date(piece.value(&adm::PIECE_SIGNATURE)).is_some()
    })
}

fn planned_a_year(dossier: &Dossier, _: NaiveDate) -> bool {
    let day = |field| validate::calendar_date(dossier.fields.value(field));
    let (Some(first), Some(until)) = (day(&mission::PREMIERE_VISITE), day(&mission::PLANNING_JUSQU_AU)) else {
        return false;
    };
    // A mission that ends sooner is planned to its end.
    let year = first.checked_add_months(Months::new(12)).and_then(|year| year.pred_opt()).unwrap_or(first);
    until >= day(&mission::FIN_MISSION).map_or(year, |end| end.min(year))
}

fn has_a_team(dossier: &Dossier, _: NaiveDate) -> bool {
    dossier.prestation.equipe.iter().any(|membre| !membre.retire)
}

fn has_piece(dossier: &Dossier, wanted: &str) -> bool {
    let counts = |status: &str| !matches!(status, "Annulé" | "Refusé");
    dossier
        .records
        .of(&adm::PIECES)
        .any(|piece| piece.value(&adm::PIECE_TYPE) == wanted && counts(piece.value(&adm::PIECE_STATUT)))
}
