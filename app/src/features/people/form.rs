//! What is decided of a person: the same fields for an invitation and for an account.

use std::sync::Arc;

use liaison_shared::access::Role;
use serde_json::{Value, json};

use crate::state::Record;
use crate::ui::sheet::{Block, Field, Form};
use crate::ui::{RadioChoice, TextKind};

const NAME: &str = "personne-nom";
const EMAIL: &str = "personne-email";
const ROLE: &str = "personne-role";
const SECTORS: &str = "personne-secteurs";
const FONCTION: &str = "personne-fonction";

/// What each role is for, in the order in which they are shown.
#[rustfmt::skip]
static ROLES: [(Role, &str); 6] = [
    (Role::Intervenant, "Va chez les personnes : lit leurs dossiers sur son téléphone, écrit les transmissions."),
    (Role::ChargeAccueil, "Répond aux appels : écrit dans tous les dossiers, lit l’administratif et les équipes."),
    (Role::ResponsableSecteur, "Tient les dossiers et les équipes de ses secteurs."),
    (Role::ReferentQualite, "Vérifie et corrige les données de tous les dossiers."),
    (Role::Gestionnaire, "Dirige l’agence : tous les dossiers, les personnes, les appareils, les réglages."),
    (Role::Dpo, "Protège les données : lit tout et le journal d’accès, n’écrit rien."),
];

/// The fields, showing what is known of the person.
pub fn fields(person: Record<'_>, with_email: bool) -> Vec<Block> {
    let choice = |&(role, text): &(Role, &'static str)| RadioChoice { value: role.name(), label: role.label(), text };
    let role = person.text("role").to_owned();
    let name = Field::new(NAME, "Prénom et nom", person.text("name")).hint("Tel qu’il s’affichera dans les dossiers.");
    let email = Field::new(EMAIL, "Adresse électronique", "").kind(TextKind::Email);
    let known = person.texts("sectors");
    let sectors = move || {
        let field = Field::new(SECTORS, "Secteurs", known.clone()).hint("Séparés par des virgules.");
        vec![Block::Field(field)]
    };
    let fonction = Field::new(FONCTION, "Fonction", person.text("fonction"))
        .hint("Dans les mots de l’agence : auxiliaire de vie, aide à domicile…");
    let mut blocks = vec![Block::Field(name)];
    if with_email {
        blocks.push(Block::Field(email.hint("Elle servira à se connecter.")));
    }
    blocks.push(Block::Radio(ROLE, "Rôle", role.clone(), ROLES.iter().map(choice).collect()));
    blocks.push(Block::When((ROLE, role), Role::ResponsableSecteur.name(), Arc::new(sectors)));
    blocks.push(Block::Field(fonction));
    blocks
}

/// What the relay is told, or what is missing.
pub fn body(form: Form, person: Record<'_>, with_email: bool) -> Result<Value, String> {
    let name = form.read(NAME, person.text("name"));
    let role = form.read(ROLE, person.text("role"));
    let email = form.read(EMAIL, "");
    let of_sectors = role == Role::ResponsableSecteur.name();
    let sectors = if of_sectors { split(&form.read(SECTORS, &person.texts("sectors"))) } else { Vec::new() };
    if name.is_empty() {
        return Err("Il manque le nom.".to_owned());
    }
    if with_email && !email.contains('@') {
        return Err("Il manque une adresse électronique, comme prenom.nom@exemple.fr.".to_owned());
    }
    if of_sectors && sectors.is_empty() {
        return Err(
            "Indiquez au moins un secteur : sans lui, seuls les dossiers sans secteur s’ouvriraient.".to_owned()
        );
    }
    let fonction = form.read(FONCTION, person.text("fonction"));
    let mut body = json!({ "name": name, "role": role, "sectors": sectors, "fonction": fonction });
    if with_email {
        body["email"] = email.into();
    }
    Ok(body)
}

/// Sectors as one types them: separated by commas.
fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_are_separated_by_commas() {
        assert_eq!(split(" Grésivaudan, Voiron ,, "), ["Grésivaudan", "Voiron"]);
    }
}
