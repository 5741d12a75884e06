//! What the dialog of the volet asks: who joins, until when, who leaves, which sector.

use leptos::prelude::*;
use liaison_shared::documents::Signature;
use liaison_shared::documents::prestation::Membre;
use liaison_shared::{ChangeHash, EntryId, Timestamp};

use super::{Stage, Volet, edits};
use crate::platform::clock;
use crate::state::Record;
use crate::ui::sheet::{Act, Block, Field};
use crate::ui::{ButtonKind, SelectOption, TextKind};

const WHO: &str = "equipe-qui";
const DEBUT: &str = "equipe-debut";
const FIN: &str = "equipe-fin";
const SECTEUR: &str = "secteur";

/// The title and the blocks of what is asked; nothing while nothing is.
pub fn dialog(volet: Volet) -> Option<(String, Vec<Block>)> {
    let asking = volet.asking.get();
    let (what, id) = asking.split_once('/')?;
    match what {
        "ajout" => return Some(("Ajouter à l’équipe".to_owned(), joining(volet))),
        "secteur" => return Some(("Secteur du dossier".to_owned(), sector(volet))),
        _ => {}
    }
    let id: EntryId = id.parse().ok()?;
    let membre =
        volet.dossier.view.with(|view| view.prestation.equipe.iter().find(|membre| membre.id == id).cloned())?;
    let name = volet.name_of(&membre);
    Some(match what {
        "fin" => (format!("Dernière visite de {name}"), last_visit(volet, membre)),
        _ => (format!("Retirer {name} de l’équipe ?"), leaving(volet, membre)),
    })
}

fn close(volet: Volet) {
    volet.asking.set(String::new());
}

/// Says why, or closes the dialog.
fn closed_unless(volet: Volet, wrong: Result<(), &'static str>) {
    match wrong {
        Ok(()) => close(volet),
        Err(wrong) => volet.form.problem.set(wrong.to_owned()),
    }
}

/// Who joins, from when, until when.
fn joining(volet: Volet) -> Vec<Block> {
    let now = clock::now();
    let there = |user| {
        volet.dossier.view.with_untracked(|view| {
            view.prestation
                .equipe
                .iter()
                .any(|it| it.personne == Some(user) && matches!(Stage::of(it, now), Stage::Now | Stage::Coming))
        })
    };
    let mut options = vec![SelectOption::new("", "Choisir…")];
    options.extend(volet.workspace.intervenants().into_iter().map(|person| {
        let mark = if there(person.user) { " · déjà dans l’équipe" } else { "" };
        SelectOption::new(person.user.to_string(), format!("{}{mark}", person.nom))
    }));
    let today = now.date().to_string();
    let (debut, fin) = (Field::new(DEBUT, "Première visite", today.clone()), Field::new(FIN, "Dernière visite", ""));
    let add = move || {
        let (who, debut) = (volet.form.read(WHO, ""), volet.form.read(DEBUT, &today));
        let added = read(&who, &debut, &volet.form.read(FIN, ""));
        closed_unless(volet, added.map(|membre| edits::add(volet, &membre)));
    };
    vec![
        Block::Select(WHO, "Intervenant", String::new(), options),
        Block::Field(debut.kind(TextKind::Date)),
        Block::Field(fin.kind(TextKind::Date).hint("Vide : sans date de fin.")),
        Block::Problem("Il manque quelque chose"),
        Block::Act(Act::new(ButtonKind::Primary, "Ajouter à l’équipe", add)),
    ]
}

/// What has been typed, as somebody on the team; or what is wrong with it.
fn read(who: &str, debut: &str, fin: &str) -> Result<Membre, &'static str> {
    let personne = who.parse().map_err(|_| "Choisissez un intervenant.")?;
    let debut = debut.parse().map_err(|_| "Indiquez la date de la première visite.")?;
    let fin = match fin {
        "" => None,
        text => Some(text.parse().map_err(|_| "La date de la dernière visite n’est pas une date.")?),
    };
    if fin.is_some_and(|fin| fin < debut) {
        return Err("La dernière visite est avant la première.");
    }
    Ok(Membre {
        id: EntryId([0; 16]),
        personne: Some(personne),
        debut: Some(debut),
        fin,
        retire: false,
        signature: Signature { change: ChangeHash([0; 32]), author: None, at: Timestamp(0) },
        changes: Vec::new(),
    })
}

/// When somebody's last visit is.
fn last_visit(volet: Volet, membre: Membre) -> Vec<Block> {
    let kept = membre.fin.map(|fin| fin.to_string()).unwrap_or_default();
    let field = Field::new(FIN, "Dernière visite", kept.clone()).kind(TextKind::Date);
    let save = move || closed_unless(volet, edits::set_last_visit(volet, &membre, &volet.form.read(FIN, &kept)));
    vec![
        Block::Field(field.hint("Vide : sans date de fin. Le dossier quitte son téléphone quelques jours après.")),
        Block::Problem("La date n’a pas été enregistrée"),
        Block::Act(Act::new(ButtonKind::Primary, "Enregistrer la dernière visite", save)),
    ]
}

/// What leaving does, before it is done.
fn leaving(volet: Volet, membre: Membre) -> Vec<Block> {
    let leave = move || {
        close(volet);
        edits::withdraw(volet, membre.clone());
    };
    vec![
        Block::Text(
            "Le dossier quittera son téléphone au prochain contact. Ce qui n’était pas encore envoyé le sera d’abord."
                .to_owned(),
        ),
        Block::Act(Act::new(ButtonKind::Danger, "Retirer de l’équipe", leave)),
        Block::Act(Act::new(ButtonKind::Secondary, "Garder dans l’équipe", move || close(volet))),
    ]
}

/// Which sector. Written by a button, never while one types: half a name would take the dossier off the devices of its
/// sector for as long as it stands.
fn sector(volet: Volet) -> Vec<Block> {
    let kept = volet.dossier.view.with_untracked(|view| view.prestation.secteur.value().to_owned());
    let people = volet.people.get();
    let own = volet.workspace.session.with_value(|session| session.sectors.clone());
    let mut known = own;
    for person in Record(&people).all() {
        for name in person.list("sectors").filter_map(|name| name.0.as_str()) {
            if !known.iter().any(|other| other == name) {
                known.push(name.to_owned());
            }
        }
    }
    let choose = move |name: &str| {
        edits::set_sector(volet, name);
        close(volet);
    };
    let suggestion = |name: String| {
        let words = format!("Mettre dans {name}");
        Act::new(ButtonKind::Secondary, words, move || choose(&name))
    };
    let suggestions = known.into_iter().filter(|name| *name != kept).map(suggestion).collect();
    let field = Field::new(SECTEUR, "Secteur", kept.clone())
        .hint("Ses responsables suivent le dossier. Sans secteur, tous les responsables le voient.");
    let save = move || choose(&volet.form.read(SECTEUR, &kept));
    vec![
        Block::Acts(suggestions),
        Block::Field(field),
        Block::Act(Act::new(ButtonKind::Primary, "Enregistrer le secteur", save)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_new_member_is_said() {
        let who = "01010101010101010101010101010101";
        assert!(read("", "2026-11-23", "").is_err());
        assert!(read(who, "", "").is_err());
        assert!(read(who, "2026-11-23", "2026-11-22").is_err());
        assert_eq!(read(who, "2026-11-23", "").unwrap().fin, None);
        assert!(read(who, "2026-11-23", "2026-11-23").is_ok());
    }
}
