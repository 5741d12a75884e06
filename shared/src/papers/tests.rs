//! Papers of one client, as they read.

use super::*;
use crate::documents::schema::administratif as adm;
use crate::documents::schema::prestation;
use crate::documents::{Document, Pen, SetField, add_record, set_fields};
use crate::ids::DocumentId;

const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
const ID: DossierId = DossierId([1; 16]);
const PIECE: EntryId = EntryId([3; 16]);
/// 2026-11-23, 8 h 30 in Paris.
const NOW: Timestamp = Timestamp(1_795_419_000_000);

fn set(field: &'static Field, value: &str) -> SetField {
    SetField { field, value: value.to_owned() }
}

fn written(id: DocumentId, values: &[SetField]) -> Document {
    let mut document = Document::new(id);
    let base = document.heads();
    set_fields(&mut document, &PEN, &base, Timestamp(0), values).unwrap();
    document
}

fn jeanne(mode: &str, pieces: &[(EntryId, Vec<SetField>)]) -> Dossier {
    let client = written(
        DocumentId::client(ID),
        &[
            set(&client::CIVILITE, "Madame"),
            set(&client::PRENOM, "Jeanne"),
            set(&client::NOM, "Petit"),
            set(&client::ADRESSE, "3 rue des Alpes"),
            set(&client::CODE_POSTAL, "38000"),
            set(&client::VILLE, "Grenoble"),
            set(&client::TELEPHONE, "0612345678"),
            set(&client::DEMANDE, "Une aide le matin, deux fois par semaine."),
        ],
    );
    let mission = written(
        DocumentId::prestation(ID),
        &[
            set(&prestation::MODE, mode),
            set(&prestation::ACTIVITE, "Entretien de la maison"),
            set(&prestation::HEURES, "8"),
        ],
    );
    let mut papers = written(DocumentId::administratif(ID), &[set(&adm::RESTE_A_CHARGE, "112,5")]);
    for (id, values) in pieces {
        add_record(&mut papers, &PEN, Timestamp(0), (&adm::PIECES, *id), values).unwrap();
    }
    Dossier::read([&client, &mission, &papers])
}

fn made(kind: PaperKind, dossier: &Dossier) -> String {
    let agence = written(
        DocumentId::Agence,
        &[
            set(&agence::RAISON_SOCIALE, "Agence des Alpes"),
            set(&agence::ADRESSE, "1 place Grenette"),
            set(&agence::CODE_POSTAL, "38000"),
            set(&agence::VILLE, "Grenoble"),
            set(&agence::SIRET, "73282932000074"),
            set(&agence::SAP, "SAP732829320"),
        ],
    );
    let agence = FieldsView::read(&agence);
    let names = |_: UserId| "Sonia Haddad".to_owned();
    let context = Context { id: ID, dossier, agence: &agence, agency_name: "Démo", names: &names, now: NOW };
    // As it reads, spaces that do not break included.
    let text = format!("{:#?}", paper(kind, &context, Some(PIECE)).unwrap());
    text.replace("\\u{a0}", "\u{a0}").replace("\\u{202f}", "\u{202f}")
}

fn devis() -> Vec<SetField> {
    vec![
        set(&adm::PIECE_TYPE, adm::DEVIS),
        set(&adm::PIECE_NUMERO, "D-2026-014"),
        set(&adm::PIECE_DATE, "2026-11-20"),
        set(&adm::PIECE_VALIDITE, "2026-12-20"),
        set(&adm::PIECE_QUANTITE, "8"),
        set(&adm::PIECE_PRIX_HT, "23,70"),
        set(&adm::PIECE_PRIX_TTC, "25"),
        set(&adm::PIECE_TVA, "5,5 %"),
        set(&adm::PIECE_FRAIS, "aucun"),
        set(&adm::PIECE_HT, "189,60"),
        set(&adm::PIECE_TTC, "200"),
    ]
}

#[test]
fn a_devis_reads_as_it_did() {
    insta::assert_snapshot!(made(PaperKind::Devis, &jeanne(prestation::PRESTATAIRE, &[(PIECE, devis())])));
}

#[test]
fn a_contract_of_mise_a_disposition_has_its_sentence_and_others_have_not() {
    let contract = vec![set(&adm::PIECE_TYPE, adm::CONTRAT), set(&adm::PIECE_DEBUT, "2026-12-01")];
    let of_mode = |mode| made(PaperKind::Contrat, &jeanne(mode, &[(PIECE, contract.clone())]));
    assert!(of_mode(prestation::MISE_A_DISPOSITION).contains(MISE_A_DISPOSITION_MENTION));
    assert!(!of_mode(prestation::PRESTATAIRE).contains(MISE_A_DISPOSITION_MENTION));
    insta::assert_snapshot!(of_mode(prestation::PRESTATAIRE));
}

#[test]
fn a_mandate_names_its_intervenant() {
    let user = PEN.user.to_string();
    let mandate = vec![set(&adm::PIECE_TYPE, adm::MANDAT), set(&adm::PIECE_INTERVENANT, &user)];
    let text = made(PaperKind::Mandat, &jeanne(prestation::MANDATAIRE, &[(PIECE, mandate)]));
    assert!(text.contains("Sonia Haddad") && text.contains("Madame Jeanne PETIT, particulier employeur"), "{text}");
}

#[test]
fn an_attestation_has_what_was_paid_in_its_year_after_aids_and_nothing_else() {
    let invoice = |paid: &str, aids: &str, on: &str, status: &str| {
        vec![
            set(&adm::PIECE_TYPE, adm::FACTURE),
            set(&adm::PIECE_STATUT, status),
            set(&adm::PIECE_REGLE, paid),
            set(&adm::PIECE_AIDES, aids),
            set(&adm::PIECE_REGLE_LE, on),
            set(&adm::PIECE_QUANTITE, "8"),
        ]
    };
    let dossier = jeanne(
        prestation::PRESTATAIRE,
        &[
            (PIECE, vec![set(&adm::PIECE_TYPE, adm::ATTESTATION), set(&adm::PIECE_DEBUT, "2025-01-01")]),
            (EntryId([4; 16]), invoice("112,50", "87,50", "2025-11-05", "Réglé")),
            (EntryId([5; 16]), invoice("1 000", "0", "2025-12-05", "Réglé")),
            (EntryId([6; 16]), invoice("500", "0", "2026-01-05", "Réglé")),
            (EntryId([7; 16]), invoice("300", "0", "2025-10-05", "Annulé")),
        ],
    );
    let text = made(PaperKind::Attestation, &dossier);
    assert!(text.contains("1\u{202f}112,50\u{a0}€"), "{text}");
    assert!(text.contains("87,50\u{a0}€") && !text.contains("500,00") && !text.contains("300,00"), "{text}");
}

#[test]
fn a_fiche_and_an_extract_show_what_is_filled() {
    let dossier = jeanne(prestation::PRESTATAIRE, &[(PIECE, devis())]);
    let fiche = made(PaperKind::FicheContact, &dossier);
    assert!(fiche.contains("06 12 34 56 78") && fiche.contains("Une aide le matin"), "{fiche}");
    let extract = made(PaperKind::Extrait, &dossier);
    assert!(extract.contains("D-2026-014") && extract.contains("Entretien de la maison"), "{extract}");
    assert!(!made(PaperKind::Recueil, &dossier).contains("D-2026-014"));
}

#[test]
fn every_paper_has_one_word_and_no_model_is_empty() {
    for kind in PaperKind::ALL {
        assert_eq!(PaperKind::from_name(kind.name()), Some(kind));
    }
    for field in agence::FIELDS.iter().filter(|field| field.key.starts_with("modele.")) {
        assert!(!model_text(&FieldsView::default(), field).is_empty(), "{}", field.key);
    }
}

fn looked_at<T>(dossier: &Dossier, now: Timestamp, read: impl FnOnce(&Context<'_>) -> T) -> T {
    let names = |_: UserId| "Sonia Haddad".to_owned();
    let agence = FieldsView::default();
    read(&Context { id: ID, dossier, agence: &agence, agency_name: "Démo", names: &names, now })
}

fn signed(dossier: &Dossier) -> Option<String> {
    looked_at(dossier, NOW, |context| signing::signed_text(context, PIECE))
}

/// A contract at a price, and a file that is attached to it.
fn contract_with(price: &str, file: &[(&'static Field, &str)]) -> Dossier {
    let mut papers = written(DocumentId::administratif(ID), &[]);
    let piece = PIECE.to_string();
    let contract = [(&adm::PIECE_TYPE, adm::CONTRAT), (&adm::PIECE_DATE, "2026-11-20"), (&adm::PIECE_PRIX_TTC, price)];
    let attached = (&adm::FICHIER_PIECE, piece.as_str());
    let file: Vec<_> = file.iter().copied().chain([attached]).collect();
    for (collection, id, values) in
        [(&adm::PIECES, PIECE, &contract[..]), (&adm::FICHIERS, EntryId([9; 16]), &file[..])]
    {
        let values: Vec<SetField> = values.iter().map(|(field, value)| set(field, value)).collect();
        add_record(&mut papers, &PEN, Timestamp(0), (collection, id), &values).unwrap();
    }
    Dossier::read([&papers])
}

#[test]
fn what_is_signed_is_the_paper_and_the_files_attached_to_it() {
    let with = |price, annex| signed(&contract_with(price, &[(&adm::FICHIER_EMPREINTE, annex)])).unwrap();
    let text = with("25", "aa");
    insta::assert_snapshot!(text);
    assert_eq!(text, with("25", "aa"), "the same every time");
    assert_ne!(text, with("25", "ab"), "another file is another thing to sign");
    assert_ne!(text, with("26", "aa"), "and so is another price");
    let invoice = vec![set(&adm::PIECE_TYPE, adm::FACTURE)];
    assert_eq!(signed(&jeanne(prestation::PRESTATAIRE, &[(PIECE, invoice)])), None, "invoices are not signed");
}

#[test]
fn a_signed_paper_shows_who_signed_and_says_when_it_has_changed_since() {
    let unsigned = contract_with("25", &[]);
    let hash = signing::hash_of(&signed(&unsigned).unwrap()).to_string();
    let when = NOW.0.to_string();
    let drawn = |price| {
        let signature = [
            (&adm::FICHIER_EMPREINTE, "00"),
            (&adm::FICHIER_SIGNE, hash.as_str()),
            (&adm::FICHIER_SIGNATAIRE, "Jeanne Petit"),
            (&adm::FICHIER_QUALITE, "Client"),
            (&adm::FICHIER_SIGNE_LE, when.as_str()),
            (&adm::FICHIER_APPAREIL, "Chrome sur Android"),
        ];
        // Looked at two years later: what was signed is as of then.
        let later = Timestamp(NOW.0 + 63_000_000_000);
        looked_at(&contract_with(price, &signature), later, |context| {
            paper(PaperKind::Contrat, context, Some(PIECE)).unwrap().blocks
        })
    };
    let blocks = drawn("25");
    let Some(PaperBlock::Signed(signatures)) = blocks.last() else { panic!("{blocks:?}") };
    assert!(signatures[0].unchanged, "{signatures:?}");
    assert_eq!(signatures[0].who(), "Jeanne Petit (client)");
    assert!(signatures[0].proof().contains("2026, 8\u{a0}h\u{a0}30, Chrome sur Android"), "{}", signatures[0].proof());
    // The client's place is taken; the agency's is not.
    assert!(blocks.contains(&PaperBlock::Signatures(vec!["Pour Démo : date et signature".to_owned()])), "{blocks:?}");
    let Some(PaperBlock::Signed(signatures)) = drawn("26").pop() else { panic!("no signature") };
    assert!(!signatures[0].unchanged, "another price");
}
