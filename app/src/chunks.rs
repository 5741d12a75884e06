//! Pages whose code is not in the first download: it comes in a chunk when one of them is opened, and the service worker
//! keeps every chunk soon after the first visit. `cargo xtask dist` cuts the chunks out and prints what they weigh.
//!
//! To add a page: a function here, and `later(chunks::…)` in `routes.rs` in the page's place. Whatever a page needs comes
//! with it, unless something outside of the chunk names it too: then it is in the first download again.

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::features::device::DevicePage;
use crate::features::dossier::{self, DemandesVolet, PrestationVolet};
use crate::features::mon_planning;
use crate::features::new_dossier::NewDossierPage;
use crate::features::planning;
use crate::features::settings::SettingsPage;
use crate::features::shell::Page;
use crate::features::signaler;
use crate::features::suites;
use crate::features::tableau;
use crate::features::visites;

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

/// The files of « Le client », and what shows them.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn fichiers_client() -> Result<Page, SplitLoaderError> {
    Ok(dossier::fichiers_client)
}

/// The papers and aids of a dossier.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn administratif() -> Result<Page, SplitLoaderError> {
    Ok(dossier::administratif_volet)
}

/// The stage, the checklist and the tasks of a dossier.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn suivi() -> Result<Page, SplitLoaderError> {
    Ok(dossier::suivi)
}

/// The timeline of a dossier.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn historique() -> Result<Page, SplitLoaderError> {
    Ok(dossier::historique)
}

/// One record of a dossier.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn fiche() -> Result<Page, SplitLoaderError> {
    Ok(dossier::fiche)
}

/// A paper of a dossier.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn imprimer() -> Result<Page, SplitLoaderError> {
    Ok(dossier::imprimer)
}

/// What the client asked for.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn demandes() -> Result<Page, SplitLoaderError> {
    Ok(|| view! { <DemandesVolet/> }.into_any())
}

/// Who comes, when, and for what.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn prestation() -> Result<Page, SplitLoaderError> {
    Ok(|| view! { <PrestationVolet/> }.into_any())
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

/// One visit, from the door to the door.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn visite() -> Result<Page, SplitLoaderError> {
    Ok(visites::visite)
}

/// The weeks of an intervenant.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn mon_planning() -> Result<Page, SplitLoaderError> {
    Ok(mon_planning::mon_planning)
}

/// What changes in a client’s situation, and what is wrong in the dossier.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn avis() -> Result<Page, SplitLoaderError> {
    Ok(signaler::avis)
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

/// What may be wrong with a field, under its history.
#[wasm_split(bureau, wasm_split_path = leptos::wasm_split, fallible)]
pub fn signaler_champ() -> Result<Page, SplitLoaderError> {
    Ok(signaler::signaler_champ)
}
