//! Where a column may go, and where its name says that it does.
//!
//! Never decides: a guess is shown, people choose.

use liaison_shared::documents::schema::{Field, SECTEUR, administratif as adm, client, importable, prestation};
use liaison_shared::dossier::folded;

use super::Mapping;

/// The field with a key, when a column may go into it.
#[must_use]
pub fn target(key: &str) -> Option<&'static Field> {
    importable().find(|field| field.key == key)
}

/// What columns are called elsewhere, folded; where there are two, the second column of the kind goes into the second.
static SYNONYMS: &[(&[&str], &[&Field])] = &[
    (&["nom de famille", "nom usuel", "nom d usage", "nom marital", "nom client", "nom du client"], &[&client::NOM]),
    (&["nom de jeune fille", "nom jeune fille", "ne e"], &[&client::NOM_NAISSANCE]),
    (&["prenoms", "prenom client", "prenom du client"], &[&client::PRENOM]),
    (&["civ", "titre", "genre"], &[&client::CIVILITE]),
    (&["ne le", "nee le", "ne e le", "date naissance", "ddn", "naissance"], &[&client::NAISSANCE]),
    (&["lieu naissance", "ne a", "nee a", "ne e a"], &[&client::LIEU_NAISSANCE]),
    (
        &[
            "n dossier",
            "no dossier",
            "numero dossier",
            "n client",
            "no client",
            "numero client",
            "code client",
            "reference",
        ],
        &[&client::NUMERO],
    ),
    (
        &[
            "tel",
            "telephone 1",
            "tel 1",
            "telephone fixe",
            "tel fixe",
            "fixe",
            "tel domicile",
            "telephone domicile",
            "portable",
            "mobile",
            "tel portable",
            "telephone portable",
            "tel mobile",
            "telephone mobile",
            "gsm",
            "telephone 2",
            "tel 2",
            "autre tel",
        ],
        &[&client::TELEPHONE, &client::TELEPHONE_2],
    ),
    (
        &["mail", "e mail", "email", "courriel", "adresse mail", "adresse e mail", "adresse email", "mel"],
        &[&client::EMAIL],
    ),
    (&["adresse 1", "rue", "voie", "adresse postale", "n et rue", "adresse client"], &[&client::ADRESSE]),
    (&["adresse 2", "complement", "complement adresse", "residence", "batiment"], &[&client::COMPLEMENT]),
    (&["cp", "c p", "postal", "code post"], &[&client::CODE_POSTAL]),
    (&["commune", "localite", "ville client"], &[&client::VILLE]),
    (&["digicode", "code", "code porte", "code acces", "interphone"], &[&client::CODE_PORTE]),
    (&["besoin", "besoins", "demande client", "prestation demandee"], &[&client::DEMANDE]),
    (
        &["notes", "remarque", "remarques", "observation", "observations", "commentaire", "commentaires"],
        &[&client::NOTE],
    ),
    (
        &["personne a prevenir", "contact", "contact urgence", "personne a contacter", "referent"],
        &[&client::PREVENIR_NOM],
    ),
    (
        &[
            "tel contact",
            "tel urgence",
            "telephone contact",
            "tel personne a prevenir",
            "telephone personne a prevenir",
        ],
        &[&client::PREVENIR_TELEPHONE],
    ),
    (&["gir", "dependance"], &[&client::AUTONOMIE_NIVEAU]),
    (&["nir", "n secu", "no secu", "numero secu", "securite sociale", "n ss", "num secu"], &[&adm::NIR]),
    (&["rib", "compte", "compte bancaire"], &[&adm::IBAN]),
    (&["mandat", "rum", "reference mandat"], &[&adm::RUM]),
    (&["reglement", "mode de reglement", "mode reglement", "paiement"], &[&adm::PAIEMENT_MODE]),
    (&["responsable", "gestionnaire", "suivi par", "charge de clientele"], &[&adm::GERE_PAR]),
    (&["aide", "exonerations"], &[&adm::EXONERATION]),
    (&["debut", "date debut", "date de debut", "premiere intervention"], &[&prestation::PREMIERE_VISITE]),
    (&["fin", "date fin", "date de fin"], &[&prestation::FIN_MISSION]),
    (&["heures", "nb heures", "heures mois", "volume horaire"], &[&prestation::HEURES]),
    (&["zone", "secteur geographique"], &[&SECTEUR]),
];

/// Which column goes where, by its name alone: the words of our own pages first, then those that others use.
#[must_use]
pub fn guess(columns: &[String]) -> Mapping {
    let names: Vec<String> = columns.iter().map(|name| folded(name)).collect();
    let mut mapping = Mapping::new();
    let own = |name: &str| importable().find(|field| folded(field.label) == name || folded(field.key) == name);
    for (column, name) in names.iter().enumerate() {
        take(&mut mapping, column, own(name).into_iter());
    }
    for (column, name) in names.iter().enumerate() {
        let known = SYNONYMS.iter().find(|(words, _)| words.contains(&name.as_str()));
        take(&mut mapping, column, known.into_iter().flat_map(|(_, fields)| fields.iter().copied()));
    }
    mapping.sort_unstable_by_key(|(column, _)| *column);
    mapping
}

fn take(mapping: &mut Mapping, column: usize, mut fields: impl Iterator<Item = &'static Field>) {
    if mapping.iter().any(|(taken, _)| *taken == column) {
        return;
    }
    if let Some(field) = fields.find(|field| mapping.iter().all(|(_, taken)| taken.key != field.key)) {
        mapping.push((column, field));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(names: &[&str]) -> Vec<&'static str> {
        let columns: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mapping = guess(&columns);
        let key = |column| mapping.iter().find(|(at, _)| *at == column).map_or("", |(_, field)| field.key);
        (0..columns.len()).map(key).collect()
    }

    #[test]
    fn columns_are_recognised_by_our_words_and_by_those_of_others() {
        let names =
            ["CIV", "NOM", "Prenom", "Né(e) le", "Tél.", "Portable", "E-mail", "Adresse", "C.P.", "VILLE", "Secteur"];
        let keys = [
            "identite.civilite",
            "identite.nom",
            "identite.prenom",
            "identite.naissance",
            "contact.telephone",
            "contact.telephone_2",
            "contact.email",
            "logement.adresse",
            "logement.code_postal",
            "logement.ville",
            "secteur",
        ];
        assert_eq!(guessed(&names), keys);
        assert_eq!(guessed(&["CP", "code postal"]), ["", "logement.code_postal"], "our own word wins");
        assert_eq!(guessed(&["Portable", "Couleur", "logement.code"]), ["contact.telephone", "", "logement.code"]);
        assert_eq!(guessed(&["Nom", "Nom"]), ["identite.nom", ""]);
    }

    #[test]
    fn every_target_has_one_key_and_one_label_and_every_synonym_one_meaning() {
        let fields: Vec<&Field> = importable().collect();
        for field in &fields {
            let alike = |other: &&&Field| other.key == field.key || folded(other.label) == folded(field.label);
            assert_eq!(fields.iter().filter(alike).count(), 1, "{}", field.key);
        }
        let words: Vec<&str> = SYNONYMS.iter().flat_map(|(words, _)| words.iter().copied()).collect();
        for word in &words {
            assert_eq!(words.iter().filter(|other| other == &word).count(), 1, "{word}");
            assert_eq!(folded(word), *word);
            assert!(fields.iter().all(|field| folded(field.label) != *word), "{word} is our own");
        }
    }
}
