//! The acknowledgement of a notice: what the office read, and what it does about it, for the client and the sender [S1].

use super::{Avis, Decision, Proposition};
use crate::documents::FieldsView;
use crate::documents::schema::agence::{MODELE_ACCUSE, RAISON_SOCIALE};
use crate::papers::model_text;
use crate::time::{Timestamp, french_day};

/// The text, from the agency's model. `decided` is what was decided about each proposition; what was refused is not told.
#[must_use]
pub fn accuse(
    avis: &Avis,
    decided: &[(Proposition, Decision)],
    (client, responsable, agency_name): (&str, &str, &str),
    agence: &FieldsView,
    now: Timestamp,
) -> String {
    let du = french_day(avis.du, now);
    let dates = match avis.au {
        Some(au) if au == avis.du => format!("le {du}"),
        Some(au) => format!("du {du} au {}", french_day(au, now)),
        None => format!("à partir du {du}"),
    };
    let told = decided.iter().filter_map(|(proposition, decision)| match decision {
        Decision::Acceptee => Some(format!("– {}", proposition.texte)),
        Decision::Modifiee(how) if !how.texte.trim().is_empty() => Some(format!("– {}", how.texte.trim())),
        Decision::Modifiee(_) => Some(format!("– {} (adapté)", proposition.texte)),
        Decision::Refusee(_) => None,
    });
    let suites: Vec<String> = told.collect();
    let suites = if suites.is_empty() { "– Rien ne change pour l’instant.".to_owned() } else { suites.join("\n") };
    let own = agence.value(&RAISON_SOCIALE).trim();
    model_text(agence, &MODELE_ACCUSE)
        .replace("{client}", client)
        .replace("{agence}", if own.is_empty() { agency_name } else { own })
        .replace("{changement}", &avis.nature.to_lowercase())
        // A day ends with a full stop of its own: « 26 nov. ».
        .replace("{dates}.", &format!("{}.", dates.trim_end_matches('.')))
        .replace("{dates}", &dates)
        .replace("{suites}", &suites)
        .replace("{responsable}", responsable)
        .replace("{date}", &french_day(now.date(), now))
}
