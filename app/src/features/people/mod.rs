//! Who works here: accounts, roles, sectors, and the invitations that wait.

mod form;

use leptos::prelude::{Get, Set};
use liaison_shared::access::{Power, Role};
use serde_json::json;

use crate::features::settings::{Desk, Dialog, initials, link_to_scan, when};
use crate::platform::address;
use crate::state::{Record, in_order};
use crate::ui::sheet::{Act, Block, Row};
use crate::ui::{ButtonKind, Tone};

/// Asks for everybody, and for what waits.
pub fn open(desk: Desk) {
    desk.load("personnes", "/api/people".to_owned());
    desk.load("invitations", "/api/invitations".to_owned());
}

fn role_of(person: Record<'_>) -> Role {
    Role::from_name(person.text("role")).unwrap_or(Role::Intervenant)
}

/// Role, sectors and function in one line.
fn in_words(person: Record<'_>) -> String {
    let sectors = person.texts("sectors");
    let parts = [role_of(person).label(), sectors.as_str(), person.text("fonction")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Everybody, and what waits.
#[must_use]
pub fn page(desk: Desk) -> Vec<Block> {
    let manages = desk.workspace.may(Power::ManagePeople);
    let (people, invitations) = (desk.get("personnes"), desk.get("invitations"));
    let row = |person: Record<'_>| {
        let mut row = Row::new(person.text("name"));
        row.href = desk.href(person.text("id"));
        row.initials = initials(person.text("name"));
        row.details.push(in_words(person));
        row
    };
    let of = |closed: bool| {
        let some = Record(&people).all().filter(move |person| person.flag("closed") == closed);
        in_order(some, |person| person.text("name").to_lowercase()).into_iter().map(row).collect::<Vec<_>>()
    };
    let waiting = Record(&invitations).all().map(|invitation| waiting(desk, invitation, manages)).collect();
    vec![
        Block::Card("Comptes".to_owned(), of(false), None),
        Block::Card("Invitations en attente".to_owned(), waiting, None),
        Block::Card("Comptes fermés".to_owned(), of(true), None),
    ]
}

/// An invitation nobody has used yet.
fn waiting(desk: Desk, invitation: Record<'_>, manages: bool) -> Row {
    let (id, name) = (invitation.text("id").to_owned(), invitation.text("name").to_owned());
    let about = name.clone();
    let withdraw = move || {
        let said = format!("L’invitation de {name} est retirée : son lien ne sert plus.");
        desk.send("DELETE", format!("/api/invitations/{id}"), None, move |_| desk.done(&said));
    };
    let act = Act::new(ButtonKind::Secondary, "Retirer l’invitation", withdraw).about(&about);
    let mut row = Row::new(about);
    row.details = vec![in_words(invitation), invitation.text("email").to_owned()];
    row.badge = invitation.time("expires").map(|at| (Tone::Information, format!("jusqu’à : {}", when(at))));
    if manages {
        row.acts.push(act);
    }
    row
}

/// Inviting somebody; or the account that is open, or the question before it is closed.
#[must_use]
pub fn dialog(desk: Desk) -> Option<Dialog> {
    let inside = desk.inside.get();
    let manages = desk.workspace.may(Power::ManagePeople);
    if inside == "inviter" && manages {
        return Some(invite(desk));
    }
    let (id, asked) = inside.split_once('/').unwrap_or((&inside, ""));
    let people = desk.get("personnes");
    let person = Record(&people).all().find(|person| !id.is_empty() && person.text("id") == id)?;
    let name = person.text("name").to_owned();
    Some(match (manages, person.flag("closed"), asked) {
        (true, false, "fermer") => (format!("Fermer le compte de {name} ?"), closing(desk, person)),
        (true, false, _) => (name, account(desk, person)),
        (_, closed, _) => {
            let mut blocks = vec![Block::Text(in_words(person)), Block::Text(person.text("email").to_owned())];
            if closed && manages {
                blocks.push(Block::Problem("Le compte n’a pas été rouvert"));
                blocks.push(change(desk, person, ButtonKind::Primary, "Rouvrir ce compte", false));
            }
            (name, blocks)
        }
    })
}

/// Who they are, what they will do; then the code to scan and the link to send.
fn invite(desk: Desk) -> Dialog {
    let made = desk.answer.get();
    if !made.is_null() {
        return ("L’invitation est prête".to_owned(), link_to_scan(desk, Record(&made)));
    }
    let nobody = json!({ "role": Role::Intervenant.name() });
    let mut blocks = form::fields(Record(&nobody), true);
    let send = move || match form::body(desk.form, Record(&nobody), true) {
        Ok(mut body) => {
            body["origin"] = address::origin().into();
            desk.send("POST", "/api/invitations".to_owned(), Some(body), move |made| {
                desk.answer.set(made.into());
                desk.reload();
            });
        }
        Err(missing) => desk.form.problem.set(missing),
    };
    blocks.push(Block::Problem("L’invitation n’est pas faite"));
    blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Préparer l’invitation", send)));
    ("Inviter quelqu’un".to_owned(), blocks)
}

/// What the person may do.
fn account(desk: Desk, person: Record<'_>) -> Vec<Block> {
    let known = person.0.clone();
    let path = format!("/api/people/{}", person.text("id"));
    let save = move || match form::body(desk.form, Record(&known), false) {
        Ok(body) => desk.send("PATCH", path.clone(), Some(body), move |_| {
            desk.done("Compte modifié : cela vaut dès maintenant.");
        }),
        Err(missing) => desk.form.problem.set(missing),
    };
    let mut blocks = vec![Block::Text(person.text("email").to_owned())];
    blocks.extend(form::fields(person, false));
    blocks.push(Block::Problem("Le compte n’a pas été modifié"));
    blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Enregistrer le compte", save)));
    let closing = format!("{}/fermer", person.text("id"));
    blocks.push(Block::Act(desk.link(ButtonKind::Danger, "Fermer ce compte…", closing)));
    blocks
}

/// What closing does, before it is done.
fn closing(desk: Desk, person: Record<'_>) -> Vec<Block> {
    let name = person.text("name");
    let text = format!(
        "{name} ne pourra plus se connecter, dès maintenant. Ce que cette personne a écrit reste dans les dossiers. Le \
         compte peut être rouvert. Ses appareils se révoquent à part, dans « Appareils »."
    );
    vec![
        Block::Text(text),
        Block::Problem("Le compte n’a pas été fermé"),
        change(desk, person, ButtonKind::Danger, &format!("Fermer le compte de {name}"), true),
        Block::Act(desk.link(ButtonKind::Secondary, "Garder le compte ouvert", person.text("id").to_owned())),
    ]
}

/// Closes the account, or opens it again.
fn change(desk: Desk, person: Record<'_>, kind: ButtonKind, words: &str, closed: bool) -> Block {
    let path = format!("/api/people/{}", person.text("id"));
    let said = if closed { "Compte fermé." } else { "Compte rouvert." };
    Block::Act(Act::new(kind, words, move || {
        desk.send("PATCH", path.clone(), Some(json!({ "closed": closed })), move |_| desk.done(said));
    }))
}
