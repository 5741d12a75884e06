//! The way to the settings: in the first download, while the settings themselves come after it.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::access::{Access, Power};

use crate::state::Workspace;
use crate::ui::{IconName, NavItem, NavPlace};

/// The powers that lead to a part of the settings.
pub(super) const POWERS: [Power; 6] =
    [Power::SeePeople, Power::SeeDevices, Power::Review, Power::ReadAccessLog, Power::ChangeSettings, Power::Import];

/// The documents that lead to a part of the settings, and what one must be able to do with them.
pub(super) const DOCUMENTS: [(DocumentKind, Access); 4] = [
    (DocumentKind::Qualite { year: 0 }, Access::Read),
    (DocumentKind::Administratif, Access::Write),
    (DocumentKind::Agence, Access::Write),
    (DocumentKind::Personnel, Access::Read),
];

/// Whether the person may do that with documents of a kind.
pub(super) fn may_with(workspace: Workspace, (kind, least): (DocumentKind, Access)) -> bool {
    if least == Access::Write { workspace.writes(kind) } else { workspace.reads(kind) }
}

/// Whether the person decides anything: then there are settings to lead to.
pub(super) fn decides(workspace: Workspace) -> bool {
    POWERS.into_iter().any(|power| workspace.may(power)) || DOCUMENTS.into_iter().any(|it| may_with(workspace, it))
}

/// The entry of the main navigation: nothing for those who decide nothing.
#[must_use]
pub fn nav_item(workspace: Workspace, path: Memo<String>) -> Option<NavItem> {
    decides(workspace).then(|| NavItem {
        href: "/reglages".to_owned(),
        label: "Réglages".to_owned(),
        icon: IconName::Settings,
        active: Signal::derive(move || path.with(|path| path.starts_with("/reglages"))),
        count: Signal::stored(0),
        place: NavPlace::Everywhere,
    })
}
