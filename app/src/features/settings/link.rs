//! A link for somebody's other screen: to scan, or to send.

use liaison_shared::Timestamp;

use super::{Desk, when};
use crate::platform::{clipboard, clock};
use crate::state::Record;
use crate::ui::sheet::{Act, Block, Field};
use crate::ui::{ButtonKind, TextKind, Tone};

/// The code to scan, the link to copy, and until when it may be used: what the relay gave.
#[must_use]
pub fn link_to_scan(desk: Desk, given: Record<'_>) -> Vec<Block> {
    let link = given.text("link").to_owned();
    let shown = link.clone();
    let copy = move || {
        let (toasts, link) = (desk.toasts, link.clone());
        clock::spawn(async move {
            if clipboard::copy(&link).await {
                toasts.say(Tone::Done, "Lien copié.");
            } else {
                toasts.say(Tone::Warning, "Le navigateur n’a pas copié le lien. Sélectionnez-le, puis copiez-le.");
            }
        });
    };
    let field = Field { read_only: true, ..Field::new("lien", "Ou ce lien, à envoyer", shown) };
    let until = when(given.time("expires").unwrap_or(Timestamp(0)));
    vec![
        Block::Picture(data_url(given.text("qr")), "Code à scanner avec l’appareil photo"),
        Block::Field(field.kind(TextKind::Url).hint(format!("Il sert une seule fois, jusqu’à : {until}."))),
        Block::Act(Act::new(ButtonKind::Primary, "Copier le lien", copy)),
    ]
}

/// An SVG as an address that an image takes.
fn data_url(svg: &str) -> String {
    let mut url = "data:image/svg+xml,".to_owned();
    for byte in svg.bytes() {
        if byte.is_ascii_alphanumeric() || b" -_.:/='".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_survives_its_address() {
        assert_eq!(data_url("<a b=\"#é\"/>"), "data:image/svg+xml,%3Ca b=%22%23%C3%A9%22/%3E");
    }
}
