//! What a client signs at the end of a visit: who came, when, what was done. A text, kept under its hash beside the drawing.

use super::{Planifiee, Suivi};
use crate::documents::schema::client::{ADRESSE, CODE_POSTAL, NOM, PRENOM, VILLE};
use crate::documents::schema::journal::{
    REALISATION_FAIT, REALISATION_MOTIF, REALISATION_TACHE, REALISATION_VISITE, REALISATIONS,
};
use crate::dossier::Dossier;
use crate::ids::UserId;
use crate::time::{Timestamp, french_day};

/// The text, a line for each thing.
#[must_use]
pub fn presence(
    planned: &Planifiee,
    suivi: &Suivi,
    dossier: &Dossier,
    names: &dyn Fn(UserId) -> String,
    now: Timestamp,
) -> String {
    let value = |field| dossier.fields.value(field).trim();
    let visite = planned.visite.id.to_string();
    let mut lines = vec![
        "Attestation de passage".to_owned(),
        format!("Client : {} {}", value(&PRENOM), value(&NOM)),
        format!("Adresse : {} {} {}", value(&ADRESSE), value(&CODE_POSTAL), value(&VILLE)),
        format!(
            "Visite prévue : {}, de {} à {}",
            french_day(planned.jour, now),
            planned.visite.debut.hours(),
            planned.visite.fin.hours()
        ),
    ];
    if let Some(arrivee) = &suivi.arrivee {
        let who = arrivee.de.map(names).unwrap_or_default();
        lines.push(format!("Arrivée : {}, {who}", arrivee.at().french(now)));
    }
    if let Some(depart) = &suivi.depart {
        lines.push(format!("Départ : {}", depart.at().french(now)));
    }
    for done in dossier.records.of(&REALISATIONS).filter(|it| it.value(&REALISATION_VISITE) == visite) {
        let why = done.value(&REALISATION_MOTIF);
        let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
        lines.push(format!(
            "{} : {}{why}",
            done.value(&REALISATION_TACHE),
            done.value(&REALISATION_FAIT).to_lowercase()
        ));
    }
    lines.push(format!("Signé le {}", now.french(Timestamp(0))));
    lines.join("\n")
}

/// The tasks of a mission, a line each, without the marks that people begin lists with.
pub fn taches(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches(['-', '•', '–', '*', ' ']).trim_end());
    lines.filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::schema::journal::FAIT;
    use crate::documents::{Document, Pen, RecordEdit, edit_records};
    use crate::ids::{DocumentId, DossierId, EntryId};
    use crate::planning::{Visite, realisation_id, suivi};
    use crate::time::instant;

    #[test]
    fn what_is_signed_says_who_came_and_what_was_done() {
        let day = "2026-11-26".parse().unwrap();
        let at = |time: &str| instant(day, time.parse().unwrap());
        let id = EntryId([1; 16]);
        let visite = Visite { debut: at("09:00:00"), fin: at("10:00:00"), dossier: DossierId([1; 16]), id };
        let planned = Planifiee::new(visite, day);
        let mut journal = Document::new(DocumentId::journal(visite.dossier, 2026));
        let (base, key) = (journal.heads(), id.to_string());
        let done = [(&REALISATION_VISITE, key.as_str()), (&REALISATION_TACHE, "Courses"), (&REALISATION_FAIT, FAIT)];
        let edit = RecordEdit::new(&REALISATIONS, realisation_id(id, "Courses"), &done);
        let pen = Pen { user: UserId([1; 16]), actor: [1; 16] };
        edit_records(&mut journal, &pen, &base, at("09:30:00"), &[edit]).unwrap();
        let dossier = Dossier::read([&journal]);
        let text =
            presence(&planned, &suivi(&planned, &[], at("10:00:00")), &dossier, &|_| String::new(), at("10:00:00"));
        assert!(text.contains("de 9\u{a0}h\u{a0}00 à 10\u{a0}h\u{a0}00") && text.contains("Courses : fait"), "{text}");
        assert!(text.ends_with("Signé le jeu. 26 nov. 2026, 10\u{a0}h\u{a0}00"), "{text}");
    }

    #[test]
    fn tasks_are_lines_without_their_marks() {
        let lines: Vec<&str> = taches("- Courses\n\n • Repas du midi \nMénage").collect();
        assert_eq!(lines, ["Courses", "Repas du midi", "Ménage"]);
    }
}
