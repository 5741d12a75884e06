//! Signatures that are drawn on a screen: exactly what was signed, as one text; its hash; and whether the paper still reads
//! so. The text is kept beside the picture, under its hash, so that it can be read for as long as the dossier is.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Context, Paper, PaperBlock, PaperKind, unsigned};
use crate::documents::Record;
use crate::documents::schema::{POUR_AGENCE, administratif as adm};
use crate::ids::{EntryId, FileHash};
use crate::time::Timestamp;

/// A signature that was drawn on a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drawn {
    /// The record of its picture.
    pub file: EntryId,
    /// Who signed.
    pub name: String,
    /// In whose name.
    pub quality: String,
    /// When, by the device's clock.
    pub at: Timestamp,
    /// With what.
    pub device: String,
    /// The hash of what was signed.
    pub signed: FileHash,
    /// Whether the paper and the files attached to it still read exactly so.
    pub unchanged: bool,
}

impl Drawn {
    /// Who signed, in whose name: `Jeanne Petit (client)`.
    #[must_use]
    pub fn who(&self) -> String {
        format!("{} ({})", self.name, self.quality.to_lowercase())
    }

    /// When, with what, and the hash of what was signed.
    #[must_use]
    pub fn proof(&self) -> String {
        format!("Signé le {}, {}. Empreinte de ce qui est signé : {}", moment(self.at), self.device, self.signed)
    }
}

/// An instant as papers show it, with its year.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    at.french(Timestamp(0))
}

/// Exactly what is signed when a record is signed at `context.now`: its paper, and the hashes of the files that are attached
/// to it. `None` when it is not one that is signed.
#[must_use]
pub fn signed_text(context: &Context<'_>, piece: EntryId) -> Option<String> {
    let record = context.dossier.records.get(piece)?;
    let kind = PaperKind::of_piece(record.value(&adm::PIECE_TYPE))?;
    adm::signed_status(record.value(&adm::PIECE_TYPE))?;
    let paper = unsigned(kind, context, Some(piece))?;
    let mut hashes: Vec<&str> = attached(context, piece)
        .filter(|file| !is_signature(file))
        .map(|file| file.value(&adm::FICHIER_EMPREINTE))
        .filter(|hash| !hash.is_empty())
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    Some(text_of(&paper, &hashes))
}

/// The name of a text: what it holds, as of any file.
#[must_use]
pub fn hash_of(text: &str) -> FileHash {
    FileHash(Sha256::digest(text.as_bytes()).into())
}

/// Whether the record of a file is a signature.
#[must_use]
pub fn is_signature(file: &Record) -> bool {
    !file.value(&adm::FICHIER_SIGNE).is_empty()
}

/// What was signed on a screen of a record that is printed as this paper; oldest first.
#[must_use]
pub fn signatures(context: &Context<'_>, kind: PaperKind, piece: EntryId) -> Vec<Drawn> {
    let record = context.dossier.records.get(piece);
    if record.and_then(|record| PaperKind::of_piece(record.value(&adm::PIECE_TYPE))) != Some(kind) {
        return Vec::new();
    }
    let mut drawn: Vec<Drawn> = attached(context, piece).filter_map(|file| read(context, piece, file)).collect();
    drawn.sort_by_key(|it| (it.at, it.file));
    drawn
}

fn attached<'a>(context: &'a Context<'_>, piece: EntryId) -> impl Iterator<Item = &'a Record> {
    let piece = piece.to_string();
    context.dossier.records.of(&adm::FICHIERS).filter(move |file| file.value(&adm::FICHIER_PIECE) == piece)
}

fn read(context: &Context<'_>, piece: EntryId, file: &Record) -> Option<Drawn> {
    let signed = file.value(&adm::FICHIER_SIGNE).parse::<FileHash>().ok()?;
    let at = file.value(&adm::FICHIER_SIGNE_LE).parse().map_or(file.signature.at, Timestamp);
    let now = signed_text(&Context { now: at, ..*context }, piece);
    Some(Drawn {
        file: file.id,
        name: file.value(&adm::FICHIER_SIGNATAIRE).to_owned(),
        quality: file.value(&adm::FICHIER_QUALITE).to_owned(),
        at,
        device: file.value(&adm::FICHIER_APPAREIL).to_owned(),
        signed,
        unchanged: now.is_some_and(|text| hash_of(&text) == signed),
    })
}

/// A paper with what was signed in the places for it.
pub(super) fn show(mut paper: Paper, drawn: Vec<Drawn>) -> Paper {
    let agency = |it: &Drawn| it.quality == POUR_AGENCE;
    let (by_agency, by_client) = (drawn.iter().any(agency), !drawn.iter().all(agency));
    for block in &mut paper.blocks {
        if let PaperBlock::Signatures(places) = block {
            let mut side = [by_client, by_agency].into_iter();
            places.retain(|_| !side.next().unwrap_or_default());
        }
    }
    paper.blocks.push(PaperBlock::Signed(drawn));
    paper
}

/// A paper as one text in which nothing can be taken for something else: every line begins with what it is, and what goes on
/// in the next line is set in. Changing a word of it makes every signature read as « modifié depuis ».
fn text_of(paper: &Paper, files: &[&str]) -> String {
    let Paper { title, reference, from, to, blocks, foot } = paper;
    let mut text = String::new();
    let mut line = |mark: &str, words: &str| {
        text.push_str(mark);
        text.push_str(&words.replace('\n', "\n        "));
        text.push('\n');
    };
    line("", title);
    line("", reference);
    from.iter().for_each(|words| line("De      ", words));
    to.iter().for_each(|words| line("À       ", words));
    for block in blocks {
        match block {
            PaperBlock::Heading(words) => line("\n# ", words),
            PaperBlock::Text(words) => line("\n", words),
            PaperBlock::Mention(words) => line("\n! ", words),
            PaperBlock::Facts(facts) => {
                for (name, value) in facts.iter().filter(|(_, value)| !value.trim().is_empty()) {
                    line("- ", &format!("{name} : {value}"));
                }
            }
            PaperBlock::Table(head, rows) => {
                for row in rows {
                    head.iter().zip(row).for_each(|(name, value)| line("- ", &format!("{name} : {value}")));
                }
            }
            PaperBlock::Signatures(places) => places.iter().for_each(|words| line("_ ", words)),
            PaperBlock::Signed(_) => {}
        }
    }
    line("\n", foot);
    files.iter().for_each(|hash| line("Fichier joint, SHA-256 : ", hash));
    text
}
