//! `/api/import`: a file of clients becomes dossiers.
//!
//! A file is only ever in memory: it comes with each request, looked at or written. In JSON, as base64, beside what is
//! wanted of it: one kind of body, which every client can make, for a third more bytes.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use liaison_shared::{DossierId, EntryId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::checks;
use super::gate::Caller;
use super::json::JsonBody;
use crate::audit::Action;
use crate::clock;
use crate::error::{ApiError, unread};
use crate::import::{Anomaly, Created, Duplicate, Examined, ImportRefusal, Mapping, Order, Row, Twin, guess, target};
use crate::router::App;

/// How many rows are shown before anything is decided.
const SAMPLE: usize = 5;

#[derive(Debug, Serialize, Deserialize)]
pub struct Mapped {
    column: usize,
    /// Empty for a column that goes nowhere.
    field: String,
}

#[derive(Debug, Serialize)]
pub struct ReadResponse {
    columns: Vec<String>,
    rows: usize,
    sample: Vec<Vec<String>>,
    mapping: Vec<Mapped>,
}

/// What a file holds, and where its columns seem to go.
///
/// # Errors
/// See [`ApiError`]: no file that can be read.
pub async fn read_import(
    State(app): State<App>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<ReadResponse>, ApiError> {
    let table = app.import.read(body.map_err(|rejection| unread(&rejection))?.to_vec()).await?;
    let guessed = guess(&table.columns);
    let field = |column| guessed.iter().find(|(of, _)| *of == column).map_or("", |(_, field)| field.key);
    let mapping = (0..table.columns.len()).map(|column| Mapped { column, field: field(column).to_owned() }).collect();
    let rows = table.rows.len();
    let sample = table.rows.into_iter().take(SAMPLE).map(|Row { cells, .. }| cells).collect();
    Ok(Json(ReadResponse { columns: table.columns, rows, sample, mapping }))
}

#[derive(Debug, Deserialize)]
pub struct ImportRequest {
    mapping: Vec<Mapped>,
    file: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    skip: Vec<usize>,
}

impl ImportRequest {
    async fn order(self, app: &App) -> Result<Order, ApiError> {
        let field = |Mapped { column, field }: &Mapped| match field.as_str() {
            "" => None,
            key => Some(target(key).map(|field| (*column, field)).ok_or(ImportRefusal::WrongMapping)),
        };
        let mapping: Mapping = self.mapping.iter().filter_map(field).collect::<Result<_, _>>()?;
        let name = checks::short(&self.name)?;
        let file = STANDARD.decode(self.file).map_err(|_| ApiError::InvalidRequest)?;
        let accounts = app.login.accounts.everybody().await?;
        let people = accounts.into_iter().map(|account| (account.name, account.user)).collect();
        Ok(Order { file, name, mapping, skip: self.skip, people })
    }
}

#[derive(Debug, Serialize)]
pub struct AnomalyResponse {
    row: usize,
    column: Option<usize>,
    field: &'static str,
    rule: &'static str,
    what: String,
    blocking: bool,
}

impl From<Anomaly> for AnomalyResponse {
    fn from(anomaly: Anomaly) -> Self {
        let Anomaly { row, column, field, rule, what, blocking } = anomaly;
        Self { row, column, field: field.map_or("", |field| field.key), rule, what, blocking }
    }
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Of {
    Row { row: usize },
    Dossier { dossier: DossierId, name: String },
}

#[derive(Debug, Serialize)]
pub struct DuplicateResponse {
    row: usize,
    of: Of,
    certainty: &'static str,
    what: String,
}

impl From<Duplicate> for DuplicateResponse {
    fn from(duplicate: Duplicate) -> Self {
        let of = match duplicate.of {
            Twin::Row(row) => Of::Row { row },
            Twin::Dossier(dossier, name) => Of::Dossier { dossier, name },
        };
        let (certainty, what) = (duplicate.likeness.certainty.name(), duplicate.likeness.sentence());
        Self { row: duplicate.row, of, certainty, what }
    }
}

#[derive(Debug, Serialize)]
pub struct CheckResponse {
    rows: usize,
    ready: usize,
    anomalies: Vec<AnomalyResponse>,
    duplicates: Vec<DuplicateResponse>,
}

/// What would become of a file. Writes nothing.
///
/// # Errors
/// See [`ApiError`]: no file that can be read, a mapping that does not fit, no store.
pub async fn check_import(
    State(app): State<App>,
    JsonBody(request): JsonBody<ImportRequest>,
) -> Result<Json<CheckResponse>, ApiError> {
    let order = request.order(&app).await?;
    let (examined, duplicates) = app.import.check(order, clock::now()).await?;
    let ready = examined.ready();
    let Examined { rows, entries } = examined;
    let anomalies = entries.into_iter().flat_map(|entry| entry.anomalies).map(AnomalyResponse::from).collect();
    let duplicates = duplicates.into_iter().map(DuplicateResponse::from).collect();
    Ok(Json(CheckResponse { rows, ready, anomalies, duplicates }))
}

#[derive(Debug, Deserialize)]
pub struct CommitRequest {
    /// Of this import and no other: drawn by whoever asks, the same when they ask again.
    import: EntryId,
    #[serde(flatten)]
    order: ImportRequest,
}

#[derive(Debug, Serialize)]
pub struct CreatedResponse {
    row: usize,
    dossier: DossierId,
    name: String,
}

#[derive(Debug, Serialize)]
pub struct CommitResponse {
    created: Vec<CreatedResponse>,
}

/// Makes a dossier of each row that is not left out: all of them, or none.
///
/// # Errors
/// See [`ApiError`]: as [`check_import`], rows with errors, an import that was done before.
pub async fn commit_import(
    State(app): State<App>,
    caller: Caller,
    JsonBody(CommitRequest { import, order }): JsonBody<CommitRequest>,
) -> Result<Json<CommitResponse>, ApiError> {
    let order = order.order(&app).await?;
    let digest = hex::encode(Sha256::digest(&order.file));
    let created = app.import.commit(order, import, caller.session.identity, clock::now()).await?;
    let words = format!("{} dossiers, import {import}, file {digest}", created.len());
    app.audit.record(caller.entry(Action::Imported).because(words)).await;
    let response = |Created { row, dossier, name }: Created| CreatedResponse { row, dossier, name };
    Ok(Json(CommitResponse { created: created.into_iter().map(response).collect() }))
}
