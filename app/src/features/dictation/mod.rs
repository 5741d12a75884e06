//! Speaking instead of typing. Nothing is shown where the browser does not listen.

use leptos::prelude::*;

use crate::platform::dictation::{self, Dictation, DictationEnd};
use crate::ui::Button;

/// Where the voice goes: said before anybody speaks.
const HINT: &str = "Votre voix est envoyée au fabricant du navigateur (Google, Apple ou Microsoft), qui en fait du texte. \
                    Ne dictez que ce que vous lui confieriez.";

/// What happened and what to do; nothing when the person has stopped by themselves.
const fn ended(end: DictationEnd) -> &'static str {
    match end {
        DictationEnd::Stopped => "",
        DictationEnd::Silence => "Plus rien n’est entendu : la dictée est arrêtée. Touchez « Dicter » pour reprendre.",
        DictationEnd::Unsupported => "Ce navigateur n’a pas la dictée en français. Écrivez au clavier.",
        DictationEnd::Refused => {
            "Le micro n’est pas autorisé. Autorisez-le dans les réglages du navigateur, ou écrivez."
        }
        DictationEnd::NoMicrophone => "Le micro manque ou sert déjà ailleurs. Vérifiez, puis réessayez.",
        DictationEnd::Offline => {
            "La dictée a besoin du réseau, qui manque. Ce qui est déjà écrit reste ; écrivez au clavier."
        }
    }
}

/// A button that listens when it is touched and until it is touched again, with where the voice goes beside it. Listens no
/// longer when it is gone.
#[component]
pub fn Dictate(
    /// Given one phrase after the other, as it is to be added to the text.
    #[prop(into)]
    on_text: Callback<String>,
) -> impl IntoView {
    let running = StoredValue::new_local(None::<Dictation>);
    let listening = RwSignal::new(false);
    let said = RwSignal::new("");
    on_cleanup(move || {
        let _gone = running.try_set_value(None);
    });
    let end = move |end| {
        let _gone = (listening.try_set(false), said.try_set(ended(end)));
    };
    let touch = move || {
        if listening.get_untracked() {
            let _none = running.with_value(|running| running.as_ref().map(Dictation::stop));
            return;
        }
        let text = move |phrase| {
            let _gone = on_text.try_run(phrase);
        };
        match Dictation::start(text, end) {
            Ok(dictation) => {
                running.set_value(Some(dictation));
                listening.set(true);
                said.set("Parlez : ce que vous dites s’écrit après chaque phrase.");
            }
            Err(why) => end(why),
        }
    };
    dictation::is_available().then(|| {
        view! {
            <div class="stack stack--tight">
                <Button on_click=touch>{move || if listening.get() { "Arrêter la dictée" } else { "Dicter" }}</Button>
                <p class="muted"><small>{HINT}</small></p>
                <p role="status">{move || said.get()}</p>
            </div>
        }
    })
}
