//! The texts that papers come with, until the agency writes its own. To be read by the agency's lawyer: a start, no advice.

use crate::documents::FieldsView;
use crate::documents::schema::{Field, agence};

/// What a contract of mise à disposition must say, word for word (seed 000, cahier des charges §9).
pub const MISE_A_DISPOSITION_MENTION: &str =
    "Dans le cadre d’un contrat de mise à disposition de travailleurs, le prestataire de service reste l’employeur.";

/// The text of a model: the agency's own, else the one that Liaison comes with.
#[must_use]
pub fn model_text<'a>(agence: &'a FieldsView, field: &'static Field) -> &'a str {
    match agence.value(field).trim() {
        "" => original(field),
        own => own,
    }
}

fn original(field: &Field) -> &'static str {
    let texts: [(&Field, &str); 7] = [
        (&agence::MODELE_DEVIS, DEVIS),
        (&agence::MODELE_CONTRAT, CONTRAT),
        (&agence::MODELE_MANDAT, MANDAT),
        (&agence::MODELE_MISE_A_DISPOSITION, MISE_A_DISPOSITION),
        (&agence::MODELE_ATTESTATION, ATTESTATION),
        (&agence::MODELE_RGPD, RGPD),
        (&agence::MODELE_ACCUSE, ACCUSE),
    ];
    texts.into_iter().find(|(known, _)| known.key == field.key).map_or("", |(_, text)| text)
}

const DEVIS: &str = "\
Le client peut obtenir un devis gratuit et personnalisé ; il est remis dès que le prix total est égal ou supérieur à \
100 € TTC, ou sur demande.

Sous conditions, les sommes versées ouvrent droit à l’avantage fiscal prévu à l’article 199 sexdecies du code général des \
impôts.";

const CONTRAT: &str = "\
{agence} s’engage à fournir à {client} la prestation décrite ci-dessus, à domicile, par des intervenants qu’elle emploie, \
forme et remplace en cas d’absence.

Chacune des parties peut mettre fin au contrat par écrit, avec un préavis d’un mois, sans préavis en cas d’hospitalisation, \
d’entrée en établissement ou de décès.

Toute modification durable de la prestation fait l’objet d’un avenant. Les réclamations sont adressées à l’agence, qui y \
répond ; à défaut d’accord, le client peut saisir gratuitement le médiateur de la consommation.";

const MANDAT: &str = "\
Le mandant donne mandat à {agence} d’accomplir en son nom les formalités administratives et les déclarations sociales et \
fiscales liées à l’emploi de son salarié, et de l’aider à le recruter et à le remplacer.

Le mandant reste l’employeur : il en assume les obligations, notamment la durée du travail, les congés et la rupture du \
contrat de travail, sur lesquels {agence} le conseille.

Chacune des parties peut mettre fin au mandat par écrit, avec un préavis d’un mois.";

const MISE_A_DISPOSITION: &str = "\
{agence} met à la disposition de {client} un ou plusieurs travailleurs, pour la durée et les tâches décrites ci-dessus. \
Elle prend en charge leur rémunération, leurs congés et leur remplacement.

Chacune des parties peut mettre fin au contrat par écrit, avec un préavis d’un mois.";

const ATTESTATION: &str = "\
Les sommes réglées au moyen de CESU préfinancés ne sont à déclarer que pour la part que le client a lui-même payée. \
L’attestation est conservée par le client et produite à la demande de l’administration.";

const RGPD: &str = "\
{agence} traite les données de ce dossier pour fournir la prestation et remplir ses obligations légales. Elles ne sont \
accessibles qu’aux personnes qui en ont besoin, et conservées le temps que la loi prévoit. Le client peut demander à y \
accéder, à les rectifier, à les effacer ou à les recevoir, en s’adressant à l’agence, et saisir la CNIL.";

const ACCUSE: &str = "\
Madame, Monsieur,

Nous avons bien reçu l’avis de changement de situation concernant {client} : {changement}, {dates}.

Voici ce que nous avons prévu :
{suites}

Votre interlocuteur est {responsable}. Si quelque chose ne correspond pas à ce que vous souhaitez, appelez-nous.

{agence}";
