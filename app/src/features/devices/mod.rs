//! The telephones and computers that hold dossiers: one's own, and everybody's for those who look after them.

use leptos::prelude::{Get, Set};
use liaison_shared::Timestamp;
use liaison_shared::access::Power;
use serde_json::json;

use crate::features::settings::{Desk, Dialog, ago, link_to_scan, when};
use crate::platform::{address, clock};
use crate::state::{Record, in_order};
use crate::ui::sheet::{Act, Block, Field, Nothing, Row};
use crate::ui::{ButtonKind, IconName, Tone};

const NAME: &str = "appareil-nom";

/// Asks for everybody's.
pub fn open_all(desk: Desk) {
    desk.load("appareils", "/api/devices?all=true".to_owned());
}

/// Asks for one's own.
pub fn open_own(desk: Desk) {
    desk.load("appareils", "/api/devices".to_owned());
}

/// When it was last heard, and how far behind it is.
fn contact(device: Record<'_>, now: Timestamp) -> String {
    let Some(at) = device.time("last_contact") else { return "jamais vu".to_owned() };
    let contact = ago(at, now);
    if device.time("revoked").is_some() {
        return format!("vu {contact}");
    }
    match device.number("head").unwrap_or(0) - device.number("cursor").unwrap_or(0) {
        ..=0 => format!("vu {contact} · à jour"),
        1 => format!("vu {contact} · 1 changement de retard"),
        n => format!("vu {contact} · {n} changements de retard"),
    }
}

/// Its state in words; nothing for a device that is simply in use.
fn state(device: Record<'_>) -> Option<(Tone, String)> {
    match (device.time("revoked"), device.time("forgotten")) {
        (_, Some(at)) => Some((Tone::Done, format!("effacé, confirmé : {}", when(at)))),
        (Some(_), None) => Some((Tone::Warning, "révoqué, en attente de confirmation".to_owned())),
        (None, None) => device.flag("current").then(|| (Tone::Accent, "celui-ci".to_owned())),
    }
}

/// Those in use, then those that were revoked.
#[must_use]
pub fn page(desk: Desk) -> Vec<Block> {
    let devices = desk.get("appareils");
    let row = |device: Record<'_>| {
        let mut row = Row::new(device.text("name"));
        row.href = desk.href(device.text("id"));
        row.details = vec![device.text("user_name").to_owned(), contact(device, clock::now())];
        row.badge = state(device);
        row
    };
    let of = |gone: bool| {
        let some = Record(&devices).all().filter(move |device| device.time("revoked").is_some() == gone);
        // The one in hand first, then those heard last.
        let rank = |device: &Record<'_>| {
            let heard = i64::MAX - device.number("last_contact").unwrap_or(0);
            format!("{}{heard:020}", u8::from(!device.flag("current")))
        };
        in_order(some, rank).into_iter().map(row).collect::<Vec<_>>()
    };
    let nothing = Nothing::new(
        IconName::Device,
        "Aucun appareil pour l’instant",
        "Un appareil apparaît ici à sa première connexion.",
    );
    vec![
        Block::Card("En service".to_owned(), of(false), Some(nothing)),
        Block::Card("Révoqués".to_owned(), of(true), None),
    ]
}

/// The device that is open, for those who look after everybody's.
#[must_use]
pub fn dialog(desk: Desk) -> Option<Dialog> {
    opened(desk, desk.workspace.may(Power::ManageDevices))
}

/// The same for one's own; or linking another one.
#[must_use]
pub fn own_dialog(desk: Desk) -> Option<Dialog> {
    if desk.inside.get() == "relier" {
        return Some(("Relier un autre appareil".to_owned(), link_another(desk)));
    }
    opened(desk, true)
}

fn opened(desk: Desk, manages: bool) -> Option<Dialog> {
    let inside = desk.inside.get();
    let (id, asked) = inside.split_once('/').unwrap_or((&inside, ""));
    let devices = desk.get("appareils");
    let device = Record(&devices).all().find(|device| !id.is_empty() && device.text("id") == id)?;
    let name = device.text("name").to_owned();
    let in_use = device.time("revoked").is_none();
    if manages && in_use && asked == "revoquer" {
        return Some((format!("Révoquer « {name} » ?"), revoking(desk, device)));
    }
    let mut blocks = vec![Block::Text(device.text("user_name").to_owned())];
    blocks.push(Block::Text(contact(device, clock::now())));
    blocks.extend(state(device).map(|(_, words)| Block::Text(words)));
    if manages && in_use {
        blocks.extend(renaming(desk, device));
    }
    Some((name, blocks))
}

fn renaming(desk: Desk, device: Record<'_>) -> [Block; 4] {
    let (id, known) = (device.text("id").to_owned(), device.text("name").to_owned());
    let revoke = desk.link(ButtonKind::Danger, "Révoquer cet appareil…", format!("{id}/revoquer"));
    let field = Field::new(NAME, "Nom de l’appareil", known.clone());
    let rename = move || {
        let name = desk.form.read(NAME, &known);
        if name.is_empty() {
            desk.form.problem.set("Il manque un nom.".to_owned());
            return;
        }
        desk.send("PATCH", format!("/api/devices/{id}"), Some(json!({ "name": name })), move |_| {
            desk.done("Nom de l’appareil enregistré.");
        });
    };
    [
        Block::Field(field),
        Block::Problem("Le nom n’a pas été enregistré"),
        Block::Act(Act::new(ButtonKind::Primary, "Enregistrer le nom", rename)),
        Block::Act(revoke),
    ]
}

/// What revoking does, before it is done.
fn revoking(desk: Desk, device: Record<'_>) -> Vec<Block> {
    let id = device.text("id").to_owned();
    let keep = desk.link(ButtonKind::Secondary, "Garder l’appareil", id.clone());
    let revoke = move || {
        desk.send("POST", format!("/api/devices/{id}/revoke"), Some(json!({})), move |_| {
            desk.done("Appareil révoqué. Il oubliera tout à son prochain contact.");
        });
    };
    let mut blocks = Vec::new();
    if device.flag("current") {
        let title = "C’est l’appareil que vous utilisez en ce moment";
        blocks.push(Block::Notice(Tone::Warning, title.to_owned(), String::new()));
    }
    blocks.extend([
        Block::Text(
            "Au prochain contact avec le relais, cet appareil oubliera tous les dossiers et se déconnectera. Ce qui y a \
             été écrit et n’est pas encore parti sera perdu. Ce qui est au relais ne risque rien."
                .to_owned(),
        ),
        Block::Text("On ne peut pas revenir en arrière : pour s’en servir à nouveau, il faudra s’y reconnecter.".to_owned()),
        Block::Problem("L’appareil n’a pas été révoqué"),
        Block::Act(Act::new(ButtonKind::Danger, "Révoquer l’appareil", revoke)),
        Block::Act(keep),
    ]);
    blocks
}

/// Another device for oneself. The link is asked for only once one says so: it is a key.
fn link_another(desk: Desk) -> Vec<Block> {
    let made = desk.answer.get();
    if !made.is_null() {
        return link_to_scan(desk, Record(&made));
    }
    let ask = move || {
        let body = json!({ "origin": address::origin() });
        desk.send("POST", "/api/devices/link".to_owned(), Some(body), move |made| desk.answer.set(made.into()));
    };
    vec![
        Block::Text(
            "Un code s’affichera ici. Scannez-le avec l’appareil photo de l’autre appareil : il sera connecté à votre \
             compte, sans mot de passe."
                .to_owned(),
        ),
        Block::Text("Ne montrez ce code à personne : il ouvre vos dossiers pendant dix minutes.".to_owned()),
        Block::Problem("Le code n’a pas pu être fait"),
        Block::Act(Act::new(ButtonKind::Primary, "Afficher le code", ask)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_says_how_far_behind_it_is() {
        let words = |device: serde_json::Value| contact(Record(&device), Timestamp(3 * 86_400_000));
        let behind = json!({ "last_contact": 0, "cursor": 30, "head": 42 });
        assert_eq!(words(behind), "vu il y a 3\u{a0}jours · 12 changements de retard");
        let level = json!({ "last_contact": 0, "cursor": 42, "head": 42 });
        assert_eq!(words(level), "vu il y a 3\u{a0}jours · à jour");
        assert_eq!(words(json!({ "last_contact": null })), "jamais vu");
    }
}
