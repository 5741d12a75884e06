//! What is left of Liaison on a device that was revoked: one page that says so.

use leptos::prelude::*;

use crate::platform::page;
use crate::ui::{Button, ButtonKind};

/// The page. `confirmed`: the relay knows that nothing was kept.
#[component]
pub fn ForgottenPage(confirmed: bool) -> impl IntoView {
    view! {
        <main class="page page--narrow stack" id="contenu">
            <h1>"Cet appareil n’a plus accès à Liaison"</h1>
            <p>
                "Votre agence a retiré son accès à cet appareil. Ce que vous aviez écrit est parti au relais, puis tout ce \
                 que Liaison gardait ici a été effacé."
            </p>
            <p class="muted">
                {if confirmed {
                    "L’effacement est confirmé au relais. Pour utiliser de nouveau cet appareil, connectez-vous ou \
                     demandez un lien à votre agence."
                } else {
                    "L’effacement sera confirmé dès que le relais répondra. Vous pouvez fermer cette page."
                }}
            </p>
            {confirmed.then(|| view! {
                <Button kind=ButtonKind::Secondary wide=true on_click=page::reload>"Se connecter"</Button>
            })}
        </main>
    }
}
