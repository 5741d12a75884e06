//! The table of the settings: each part, who sees it, and the pure functions that it is made of.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::access::{Access, Power};

use super::nav::may_with;
use super::{Desk, Dialog, agency};
use crate::features::{access_log, agency_documents, devices, import, people, quality, reviews};
use crate::state::Workspace;
use crate::ui::IconName;
use crate::ui::sheet::Block;

/// One part of the settings.
pub(super) struct Part {
    pub(super) slug: &'static str,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) icon: IconName,
    /// Who sees it; one's own devices need no power.
    pub(super) power: Option<Power>,
    /// Which documents it is made of, and what one must be able to do with them to see it.
    pub(super) documents: Option<(DocumentKind, Access)>,
    /// What it asks of the relay.
    pub(super) open: fn(Desk),
    pub(super) page: fn(Desk) -> Vec<Block>,
    pub(super) dialog: fn(Desk) -> Option<Dialog>,
    /// A page of documents that are on the device, instead of what the relay answers: given what is open in it.
    pub(super) body: Option<fn(Memo<String>) -> AnyView>,
    /// The button at the head of the page: its words, what it opens, who may.
    pub(super) first: Option<(&'static str, &'static str, Option<Power>)>,
}

impl Part {
    pub(super) fn is_for(&self, workspace: Workspace) -> bool {
        let may = |documents| may_with(workspace, documents);
        self.power.is_none_or(|power| workspace.may(power)) && self.documents.is_none_or(may)
    }

    /// Whether everybody has it.
    pub(super) fn is_everybody_s(&self) -> bool {
        self.power.is_none() && self.documents.is_none()
    }
}

const NO_DIALOG: fn(Desk) -> Option<Dialog> = |_| None;

/// The sitemap of the settings, and who sees what of it.
pub(super) static PARTS: [Part; 11] = [
    Part {
        slug: "personnes",
        title: "Personnes",
        text: "Comptes, rôles, invitations",
        icon: IconName::Team,
        power: Some(Power::SeePeople),
        documents: None,
        open: people::open,
        page: people::page,
        dialog: people::dialog,
        body: None,
        first: Some(("Inviter quelqu’un", "inviter", Some(Power::ManagePeople))),
    },
    Part {
        slug: "appareils",
        title: "Appareils",
        text: "Téléphones et ordinateurs",
        icon: IconName::Device,
        power: Some(Power::SeeDevices),
        documents: None,
        open: devices::open_all,
        page: devices::page,
        dialog: devices::dialog,
        body: None,
        first: None,
    },
    Part {
        slug: "relire",
        title: "Relire",
        text: "Ce qui est arrivé trop tard",
        icon: IconName::Inbox,
        power: Some(Power::Review),
        documents: None,
        open: reviews::open,
        page: reviews::page,
        dialog: NO_DIALOG,
        body: None,
        first: None,
    },
    Part {
        slug: "journal",
        title: "Journal d’accès",
        text: "Qui a ouvert quoi, et quand",
        icon: IconName::History,
        power: Some(Power::ReadAccessLog),
        documents: None,
        open: access_log::open,
        page: access_log::page,
        dialog: NO_DIALOG,
        body: None,
        first: None,
    },
    Part {
        slug: "agence",
        title: "Réglages de l’agence",
        text: "Durées et délais",
        icon: IconName::Settings,
        power: Some(Power::ChangeSettings),
        documents: None,
        open: agency::open,
        page: agency::page,
        dialog: NO_DIALOG,
        body: None,
        first: None,
    },
    Part {
        slug: "audit",
        title: "Audit des dossiers",
        text: "Un dossier sur dix, relu chaque année",
        icon: IconName::Quality,
        power: None,
        documents: Some((DocumentKind::Qualite { year: 0 }, Access::Read)),
        open: |_| (),
        page: |_| Vec::new(),
        dialog: NO_DIALOG,
        body: Some(quality::audit_page),
        first: None,
    },
    Part {
        slug: "doublons",
        title: "Doublons",
        text: "Deux dossiers pour une personne",
        icon: IconName::Team,
        power: None,
        documents: Some((DocumentKind::Administratif, Access::Write)),
        open: |_| (),
        page: |_| Vec::new(),
        dialog: NO_DIALOG,
        body: Some(quality::doublons_page),
        first: None,
    },
    Part {
        slug: "importer",
        title: "Importer des clients",
        text: "Un fichier CSV ou Excel",
        icon: IconName::Inbox,
        power: Some(Power::Import),
        documents: None,
        open: |_| (),
        page: |_| Vec::new(),
        dialog: NO_DIALOG,
        body: Some(import::import_page),
        first: None,
    },
    Part {
        slug: "etablissement",
        title: "L’agence sur ses papiers",
        text: "Adresse, numéros, modèles",
        icon: IconName::Home,
        power: None,
        documents: Some((DocumentKind::Agence, Access::Write)),
        open: |_| (),
        page: |_| Vec::new(),
        dialog: NO_DIALOG,
        body: Some(agency_documents::agency_page),
        first: None,
    },
    Part {
        slug: "personnel",
        title: "Dossiers du personnel",
        text: "Identité, contrat, conformité",
        icon: IconName::Person,
        power: None,
        documents: Some((DocumentKind::Personnel, Access::Read)),
        open: |_| (),
        page: |_| Vec::new(),
        dialog: NO_DIALOG,
        body: Some(agency_documents::personnel_page),
        first: None,
    },
    Part {
        slug: "mes-appareils",
        title: "Vos appareils",
        text: "Ceux de votre compte",
        icon: IconName::Device,
        power: None,
        documents: None,
        open: devices::open_own,
        page: devices::page,
        dialog: devices::own_dialog,
        body: None,
        first: Some(("Relier un autre appareil", "relier", None)),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_open_a_part_finds_the_way_to_it() {
        let powers: Vec<Power> = PARTS.iter().filter_map(|part| part.power).collect();
        assert_eq!(powers, super::super::nav::POWERS);
        let documents: Vec<(DocumentKind, Access)> = PARTS.iter().filter_map(|part| part.documents).collect();
        assert_eq!(documents, super::super::nav::DOCUMENTS);
    }
}
