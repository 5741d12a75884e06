//! What of the list is shown: by stage, sector, who answers for it, and whether something is missing.

use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::documents::schema::{Field, client};
use liaison_shared::dossier::{Etape, Summary};
use liaison_shared::order;
use liaison_shared::{DocumentKind, UserId};
use serde_json::json;

use crate::platform::{clock, http};
use crate::state::{Workspace, keep_as_file};
use crate::ui::sheet::{Act, Block, Form, changing, draw};
use crate::ui::{ButtonKind, SelectOption};

const ETAPE: &str = "filtre-etape";
const SECTEUR: &str = "filtre-secteur";
const GERE_PAR: &str = "filtre-responsable";
const MANQUE: &str = "filtre-manque";
const ALL: [&str; 4] = [ETAPE, SECTEUR, GERE_PAR, MANQUE];

/// The dossiers that are shown, in their order.
pub type Found = Memo<Vec<Arc<Summary>>>;

/// What was chosen. Copies are the same filters.
#[derive(Clone, Copy, Default)]
pub struct Filters(Form);

impl Filters {
    /// Which dossiers are shown. Tracks what is chosen.
    pub fn chosen(self) -> impl Fn(&Summary) -> bool {
        let [etape, secteur, gere_par, manque] = ALL.map(|key| self.0.value(key, ""));
        let responsible: Option<UserId> = gere_par.parse().ok();
        move |summary| {
            let missing = match manque.as_str() {
                "" => true,
                "choix" => summary.contested > 0,
                _ => summary.conformite < 100,
            };
            missing
                && (etape.is_empty() || summary.etape().name() == etape)
                && (secteur.is_empty() || summary.secteur == secteur)
                && (gere_par.is_empty() || summary.responsable == responsible)
        }
    }

    /// How many are set.
    fn count(self) -> usize {
        ALL.iter().filter(|key| !self.0.value(key, "").is_empty()).count()
    }
}

/// The filters, closed until they are looked for; for the office only.
pub fn filters(workspace: Workspace, chosen: Filters, found: Found) -> AnyView {
    if !workspace.reads(DocumentKind::Relation) {
        return ().into_any();
    }
    let title = move || match chosen.count() {
        0 => "Filtrer".to_owned(),
        count => format!("Filtrer ({count})"),
    };
    view! {
        <details class="filters">
            <summary class="filters__summary">{title}</summary>
            <div class="page">{changing(move || draw(chosen.0, blocks(workspace, chosen, found)))}</div>
        </details>
    }
    .into_any()
}

fn blocks(workspace: Workspace, chosen: Filters, found: Found) -> Vec<Block> {
    let any = |words: &str| SelectOption::new("", words);
    let mut stages = vec![any("Toutes")];
    stages.extend(Etape::ALL.map(|etape| SelectOption::new(etape.name(), etape.label())));
    // What can be chosen is looked up when the filters are drawn, not at every change of the list.
    let people =
        workspace.summaries.with_untracked(|all| order::set(all.values().filter_map(|summary| summary.responsable)));
    let mut sectors = vec![any("Tous")];
    sectors.extend(workspace.secteurs().into_iter().map(|name| SelectOption::new(name.clone(), name)));
    let mut responsible = vec![any("Tout le monde")];
    responsible.extend(people.into_iter().map(|user| SelectOption::new(user.to_string(), workspace.name_of(user))));
    let missing = vec![
        any("Peu importe"),
        SelectOption::new("liste", "Dossier non conforme"),
        SelectOption::new("choix", "Valeurs à choisir"),
    ];
    vec![
        Block::Select(ETAPE, "Étape", String::new(), stages),
        Block::Select(SECTEUR, "Secteur", String::new(), sectors),
        Block::Select(GERE_PAR, "Géré par", String::new(), responsible),
        Block::Select(MANQUE, "Ce qui manque", String::new(), missing),
        Block::Act(Act::new(ButtonKind::Quiet, "Tout montrer", move || chosen.0.clear())),
        Block::Act(Act::new(ButtonKind::Quiet, "Exporter cette liste (CSV)", move || {
            export(workspace, chosen.0, found);
        })),
        Block::Problem("La liste n’a pas été exportée"),
    ]
}

/// What a list that leaves says of each dossier.
const COLUMNS: [&Field; 11] = [
    &client::NUMERO,
    &client::CIVILITE,
    &client::NOM,
    &client::PRENOM,
    &client::NAISSANCE,
    &client::TELEPHONE,
    &client::TELEPHONE_2,
    &client::EMAIL,
    &client::ADRESSE,
    &client::CODE_POSTAL,
    &client::VILLE,
];

/// The list as it is shown, as a file for a spreadsheet. The relay makes it and notes that it has left.
fn export(workspace: Workspace, form: Form, found: Found) {
    let dossiers: Vec<String> = found.with_untracked(|found| found.iter().map(|it| it.dossier.to_string()).collect());
    let body = json!({ "dossiers": dossiers, "fields": COLUMNS.map(|field| field.key) }).to_string();
    form.problem.set(String::new());
    form.begin();
    clock::spawn(async move {
        let token = workspace.session.with_value(|session| session.token.clone());
        let answer = http::send("POST", "/api/export/list", Some(&token), Some(body)).await;
        if !form.end() {
            return;
        }
        if let Err(sentence) = keep_as_file(answer.map(String::into_bytes), "dossiers.csv", "text/csv") {
            form.problem.set(sentence);
        }
    });
}
