//! What documents hold, described once: fields and collections of records. Forms, checklist, history, import, export and
//! printed papers read these tables; adding a field is one line here (a free text also needs a step of the genesis).

pub mod administratif;
pub mod agence;
pub mod client;
pub mod journal;
pub mod personnel;
pub mod prestation;
pub mod qualite;
pub mod rapports;
pub mod relation;

use chrono::NaiveDate;

use crate::ids::DocumentKind;
use crate::validate::{self, Finding};

/// What a field takes, which decides its keyboard, its check and how it merges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Line,
    /// A few lines that one person writes at a time: two versions written apart both stand.
    Note,
    /// Free text: two people's sentences both survive.
    Text,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A French postcode.
    Postcode,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// The date on which somebody was born.
    BirthDate,
    /// A time on the clock on the wall, `HH:MM`.
    Time,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A whole or decimal number.
    Number,
    /// An amount in euros, as typed.
    Money,
    /// A French social security number: masked until somebody asks to see it.
    Nir,
    /// An international bank account number.
    Iban,
    /// A bank identifier.
    Bic,
    /// A SEPA creditor identifier.
    Ics,
    /// A SEPA mandate reference.
    Rum,
    /// A French establishment number.
    Siret,
    /// A person of the agency: the 32 digits of their account.
    Person,
    /// A dossier: its 32 digits.
    Dossier,
    /// An instant: milliseconds since 1970, UTC.
    Moment,
}

impl FieldKind {
    /// What is wrong with a value, if anything. The value is kept either way.
    #[must_use]
    pub fn check(self, value: &str, today: NaiveDate) -> Option<Finding> {
        match self {
            Self::Phone => validate::phone(value),
            Self::Email => validate::email(value),
            Self::Postcode => validate::postcode(value),
            Self::Date => validate::date(value),
            Self::BirthDate => validate::birth_date(value, today),
            Self::Time => validate::time(value),
            Self::Number
            | Self::Line
            | Self::Note
            | Self::Choice(_)
            | Self::Text
            | Self::Person
            | Self::Dossier
            | Self::Moment => None,
            Self::Money => validate::amount(value),
            Self::Nir => validate::nir(value),
            Self::Iban => validate::iban(value),
            Self::Bic => validate::bic(value),
            Self::Ics => validate::ics(value),
            Self::Rum => validate::rum(value),
            Self::Siret => validate::siret(value),
        }
    }

    /// A value as people read it. Dates and people stay as they are kept: who draws knows today and the names.
    #[must_use]
    pub fn display(self, value: &str) -> String {
        match self {
            Self::Phone => validate::phone_display(value),
            Self::Nir => validate::nir_display(value),
            Self::Iban => validate::iban_display(value),
            Self::Siret => validate::siret_display(value),
            Self::Time => crate::time::hours_written(value),
            Self::Money => validate::euros(value).map_or_else(|| value.to_owned(), validate::euros_display),
            _ => value.to_owned(),
        }
    }
}

/// Where on the page a field belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What they ask for.
    Besoins,
    /// The assessment of their needs.
    Recueil,
    /// How to reach them.
    Coordonnees,
    /// Where they live and how to get in.
    Logement,
    /// Whom to call when something happens.
    Prevenir,
    /// Who the person is.
    Identite,
    /// Social security, exemptions, aids.
    Aides,
    /// Where the client came from, who answers for them.
    Gestion,
    /// How they pay.
    Paiement,
    /// What the client is owed by the law when signing.
    Engagement,
    /// What is done, for whom, in which mode.
    Mission,
    /// The agency, as its papers name it.
    Agence,
    /// The models of its papers.
    Modeles,
    /// How it plans: time zone, on-call line, the numbers of its convention.
    Planification,
    /// Of one record of a collection, not of a page.
    Fiche,
}

impl Section {
    /// The sections of a kind of document, in the order of its page.
    #[must_use]
    pub fn of(kind: DocumentKind) -> &'static [Self] {
        match kind {
            DocumentKind::Client => {
                &[Self::Besoins, Self::Coordonnees, Self::Logement, Self::Prevenir, Self::Recueil, Self::Identite]
            }
            DocumentKind::Administratif => &[Self::Aides, Self::Paiement, Self::Gestion, Self::Engagement],
            DocumentKind::Prestation => &[Self::Mission],
            DocumentKind::Personnel => &[Self::Identite, Self::Coordonnees, Self::Paiement, Self::Gestion],
            DocumentKind::Agence => &[Self::Agence, Self::Planification, Self::Modeles],
            _ => &[],
        }
    }

    /// The heading people see.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Besoins => "Demande et besoins",
            Self::Recueil => "Recueil des besoins",
            Self::Coordonnees => "Coordonnées",
            Self::Logement => "Logement et accès",
            Self::Prevenir => "Personne à prévenir",
            Self::Identite => "Identité",
            Self::Aides => "Sécurité sociale et aides",
            Self::Gestion => "Origine et suivi",
            Self::Paiement => "Paiement",
            Self::Engagement => "Engagement et information",
            Self::Mission => "Mission",
            Self::Agence => "L’agence",
            Self::Modeles => "Modèles de documents",
            Self::Planification => "Planning et astreinte",
            Self::Fiche => "",
        }
    }
}

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key in the document, never changed once shipped, and unique among all fields.
    pub key: &'static str,
    /// Its label on the page.
    pub label: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// The kind of document that holds it, which decides who reads and who writes it.
    pub document: DocumentKind,
    /// Where it stands.
    pub section: Section,
    /// What to write there, when the label does not say; empty for none.
    pub hint: &'static str,
}

impl Field {
    /// The field with this key.
    #[must_use]
    pub fn by_key(key: &str) -> Option<&'static Self> {
        all().find(|field| field.key == key)
    }

    /// The words it is one of; none when it takes anything else.
    #[must_use]
    pub fn choices(&self) -> &'static [&'static str] {
        match self.kind {
            FieldKind::Choice(words) => words,
            _ => &[],
        }
    }

    /// Whether it merges as text.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.kind == FieldKind::Text
    }

    /// What is wrong with a value, if anything. The value is kept either way.
    #[must_use]
    pub fn check(&self, value: &str, today: NaiveDate) -> Option<Finding> {
        self.kind.check(value, today)
    }

    /// A value as people read it.
    #[must_use]
    pub fn display(&self, value: &str) -> String {
        self.kind.display(value)
    }
}

/// A collection: a map from a random entry id to a record, whose fields are written like any other.
#[derive(Debug, PartialEq, Eq)]
pub struct Collection {
    /// Its key at the root of the document.
    pub key: &'static str,
    /// The kind of document that holds it.
    pub document: DocumentKind,
    /// What one of them is called.
    pub singular: &'static str,
    /// What several are called.
    pub plural: &'static str,
    /// The fields of a record, in the order of its form.
    pub fields: &'static [&'static Field],
    /// Those that name a record in a list.
    pub title: &'static [&'static Field],
}

impl Collection {
    /// Its field of the same key as this one: files and anomalies are collections of several kinds of document, alike.
    #[must_use]
    pub fn own(&self, field: &Field) -> Option<&'static Field> {
        self.fields.iter().copied().find(|own| own.key == field.key)
    }
}

/// The fields of documents (not of records) of every kind.
pub fn all() -> impl Iterator<Item = &'static Field> {
    [client::FIELDS, administratif::FIELDS, prestation::FIELDS, personnel::FIELDS, agence::FIELDS]
        .into_iter()
        .flatten()
        .copied()
}

/// The fields of a kind of document.
pub fn fields_of(kind: DocumentKind) -> impl Iterator<Item = &'static Field> {
    all().filter(move |field| field.document == kind)
}

/// The sector of a dossier, which is no field of a page and may stand in a file of clients.
pub static SECTEUR: Field = Field {
    key: "secteur",
    label: "Secteur",
    kind: FieldKind::Line,
    document: DocumentKind::Prestation,
    section: Section::Mission,
    hint: "",
};

/// Every field that a column of a file of clients may go into.
pub fn importable() -> impl Iterator<Item = &'static Field> {
    [client::FIELDS, administratif::FIELDS, prestation::FIELDS].into_iter().flatten().copied().chain([&SECTEUR])
}

/// Every collection of records.
pub static COLLECTIONS: &[&Collection] = &[
    &client::CONTACTS,
    &client::ADRESSES,
    &client::FUSIONS,
    &client::FICHIERS,
    &administratif::PIECES,
    &administratif::AIDES,
    &administratif::FICHIERS,
    &prestation::ETAPES,
    &prestation::RECURRENCES,
    &prestation::VISITES,
    &prestation::FICHIERS,
    &journal::POINTAGES,
    &journal::REALISATIONS,
    &journal::OBSERVATIONS,
    &journal::AVIS,
    &journal::REPONSES,
    &journal::ANOMALIES,
    &journal::FICHIERS,
    &relation::COURRIERS,
    &relation::RECLAMATIONS,
    &relation::TACHES,
    &relation::CONSEQUENCES,
    &relation::ANOMALIES,
    &relation::FICHIERS,
    &rapports::NOTES,
    &personnel::CONTRATS,
    &personnel::ABSENCES,
    &personnel::FICHIERS,
    &agence::TACHES_MODELES,
    &agence::ASTREINTES,
    &agence::VIVIER,
    &qualite::TIRAGES,
    &qualite::EVALUATIONS,
    &qualite::ACTIONS,
];

/// The collections of a kind of document; a journal's or an audit's of any year alike.
pub fn collections_of(kind: DocumentKind) -> impl Iterator<Item = &'static Collection> {
    COLLECTIONS.iter().copied().filter(move |collection| collection.document.name() == kind.name())
}

/// Describes fields: `NAME = "key", "Label", Kind, Section;`, and the table of them in that order.
macro_rules! fields {
    ($table:ident of $document:expr; $($name:ident = $key:literal, $label:literal, $kind:expr, $section:ident $(, $hint:literal)?;)*) => {
        $(
            #[doc = $label]
            pub static $name: $crate::documents::schema::Field = $crate::documents::schema::Field {
                key: $key,
                label: $label,
                kind: $kind,
                document: $document,
                section: $crate::documents::schema::Section::$section,
                hint: concat!("" $(, $hint)?),
            };
        )*
        /// These fields, in the order of the page inside each section.
        pub static $table: &[&$crate::documents::schema::Field] = &[$(&$name),*];
    };
}
use fields;

/// In whose name somebody signs; the last one is the agency itself.
pub const QUALITES: &[&str] =
    &["Client", "Tuteur, curateur ou mandataire", "Proche, à la demande du client", POUR_AGENCE];
/// Somebody who signs for the agency.
pub const POUR_AGENCE: &str = "Pour l’agence";

/// The scanned papers and photos of a document: what is kept of a file whose bytes travel apart (`Fichier`). The picture of a
/// signature is such a file, whose record also says what was signed, by whom, when and with what (`papers::signing`).
macro_rules! fichiers {
    ($document:expr) => {
        fields! { FICHIER of $document;
            FICHIER_NOM = "fichier.nom", "Nom du fichier", FieldKind::Line, Fiche;
            FICHIER_TYPE = "fichier.type", "Format", FieldKind::Line, Fiche;
            FICHIER_TAILLE = "fichier.taille", "Taille", FieldKind::Number, Fiche;
            FICHIER_EMPREINTE = "fichier.empreinte", "Empreinte", FieldKind::Line, Fiche;
            FICHIER_PIECE = "fichier.piece", "Joint à", FieldKind::Line, Fiche;
            FICHIER_NOTE = "fichier.note", "Ce que c’est", FieldKind::Line, Fiche;
            FICHIER_SIGNE = "fichier.signe", "Empreinte de ce qui est signé", FieldKind::Line, Fiche;
            FICHIER_SIGNATAIRE = "fichier.signataire", "Signataire", FieldKind::Line, Fiche;
            FICHIER_QUALITE = "fichier.qualite", "Qualité du signataire",
                FieldKind::Choice($crate::documents::schema::QUALITES), Fiche;
            FICHIER_SIGNE_LE = "fichier.signe_le", "Signé le", FieldKind::Moment, Fiche;
            FICHIER_APPAREIL = "fichier.appareil", "Signé avec", FieldKind::Line, Fiche;
        }

        /// Files: scans, photos, signed papers.
        pub static FICHIERS: Collection = Collection {
            key: "fichiers",
            document: $document,
            singular: "Fichier",
            plural: "Fichiers",
            fields: FICHIER,
            title: &[&FICHIER_NOTE, &FICHIER_NOM],
        };
    };
}
use fichiers;

/// What somebody said is wrong with a field: in the journal for what intervenants read, in `relation` for the rest.
macro_rules! anomalies {
    ($document:expr) => {
        fields! { ANOMALIE of $document;
            ANOMALIE_CHAMP = "anomalie.champ", "Champ", FieldKind::Line, Fiche;
            ANOMALIE_NATURE = "anomalie.nature", "Ce qui ne va pas",
                FieldKind::Choice($crate::documents::schema::NATURES_ANOMALIE), Fiche;
            ANOMALIE_NOTE = "anomalie.note", "Précision", FieldKind::Note, Fiche;
            ANOMALIE_STATUT = "anomalie.statut", "État",
                FieldKind::Choice($crate::documents::schema::STATUTS_ANOMALIE), Fiche;
            ANOMALIE_DELAI = "anomalie.delai", "Réponse prévue le", FieldKind::Date, Fiche;
            ANOMALIE_REPONSE = "anomalie.reponse", "Réponse", FieldKind::Note, Fiche;
        }

        /// Reported by anyone in two taps, acknowledged with a delay, corrected, told [S3].
        pub static ANOMALIES: Collection = Collection {
            key: "anomalies",
            document: $document,
            singular: "Anomalie",
            plural: "Anomalies",
            fields: ANOMALIE,
            title: &[&ANOMALIE_NATURE, &ANOMALIE_NOTE],
        };
    };
}
use anomalies;

/// What may be wrong with a value [S3].
pub const NATURES_ANOMALIE: &[&str] = &["Il manque", "C’est faux", "Ce n’est plus à jour", "En double", "Autre"];
/// Where a reported anomaly stands.
pub const STATUTS_ANOMALIE: &[&str] = &["Signalée", "Prise en compte", "Corrigée", "Sans suite"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_every_field_is_on_a_page() {
        let every: Vec<&Field> = all().collect();
        for field in &every {
            assert_eq!(every.iter().filter(|other| other.key == field.key).count(), 1, "{}", field.key);
            assert!(Section::of(field.document).contains(&field.section), "{}", field.key);
        }
        for collection in COLLECTIONS {
            for field in collection.fields {
                assert_eq!(collection.fields.iter().filter(|other| other.key == field.key).count(), 1, "{}", field.key);
                assert!(every.iter().all(|other| other.key != field.key), "{}", field.key);
                assert!(!field.is_text(), "{}: two devices would begin two texts", field.key);
            }
            assert!(collection.title.iter().all(|field| collection.fields.contains(field)), "{}", collection.key);
        }
    }

    #[test]
    fn labels_of_a_page_are_unique() {
        for kind in DocumentKind::ALL {
            let labels: Vec<&str> = fields_of(kind).map(|field| field.label).collect();
            for label in &labels {
                assert_eq!(labels.iter().filter(|other| *other == label).count(), 1, "{label}");
            }
        }
    }
}
