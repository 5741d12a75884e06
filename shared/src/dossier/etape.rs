//! The stages of a dossier, from the first call to the archive: what each asks for, and since when.

use chrono::NaiveDate;

use super::Dossier;
use crate::documents::schema::administratif as adm;
use crate::documents::schema::prestation::{ETAPE_DATE, ETAPE_NOM, ETAPES, MANDATAIRE, MODE, POURVUE, PREMIERE_VISITE};
use crate::documents::schema::{client, prestation};
use crate::documents::{Record, Signature};
use crate::validate::calendar_date;

/// Where a dossier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Etape {
    /// Somebody has asked for something.
    #[default]
    Prospect,
    /// Their needs were gathered.
    Besoins,
    /// An offer was made.
    Devis,
    /// Both have signed.
    Contrat,
    /// Somebody comes.
    Actif,
    /// Nobody comes for a time.
    Suspendu,
    /// Nobody comes any more.
    Termine,
    /// Kept for the law only.
    Archive,
}

/// Something that a stage asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Stable name of the rule.
    pub rule: &'static str,
    /// What is asked.
    pub what: &'static str,
    /// Whether the dossier has it.
    pub met: bool,
}

impl Etape {
    /// In the order of a dossier's life.
    pub const ALL: [Self; 8] = [
        Self::Prospect,
        Self::Besoins,
        Self::Devis,
        Self::Contrat,
        Self::Actif,
        Self::Suspendu,
        Self::Termine,
        Self::Archive,
    ];

    /// The word kept in documents and summaries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prospect => "prospect",
            Self::Besoins => "besoins",
            Self::Devis => "devis",
            Self::Contrat => "contrat",
            Self::Actif => "actif",
            Self::Suspendu => "suspendu",
            Self::Termine => "termine",
            Self::Archive => "archive",
        }
    }

    /// As people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Prospect => "Prospect",
            Self::Besoins => "Besoins recueillis",
            Self::Devis => "Devis",
            Self::Contrat => "Contrat",
            Self::Actif => "Actif",
            Self::Suspendu => "Suspendu",
            Self::Termine => "Terminé",
            Self::Archive => "Archivé",
        }
    }

    /// The stage that [`Etape::name`] names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|etape| etape.name() == name)
    }

    /// The stages that may come next, the usual one first.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Prospect => &[Self::Besoins, Self::Devis, Self::Contrat, Self::Actif, Self::Termine],
            Self::Besoins => &[Self::Devis, Self::Contrat, Self::Actif, Self::Termine],
            Self::Devis => &[Self::Contrat, Self::Actif, Self::Termine],
            Self::Contrat => &[Self::Actif, Self::Termine],
            Self::Actif => &[Self::Suspendu, Self::Termine],
            Self::Suspendu => &[Self::Actif, Self::Termine],
            Self::Termine => &[Self::Archive, Self::Actif],
            Self::Archive => &[Self::Termine],
        }
    }

    /// The stage a dossier is in, since when, and who said so: the last one by its date; a prospect before any.
    #[must_use]
    pub fn of(dossier: &Dossier) -> (Self, Option<NaiveDate>, Option<Signature>) {
        let known =
            dossier.records.of(&ETAPES).filter_map(|record| Some((Self::from_name(record.value(&ETAPE_NOM))?, record)));
        let since = |record: &Record| calendar_date(record.value(&ETAPE_DATE));
        let last = known.max_by_key(|(etape, record)| (since(record), record.signature.at, *etape));
        last.map_or((Self::Prospect, None, None), |(etape, record)| {
            (etape, since(record), Some(record.signature.clone()))
        })
    }

    /// What entering this stage asks for. What is not met is said and may be passed over, with a reason.
    #[must_use]
    pub fn conditions(self, dossier: &Dossier) -> Vec<Condition> {
        let filled = |field| dossier.fields.is_filled(field);
        let condition = |rule, what, met| Condition { rule, what, met };
        let piece = |wanted: &[&str], statuses: &[&str]| {
            dossier.records.of(&adm::PIECES).any(|piece| {
                wanted.contains(&piece.value(&adm::PIECE_TYPE))
                    && (statuses.is_empty() || statuses.contains(&piece.value(&adm::PIECE_STATUT)))
            })
        };
        match self {
            Self::Besoins => vec![
                condition("ETAPE-1", "La demande est écrite", filled(&client::DEMANDE)),
                condition("ETAPE-2", "La date du recueil des besoins", filled(&client::RECUEIL_LE)),
            ],
            Self::Devis => vec![condition("ETAPE-3", "Un devis est au dossier", piece(&[adm::DEVIS], &[]))],
            Self::Contrat => vec![
                condition("ETAPE-4", "Le mode et le public", filled(&MODE) && filled(&prestation::PUBLIC)),
                condition("ETAPE-5", "Un contrat ou un mandat signé", signed(dossier)),
            ],
            Self::Actif => vec![
                condition("ETAPE-6", "La mission est pourvue", dossier.fields.value(&POURVUE) == "Pourvue"),
                condition("ETAPE-7", "Quelqu’un dans l’équipe", dossier.prestation.equipe.iter().any(|it| !it.retire)),
                condition("ETAPE-8", "La date de la première prestation", filled(&PREMIERE_VISITE)),
                condition(
                    "ETAPE-5",
                    "Un contrat ou un mandat signé, ou une urgence datée",
                    signed(dossier) || filled(&adm::URGENCE),
                ),
            ],
            Self::Prospect | Self::Suspendu | Self::Termine | Self::Archive => Vec::new(),
        }
    }
}

/// Whether what binds both is signed: the contract, or in mandataire mode the mandate.
fn signed(dossier: &Dossier) -> bool {
    let wanted = if dossier.fields.value(&MODE) == MANDATAIRE { adm::MANDAT } else { adm::CONTRAT };
    dossier.records.of(&adm::PIECES).any(|piece| {
        piece.value(&adm::PIECE_TYPE) == wanted
            && (matches!(piece.value(&adm::PIECE_STATUT), "Signé" | "Accepté")
                || !piece.value(&adm::PIECE_SIGNATURE).is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Document, Pen, SetField, add_record, set_field};
    use crate::ids::{DocumentId, DossierId, EntryId, UserId};
    use crate::time::Timestamp;

    const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };

    fn enter(document: &mut Document, id: u8, etape: Etape, date: &str) {
        let values = [(&ETAPE_NOM, etape.name()), (&ETAPE_DATE, date)];
        let values = values.map(|(field, value)| SetField { field, value: value.to_owned() });
        add_record(document, &PEN, Timestamp(0), (&ETAPES, EntryId([id; 16])), &values).unwrap().unwrap();
    }

    #[test]
    fn a_dossier_is_a_prospect_until_somebody_says_otherwise_and_then_what_was_said_last() {
        let mut document = Document::new(DocumentId::prestation(DossierId([1; 16])));
        assert_eq!(Etape::of(&Dossier::read([&document])).0, Etape::Prospect);
        enter(&mut document, 1, Etape::Actif, "2026-03-01");
        enter(&mut document, 2, Etape::Besoins, "2026-01-10");
        let (etape, since, by) = Etape::of(&Dossier::read([&document]));
        assert_eq!(
            (etape, since.unwrap().to_string(), by.unwrap().author),
            (Etape::Actif, "2026-03-01".to_owned(), Some(PEN.user))
        );
    }

    #[test]
    fn etape_3_and_5_a_contract_in_mandataire_mode_is_a_mandate() {
        let dossier = DossierId([1; 16]);
        let (mut adm_doc, mut mission) =
            (Document::new(DocumentId::administratif(dossier)), Document::new(DocumentId::prestation(dossier)));
        let unmet = |documents: [&Document; 2], etape: Etape| {
            let conditions = etape.conditions(&Dossier::read(documents));
            conditions.into_iter().filter(|it| !it.met).map(|it| it.rule).collect::<Vec<_>>()
        };
        assert_eq!(unmet([&adm_doc, &mission], Etape::Devis), ["ETAPE-3"]);
        let values = [(&adm::PIECE_TYPE, adm::CONTRAT), (&adm::PIECE_STATUT, "Signé")];
        let values = values.map(|(field, value)| SetField { field, value: value.to_owned() });
        add_record(&mut adm_doc, &PEN, Timestamp(0), (&adm::PIECES, EntryId([9; 16])), &values).unwrap();
        assert_eq!(unmet([&adm_doc, &mission], Etape::Contrat), ["ETAPE-4"]);
        let base = mission.heads();
        let mode = SetField { field: &MODE, value: MANDATAIRE.to_owned() };
        set_field(&mut mission, &PEN, &base, Timestamp(0), &mode).unwrap();
        assert_eq!(unmet([&adm_doc, &mission], Etape::Contrat), ["ETAPE-4", "ETAPE-5"]);
    }

    #[test]
    fn every_stage_leads_on_and_has_one_word() {
        for etape in Etape::ALL {
            assert!(!etape.next().is_empty() && !etape.next().contains(&etape));
            assert_eq!(Etape::from_name(etape.name()), Some(etape));
        }
    }
}
