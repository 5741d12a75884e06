//! A made-up agency between Grenoble and Chambéry: the same seed gives the same log content.
//!
//! Never holds a real person: names are drawn from lists, telephone numbers from the ranges that ARCEP
//! keeps for fiction. Only the epoch and the passwords' salts differ between two runs, so that a device
//! never mistakes a refilled store for the one it knew.

mod dossier;
mod fill;
mod names;
mod phrases;
mod planning;
mod suivi;

use liaison_shared::access::Role;

pub use fill::fill;

/// The agency's name.
pub const AGENCY: &str = "Agence Belledonne (démonstration)";

/// Everybody's password.
pub const PASSWORD: &str = "demo-liaison-2026";

/// One account of the demo.
#[derive(Debug, Clone, Copy)]
pub struct DemoPerson {
    /// What they sign in with.
    pub email: &'static str,
    /// First and last name.
    pub nom: &'static str,
    /// What they may do.
    pub role: Role,
    /// What they do, in the agency's words.
    pub fonction: &'static str,
}

/// The sectors of the agency; the first is the one that the demo's responsable de secteur answers for.
pub const SECTEURS: [&str; 2] = ["Grésivaudan", "Combe de Savoie"];

const fn person(email: &'static str, nom: &'static str, role: Role, fonction: &'static str) -> DemoPerson {
    DemoPerson { email, nom, role, fonction }
}

/// Everybody: the two who write in the office first, then the three who visit, then the rest of the office.
pub const PEOPLE: [DemoPerson; 8] = [
    person("claire.martin@liaison.demo", "Claire Martin", Role::Gestionnaire, "Gestionnaire"),
    person("paul.bernard@liaison.demo", "Paul Bernard", Role::ChargeAccueil, "Assistant administratif"),
    person("sonia.haddad@liaison.demo", "Sonia Haddad", Role::Intervenant, "Auxiliaire de vie"),
    person("lea.moreau@liaison.demo", "Léa Moreau", Role::Intervenant, "Aide à domicile"),
    person("karim.benali@liaison.demo", "Karim Benali", Role::Intervenant, "Auxiliaire de vie"),
    person("nadia.ferrand@liaison.demo", "Nadia Ferrand", Role::ResponsableSecteur, "Responsable de secteur"),
    person("julien.roche@liaison.demo", "Julien Roche", Role::ReferentQualite, "Référent qualité données"),
    person("helene.vasseur@liaison.demo", "Hélène Vasseur", Role::Dpo, "Déléguée à la protection des données"),
];
