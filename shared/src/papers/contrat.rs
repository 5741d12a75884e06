//! Contracts: prestataire, mise à disposition (with its sentence), mandate.

use super::modeles::MISE_A_DISPOSITION_MENTION;
use super::{Context, Paper, PaperBlock};
use crate::documents::Record;
use crate::documents::schema::administratif as adm;
use crate::documents::schema::{agence, prestation};
use crate::validate::calendar_date;

/// The contract that a record describes, in the mode of the dossier.
pub fn contrat(context: &Context<'_>, piece: &Record) -> Paper {
    let title =
        if piece.value(&adm::PIECE_TYPE) == adm::AVENANT { "Avenant au contrat" } else { "Contrat de prestation" };
    let mode = context.dossier.fields.value(&prestation::MODE);
    let made_available = mode == prestation::MISE_A_DISPOSITION;
    let mut blocks = vec![
        PaperBlock::Heading("La prestation".to_owned()),
        context.facts([
            &prestation::MODE,
            &prestation::PUBLIC,
            &prestation::ACTIVITE,
            &prestation::PREMIERE_VISITE,
            &prestation::HEURES,
            &prestation::FREQUENCE,
            &prestation::TACHES,
        ]),
        PaperBlock::Heading("Durée et prix".to_owned()),
        context.record_facts(
            piece,
            [
                &adm::PIECE_DEBUT,
                &adm::PIECE_FIN,
                &adm::PIECE_FREQUENCE,
                &adm::PIECE_QUANTITE,
                &adm::PIECE_PRIX_HT,
                &adm::PIECE_PRIX_TTC,
                &adm::PIECE_FRAIS,
                &adm::PIECE_HT,
                &adm::PIECE_TTC,
            ],
        ),
    ];
    let remaining = context.dossier.fields.value(&adm::RESTE_A_CHARGE);
    if !remaining.is_empty() {
        let amount = context.shown(&adm::RESTE_A_CHARGE, remaining);
        blocks.push(PaperBlock::Text(format!("Estimation du montant restant à la charge du client : {amount}.")));
    }
    if made_available {
        blocks.push(PaperBlock::Mention(MISE_A_DISPOSITION_MENTION.to_owned()));
    }
    blocks.extend(urgency(context));
    blocks.extend(withdrawal(context));
    let model = if made_available { &agence::MODELE_MISE_A_DISPOSITION } else { &agence::MODELE_CONTRAT };
    blocks.extend(context.model(model));
    blocks.extend(context.model(&agence::MODELE_RGPD));
    blocks.push(PaperBlock::Signatures(vec![
        "Le client : date et signature".to_owned(),
        format!("Pour {} : date et signature", context.agency()),
    ]));
    context.paper(title, Some(piece), blocks)
}

/// A contract of mandate: the client employs, one contract for each intervenant.
pub fn mandat(context: &Context<'_>, piece: &Record) -> Paper {
    let mut blocks = vec![
        PaperBlock::Text(format!(
            "Entre {}, particulier employeur (le mandant), et {} (le mandataire).",
            context.client(),
            context.agency()
        )),
        PaperBlock::Heading("Le salarié".to_owned()),
        context
            .record_facts(piece, [&adm::PIECE_INTERVENANT, &adm::PIECE_DEBUT, &adm::PIECE_FIN, &adm::PIECE_QUANTITE]),
        PaperBlock::Heading("Le coût".to_owned()),
        context.facts([&adm::FRAIS_GESTION, &adm::COUT_SALARIE, &adm::COUT_MENSUEL, &adm::EXONERATION]),
    ];
    blocks.extend(context.model(&agence::MODELE_MANDAT));
    blocks.extend(urgency(context));
    blocks.extend(context.model(&agence::MODELE_RGPD));
    blocks.push(PaperBlock::Signatures(vec![
        "Le mandant : date, « bon pour mandat » et signature".to_owned(),
        "Le mandataire : date et signature".to_owned(),
    ]));
    context.paper("Contrat de mandat", Some(piece), blocks)
}

/// In an emergency the agreement comes after the start, within 14 days.
fn urgency(context: &Context<'_>) -> Option<PaperBlock> {
    let started = calendar_date(context.dossier.fields.value(&adm::URGENCE))?;
    let limit = started + chrono::Days::new(14);
    Some(PaperBlock::Mention(format!(
        "Urgence : l’intervention a commencé le {}. L’accord du client est recueilli au plus tard le {}.",
        context.long_day(started),
        context.long_day(limit)
    )))
}

/// Signed away from the agency: 14 days to withdraw, and perhaps an express request to begin sooner.
fn withdrawal(context: &Context<'_>) -> Option<PaperBlock> {
    if context.dossier.fields.value(&adm::HORS_ETABLISSEMENT) != "Oui" {
        return None;
    }
    let right = "Contrat conclu hors établissement : le client dispose de 14 jours à compter de la signature pour se rétracter.";
    let asked = calendar_date(context.dossier.fields.value(&adm::DEMANDE_EXPRESSE));
    Some(PaperBlock::Mention(asked.map_or_else(
        || right.to_owned(),
        |day| {
            format!(
                "{right} Il a demandé expressément, le {}, que la prestation commence avant la fin de ce délai.",
                context.long_day(day)
            )
        },
    )))
}
