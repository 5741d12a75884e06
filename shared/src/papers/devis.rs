//! The devis, with its mandatory mentions (`rules::devis`).

use super::{Context, Paper, PaperBlock};
use crate::documents::Record;
use crate::documents::schema::administratif as adm;
use crate::documents::schema::{agence, client, prestation};

/// The offer that a record describes.
pub fn devis(context: &Context<'_>, piece: &Record) -> Paper {
    let shown = |field| context.shown(field, piece.value(field));
    let place = if piece.value(&adm::PIECE_LIEU).is_empty() {
        let value = |field| context.dossier.fields.value(field);
        format!("{}, {} {}", value(&client::ADRESSE), value(&client::CODE_POSTAL), value(&client::VILLE))
    } else {
        shown(&adm::PIECE_LIEU)
    };
    let nature = match piece.value(&adm::PIECE_OBJET) {
        "" => context.dossier.fields.value(&prestation::ACTIVITE).to_owned(),
        object => object.to_owned(),
    };
    let mut blocks = vec![
        PaperBlock::Facts(vec![
            ("Mode d’intervention".to_owned(), context.dossier.fields.value(&prestation::MODE).to_owned()),
            ("Lieu d’exécution".to_owned(), place),
            ("Date de début".to_owned(), shown(&adm::PIECE_DEBUT)),
            ("Fréquence".to_owned(), shown(&adm::PIECE_FREQUENCE)),
            ("Offre valable jusqu’au".to_owned(), shown(&adm::PIECE_VALIDITE)),
        ]),
        PaperBlock::Table(
            ["Prestation", "Quantité", "Prix HT", "Prix TTC", "TVA", "Total HT", "Total TTC"]
                .map(str::to_owned)
                .to_vec(),
            vec![vec![
                nature,
                format!("{} h", piece.value(&adm::PIECE_QUANTITE)),
                shown(&adm::PIECE_PRIX_HT),
                shown(&adm::PIECE_PRIX_TTC),
                shown(&adm::PIECE_TVA),
                shown(&adm::PIECE_HT),
                shown(&adm::PIECE_TTC),
            ]],
        ),
        PaperBlock::Facts(vec![("Frais annexes".to_owned(), shown(&adm::PIECE_FRAIS))]),
        PaperBlock::Mention("Devis gratuit. Il ne constitue pas une facture.".to_owned()),
    ];
    blocks.extend(context.model(&agence::MODELE_DEVIS));
    blocks.push(PaperBlock::Signatures(vec![
        "Le client : date, « bon pour accord » et signature".to_owned(),
        format!("Pour {}", context.agency()),
    ]));
    context.paper("Devis", Some(piece), blocks)
}
