//! What the relay has decided about this device, said where one is: locked dossiers, changes left to the office.

use leptos::prelude::*;

use crate::state::Workspace;
use crate::ui::{Banner, Button, ButtonKind, Tone};

/// Both, when there is something to say.
#[component]
pub fn ReachNews() -> impl IntoView {
    view! { <LockedDossiers/><LeftToTheOffice/> }
}

/// Dossiers are here and may not be read now.
#[component]
fn LockedDossiers() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let locked = Memo::new(move |_| workspace.summaries.with(|summaries| workspace.reach.locked_among(summaries)));
    move || {
        (locked.get() > 0).then(|| {
            let title = match locked.get() {
                1 => "Un dossier est verrouillé".to_owned(),
                n => format!("{n} dossiers sont verrouillés"),
            };
            view! {
                <Banner
                    tone=Tone::Warning
                    title=title
                    text="Cet appareil n’a pas parlé au relais depuis trop longtemps, ou vos interventions y sont \
                          terminées. Ce que vous avez écrit est gardé. Retrouvez du réseau pour rouvrir ceux qui vous \
                          sont encore confiés."
                    actions=move || view! {
                        <Button kind=ButtonKind::Primary on_click=move || workspace.retry_now()>
                            "Essayer le relais maintenant"
                        </Button>
                    }
                />
            }
        })
    }
}

/// Something that was written arrived after its dossier was withdrawn.
#[component]
fn LeftToTheOffice() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let late = workspace.reach.late;
    move || {
        (late.get() > 0).then(|| {
            let title = match late.get() {
                1 => "Un élément attend la décision de votre agence".to_owned(),
                n => format!("{n} éléments attendent la décision de votre agence"),
            };
            view! {
                <Banner
                    tone=Tone::Information
                    title=title
                    text="C’était dans un dossier qui ne vous est plus confié. Tout est au relais, rien n’est perdu : le \
                          bureau le relit."
                    actions=move || view! {
                        <Button kind=ButtonKind::Quiet on_click=move || late.set(0)>"Compris"</Button>
                    }
                />
            }
        })
    }
}
