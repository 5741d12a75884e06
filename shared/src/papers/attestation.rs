//! The yearly tax certificate: sums the client has actually paid, after aids (seed 000 §17, article D. 7233-4 of the
//! labour code). Owed before 31 March of the next year.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::{Context, Paper, PaperBlock};
use crate::documents::Record;
use crate::documents::schema::administratif as adm;
use crate::documents::schema::{agence, prestation};
use crate::validate::{calendar_date, euros, euros_display};

/// The certificate of the year in which the period of the record begins, else of the year before it was made.
pub fn attestation(context: &Context<'_>, piece: &Record) -> Paper {
    let year = calendar_date(piece.value(&adm::PIECE_DEBUT)).map_or(context.now.date().year() - 1, |day| day.year());
    let paid: Vec<&Record> = context
        .dossier
        .records
        .of(&adm::PIECES)
        .filter(|it| it.value(&adm::PIECE_TYPE) == adm::FACTURE && it.value(&adm::PIECE_STATUT) != "Annulé")
        .filter(|it| calendar_date(it.value(&adm::PIECE_REGLE_LE)).is_some_and(|day| day.year() == year))
        .collect();
    let amount = |record: &Record, field| euros(record.value(field)).unwrap_or(0);
    let total: i64 = paid.iter().map(|it| amount(it, &adm::PIECE_REGLE)).sum();
    let aids: i64 = paid.iter().map(|it| amount(it, &adm::PIECE_AIDES)).sum();
    let row = |facture: &&Record| {
        let shown = |field| context.shown(field, facture.value(field));
        let period = [shown(&adm::PIECE_DEBUT), shown(&adm::PIECE_FIN)];
        let activity = match facture.value(&adm::PIECE_OBJET) {
            "" => context.dossier.fields.value(&prestation::ACTIVITE),
            object => object,
        };
        vec![
            period.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" – "),
            activity.to_owned(),
            shown(&adm::PIECE_INTERVENANT),
            format!("{} h", facture.value(&adm::PIECE_QUANTITE)),
            shown(&adm::PIECE_REGLE),
        ]
    };
    let accounts: BTreeSet<&str> =
        paid.iter().map(|it| it.value(&adm::PIECE_COMPTE)).filter(|it| !it.is_empty()).collect();
    let mut blocks = vec![
        PaperBlock::Text(format!(
            "{} certifie que {} a réglé, pour des prestations de services à la personne fournies en {year} :",
            context.agency(),
            context.client()
        )),
        PaperBlock::Facts(vec![
            ("Sommes effectivement réglées".to_owned(), euros_display(total)),
            ("Aides déduites".to_owned(), euros_display(aids)),
            ("Compte débité".to_owned(), accounts.into_iter().collect::<Vec<_>>().join(", ")),
        ]),
        PaperBlock::Table(
            ["Période", "Activité", "Intervenant", "Durée", "Réglé"].map(str::to_owned).to_vec(),
            paid.iter().map(row).collect(),
        ),
    ];
    blocks.extend(context.model(&agence::MODELE_ATTESTATION));
    blocks.push(PaperBlock::Signatures(vec![format!("Pour {}", context.agency())]));
    context.paper(&format!("Attestation fiscale {year}"), Some(piece), blocks)
}
