//! The clocks of this device beside that of the relay.

use std::sync::Arc;

use chrono::Days;
use leptos::prelude::*;
use liaison_shared::documents::RecordEdit;
use liaison_shared::documents::schema::journal::{POINTAGE_DERIVE, POINTAGES};
use liaison_shared::dossier::Summary;
use liaison_shared::planning::Pointage;
use liaison_shared::{DocumentId, DossierId, EntryId};

use crate::platform::clock;
use crate::state::Workspace;

/// What the clocks say at this moment, for a clock-in that is filled in by the caller.
pub struct Clocks {
    /// The page's session, and the milliseconds since it began.
    pub monotone: (String, u64),
    /// What the device's clock lacks to show the relay's time; `None` while the relay was not heard.
    pub derive: Option<i64>,
}

/// Reads them.
pub fn clocks(workspace: Workspace) -> Clocks {
    let page = clock::page_session().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since a page was opened")]
    let at = clock::monotonic() as u64;
    Clocks { monotone: (page, at), derive: drift(workspace) }
}

fn drift(workspace: Workspace) -> Option<i64> {
    workspace.status.with_untracked(|status| status.as_ref()?.drift.map(|drift| drift.0))
}

/// Whoever clocked in without having heard the relay says how far their clock was, as soon as it is heard.
pub fn compare_clocks(workspace: Workspace) {
    let me = workspace.session.with_value(|session| session.user);
    let heard = Memo::new(move |_| workspace.status.with(|status| status.as_ref()?.drift.map(|drift| drift.0)));
    Effect::new(move || {
        let Some(drift) = heard.get() else { return };
        let since = clock::now().date() - Days::new(1);
        let mine = |it: &&Pointage| it.de == Some(me) && it.derive.is_none() && it.heure.date() >= since;
        let open: Vec<(DossierId, EntryId, u16)> = workspace.summaries.with_untracked(|summaries| {
            let of = |summary: &Arc<Summary>| {
                let found = summary.agenda.pointages.iter().filter(mine);
                found.map(|it| (summary.dossier, it.id, it.heure.year())).collect::<Vec<_>>()
            };
            summaries.values().flat_map(of).collect()
        });
        if !open.is_empty() {
            clock::spawn(async move { say(workspace, &open, drift).await });
        }
    });
}

async fn say(workspace: Workspace, open: &[(DossierId, EntryId, u16)], drift: i64) {
    for (dossier, id, year) in open {
        let edit = RecordEdit::new(&POINTAGES, *id, &[(&POINTAGE_DERIVE, &drift.to_string())]);
        // What cannot be written now is compared the next time.
        let _said = workspace.edit_records(DocumentId::journal(*dossier, *year), &[edit]).await.is_ok();
    }
}
