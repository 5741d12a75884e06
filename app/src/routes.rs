//! The sitemap.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::path;

use crate::features::device::DevicePage;
use crate::features::dossier::{ClientVolet, DemandesVolet, DossierPage, TransmissionsVolet};
use crate::features::dossiers::{DossiersPage, NoDossierChosen};
use crate::features::new_dossier::NewDossierPage;
use crate::features::shell::Frame;
use crate::ui::{EmptyState, IconName};

/// Every page of somebody who is signed in.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Frame>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=|| view! { <Redirect path="/dossiers"/> }/>
                    <ParentRoute path=path!("/dossiers") view=DossiersPage>
                        <Route path=path!("") view=NoDossierChosen/>
                        <Route path=path!("nouveau") view=NewDossierPage/>
                        <ParentRoute path=path!(":id") view=DossierPage>
                            <Route path=path!("") view=ClientVolet/>
                            <Route path=path!("transmissions") view=TransmissionsVolet/>
                            <Route path=path!("demandes") view=DemandesVolet/>
                        </ParentRoute>
                    </ParentRoute>
                    <Route path=path!("/appareil") view=DevicePage/>
                </Routes>
            </Frame>
        </Router>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <EmptyState
            icon=IconName::Search
            title="Cette page n’existe pas"
            text="L’adresse est peut-être incomplète. Les dossiers sont dans le menu."
            tall=true
        />
    }
}
