//! The agency's numbers, each with what it decides.

use leptos::prelude::Set;
use serde_json::{Map, Value};

use super::Desk;
use crate::state::Record;
use crate::ui::sheet::{Act, Block, Field};
use crate::ui::{ButtonKind, TextKind};

/// One number: its name at the relay, on the page, its bounds and what it decides.
type Number = (&'static str, &'static str, (i64, i64), &'static str);

#[rustfmt::skip]
static NUMBERS: [Number; 5] = [
    ("avant_jours", "Avant la première visite (jours)", (0, 60),
     "Le dossier arrive sur le téléphone de l’intervenant ce nombre de jours avant sa première visite."),
    ("apres_jours", "Après la dernière visite (jours)", (0, 60),
     "Le dossier quitte son téléphone ce nombre de jours après sa dernière visite."),
    ("bail_jours", "Sans contact avec le relais (jours)", (1, 60),
     "Un téléphone resté hors ligne plus longtemps verrouille ses dossiers jusqu’au retour du réseau."),
    ("journal_mois", "Journal d’accès (mois)", (6, 36),
     "Combien de temps on peut voir qui a ouvert quel dossier."),
    ("invitation_heures", "Invitation (heures)", (1, 336),
     "Combien de temps un lien d’invitation peut servir. 72 heures : trois jours."),
];

/// Asks for the numbers.
pub fn open(desk: Desk) {
    desk.load("reglages", "/api/settings".to_owned());
}

/// The page.
#[must_use]
pub fn page(desk: Desk) -> Vec<Block> {
    let kept = desk.get("reglages");
    let initial = move |key: &str| Record(&kept).number(key).map(|value| value.to_string()).unwrap_or_default();
    let field = |&(key, label, (least, most), text): &Number| {
        let hint = format!("{text} De {least} à {most}.");
        Block::Field(Field::new(key, label, initial(key)).kind(TextKind::Number).hint(hint))
    };
    let mut blocks: Vec<Block> = NUMBERS.iter().map(field).collect();
    let initial = initial.clone();
    let save = move || match read(|key| desk.form.read(key, &initial(key))) {
        Ok(numbers) => desk.send("PUT", "/api/settings".to_owned(), Some(numbers), move |_| {
            desk.form.clear();
            desk.done("Réglages enregistrés. Les appareils les suivent à leur prochain contact.");
        }),
        Err(wrong) => desk.form.problem.set(wrong),
    };
    blocks.push(Block::Problem("Les réglages n’ont pas été enregistrés"));
    blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Enregistrer les réglages", save)));
    blocks
}

/// The numbers as they were typed, each within its bounds.
fn read(typed: impl Fn(&str) -> String) -> Result<Value, String> {
    let mut numbers = Map::new();
    for (key, label, (least, most), _) in &NUMBERS {
        let number: Option<i64> = typed(key).parse().ok().filter(|number| (*least..=*most).contains(number));
        let Some(number) = number else {
            return Err(format!("« {label} » est un nombre entier de {least} à {most}."));
        };
        numbers.insert((*key).to_owned(), number.into());
    }
    Ok(Value::Object(numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_out_of_its_bounds_is_named() {
        assert!(read(|_| "7".to_owned()).is_ok());
        let wrong = read(|key| if key == "bail_jours" { "90".to_owned() } else { "7".to_owned() });
        assert!(wrong.is_err_and(|wrong| wrong.contains("Sans contact")));
    }
}
