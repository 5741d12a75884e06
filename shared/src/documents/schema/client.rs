//! The `client` document: identity, contacts, home and access, needs (domain.md §1).

use super::{Collection, FieldKind, fichiers, fields};
use crate::ids::DocumentKind;

const CLIENT: DocumentKind = DocumentKind::Client;

/// Titles used in letters.
pub const CIVILITES: &[&str] = &["Madame", "Monsieur"];
const OUI_NON: &[&str] = &["Oui", "Non"];
const LOGEMENTS: &[&str] = &["Maison", "Appartement", "Résidence autonomie", "Établissement", "Autre"];
/// Who somebody is for the client.
pub const ROLES: &[&str] = &[
    "Interlocuteur principal",
    "Personne à prévenir",
    "Famille",
    "Médecin traitant",
    "Infirmier",
    "Kinésithérapeute",
    "Pharmacie",
    "Tuteur ou curateur",
    "Voisin ou gardien",
    "Autre",
];
const AUTONOMIE: &[&str] = &[
    "Autonome",
    "GIR 6",
    "GIR 5",
    "GIR 4",
    "GIR 3",
    "GIR 2",
    "GIR 1",
    "Situation de handicap",
    "Enfant de moins de 3 ans",
];

fields! { FIELDS of CLIENT;
    CIVILITE = "identite.civilite", "Civilité", FieldKind::Choice(CIVILITES), Identite;
    PRENOM = "identite.prenom", "Prénom", FieldKind::Line, Identite;
    NOM = "identite.nom", "Nom", FieldKind::Line, Identite;
    NOM_NAISSANCE = "identite.nom_naissance", "Nom de naissance", FieldKind::Line, Identite, "S’il est différent.";
    NAISSANCE = "identite.naissance", "Date de naissance", FieldKind::BirthDate, Identite;
    LIEU_NAISSANCE = "identite.lieu_naissance", "Lieu de naissance", FieldKind::Line, Identite;
    NUMERO = "identite.numero", "Numéro de dossier", FieldKind::Line, Identite, "Celui de l’agence, s’il y en a un.";
    TELEPHONE = "contact.telephone", "Téléphone", FieldKind::Phone, Coordonnees;
    TELEPHONE_2 = "contact.telephone_2", "Autre téléphone", FieldKind::Phone, Coordonnees;
    EMAIL = "contact.email", "Adresse électronique", FieldKind::Email, Coordonnees;
    ADRESSE = "logement.adresse", "Adresse", FieldKind::Line, Logement;
    COMPLEMENT = "logement.complement", "Complément d’adresse", FieldKind::Line, Logement;
    CODE_POSTAL = "logement.code_postal", "Code postal", FieldKind::Postcode, Logement;
    VILLE = "logement.ville", "Ville", FieldKind::Line, Logement;
    ETIQUETTE = "logement.etiquette", "Étiquette de pointage", FieldKind::Line, Logement,
        "L’empreinte de celle qui est chez le client ; elle se fait depuis « Le client ».";
    ADRESSE_VERIFIEE = "logement.verifiee", "Adresse vérifiée le", FieldKind::Date, Logement,
        "Trouvée sur une carte, ou sur place.";
    TYPE_LOGEMENT = "logement.type", "Type de logement", FieldKind::Choice(LOGEMENTS), Logement;
    ETAGE = "logement.etage", "Étage", FieldKind::Line, Logement;
    ASCENSEUR = "logement.ascenseur", "Ascenseur", FieldKind::Choice(OUI_NON), Logement;
    CODE_PORTE = "logement.code", "Codes d’accès", FieldKind::Line, Logement;
    CLES = "logement.cles", "Clés", FieldKind::Line, Logement, "Qui les a, où elles sont.";
    STATIONNEMENT = "logement.stationnement", "Stationnement", FieldKind::Line, Logement;
    ANIMAUX = "logement.animaux", "Animaux", FieldKind::Line, Logement;
    ACCES = "logement.acces", "Accès (code, étage, clés, animaux)", FieldKind::Text, Logement;
    DEMANDE = "besoins.demande", "Demande", FieldKind::Text, Besoins;
    NOTE = "besoins.note", "Note", FieldKind::Text, Besoins;
    RECUEIL_LE = "besoins.recueil_le", "Recueil fait le", FieldKind::Date, Recueil;
    RECUEIL_LIEU = "besoins.recueil_lieu", "Recueil fait à", FieldKind::Choice(&["Domicile", "Agence", "Téléphone"]),
        Recueil;
    AUTONOMIE_NIVEAU = "besoins.autonomie", "Autonomie", FieldKind::Choice(AUTONOMIE), Recueil;
    HABITUDES = "besoins.habitudes", "Habitudes de vie", FieldKind::Text, Recueil;
    SANTE = "besoins.sante", "Santé et précautions", FieldKind::Text, Recueil;
    OBJECTIFS = "besoins.objectifs", "Objectifs et attentes", FieldKind::Text, Recueil;
    ENTOURAGE = "besoins.entourage", "Entourage et autres interventions", FieldKind::Text, Recueil;
    REEVALUATION = "besoins.reevaluation", "Dernière réévaluation", FieldKind::Date, Recueil, "À refaire chaque année.";
    PREVENIR_NOM = "prevenir.nom", "Nom et lien", FieldKind::Line, Prevenir;
    PREVENIR_TELEPHONE = "prevenir.telephone", "Son téléphone", FieldKind::Phone, Prevenir;
}

fields! { CONTACT of CLIENT;
    CONTACT_ROLE = "personne.role", "Rôle", FieldKind::Choice(ROLES), Fiche;
    CONTACT_NOM = "personne.nom", "Nom et prénom", FieldKind::Line, Fiche;
    CONTACT_LIEN = "personne.lien", "Lien avec la personne", FieldKind::Line, Fiche;
    CONTACT_TELEPHONE = "personne.telephone", "Téléphone", FieldKind::Phone, Fiche;
    CONTACT_TELEPHONE_2 = "personne.telephone_2", "Autre téléphone", FieldKind::Phone, Fiche;
    CONTACT_EMAIL = "personne.email", "Adresse électronique", FieldKind::Email, Fiche;
    CONTACT_ADRESSE = "personne.adresse", "Adresse", FieldKind::Line, Fiche;
    CONTACT_ORDRE = "personne.ordre", "Ordre d’appel", FieldKind::Number, Fiche, "1 : à appeler en premier.";
    CONTACT_NOTE = "personne.note", "À savoir", FieldKind::Note, Fiche;
}

/// The people around the client, whom to call in which order.
pub static CONTACTS: Collection = Collection {
    key: "contacts",
    document: CLIENT,
    singular: "Contact",
    plural: "Contacts",
    fields: CONTACT,
    title: &[&CONTACT_NOM, &CONTACT_ROLE],
};

fields! { AUTRE_ADRESSE of CLIENT;
    ADRESSE_USAGE = "adresse.usage", "Usage",
        FieldKind::Choice(&["Facturation", "Autre résidence", "Lieu d’intervention", "Autre"]), Fiche;
    ADRESSE_RUE = "adresse.rue", "Adresse", FieldKind::Line, Fiche;
    ADRESSE_CODE_POSTAL = "adresse.code_postal", "Code postal", FieldKind::Postcode, Fiche;
    ADRESSE_VILLE = "adresse.ville", "Ville", FieldKind::Line, Fiche;
    ADRESSE_NOTE = "adresse.note", "À savoir", FieldKind::Note, Fiche;
}

/// Other addresses than the home.
pub static ADRESSES: Collection = Collection {
    key: "adresses",
    document: CLIENT,
    singular: "Adresse",
    plural: "Autres adresses",
    fields: AUTRE_ADRESSE,
    title: &[&ADRESSE_USAGE, &ADRESSE_RUE, &ADRESSE_VILLE],
};

fields! { FUSION of CLIENT;
    FUSION_AVEC = "fusion.avec", "Dossier repris", FieldKind::Dossier, Fiche;
    FUSION_DANS = "fusion.dans", "Repris dans", FieldKind::Dossier, Fiche;
    FUSION_REPRIS = "fusion.repris", "Ce qui a été repris", FieldKind::Line, Fiche;
}

/// Two dossiers of one person: which was taken over into which, and what, so that it can be taken back.
pub static FUSIONS: Collection = Collection {
    key: "fusions",
    document: CLIENT,
    singular: "Fusion",
    plural: "Fusions",
    fields: FUSION,
    title: &[&FUSION_AVEC, &FUSION_DANS],
};

fichiers!(CLIENT);
