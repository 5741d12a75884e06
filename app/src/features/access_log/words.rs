//! An entry of the access log as a sentence.

use crate::features::settings::{dossier_words, when};
use crate::state::{Record, Workspace};

/// What the relay's words for actions say to people, after a name; a `:` where what it concerns is set apart.
static ACTIONS: [(&str, &str); 17] = [
    ("read", "a ouvert"),
    ("login", "s’est connecté"),
    ("login_refused", "n’a pas pu se connecter"),
    ("invitation_refused", "a présenté un lien qui ne sert pas, ou plus"),
    ("session_refused", "a présenté une connexion qui a pris fin"),
    ("forbidden", "a demandé ce que son rôle ne permet pas"),
    ("push_refused", "a envoyé un écrit qui a été refusé :"),
    ("device_revoked", "a révoqué un appareil"),
    ("device_forgotten", "a tout effacé d’un appareil révoqué"),
    ("dossier_forgotten", "n’a plus sur son appareil :"),
    ("review_decided", "a décidé d’un écrit arrivé trop tard :"),
    ("purged", "a effacé les accès les plus anciens"),
    ("account_changed", "a changé un compte"),
    ("invited", "a préparé ou retiré une invitation"),
    ("imported", "a importé un fichier de clients"),
    ("exported", "a fait sortir en fichier"),
    ("settings_changed", "a changé les réglages de l’agence"),
];

/// What the relay's words for volets say to people.
static VOLETS: [(&str, &str); 7] = [
    ("client", "Le client"),
    ("journal", "Transmissions"),
    ("relation", "Demandes"),
    ("rapports", "Notes au bureau"),
    ("prestation", "Prestation"),
    ("administratif", "Administratif"),
    ("nir", "Numéro de sécurité sociale affiché"),
];

fn word<'a>(table: &[(&str, &'a str)], name: &'a str) -> &'a str {
    table.iter().find(|(of, _)| *of == name).map_or(name, |(_, words)| words)
}

/// Who did what to what: « Sonia Haddad a ouvert Le client · PETIT Jeanne ».
pub fn sentence(workspace: Workspace, entry: Record<'_>) -> String {
    let who = Some(entry.text("user_name")).filter(|name| !name.is_empty()).unwrap_or("Quelqu’un");
    let dossier = Some(entry.text("dossier")).filter(|id| !id.is_empty()).map(|id| dossier_words(workspace, id));
    let volet = word(&VOLETS, entry.text("volet")).to_owned();
    let what = [volet, dossier.unwrap_or_default()];
    told(who, word(&ACTIONS, entry.text("action")), what.join(" · ").trim_matches([' ', '·']))
}

fn told(who: &str, action: &str, what: &str) -> String {
    if what.is_empty() {
        return format!("{who} {}", action.trim_end_matches(" :"));
    }
    format!("{who} {action} {what}")
}

/// When, on which device, and why: « lun. 23 nov., 8 h 30 (hors ligne, reçu à 9 h 02) · Téléphone ».
pub fn detail(entry: Record<'_>) -> String {
    let at = entry.time("at").unwrap_or_default();
    let mut said = when(at);
    if let (true, Some(received)) = (entry.flag("offline"), entry.time("received")) {
        // The time alone when it arrived the same day.
        let same_day = received.date() == at.date();
        let received = if same_day { format!("à {}", received.french_short(received)) } else { when(received) };
        said.push_str(&format!(" (hors ligne, reçu {received})"));
    }
    for part in [entry.text("device_name").to_owned(), shortened(entry.text("reason"))] {
        if !part.is_empty() {
            said.push_str(&format!(" · {part}"));
        }
    }
    said
}

/// A reason with its ids cut to what one can compare by eye.
fn shortened(reason: &str) -> String {
    const SHOWN: usize = 8;
    let is_id = |word: &str| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let cut = |word: &str| if is_id(word) { format!("{}…", &word[..SHOWN]) } else { word.to_owned() };
    reason.split(' ').map(cut).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_sentence_even_when_nobody_foresaw_its_action() {
        assert_eq!(told("Sonia", word(&ACTIONS, "read"), "Le client · PETIT"), "Sonia a ouvert Le client · PETIT");
        assert_eq!(told("Sonia", word(&ACTIONS, "push_refused"), ""), "Sonia a envoyé un écrit qui a été refusé");
        assert_eq!(word(&ACTIONS, "archive"), "archive");
    }

    #[test]
    fn the_ids_of_a_reason_are_cut() {
        assert_eq!(shortened("device 0123456789abcdef0123456789abcdef"), "device 01234567…");
    }
}
