//! Papers become pages that say what the paper says, whatever somebody wrote.

use liaison_shared::FileHash;
use typst::layout::{Frame, FrameItem};

use super::*;

const MADE: Timestamp = Timestamp(1_795_419_000_000);

fn paper(blocks: Vec<PaperBlock>) -> Paper {
    Paper {
        title: "Devis".to_owned(),
        reference: "N° D-2026-014 · 20/11/2026".to_owned(),
        from: vec!["Agence des Alpes".to_owned(), "1 place Grenette".to_owned()],
        to: vec!["Madame Jeanne Petit".to_owned()],
        blocks,
        foot: "Agence des Alpes · SIRET 732 829 320 00074".to_owned(),
    }
}

fn read(frame: &Frame, into: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => read(&group.frame, into),
            FrameItem::Text(text) => into.push_str(&text.text),
            _ => {}
        }
    }
}

/// What stands on the pages, without its spaces, and how many there are.
fn pages(paper: &Paper) -> (String, usize) {
    let world = set(paper, Pictures::new()).unwrap();
    let document = typst::compile::<PagedDocument>(&world).output.unwrap();
    let mut text = String::new();
    document.pages().iter().for_each(|page| read(&page.frame, &mut text));
    (text.split_whitespace().collect(), document.pages().len())
}

#[test]
fn what_somebody_wrote_stands_there_as_they_wrote_it() {
    let wild = "#panic(\"non\") *gras* $x^2$ _là_ `code` @ref <label> // non /* non */ \\ [a] = titre\n- liste « ça » œuvre 12,50 €";
    let blocks = vec![
        PaperBlock::Text(wild.to_owned()),
        PaperBlock::Facts(vec![(wild.to_owned(), wild.to_owned())]),
        PaperBlock::Table(
            vec!["Quoi".to_owned(), "Montant".to_owned()],
            vec![vec![wild.to_owned(), "1,00 €".to_owned()]],
        ),
        PaperBlock::Mention(wild.to_owned()),
        PaperBlock::Signatures(vec![wild.to_owned(), "L’agence".to_owned()]),
        PaperBlock::Heading(wild.to_owned()),
    ];
    let (text, _) = pages(&paper(blocks));
    let wanted: String = wild.split_whitespace().collect();
    // « 2 / 2 » of the facts: name and value.
    assert_eq!(text.matches(&wanted).count(), 7, "{text}");
}

#[test]
fn a_long_table_goes_on_over_pages_under_its_head() {
    let rows = (0..120).map(|row| vec![format!("Ligne {row}"), "10,00 €".to_owned()]).collect();
    let table = PaperBlock::Table(vec!["Prestation".to_owned(), "Montant".to_owned()], rows);
    let (text, count) = pages(&paper(vec![table]));
    assert!(count > 2, "{count}");
    assert_eq!(text.matches("Prestation").count(), count);
    assert!(text.contains("Ligne119"));
}

#[test]
fn an_empty_paper_is_a_page() {
    let nothing = Paper { from: Vec::new(), to: Vec::new(), blocks: vec![], ..paper(vec![]) };
    assert_eq!(pages(&nothing).1, 1);
}

#[test]
fn the_file_says_that_it_is_pdf_a_2a_and_is_the_same_every_time() {
    let paper = paper(vec![PaperBlock::Heading("Objet".to_owned()), PaperBlock::Text("Ménage".to_owned())]);
    let made = pdf(&paper, Pictures::new(), MADE).unwrap();
    let text = String::from_utf8_lossy(&made);
    assert!(made.starts_with(b"%PDF-1.7"));
    assert!(
        text.contains("<pdfaid:part>2</pdfaid:part>") && text.contains("<pdfaid:conformance>A</pdfaid:conformance>")
    );
    assert_eq!(made, pdf(&paper, Pictures::new(), MADE).unwrap());
}

#[test]
fn what_was_signed_on_a_screen_stands_there_with_its_picture_and_its_proof() {
    let drawn = |unchanged| Drawn {
        file: EntryId([7; 16]),
        name: "Jeanne Petit".to_owned(),
        quality: "Client".to_owned(),
        at: MADE,
        device: "Chrome sur Android".to_owned(),
        signed: FileHash([0xab; 32]),
        unchanged,
    };
    let signed = |unchanged| paper(vec![PaperBlock::Signed(vec![drawn(unchanged)])]);
    let (text, _) = pages(&signed(false));
    for words in
        ["JeannePetit(client)", "ChromesurAndroid", "abababab", "plusexactementcequiaétésigné", "pasencorearrivée"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    let picture = Pictures::from([(EntryId([7; 16]), dot())]);
    let (with, without) =
        (pdf(&signed(true), picture, MADE).unwrap(), pdf(&signed(true), Pictures::new(), MADE).unwrap());
    let images = |bytes: &[u8]| String::from_utf8_lossy(bytes).matches("/Subtype/Image").count();
    assert_eq!((images(&with), images(&without)), (1, 0));
    let broken = Pictures::from([(EntryId([7; 16]), b"no picture".to_vec())]);
    assert!(matches!(pdf(&signed(true), broken, MADE), Err(TypesetError::Layout(_))));
}

/// One black pixel as PNG.
fn dot() -> Vec<u8> {
    hex::decode(concat!(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55",
        "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
    ))
    .unwrap()
}
