//! The agency's own documents: what its papers say of it, its models, and the files of its intervenants. Read and
//! written on the device, with or without network.

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use liaison_shared::documents::schema::{agence, personnel};
use liaison_shared::{DocumentId, DocumentKind, UserId};

use crate::features::dossier::{Records, Shown, card, checklist, history_dialog, page_of, sections};
use crate::platform::clock;
use crate::state::{OpenDossier, Place, Workspace};
use crate::ui::sheet::{Block, Form, changing, draw};
use crate::ui::{EmptyState, IconName, RowLink, RowList, Skeleton};

/// Opens documents for a page, then draws it.
pub fn with_open(documents: Vec<DocumentId>, page: impl Fn() -> AnyView + Copy + Send + 'static) -> AnyView {
    let workspace = expect_context::<Workspace>();
    let opened = RwSignal::new_local(None::<Option<OpenDossier>>);
    let open = ScopedFuture::new_untracked(OpenDossier::open_documents(workspace, documents));
    clock::spawn(async move {
        let result = open.await.ok();
        let _gone = opened.try_set(Some(result));
    });
    (move || match opened.get() {
        None => view! { <Skeleton lines=6 label="Ouverture…"/> }.into_any(),
        Some(Some(file)) => {
            file.follow();
            provide_context(file);
            page()
        }
        Some(None) => view! {
            <EmptyState icon=IconName::Warning title="Cela ne peut pas être lu maintenant"
                text="Rien n’est perdu. Fermez les autres onglets de Liaison, puis rechargez la page." tall=true/>
        }
        .into_any(),
    })
    .into_any()
}

/// What the agency's papers say of it, its models of papers and of tasks.
pub fn agency_page(inside: Memo<String>) -> AnyView {
    with_open(vec![DocumentId::Agence], move || {
        let records = Records::here("/reglages/etablissement".to_owned());
        let record = Memo::new(move |_| inside.with(|inside| inside.strip_prefix("fiche/").map(str::to_owned)));
        changing(move || match record.get() {
            Some(id) => page_of(records, &id),
            None => file(records, DocumentKind::Agence, |records| {
                let why = "Les tâches d’un nouveau client viennent de modèles : écrivez ici les vôtres.";
                card(records, &agence::TACHES_MODELES, IconName::Check, why)
            }),
        })
    })
}

/// The files of the intervenants: the list, or one of them at `<user>`, or one of its records at `<user>/fiche/<id>`.
pub fn personnel_page(inside: Memo<String>) -> AnyView {
    let user =
        Memo::new(move |_| inside.with(|inside| inside.split('/').next().and_then(|it| it.parse::<UserId>().ok())));
    changing(move || match user.get() {
        None => people(),
        Some(user) => with_open(vec![DocumentId::Personnel(user)], move || {
            let records = Records::here(format!("/reglages/personnel/{user}"));
            let record =
                Memo::new(move |_| inside.with(|inside| inside.split_once("/fiche/").map(|(_, id)| id.to_owned())));
            changing(move || match record.get() {
                Some(id) => page_of(records, &id),
                None => file(records, DocumentKind::Personnel, personnel_blocks),
            })
        }),
    })
}

fn personnel_blocks(records: Records) -> Vec<Block> {
    let mut blocks =
        card(records, &personnel::CONTRATS, IconName::File, "Employeur, type, dates, essai, rémunération.");
    blocks.extend(checklist(records, DocumentKind::Personnel));
    blocks
}

fn people() -> AnyView {
    let workspace = expect_context::<Workspace>();
    let path = expect_context::<Place>().path;
    let row = move |person: liaison_shared::documents::annuaire::Personne| {
        let href = format!("/reglages/personnel/{}", person.user);
        let here = href.clone();
        let current = Signal::derive(move || path.with(|path| path.starts_with(&here)));
        view! { <RowLink href=href title=person.nom subtitle=person.fonction current=current/> }.into_any()
    };
    changing(move || {
        let rows: Vec<AnyView> = workspace.intervenants().into_iter().map(row).collect();
        if rows.is_empty() {
            return view! {
                <EmptyState icon=IconName::Team title="Aucun intervenant"
                    text="Les personnes invitées comme intervenants ont leur dossier ici."/>
            }
            .into_any();
        }
        view! { <RowList label="Intervenants">{rows}</RowList> }.into_any()
    })
}

/// The sections of a document, then its cards.
fn file(records: Records, kind: DocumentKind, cards: fn(Records) -> Vec<Block>) -> AnyView {
    let shown: Shown = RwSignal::new(None);
    let form = Form::default();
    view! {
        <div class="stack stack--loose">
            {sections(kind, shown)}
            {changing(move || draw(form, cards(records)))}
        </div>
        {history_dialog(shown)}
    }
    .into_any()
}
