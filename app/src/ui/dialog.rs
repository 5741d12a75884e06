//! A modal: a sheet from below on phones, a window in the middle in the office.

use super::button::IconButton;
use super::icon::IconName;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlDialogElement};

/// The browser's own modal dialog: it keeps the focus inside, Esc closes it, and the focus goes back to
/// where it was. What it holds lives only while it is open.
#[component]
pub fn Dialog(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Whether it is open. The caller owns it.
    #[prop(into)]
    open: Signal<bool>,
    /// Esc, the cross or a tap outside: set `open` to false here.
    #[prop(into)]
    on_close: Callback<()>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// The name of the cross: « Fermer ».
    #[prop(into)]
    close_label: String,
    /// Buttons at the foot; the main one last.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// Wider in the office: for a history or a table.
    #[prop(optional)]
    broad: bool,
    /// The whole screen of a phone, and `broad` in the office.
    #[prop(optional)]
    full: bool,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoView {
    let node: NodeRef<leptos::html::Dialog> = NodeRef::new();
    Effect::new(move |_: Option<()>| {
        if let Some(dialog) = node.get() {
            show(&dialog, open.get());
        }
    });
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    let inside = StoredValue::new((children, actions, title_id, close_label));
    view! {
        <dialog
            node_ref=node
            class="dialog"
            class:dialog--broad=broad || full
            class:dialog--full=full
            id=id
            aria-labelledby=labelled_by
            on:cancel=move |event: leptos::web_sys::Event| {
                event.prevent_default();
                on_close.run(());
            }
            on:close=move |_| {
                if open.get_untracked() {
                    on_close.run(());
                }
            }
            on:click=move |event| {
                if is_backdrop(&event) {
                    on_close.run(());
                }
            }
        >
            <Show when=move || open.get()>
                {move || inside.with_value(|(children, actions, title_id, close_label)| view! {
                    <div class="dialog__sheet">
                        <header class="dialog__head">
                            <h2 class="dialog__title" id=title_id.clone()>{move || title.get()}</h2>
                            <IconButton icon=IconName::Close label=close_label.clone() on_click=move || on_close.run(()) />
                        </header>
                        <div class="dialog__body">{children()}</div>
                        {actions.as_ref().map(|actions| view! { <footer class="dialog__foot">{actions.run()}</footer> })}
                    </div>
                })}
            </Show>
        </dialog>
    }
}

/// Opens or closes the element, when it is not already so.
fn show(dialog: &HtmlDialogElement, open: bool) {
    if open && !dialog.open() {
        // Refused only for an element out of the page or already shown otherwise: shown without a modal then.
        if dialog.show_modal().is_err() {
            dialog.show();
        }
    } else if !open && dialog.open() {
        dialog.close();
    }
}

/// Whether a click fell on the dialog element itself, which its sheet covers: the backdrop.
fn is_backdrop(event: &leptos::ev::MouseEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| element.tag_name().eq_ignore_ascii_case("dialog"))
}
