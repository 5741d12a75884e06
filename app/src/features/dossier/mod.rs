//! One dossier: a header that never scrolls away, and its volets as tabs that are links.

mod conflict;
mod demandes;
mod equipe;
mod etiquette;
mod fichiers;
mod field;
mod fields;
mod hand;
mod header;
mod historique;
mod imprimer;
mod record;
mod records;
mod signatures;
mod signer;
mod sortie;
mod suivi;
mod taches;
mod transmissions;
mod value;
mod viewer;
mod volets;
mod written;

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use liaison_shared::DocumentKind;
use liaison_shared::DossierId;
use liaison_shared::dossier::Summary;
use liaison_shared::validate::phone_display;

use crate::platform::clock;
use crate::state::{OpenDossier, Place, Workspace};
use crate::ui::sheet::changing;
use crate::ui::{Avatar, ButtonLink, EmptyState, IconName, PageHeader, PhoneLink, Skeleton};

use header::{Stage, ToChoose, Volets, under_the_name};

pub use demandes::{DemandesVolet, canaux};
pub use equipe::PrestationVolet;
pub use fichiers::fichiers;
pub use fields::{Shown, address_of, history_dialog, sections};
pub use hand::{Hand, hand_dialog};
pub use historique::historique;
pub use imprimer::imprimer;
pub use record::{fiche, page_of};
pub use records::{Records, card, row};
pub use suivi::{checklist, suivi};
pub use transmissions::TransmissionsVolet;
pub use value::{problem_of, shown_value, text_kind};
pub use viewer::{Viewer, viewer_dialog};
pub use volets::{administratif_volet, client_volet, mission, relation_cards};
pub use written::write_down;

/// Opens the dossier that the address names; `volet` is the part of it that is shown.
#[component]
pub fn DossierPage(id: Memo<String>, #[prop(into)] volet: ViewFn) -> impl IntoView {
    changing(move || match id.with(|id| id.parse::<DossierId>()) {
        Ok(id) => view! { <Loader id=id volet=volet.clone()/> }.into_any(),
        Err(_) => view! { <Unknown/> }.into_any(),
    })
}

#[component]
fn Unknown() -> impl IntoView {
    view! {
        <EmptyState
            icon=IconName::Folder
            title="Ce dossier n’est pas sur cet appareil"
            text="Vérifiez l’adresse, ou cherchez la personne dans la liste. S’il vient d’être ouvert ailleurs, il \
                  arrivera avec le réseau."
            tall=true
        />
    }
}

/// The dossier is on its way, and could not be sent at once.
#[component]
fn Arriving() -> impl IntoView {
    view! {
        <EmptyState
            icon=IconName::CloudCheck
            title="Ce dossier arrive"
            text="Cet appareil reçoit les dossiers l’un après l’autre. Celui-ci s’affichera ici dès que le relais l’aura \
                  envoyé : il faut du réseau. Une fois arrivé, il s’ouvrira aussi sans réseau."
            tall=true
        />
    }
}

/// The dossier is here, and may not be read: its time is over, or the relay was not heard for too long.
#[component]
fn Locked() -> impl IntoView {
    view! {
        <EmptyState
            icon=IconName::Key
            title="Ce dossier est verrouillé"
            text="Cet appareil n’a pas parlé au relais depuis trop longtemps, ou vos interventions chez cette personne \
                  sont terminées. Ce que vous avez écrit est gardé et partira avec le réseau : connectez-vous pour \
                  rouvrir le dossier s’il vous est encore confié."
            tall=true
        />
    }
}

/// The dossier has just left this device.
#[component]
fn Withdrawn() -> impl IntoView {
    view! {
        <EmptyState
            icon=IconName::Folder
            title="Ce dossier ne vous est plus confié"
            text="Il a quitté cet appareil. Ce que vous y aviez écrit est parti au relais avant. En cas de doute, \
                  appelez votre agence."
            tall=true
        />
    }
}

#[component]
fn Loader(id: DossierId, volet: ViewFn) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let locked = Memo::new(move |_| workspace.reach.is_locked(id));
    let withdrawn = Memo::new(move |_| {
        let gone = workspace.reach.gone.with(|(_, gone)| gone.contains(&id));
        gone && !workspace.summaries.with(|summaries| summaries.contains_key(&id))
    });
    let opened = RwSignal::new_local(None::<Result<OpenDossier, String>>);
    // The signals of the dossier belong to this page, not to the task that waits for the database.
    let open = ScopedFuture::new_untracked(OpenDossier::open(workspace, id));
    clock::spawn(async move {
        let result = open.await.map_err(|error| error.to_string());
        let _gone = opened.try_set(Some(result));
    });
    on_cleanup(move || {
        if let Some(replica) = workspace.replica() {
            replica.close_dossier(id);
        }
    });
    move || {
        if locked.get() {
            return view! { <Locked/> }.into_any();
        }
        if withdrawn.get() {
            return view! { <Withdrawn/> }.into_any();
        }
        match opened.get() {
        None => view! { <Skeleton lines=6 label="Ouverture du dossier…"/> }.into_any(),
        Some(Ok(dossier)) => view! { <Opened dossier=dossier volet=volet.clone()/> }.into_any(),
        Some(Err(error)) => view! {
            <EmptyState
                icon=IconName::Warning
                title="Ce dossier ne peut pas être lu maintenant"
                text=format!("Rien n’est perdu. Fermez les autres onglets de Liaison, puis rechargez la page. ({error})")
                tall=true
            />
        }
        .into_any(),
    }
    }
}

#[component]
fn Opened(dossier: OpenDossier, volet: ViewFn) -> impl IntoView {
    dossier.follow();
    provide_context(dossier);
    let workspace = expect_context::<Workspace>();
    note_readings(workspace, dossier);
    let office = workspace.reads(DocumentKind::Relation);
    let summary = Memo::new(move |_| dossier.view.with(|view| Summary::project(dossier.id, view, clock::now().date())));
    let phone = Signal::derive(move || {
        let number = summary.with(|summary| phone_display(&summary.telephone));
        (!number.is_empty()).then(|| PhoneLink {
            href: format!("tel:{}", number.replace(' ', "")),
            label: format!("Appeler {}", summary.with(Summary::name)),
            number,
        })
    });
    let lacks = Memo::new(move |_| {
        workspace.arriving.track();
        workspace.replica().is_some_and(|replica| replica.lacks(dossier.id))
    });
    let absent = move || changing(move || if lacks.get() { Arriving().into_any() } else { Unknown().into_any() });
    view! {
        <Show when=move || dossier.known.get() fallback=absent>
            <PageHeader
                title=Signal::derive(move || summary.with(Summary::name))
                subtitle=Signal::derive(move || summary.with(under_the_name))
                back_href="/dossiers"
                back_label="Dossiers"
                leading=move || view! {
                    {move || view! {
                        <Avatar initials=summary.with(Summary::initials) seed=dossier.id.to_string() large=true/>
                    }}
                }
                badges=move || view! { <Stage summary=summary/><ToChoose summary=summary/> }
                phone=phone
                actions=move || view! { <ButtonLink href=format!("/dossiers/{}/avis", dossier.id)>"Signaler"</ButtonLink> }
            >
                <Volets dossier=dossier office=office/>
            </PageHeader>
            {volet.run()}
        </Show>
    }
}

/// Which volet is shown goes into the access log, offline too.
fn note_readings(workspace: Workspace, dossier: OpenDossier) {
    let path = expect_context::<Place>().path;
    Effect::new(move || {
        if !dossier.known.get() {
            return;
        }
        let volet = path.with(|path| path.split('/').nth(3).unwrap_or_default().to_owned());
        let kind = match volet.as_str() {
            "transmissions" => DocumentKind::Journal { year: clock::now().year() },
            "demandes" => DocumentKind::Relation,
            "prestation" => DocumentKind::Prestation,
            "administratif" | "suivi" | "fiche" | "imprimer" if workspace.reads(DocumentKind::Administratif) => {
                DocumentKind::Administratif
            }
            _ => DocumentKind::Client,
        };
        workspace.has_read(dossier.id, kind.name());
    });
}
