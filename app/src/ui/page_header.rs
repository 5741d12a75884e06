//! The head of a page, which never scrolls away: where we are, who it is about, how to call them.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// The number to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneLink {
    /// `tel:+33612345678`.
    pub href: String,
    /// « 06 12 34 56 78 ».
    pub number: String,
    /// Read before the number: « Appeler Mme Durand au ».
    pub label: String,
}

/// The head of a page. Sticky under the phone's top bar, or at the top of its column in the office.
#[component]
pub fn PageHeader(
    /// The title (`h1`).
    #[prop(into)]
    title: Signal<String>,
    /// One line under it: « 84 ans · Saint-Mandé · GIR 4 ».
    #[prop(optional, into)]
    subtitle: Signal<String>,
    /// Where the arrow leads; shown on phones only.
    #[prop(optional, into)]
    back_href: Option<String>,
    /// The name of the arrow: « Retour aux dossiers ».
    #[prop(optional, into)]
    back_label: String,
    /// Before the title: an `Avatar`.
    #[prop(optional, into)]
    leading: Option<ViewFn>,
    /// After the subtitle: the stage, the alerts.
    #[prop(optional, into)]
    badges: Option<ViewFn>,
    /// The number to call, as a large link.
    #[prop(optional, into)]
    phone: Signal<Option<PhoneLink>>,
    /// Buttons at the right.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// The head of a list beside a detail: smaller, as an `h2`.
    #[prop(optional)]
    pane: bool,
    /// Under everything, without margins: `Tabs`, a `SearchBox` in a `div.page-header__row`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = if pane {
        view! { <h2 class="page-header__title">{move || title.get()}</h2> }.into_any()
    } else {
        view! { <h1 class="page-header__title">{move || title.get()}</h1> }.into_any()
    };
    let based = children.is_some();
    let subtitle = move || {
        let subtitle = subtitle.get();
        (!subtitle.is_empty()).then(|| view! { <p class="page-header__subtitle">{subtitle}</p> })
    };
    view! {
        <header class="page-header" class:page-header--pane=pane class:page-header--based=based>
            <div class="page-header__main">
                {back_href
                    .map(|href| view! {
                        <a class="page-header__back" href=href aria-label=back_label>
                            <Icon name=IconName::ArrowLeft />
                        </a>
                    })}
                {leading.map(|leading| view! { <div class="page-header__leading">{leading.run()}</div> })}
                <div class="page-header__words">
                    {heading}
                    <div class="page-header__line">
                        {subtitle}
                        {badges.map(|badges| view! { <div class="page-header__badges">{badges.run()}</div> })}
                    </div>
                </div>
                <div class="page-header__end">
                    {move || phone.get().map(call)}
                    {actions.as_ref().map(ViewFn::run)}
                </div>
            </div>
            {children.map(|children| children())}
        </header>
    }
}

/// The call link: the whole number in the office, the round handset on phones.
fn call(phone: PhoneLink) -> AnyView {
    let PhoneLink { href, number, label } = phone;
    view! {
        <a class="page-header__phone" href=href>
            <Icon name=IconName::Phone />
            <span class="visually-hidden">{label} " "</span>
            <span class="page-header__number">{number}</span>
        </a>
    }
    .into_any()
}
