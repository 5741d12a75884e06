//! Pages whose code is not in the first download: it comes in a chunk when one of them is opened, and the service worker
//! keeps every chunk soon after the first visit. `cargo xtask dist` cuts the chunks out and prints what they weigh.
//!
//! To add a page: a function here, and `later(chunks::…)` in `routes.rs` in the page's place. Whatever a page needs comes
//! with it, unless something outside of the chunk names it too: then it is in the first download again.

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::features::device::DevicePage;
use crate::features::mon_planning;
use crate::features::new_dossier::NewDossierPage;
use crate::features::planning;
use crate::features::settings::SettingsPage;
use crate::features::shell::Page;
use crate::features::suites;
use crate::features::tableau;
use crate::features::visites;
use crate::routes;

/// One dossier, with its volets.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn dossier() -> Result<Page, SplitLoaderError> {
    Ok(routes::dossier)
}

/// What runs the agency. The first name in the attribute is the chunk's: pages of one name come together.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn settings() -> Result<Page, SplitLoaderError> {
    Ok(|| view! { <SettingsPage/> }.into_any())
}

/// The form of the first call.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn nouveau() -> Result<Page, SplitLoaderError> {
    Ok(|| view! { <NewDossierPage/> }.into_any())
}

/// This device.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn appareil() -> Result<Page, SplitLoaderError> {
    Ok(|| view! { <DevicePage/> }.into_any())
}

/// The day of an intervenant.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn aujourdhui() -> Result<Page, SplitLoaderError> {
    Ok(visites::aujourdhui)
}

/// The weeks of an intervenant.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn mon_planning() -> Result<Page, SplitLoaderError> {
    Ok(mon_planning::mon_planning)
}

/// The planning of the office.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn planning() -> Result<Page, SplitLoaderError> {
    Ok(planning::planning)
}

/// The day of the office, as it goes.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn tableau() -> Result<Page, SplitLoaderError> {
    Ok(tableau::tableau)
}

/// A notice, and all its consequences.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn suites() -> Result<Page, SplitLoaderError> {
    Ok(suites::suites)
}
