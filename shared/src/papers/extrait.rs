//! Everything a dossier holds, readable: what is given to a client who asks for their data.

use super::{Context, Paper, PaperBlock};
use crate::documents::schema::{COLLECTIONS, Section, fields_of};
use crate::dossier::Etape;
use crate::ids::DocumentKind;

/// Every field that is filled, every record, every entry.
pub fn extrait(context: &Context<'_>) -> Paper {
    let mut blocks = Vec::new();
    let (etape, since, _) = Etape::of(context.dossier);
    let since = since.map(|day| format!(" depuis le {}", context.long_day(day))).unwrap_or_default();
    blocks.push(PaperBlock::Facts(vec![("Étape".to_owned(), format!("{}{since}", etape.label()))]));
    for kind in [DocumentKind::Client, DocumentKind::Administratif, DocumentKind::Prestation] {
        for section in Section::of(kind) {
            let PaperBlock::Facts(facts) = context.facts(fields_of(kind).filter(|field| field.section == *section))
            else {
                continue;
            };
            if !facts.is_empty() {
                blocks.push(PaperBlock::Heading(section.title().to_owned()));
                blocks.push(PaperBlock::Facts(facts));
            }
        }
    }
    blocks.extend(team(context));
    for collection in COLLECTIONS {
        let records: Vec<_> = context.dossier.records.of(collection).collect();
        if records.is_empty() {
            continue;
        }
        blocks.push(PaperBlock::Heading(collection.plural.to_owned()));
        blocks
            .extend(records.into_iter().map(|record| context.record_facts(record, collection.fields.iter().copied())));
    }
    blocks.extend(entries(context));
    context.paper("Dossier du client", None, blocks)
}

fn team(context: &Context<'_>) -> Vec<PaperBlock> {
    let line = |membre: &crate::documents::prestation::Membre| {
        let name = membre.personne.map(context.names).unwrap_or_default();
        let days =
            [membre.debut, membre.fin].into_iter().flatten().map(|day| context.long_day(day)).collect::<Vec<_>>();
        (name, days.join(" – "))
    };
    let team: Vec<(String, String)> = context.dossier.prestation.equipe.iter().map(line).collect();
    if team.is_empty() { Vec::new() } else { vec![PaperBlock::Heading("Équipe".to_owned()), PaperBlock::Facts(team)] }
}

fn entries(context: &Context<'_>) -> Vec<PaperBlock> {
    let signed = |signature: &crate::documents::Signature| {
        let who = signature.author.map(context.names).unwrap_or_default();
        format!("{}, {who}", signature.at.french(context.now))
    };
    let demandes: Vec<_> =
        context.dossier.demandes.iter().map(|it| (signed(&it.signature), it.texte.clone())).collect();
    let transmissions: Vec<_> =
        context.dossier.transmissions.iter().map(|it| (signed(&it.signature), it.texte.clone())).collect();
    let mut blocks = Vec::new();
    for (title, lines) in [("Demandes", demandes), ("Transmissions", transmissions)] {
        if !lines.is_empty() {
            blocks.push(PaperBlock::Heading(title.to_owned()));
            blocks.push(PaperBlock::Facts(lines));
        }
    }
    blocks
}
