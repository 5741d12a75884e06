//! A page whose code comes after the first visit (see `chunks.rs`): what stands in its place until it is there.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use crate::platform::clock;
use crate::state::Workspace;
use crate::ui::sheet::changing;
use crate::ui::{Button, ButtonKind, EmptyState, IconName, Skeleton};

/// Draws a page.
pub type Page = fn() -> AnyView;

/// The page's code.
#[derive(Clone, Copy)]
enum Code {
    Coming,
    Here(Page),
    Missing,
}

type Fetch = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Code>>> + Send + Sync>;

/// Such a page.
pub fn later<F>(page: fn() -> F) -> AnyView
where
    F: Future<Output = Result<Page, SplitLoaderError>> + 'static,
{
    standing(Arc::new(move || Box::pin(page().map(|page| page.map_or(Code::Missing, Code::Here)))))
}

fn standing(fetch: Fetch) -> AnyView {
    let workspace = expect_context::<Workspace>();
    let code = RwSignal::new(Code::Coming);
    let ask = move || {
        let mut coming = fetch();
        // A chunk that is there already leaves no gap.
        let now = (&mut coming).now_or_never();
        code.set(now.unwrap_or(Code::Coming));
        if now.is_none() {
            clock::spawn(async move {
                let _gone = code.try_set(coming.await);
            });
        }
    };
    ask();
    let again = ask.clone();
    Effect::new(move || {
        if workspace.online() && matches!(code.get_untracked(), Code::Missing) {
            again();
        }
    });
    changing(move || match code.get() {
        Code::Coming => view! { <Skeleton rows=true lines=4 label="Ouverture de la page…"/> }.into_any(),
        Code::Here(page) => page(),
        Code::Missing => missing(workspace, ask.clone()),
    })
}

fn missing(workspace: Workspace, ask: impl Fn() + Send + Sync + 'static) -> AnyView {
    let (title, text) = if workspace.online() {
        (
            "Cette partie n’a pas pu être chargée",
            "Réessayez. Si une nouvelle version de Liaison est proposée, passez d’abord à celle-ci. Ce que vous avez écrit \
             est enregistré.",
        )
    } else {
        (
            "Cette partie n’est pas encore sur cet appareil",
            "Elle s’ouvrira dès que le relais sera joignable, et ensuite aussi sans réseau. Les dossiers, eux, restent \
             ouverts sur cet appareil.",
        )
    };
    view! {
        <EmptyState icon=IconName::CloudOff title=title text=text tall=true>
            <Button kind=ButtonKind::Secondary on_click=ask>"Réessayer"</Button>
        </EmptyState>
    }
    .into_any()
}
