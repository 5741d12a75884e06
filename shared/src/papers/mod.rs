//! Printed papers as data: what stands on them, in which order. The page draws them as HTML for its printer, offline too;
//! the relay draws the same as PDF. Nothing here knows of pages.

mod attestation;
mod contrat;
mod devis;
mod extrait;
mod fiche;
mod modeles;
pub mod signing;

use serde::Serialize;

use crate::documents::schema::{Field, agence, client};
use crate::documents::{FieldsView, Record};
use crate::dossier::{Dossier, number};
use crate::ids::{DocumentKind, DossierId, EntryId, UserId};
use crate::time::{Timestamp, french_day};
use crate::validate::calendar_date;

pub use signing::Drawn;

pub use modeles::{MISE_A_DISPOSITION_MENTION, model_text};

/// The papers that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperKind {
    /// What was noted at the first contact.
    FicheContact,
    /// The needs as they were gathered.
    Recueil,
    /// An offer, of one record of `pieces`.
    Devis,
    /// What binds client and agency, in the mode of the dossier; of one record of `pieces`.
    Contrat,
    /// A contract of mandate; of one record of `pieces`.
    Mandat,
    /// The yearly tax certificate; of one record of `pieces`.
    Attestation,
    /// What paramedics need to know, on one page.
    Urgence,
    /// The acknowledgement of a notice of a change of situation; of one record of `avis`.
    Accuse,
    /// Everything the dossier holds: for the client's right of access.
    Extrait,
}

impl PaperKind {
    /// Every paper.
    pub const ALL: [Self; 9] = [
        Self::FicheContact,
        Self::Recueil,
        Self::Devis,
        Self::Contrat,
        Self::Mandat,
        Self::Attestation,
        Self::Urgence,
        Self::Accuse,
        Self::Extrait,
    ];

    /// The word in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FicheContact => "fiche-contact",
            Self::Recueil => "recueil",
            Self::Devis => "devis",
            Self::Contrat => "contrat",
            Self::Mandat => "mandat",
            Self::Attestation => "attestation",
            Self::Urgence => "urgence",
            Self::Accuse => "accuse",
            Self::Extrait => "dossier",
        }
    }

    /// As people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::FicheContact => "Fiche contact",
            Self::Recueil => "Recueil des besoins",
            Self::Devis => "Devis",
            Self::Contrat => "Contrat",
            Self::Mandat => "Contrat de mandat",
            Self::Attestation => "Attestation fiscale",
            Self::Urgence => "Fiche d’urgence",
            Self::Accuse => "Accusé de réception",
            Self::Extrait => "Dossier complet",
        }
    }

    /// The volet among whose files it is kept.
    #[must_use]
    pub fn kept_in(self) -> DocumentKind {
        match self {
            Self::FicheContact | Self::Recueil | Self::Urgence => DocumentKind::Client,
            Self::Accuse => DocumentKind::Relation,
            Self::Devis | Self::Contrat | Self::Mandat | Self::Attestation | Self::Extrait => {
                DocumentKind::Administratif
            }
        }
    }

    /// The paper that [`PaperKind::name`] names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The paper that a record of `pieces` is printed as, by its type; `None` for those that are only kept.
    #[must_use]
    pub fn of_piece(piece_type: &str) -> Option<Self> {
        use crate::documents::schema::administratif as adm;
        match piece_type {
            adm::DEVIS => Some(Self::Devis),
            adm::CONTRAT | adm::AVENANT => Some(Self::Contrat),
            adm::MANDAT => Some(Self::Mandat),
            adm::ATTESTATION => Some(Self::Attestation),
            _ => None,
        }
    }
}

/// A paper, ready to be drawn on A4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// At its head.
    pub title: String,
    /// Under the title: number, date.
    pub reference: String,
    /// Who makes it: name, then address and numbers, a line each.
    pub from: Vec<String>,
    /// For whom, a line each.
    pub to: Vec<String>,
    /// What stands on it.
    pub blocks: Vec<PaperBlock>,
    /// At the foot of each page.
    pub foot: String,
}

/// One part of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "lowercase")]
pub enum PaperBlock {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A sentence that must not be missed.
    Mention(String),
    /// Names and values, a line each.
    Facts(Vec<(String, String)>),
    /// A table: its head, then its rows; the last column is of amounts.
    Table(Vec<String>, Vec<Vec<String>>),
    /// Where people sign: what stands above each place; the client's first.
    Signatures(Vec<String>),
    /// What was signed on a screen.
    Signed(Vec<Drawn>),
}

/// What papers are made from.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Which dossier.
    pub id: DossierId,
    /// What it says.
    pub dossier: &'a Dossier,
    /// What the agency's document says.
    pub agence: &'a FieldsView,
    /// The agency's name in the settings, when its document does not say.
    pub agency_name: &'a str,
    /// The names of people.
    pub names: &'a dyn Fn(UserId) -> String,
    /// When it is made.
    pub now: Timestamp,
}

/// Makes a paper. `piece` is the record it is about; `None` when the dossier has no such record. One that was signed on a
/// screen reads as of that day, and shows it.
#[must_use]
pub fn paper(kind: PaperKind, context: &Context<'_>, piece: Option<EntryId>) -> Option<Paper> {
    let drawn = piece.map(|id| signing::signatures(context, kind, id)).unwrap_or_default();
    let now = drawn.iter().map(|it| it.at).max().unwrap_or(context.now);
    let paper = unsigned(kind, &Context { now, ..*context }, piece)?;
    Some(if drawn.is_empty() { paper } else { signing::show(paper, drawn) })
}

/// The same without what was signed on a screen: what is to be signed.
fn unsigned(kind: PaperKind, context: &Context<'_>, piece: Option<EntryId>) -> Option<Paper> {
    let record = piece.and_then(|id| context.dossier.records.get(id));
    Some(match kind {
        PaperKind::FicheContact => fiche::contact(context),
        PaperKind::Recueil => fiche::recueil(context),
        PaperKind::Urgence => fiche::urgence(context),
        PaperKind::Accuse => fiche::accuse(context, record?)?,
        PaperKind::Extrait => extrait::extrait(context),
        PaperKind::Devis => devis::devis(context, record?),
        PaperKind::Contrat => contrat::contrat(context, record?),
        PaperKind::Mandat => contrat::mandat(context, record?),
        PaperKind::Attestation => attestation::attestation(context, record?),
    })
}

impl Context<'_> {
    fn agency(&self) -> &str {
        let own = self.agence.value(&agence::RAISON_SOCIALE);
        if own.is_empty() { self.agency_name } else { own }
    }

    /// The head of a paper: who, for whom, when.
    fn paper(&self, title: &str, reference: Option<&Record>, blocks: Vec<PaperBlock>) -> Paper {
        use crate::documents::schema::administratif::{PIECE_DATE, PIECE_NUMERO};
        let own = |field: &Field| self.agence.value(field).trim().to_owned();
        let line = |label: &str, field: &Field| {
            let value = own(field);
            if value.is_empty() { value } else { format!("{label}{}", field.display(&value)) }
        };
        let from = vec![
            self.agency().to_owned(),
            own(&agence::ADRESSE),
            format!("{} {}", own(&agence::CODE_POSTAL), own(&agence::VILLE)).trim().to_owned(),
            line("Tél. ", &agence::TELEPHONE),
            own(&agence::EMAIL),
            line("SIRET ", &agence::SIRET),
            line("Déclaration ", &agence::SAP),
            line("Agrément ", &agence::AGREMENT),
        ];
        let value = |field| self.dossier.fields.value(field).trim().to_owned();
        let to = vec![
            self.client(),
            value(&client::ADRESSE),
            value(&client::COMPLEMENT),
            format!("{} {}", value(&client::CODE_POSTAL), value(&client::VILLE)).trim().to_owned(),
        ];
        let numbered = reference.map(|piece| piece.value(&PIECE_NUMERO)).filter(|text| !text.is_empty());
        let dated = reference.and_then(|piece| calendar_date(piece.value(&PIECE_DATE))).unwrap_or(self.now.date());
        let dossier = format!("Dossier {}", number(self.id, &value(&client::NUMERO)));
        let reference = [numbered.map(|number| format!("n° {number}")), Some(self.long_day(dated)), Some(dossier)];
        let filled = |lines: Vec<String>| lines.into_iter().filter(|line| !line.is_empty()).collect();
        Paper {
            title: title.to_owned(),
            reference: reference.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            from: filled(from),
            to: filled(to),
            blocks,
            foot: format!("{} · {title} · {}", self.agency(), self.client()),
        }
    }

    /// The client as a letter names them: `Madame Jeanne PETIT`.
    #[must_use]
    pub fn client(&self) -> String {
        let value = |field| self.dossier.fields.value(field).trim();
        let parts = [value(&client::CIVILITE), value(&client::PRENOM), &value(&client::NOM).to_uppercase()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// A day, with its year.
    fn long_day(&self, day: chrono::NaiveDate) -> String {
        use chrono::Datelike as _;
        let text = french_day(day, self.now);
        if day.year() == self.now.date().year() { format!("{text} {}", day.year()) } else { text }
    }

    /// A value as a paper shows it.
    fn shown(&self, field: &Field, value: &str) -> String {
        use crate::documents::schema::FieldKind;
        match field.kind {
            FieldKind::Time => crate::time::hours_written(value),
            FieldKind::Date | FieldKind::BirthDate => {
                calendar_date(value).map_or_else(|| value.to_owned(), |day| self.long_day(day))
            }
            FieldKind::Moment => value.parse().map_or_else(|_| value.to_owned(), |at| signing::moment(Timestamp(at))),
            FieldKind::Person => value.parse().map_or_else(|_| value.to_owned(), |user| (self.names)(user)),
            _ => field.display(value),
        }
    }

    /// Labels and values of the fields that are filled.
    fn facts<'f>(&self, fields: impl IntoIterator<Item = &'f Field>) -> PaperBlock {
        let filled = fields.into_iter().filter(|field| self.dossier.fields.is_filled(field));
        let fact = |field: &Field| (field.label.to_owned(), self.shown(field, self.dossier.fields.value(field)));
        PaperBlock::Facts(filled.map(fact).collect())
    }

    /// The same, of a record.
    fn record_facts<'f>(&self, record: &Record, fields: impl IntoIterator<Item = &'f Field>) -> PaperBlock {
        let filled = fields.into_iter().filter(|field| !record.value(field).trim().is_empty());
        let fact = |field: &Field| (field.label.to_owned(), self.shown(field, record.value(field)));
        PaperBlock::Facts(filled.map(fact).collect())
    }

    /// A model's text, its words in braces replaced, a block for each paragraph.
    fn model(&self, field: &'static Field) -> Vec<PaperBlock> {
        let text = model_text(self.agence, field)
            .replace("{client}", &self.client())
            .replace("{agence}", self.agency())
            .replace("{date}", &self.long_day(self.now.date()));
        text.split("\n\n")
            .filter(|part| !part.trim().is_empty())
            .map(|part| PaperBlock::Text(part.trim().to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests;
