//! The frame of every page: bars on phones, a rail in the office, and the list beside the detail.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// Where an entry of the main navigation is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NavPlace {
    /// The bar of the phone and the rail of the office.
    #[default]
    Everywhere,
    /// Only the bar of the phone, which holds four or five.
    Phone,
    /// Only the rail of the office.
    Office,
}

/// One entry of the main navigation.
#[derive(Clone)]
pub struct NavItem {
    /// Its address.
    pub href: String,
    /// One word, two at most.
    pub label: String,
    /// Its picture.
    pub icon: IconName,
    /// Whether we are there.
    pub active: Signal<bool>,
    /// How many things wait there; nothing at 0.
    pub count: Signal<usize>,
    /// Where it is shown.
    pub place: NavPlace,
}

/// The whole page. Phone: a bar on top, a bar of navigation at thumb height. Office (≥ 1024 px): a rail
/// at the left. The status line is written once and placed by the style sheet.
#[component]
pub fn AppShell(
    /// The product's or the agency's name.
    #[prop(into)]
    brand: Signal<String>,
    /// Where the brand leads.
    #[prop(default = "/")]
    home: &'static str,
    /// The main navigation.
    items: Vec<NavItem>,
    /// « Navigation principale ».
    #[prop(into)]
    nav_label: String,
    /// « Aller au contenu ».
    #[prop(into)]
    skip_label: String,
    /// The status line.
    #[prop(into)]
    status: ViewFn,
    /// The page.
    children: Children,
) -> impl IntoView {
    let main = NodeRef::<leptos::html::Main>::new();
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            main.focus().ok();
        }
    };
    view! {
        <div class="shell">
            <a class="shell__skip" href="#contenu" on:click=skip>{skip_label}</a>
            <header class="shell__top">
                <a class="shell__brand" href=home>
                    <BrandMark />
                    <span class="shell__name">{move || brand.get()}</span>
                </a>
                <div class="shell__status">{status.run()}</div>
            </header>
            <nav class="shell__nav" aria-label=nav_label>
                <ul class="shell__items" role="list">
                    {items.into_iter().map(|item| view! { <NavLink item=item /> }).collect_view()}
                </ul>
            </nav>
            <main node_ref=main class="shell__main" id="contenu" tabindex="-1">
                {children()}
            </main>
        </div>
    }
}

/// Two lines that meet: the mark of Liaison.
#[component]
fn BrandMark() -> impl IntoView {
    view! {
        <svg class="shell__mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="9" />
            <path d="M9 9.500v8.500a5 5 0 0 0 5 5h2M23 22.500V14a5 5 0 0 0-5-5h-2" />
            <circle cx="9" cy="9.5" r="1.7" />
            <circle cx="23" cy="22.5" r="1.7" />
        </svg>
    }
}

/// One entry of the navigation.
#[component]
fn NavLink(item: NavItem) -> impl IntoView {
    let NavItem { href, label, icon, active, count, place } = item;
    let class = match place {
        NavPlace::Everywhere => "shell__item",
        NavPlace::Phone => "shell__item shell__item--phone",
        NavPlace::Office => "shell__item shell__item--office",
    };
    view! {
        <li class=class>
            <a class="shell__link" href=href aria-current=move || active.get().then_some("page")>
                <span class="shell__icon"><Icon name=icon /></span>
                <span class="shell__label">{label}</span>
                {move || {
                    let count = count.get();
                    (count > 0).then(|| view! { <span class="shell__count">{count}</span> })
                }}
            </a>
        </li>
    }
}

/// A list and the detail of one of its rows: side by side in the office, one at a time on phones.
#[component]
pub fn SplitView(
    /// Whether a row is open: on phones the detail is shown instead of the list.
    #[prop(into)]
    detail_open: Signal<bool>,
    /// The list: its header, its search, its rows.
    #[prop(into)]
    list: ViewFn,
    /// The detail, or in the office an empty state.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="split" class:split--detail=move || detail_open.get()>
            <div class="split__list">{list.run()}</div>
            <div class="split__detail">{children()}</div>
        </div>
    }
}
