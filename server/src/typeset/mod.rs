//! Papers as PDF/A-2a (ISO 19005-2, with tags: archived for decades, read aloud by a screen reader), made by Typst.
//!
//! Typst and not krilla alone: a paper has paragraphs, tables over several pages and a foot with page numbers, and Typst
//! lays them out; krilla, which Typst writes its PDF with, would leave that to us. What stands on a paper is data for the
//! template, never a part of its source: no text of a dossier can become markup.

mod world;

use std::collections::HashMap;

use liaison_shared::papers::{Drawn, Paper, PaperBlock};
use liaison_shared::{EntryId, Timestamp};
use serde_json::{Value, json};
use typst::comemo;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use world::PaperWorld;

/// Why a paper did not become a PDF: a fault of ours, not of what stands on it.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// The paper cannot be written as JSON.
    #[error("the paper cannot be handed to the template: {0}")]
    Data(#[from] serde_json::Error),
    /// This program was built without its template.
    #[error("the template cannot be named")]
    NoTemplate,
    /// The template, or the standard, was refused; the first reason.
    #[error("the paper cannot be laid out: {0}")]
    Layout(String),
}

/// What was drawn, by the record of its file: PNG.
pub type Pictures = HashMap<EntryId, Vec<u8>>;

/// The PDF of a paper. The same paper, pictures and time give the same bytes. Takes some hundred milliseconds of one
/// processor: not for an async task.
///
/// # Errors
/// See [`TypesetError`].
pub fn pdf(paper: &Paper, pictures: Pictures, made: Timestamp) -> Result<Vec<u8>, TypesetError> {
    let world = set(paper, pictures)?;
    let made = pdf_of(&world, made);
    // What is remembered for the next run holds what stands on the paper.
    comemo::evict(0);
    made
}

/// A paper as the template reads it.
fn set(paper: &Paper, mut pictures: Pictures) -> Result<PaperWorld, TypesetError> {
    let mut data = serde_json::to_value(paper)?;
    let mut files = Vec::new();
    for (at, block) in paper.blocks.iter().enumerate() {
        if let PaperBlock::Signed(drawn) = block {
            let signed = drawn.iter().map(|it| signature(it, pictures.remove(&it.file), &mut files));
            data["blocks"][at]["value"] = Value::Array(signed.collect());
        }
    }
    PaperWorld::new(serde_json::to_vec(&data)?, files).ok_or(TypesetError::NoTemplate)
}

/// A signature as the template reads it; its picture, if it is there, becomes one more file.
fn signature(drawn: &Drawn, picture: Option<Vec<u8>>, files: &mut Vec<(String, Vec<u8>)>) -> Value {
    let name = picture.map(|bytes| {
        let name = format!("signature-{}.png", files.len());
        files.push((name.clone(), bytes));
        name
    });
    json!({
        "who": drawn.who(), "proof": drawn.proof(), "unchanged": drawn.unchanged, "picture": name,
        "alt": format!("Signature de {}", drawn.name),
    })
}

fn pdf_of(world: &PaperWorld, made: Timestamp) -> Result<Vec<u8>, TypesetError> {
    let Warned { output, .. } = typst::compile::<PagedDocument>(world);
    let document = output.map_err(|errors| refused(&errors))?;
    let standards =
        PdfStandards::new(&[PdfStandard::A_2a]).map_err(|it| TypesetError::Layout(it.message().to_string()))?;
    let options = PdfOptions {
        standards,
        creator: Smart::Custom(Some("Liaison".to_owned())),
        timestamp: world::timestamp(made),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))
}

fn refused(errors: &[SourceDiagnostic]) -> TypesetError {
    let first = errors.first().map(|error| {
        let hints = error.hints.iter().map(|hint| hint.v.to_string());
        std::iter::once(error.message.to_string()).chain(hints).collect::<Vec<_>>().join("; ")
    });
    TypesetError::Layout(first.unwrap_or_default())
}

#[cfg(test)]
mod tests;
