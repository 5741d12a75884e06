//! The parts of one thing, each with its own address.

use leptos::prelude::*;
use leptos::web_sys::HtmlElement;

/// One tab.
#[derive(Clone)]
pub struct Tab {
    /// Its address.
    pub href: Signal<String>,
    /// Its name.
    pub label: String,
    /// Whether it is the one shown.
    pub active: Signal<bool>,
    /// How many things wait in it; nothing at 0.
    pub count: Signal<usize>,
}

/// Tabs that are links. On phones the row scrolls sideways and the current tab is brought into view.
#[component]
pub fn Tabs(
    /// What the tabs divide: « Volets du dossier ».
    #[prop(into)]
    label: String,
    /// In order.
    tabs: Vec<Tab>,
    /// What the count counts, read after it: « à traiter ».
    #[prop(optional, into)]
    count_label: String,
) -> impl IntoView {
    let links =
        tabs.into_iter().map(|tab| view! { <TabLink tab=tab count_label=count_label.clone() /> }).collect_view();
    view! {
        <nav class="tabs" aria-label=label>
            <ul class="tabs__list" role="list">{links}</ul>
        </nav>
    }
}

/// One tab, which brings itself into view when it becomes current.
#[component]
fn TabLink(tab: Tab, count_label: String) -> impl IntoView {
    let Tab { href, label, active, count } = tab;
    let node = NodeRef::<leptos::html::A>::new();
    Effect::new(move || {
        if let (true, Some(link)) = (active.get(), node.get()) {
            bring_into_view(&link);
        }
    });
    let badge = move || {
        let count = count.get();
        (count > 0).then(|| {
            view! {
                <span class="tabs__count">{count}</span>
                <span class="visually-hidden">{format!(" {count_label}")}</span>
            }
        })
    };
    view! {
        <li class="tabs__item">
            <a
                node_ref=node
                class="tabs__link"
                href=move || href.get()
                aria-current=move || active.get().then_some("page")
            >
                {label}
                {badge}
            </a>
        </li>
    }
}

/// Scrolls the row sideways so that the link is whole, with a bit of its neighbour. Never scrolls the page.
fn bring_into_view(link: &HtmlElement) {
    let Ok(Some(row)) = link.closest(".tabs__list") else {
        return;
    };
    let left = link.offset_left();
    let right = left + link.offset_width();
    let peek = 48;
    if left - peek < row.scroll_left() {
        row.set_scroll_left((left - peek).max(0));
    } else if right + peek > row.scroll_left() + row.client_width() {
        row.set_scroll_left(right + peek - row.client_width());
    }
}
