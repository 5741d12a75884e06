//! The fiche contact and the recueil des besoins.

use super::{Context, Paper, PaperBlock};
use crate::documents::schema::{Section, client, fields_of, prestation};
use crate::ids::DocumentKind;

fn section(context: &Context<'_>, section: Section) -> [PaperBlock; 2] {
    let fields = fields_of(DocumentKind::Client).filter(|field| field.section == section);
    [PaperBlock::Heading(section.title().to_owned()), context.facts(fields)]
}

/// Who called, how to reach them, what they ask, where they live.
pub fn contact(context: &Context<'_>) -> Paper {
    let mut blocks = Vec::new();
    for part in [Section::Identite, Section::Coordonnees, Section::Besoins, Section::Logement] {
        blocks.extend(section(context, part));
    }
    if !context.dossier.demandes.is_empty() {
        blocks.push(PaperBlock::Heading("Demandes reçues".to_owned()));
        let line = |demande: &crate::documents::relation::Demande| {
            (format!("{}, {}", demande.canal, demande.signature.at.french(context.now)), demande.texte.clone())
        };
        blocks.push(PaperBlock::Facts(context.dossier.demandes.iter().map(line).collect()));
    }
    context.paper("Fiche contact", None, blocks)
}

/// The needs, the people around, the home, and what is planned.
pub fn recueil(context: &Context<'_>) -> Paper {
    let mut blocks = Vec::new();
    for part in [Section::Identite, Section::Coordonnees, Section::Recueil, Section::Besoins] {
        blocks.extend(section(context, part));
    }
    let contacts: Vec<(String, String)> = context
        .dossier
        .records
        .of(&client::CONTACTS)
        .map(|contact| {
            let details = [&client::CONTACT_LIEN, &client::CONTACT_TELEPHONE, &client::CONTACT_EMAIL];
            let details = details.map(|field| field.display(contact.value(field)));
            let details: Vec<String> = details.into_iter().filter(|text| !text.is_empty()).collect();
            (contact.title(), details.join(" · "))
        })
        .collect();
    blocks.push(PaperBlock::Heading("Entourage".to_owned()));
    blocks.push(PaperBlock::Facts(contacts));
    blocks.extend(section(context, Section::Logement));
    blocks.push(PaperBlock::Heading("Intervention envisagée".to_owned()));
    blocks.push(context.facts(prestation::FIELDS.iter().copied()));
    blocks.push(PaperBlock::Signatures(vec!["Le client".to_owned(), format!("Pour {}", context.agency())]));
    context.paper("Recueil et analyse des besoins", None, blocks)
}
