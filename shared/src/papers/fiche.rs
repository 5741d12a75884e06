//! The fiche contact and the recueil des besoins.

use super::{Context, Paper, PaperBlock};
use crate::documents::Record;
use crate::documents::schema::journal::{AVIS, AVIS_ACCUSE};
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
    blocks.push(PaperBlock::Heading("Entourage".to_owned()));
    blocks.push(entourage(context));
    blocks.extend(section(context, Section::Logement));
    blocks.push(PaperBlock::Heading("Intervention envisagée".to_owned()));
    blocks.push(context.facts(prestation::FIELDS.iter().copied()));
    blocks.push(PaperBlock::Signatures(vec!["Le client".to_owned(), format!("Pour {}", context.agency())]));
    context.paper("Recueil et analyse des besoins", None, blocks)
}

/// The people around the client, with their numbers.
fn entourage(context: &Context<'_>) -> PaperBlock {
    let line = |contact: &Record| {
        let details = [&client::CONTACT_LIEN, &client::CONTACT_TELEPHONE, &client::CONTACT_EMAIL];
        let details = details.map(|field| field.display(contact.value(field)));
        let details: Vec<String> = details.into_iter().filter(|text| !text.is_empty()).collect();
        (contact.title(), details.join(" · "))
    };
    PaperBlock::Facts(context.dossier.records.of(&client::CONTACTS).map(line).collect())
}

/// For paramedics: who the person is, what to beware of, whom to call, how to get in, what was passed on last.
pub fn urgence(context: &Context<'_>) -> Paper {
    const LAST: usize = 3;
    let who = [&client::NOM, &client::PRENOM, &client::NAISSANCE, &client::TELEPHONE];
    let mut blocks = vec![context.facts(who)];
    blocks.push(PaperBlock::Heading("Santé et précautions".to_owned()));
    blocks.push(match context.dossier.fields.value(&client::SANTE).trim() {
        "" => PaperBlock::Text("Rien n’est noté dans le dossier.".to_owned()),
        known => PaperBlock::Mention(known.to_owned()),
    });
    blocks.push(context.facts([&client::AUTONOMIE_NIVEAU]));
    blocks.extend(section(context, Section::Prevenir));
    blocks.push(PaperBlock::Heading("Entourage et soignants".to_owned()));
    blocks.push(entourage(context));
    blocks.extend(section(context, Section::Logement));
    let last = context.dossier.transmissions.iter().rev().take(LAST);
    let last: Vec<(String, String)> = last.map(|it| (it.signature.at.french(context.now), it.texte.clone())).collect();
    if !last.is_empty() {
        blocks.push(PaperBlock::Heading("Dernières transmissions".to_owned()));
        blocks.push(PaperBlock::Facts(last));
    }
    context.paper("Fiche d’urgence", None, blocks)
}

/// The acknowledgement of a notice, as it was written; `None` for another record, or while there is none.
pub fn accuse(context: &Context<'_>, avis: &Record) -> Option<Paper> {
    if !std::ptr::eq(avis.collection, &AVIS) {
        return None;
    }
    let text = avis.value(&AVIS_ACCUSE).trim();
    let parts = text.split("\n\n").filter(|part| !part.trim().is_empty());
    let blocks: Vec<PaperBlock> = parts.map(|part| PaperBlock::Text(part.trim().to_owned())).collect();
    (!blocks.is_empty()).then(|| context.paper("Accusé de réception", None, blocks))
}
