//! The fields of the `client` document, described once: forms, flags and history read this table.

use crate::validate::{self, Finding};

/// What a field takes, which decides its keyboard, its check and how it merges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Line,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A French postcode.
    Postcode,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// Free text: two people's sentences both survive.
    Text,
}

/// Where on the page a field belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Who the person is.
    Identite,
    /// How to reach them.
    Coordonnees,
    /// Where they live and how to get in.
    Logement,
    /// What they ask for.
    Besoins,
    /// Whom to call when something happens.
    Prevenir,
}

impl Section {
    /// In the order of the page.
    pub const ALL: [Self; 5] = [Self::Besoins, Self::Coordonnees, Self::Logement, Self::Prevenir, Self::Identite];

    /// The heading people see.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Identite => "Identité",
            Self::Coordonnees => "Coordonnées",
            Self::Logement => "Logement et accès",
            Self::Besoins => "Demande et besoins",
            Self::Prevenir => "Personne à prévenir",
        }
    }
}

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key in the document, never changed once shipped.
    pub key: &'static str,
    /// Its label on the page.
    pub label: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Where it stands.
    pub section: Section,
}

const fn field(key: &'static str, label: &'static str, kind: FieldKind, section: Section) -> Field {
    Field { key, label, kind, section }
}

/// Title used in letters.
pub static CIVILITE: Field =
    field("identite.civilite", "Civilité", FieldKind::Choice(&["Madame", "Monsieur"]), Section::Identite);
/// Family name in use.
pub static NOM: Field = field("identite.nom", "Nom", FieldKind::Line, Section::Identite);
/// First name.
pub static PRENOM: Field = field("identite.prenom", "Prénom", FieldKind::Line, Section::Identite);
/// Birth date.
pub static NAISSANCE: Field = field("identite.naissance", "Date de naissance", FieldKind::Date, Section::Identite);
/// The number to call first.
pub static TELEPHONE: Field = field("contact.telephone", "Téléphone", FieldKind::Phone, Section::Coordonnees);
/// Another number.
pub static TELEPHONE_2: Field = field("contact.telephone_2", "Autre téléphone", FieldKind::Phone, Section::Coordonnees);
/// E-mail address.
pub static EMAIL: Field = field("contact.email", "Adresse électronique", FieldKind::Email, Section::Coordonnees);
/// Number and street.
pub static ADRESSE: Field = field("logement.adresse", "Adresse", FieldKind::Line, Section::Logement);
/// Postcode.
pub static CODE_POSTAL: Field = field("logement.code_postal", "Code postal", FieldKind::Postcode, Section::Logement);
/// Town.
pub static VILLE: Field = field("logement.ville", "Ville", FieldKind::Line, Section::Logement);
/// Door code, floor, keys, pets: what one needs on the stairs.
pub static ACCES: Field =
    field("logement.acces", "Accès (code, étage, clés, animaux)", FieldKind::Text, Section::Logement);
/// What the person asked for, at first contact and since.
pub static DEMANDE: Field = field("besoins.demande", "Demande", FieldKind::Text, Section::Besoins);
/// Free note on needs and habits.
pub static NOTE: Field = field("besoins.note", "Note", FieldKind::Text, Section::Besoins);
/// Name and tie of the person to call.
pub static PREVENIR_NOM: Field = field("prevenir.nom", "Nom et lien", FieldKind::Line, Section::Prevenir);
/// Their number.
pub static PREVENIR_TELEPHONE: Field =
    field("prevenir.telephone", "Son téléphone", FieldKind::Phone, Section::Prevenir);

/// Every field, in the order of the page inside each section.
pub static FIELDS: [&Field; 15] = [
    &CIVILITE,
    &PRENOM,
    &NOM,
    &NAISSANCE,
    &TELEPHONE,
    &TELEPHONE_2,
    &EMAIL,
    &ADRESSE,
    &CODE_POSTAL,
    &VILLE,
    &ACCES,
    &DEMANDE,
    &NOTE,
    &PREVENIR_NOM,
    &PREVENIR_TELEPHONE,
];

/// The free texts that the first step of the schema makes. A text added later needs a step of its own.
pub const TEXT_FIELDS: [&str; 3] = ["besoins.demande", "besoins.note", "logement.acces"];

impl Field {
    /// The field with this key.
    #[must_use]
    pub fn by_key(key: &str) -> Option<&'static Self> {
        FIELDS.into_iter().find(|field| field.key == key)
    }

    /// Whether it merges as text.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.kind == FieldKind::Text
    }

    /// What is wrong with a value, if anything. The value is kept either way.
    #[must_use]
    pub fn check(&self, value: &str) -> Option<Finding> {
        match self.kind {
            FieldKind::Phone => validate::phone(value),
            FieldKind::Email => validate::email(value),
            FieldKind::Postcode => validate::postcode(value),
            FieldKind::Line | FieldKind::Date | FieldKind::Choice(_) | FieldKind::Text => None,
        }
    }

    /// A value as people read it.
    #[must_use]
    pub fn display(&self, value: &str) -> String {
        match self.kind {
            FieldKind::Phone => validate::phone_display(value),
            _ => value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_field_is_in_the_genesis_and_every_key_is_unique() {
        let texts: Vec<&str> = FIELDS.iter().filter(|field| field.is_text()).map(|field| field.key).collect();
        assert_eq!(texts.len(), TEXT_FIELDS.len());
        assert!(texts.iter().all(|key| TEXT_FIELDS.contains(key)));
        for field in FIELDS {
            assert_eq!(FIELDS.iter().filter(|other| other.key == field.key).count(), 1, "{}", field.key);
            assert_eq!(FIELDS.iter().filter(|other| other.label == field.label).count(), 1, "{}", field.label);
        }
    }
}
