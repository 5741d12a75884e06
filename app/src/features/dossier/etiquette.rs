//! The label at the client's home: drawn here, printed, and not kept: the dossier only keeps what recognises it.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::documents::schema::client::ETIQUETTE;
use liaison_shared::planning::empreinte_etiquette;

use super::records::Records;
use crate::features::scan::qr_svg;
use crate::platform::nfc::{self, Nfc};
use crate::platform::{clock, page, random};
use crate::ui::sheet::changing;
use crate::ui::{Button, ButtonKind, Section, Tone};

/// The card: whether there is a label, a button that makes one, and the one that was just made.
pub fn etiquette() -> AnyView {
    let records = Records::of_dossier();
    if !records.workspace.writes(DocumentKind::Client) {
        return ().into_any();
    }
    // The label as it is printed; gone when the page is left.
    let made = RwSignal::new(String::new());
    let there = Memo::new(move |_| {
        let register = records.dossier.register(None, &ETIQUETTE);
        let last = register.candidates.last().filter(|it| !it.value.is_empty());
        last.map(|it| format!("{}, {}", records.workspace.who(&it.signature), it.signature.at.french(clock::now())))
    });
    let standing = move || match there.get() {
        Some(by) => format!(
            "Une étiquette est en service ({by}). En faire une nouvelle remplace l’ancienne : elle ne sera plus reconnue."
        ),
        None => "Sans étiquette, les intervenants pointent à la main, et le lieu n’est pas vérifié.".to_owned(),
    };
    view! {
        <Section title="Étiquette de pointage">
            <div class="stack">
                <p class="no-print">{standing}</p>
                <div class="sheet__acts no-print">
                    <Button on_click=move || make(records, made)>"Faire une étiquette"</Button>
                </div>
                {changing(move || shown(records, made))}
            </div>
        </Section>
    }
    .into_any()
}

/// Draws a new label and writes what recognises it.
fn make(records: Records, made: RwSignal<String>) {
    let dossier = records.dossier.id;
    let token: String = random::sixteen_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("liaison:{dossier}:{token}");
    let kept = empreinte_etiquette(dossier, &text);
    let base = records.dossier.heads(ETIQUETTE.document);
    match records.dossier.set(None, &ETIQUETTE, kept, &base) {
        Ok(()) => made.set(text),
        Err(error) => records.toasts.say(Tone::Danger, format!("L’étiquette n’a pas été faite : {error}")),
    }
}

/// The label, to print now.
fn shown(records: Records, made: RwSignal<String>) -> AnyView {
    let text = made.get();
    let (Some(svg), Some(name)) = (label(&text), records.workspace.dossier_name(records.dossier.id)) else {
        return ().into_any();
    };
    let agency = records.workspace.session.with_value(|session| session.agency.clone());
    view! {
        <p class="no-print">
            "Imprimez-la maintenant et collez-la chez le client : Liaison ne la garde pas, et ne peut pas la réimprimer."
        </p>
        <article class="etiquette">
            <div class="etiquette__code" role="img" aria-label="Code à scanner à l’arrivée et au départ" inner_html=svg></div>
            <p class="etiquette__name">{name}</p>
            <p class="etiquette__words">{agency}" · à scanner à l’arrivée et au départ"</p>
        </article>
        <div class="sheet__acts no-print">
            <Button kind=ButtonKind::Primary on_click=move || page::print()>"Imprimer l’étiquette"</Button>
            <Button on_click=move || made.set(String::new())>"C’est imprimé"</Button>
            {nfc::is_available().then(|| view! {
                <Button on_click=move || write_tag(records, text.clone())>"Écrire aussi sur une puce NFC"</Button>
            })}
        </div>
    }
    .into_any()
}

/// The same text on a tag, held to this phone now.
fn write_tag(records: Records, text: String) {
    records.toasts.say(Tone::Information, "Approchez le téléphone de la puce…");
    clock::spawn(async move {
        let written = match Nfc::new() {
            Ok(nfc) => nfc.write(&text).await,
            Err(error) => Err(error),
        };
        match written {
            Ok(()) => records.toasts.say(Tone::Done, "La puce est écrite : elle se touche à l’arrivée et au départ."),
            Err(_) => records.toasts.say(
                Tone::Warning,
                "La puce n’a pas été écrite. Tenez le téléphone contre elle une seconde, et vérifiez que le NFC est activé.",
            ),
        }
    });
}

/// The picture of a label; none while there is none to show.
fn label(text: &str) -> Option<String> {
    if text.is_empty() { None } else { qr_svg(text) }
}
