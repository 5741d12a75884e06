//! The list of what follows from each change of situation. A start, from seed 001: the agency accepts, changes or refuses.

use chrono::{Days, NaiveDate};

use super::{Avis, Effet, Proposition, Tache};
use crate::documents::schema::administratif as adm;
use crate::documents::schema::client::{CONTACT_NOM, CONTACT_TELEPHONE, CONTACTS, PREVENIR_NOM, PREVENIR_TELEPHONE};
use crate::documents::schema::journal as jou;
use crate::documents::schema::prestation::{MANDATAIRE, MODE, RECURRENCES};
use crate::documents::schema::relation::{GESTION, SERVICE_CLIENT};
use crate::dossier::{Dossier, Etape};
use crate::ids::UserId;
use crate::planning::{Etat, Planifiee};
use crate::time::{Timestamp, french_day};

/// How far ahead visits are cancelled while nobody knows for how long, in days.
const UNKNOWN_END: u64 = 28;
/// From so many days on, the funder of an aid is told of an absence.
const FUNDER: i64 = 7;

const PLANNING: &str = "Planning";
const CONTRAT: &str = "Contrat";
const FACTURATION: &str = "Facturation";
const INTERVENANTS: &str = "Intervenants";
const FAMILLE: &str = "Client et famille";
const FINANCEUR: &str = "Financeur";

/// Everything that a notice asks for. `planned` are the visits of the dossier around its days; `names` gives people their
/// names.
#[must_use]
pub fn propositions(
    avis: &Avis,
    dossier: &Dossier,
    planned: &[Planifiee],
    names: &dyn Fn(UserId) -> String,
    today: NaiveDate,
) -> Vec<Proposition> {
    let from = Draw { avis, dossier, planned, names, today };
    match avis.nature.as_str() {
        jou::ABSENCE | jou::VACANCES => from.away(),
        jou::HOSPITALISATION => from.hospital(),
        jou::DECES => from.death(),
        jou::DEMENAGEMENT => from.move_away(),
        jou::ATTENTES => from.other_needs(),
        jou::SCOLARITE => from.school(),
        _ => vec![from.task("avis.examiner", PLANNING, "Examiner la demande", "Suivi client", SERVICE_CLIENT, 1)],
    }
}

/// What the list is drawn from.
struct Draw<'a> {
    avis: &'a Avis,
    dossier: &'a Dossier,
    planned: &'a [Planifiee],
    names: &'a dyn Fn(UserId) -> String,
    today: NaiveDate,
}

impl Draw<'_> {
    fn away(&self) -> Vec<Proposition> {
        let mut list = Vec::new();
        list.extend(self.cancel());
        list.extend(self.tell_intervenants());
        list.push(self.task(
            "facturation.ajuster",
            FACTURATION,
            "Ne pas facturer les visites annulées",
            "Facturation et paie",
            GESTION,
            7,
        ));
        list.extend(self.tell_funder());
        list
    }

    fn hospital(&self) -> Vec<Proposition> {
        let mut list = Vec::new();
        list.extend(self.cancel());
        list.push(self.stage("etape.suspendre", Etape::Suspendu, "Suspendre la prestation"));
        list.extend(self.tell_intervenants());
        list.extend(self.tell_family("Prendre des nouvelles et demander la date de sortie", 2));
        list.push(self.task(
            "facturation.ajuster",
            FACTURATION,
            "Ne pas facturer les visites annulées",
            "Facturation et paie",
            GESTION,
            7,
        ));
        list.extend(self.tell_funder());
        list.push(self.task(
            "retour.preparer",
            CONTRAT,
            "Préparer le retour : réévaluer les besoins, aide au retour (ARDH)",
            "Suivi client",
            SERVICE_CLIENT,
            7,
        ));
        list
    }

    fn death(&self) -> Vec<Proposition> {
        let mut list = Vec::new();
        list.extend(self.cancel());
        list.extend(self.stop());
        list.push(self.stage("etape.terminer", Etape::Termine, "Terminer le dossier"));
        list.extend(self.end_contracts());
        list.extend(self.tell_intervenants());
        list.extend(self.tell_family("Présenter nos condoléances et dire qui suit les démarches", 1));
        list.push(self.task(
            "facturation.solder",
            FACTURATION,
            "Solder la facturation, arrêter le prélèvement",
            "Facturation et paie",
            GESTION,
            15,
        ));
        list.push(self.task(
            "fiscal.attestation",
            FACTURATION,
            "Attestation fiscale pour la succession",
            "Fiscal",
            GESTION,
            30,
        ));
        list.extend(self.tell_funder());
        if self.dossier.fields.value(&MODE) == MANDATAIRE {
            list.push(self.task(
                "emploi.fin",
                CONTRAT,
                "Fin des contrats de travail : informer salariés et héritiers",
                "Contrat",
                GESTION,
                3,
            ));
        }
        list
    }

    fn move_away(&self) -> Vec<Proposition> {
        let mut list = Vec::new();
        list.extend(self.cancel());
        list.push(self.task(
            "adresse.changer",
            FAMILLE,
            "Noter la nouvelle adresse, les codes et les clés",
            "Suivi client",
            SERVICE_CLIENT,
            2,
        ));
        list.push(self.task(
            "secteur.verifier",
            PLANNING,
            "Vérifier le secteur et les trajets, remplacer l’étiquette",
            "Planning",
            SERVICE_CLIENT,
            3,
        ));
        list.push(self.task(
            "avenant.preparer",
            CONTRAT,
            "Préparer un avenant ou la fin du contrat",
            "Contrat",
            GESTION,
            7,
        ));
        list.extend(self.tell_intervenants());
        list.extend(self.tell_funder());
        list
    }

    fn other_needs(&self) -> Vec<Proposition> {
        vec![
            self.task(
                "besoins.reevaluer",
                FAMILLE,
                "Réévaluer les besoins avec le client",
                "Suivi client",
                SERVICE_CLIENT,
                5,
            ),
            self.task("devis.refaire", CONTRAT, "Faire un nouveau devis et un avenant", "Contrat", GESTION, 10),
            self.task("planning.adapter", PLANNING, "Adapter le planning", "Planning", SERVICE_CLIENT, 10),
        ]
    }

    fn school(&self) -> Vec<Proposition> {
        let mut list = vec![
            self.task("planning.adapter", PLANNING, "Adapter les horaires de garde", "Planning", SERVICE_CLIENT, 5),
            self.task("avenant.preparer", CONTRAT, "Préparer un avenant", "Contrat", GESTION, 10),
            self.task("aide.caf", FINANCEUR, "Vérifier le complément de mode de garde (CAF)", "Aides", GESTION, 10),
        ];
        list.extend(self.tell_intervenants());
        list
    }

    /// The visits between its days, or of the next weeks while nobody knows its end.
    fn concerned(&self) -> Vec<Planifiee> {
        let until = match self.avis.au {
            Some(au) => au,
            None if self.avis.is_final() => NaiveDate::MAX,
            None => self.avis.du.max(self.today) + Days::new(UNKNOWN_END),
        };
        let span = self.avis.du..=until;
        self.planned.iter().filter(|it| it.etat != Etat::Annulee && span.contains(&it.jour)).cloned().collect()
    }

    fn cancel(&self) -> Option<Proposition> {
        let visits = self.concerned();
        let (first, last) = (visits.first()?, visits.last()?);
        let now = Timestamp::midnight(self.today);
        let days = match visits.len() {
            1 => format!("Annuler la visite du {}", french_day(first.jour, now)),
            n => format!("Annuler {n} visites, du {} au {}", french_day(first.jour, now), french_day(last.jour, now)),
        };
        let open = self.avis.au.is_none() && !self.avis.is_final();
        let texte = if open { format!("{days} (le retour n’est pas connu)") } else { days };
        Some(Proposition { regle: "planning.annuler", groupe: PLANNING, texte, effet: Effet::Annuler(visits) })
    }

    fn stop(&self) -> Option<Proposition> {
        let regles: Vec<_> = self.dossier.records.of(&RECURRENCES).map(|record| record.id).collect();
        let last = self.avis.du.pred_opt().unwrap_or(self.avis.du);
        (!regles.is_empty()).then(|| Proposition {
            regle: "planning.arreter",
            groupe: PLANNING,
            texte: "Arrêter les visites régulières".to_owned(),
            effet: Effet::Arreter(regles, last),
        })
    }

    fn stage(&self, regle: &'static str, etape: Etape, texte: &str) -> Proposition {
        let effet = Effet::Etape(etape.name(), self.avis.du);
        Proposition { regle, groupe: CONTRAT, texte: texte.to_owned(), effet }
    }

    /// The contracts that have no end, or a later one.
    fn end_contracts(&self) -> Option<Proposition> {
        let day = self.avis.du.to_string();
        let binds = [adm::CONTRAT, adm::MANDAT, adm::CONTRAT_TRAVAIL];
        let open = self.dossier.records.of(&adm::PIECES).filter(|piece| {
            let end = piece.value(&adm::PIECE_FIN);
            binds.contains(&piece.value(&adm::PIECE_TYPE)) && (end.is_empty() || end > day.as_str())
        });
        let pieces: Vec<_> = open.map(|piece| piece.id).collect();
        let n = pieces.len();
        (n > 0).then(|| Proposition {
            regle: "contrat.terminer",
            groupe: CONTRAT,
            texte: if n == 1 { "Mettre fin au contrat".to_owned() } else { format!("Mettre fin à {n} contrats") },
            effet: Effet::Terminer(pieces, self.avis.du),
        })
    }

    fn tell_intervenants(&self) -> Option<Proposition> {
        let mut people: Vec<UserId> = self.concerned().iter().filter_map(|it| it.intervenant).collect();
        people.sort_unstable();
        people.dedup();
        let people: Vec<String> = people.into_iter().map(self.names).collect();
        if people.is_empty() {
            return None;
        }
        let titre = format!("Prévenir {}", people.join(", "));
        Some(self.task_about(
            "intervenants.prevenir",
            INTERVENANTS,
            titre,
            "Planning",
            SERVICE_CLIENT,
            0,
            String::new(),
        ))
    }

    fn tell_family(&self, what: &str, days: u64) -> Option<Proposition> {
        let value = |field| self.dossier.fields.value(field).trim();
        let urgent = [value(&PREVENIR_NOM), value(&PREVENIR_TELEPHONE)].join(" ");
        let contacts = self.dossier.records.of(&CONTACTS).map(|contact| {
            format!("{} {}", contact.value(&CONTACT_NOM), CONTACT_TELEPHONE.display(contact.value(&CONTACT_TELEPHONE)))
        });
        let known: Vec<String> =
            [urgent].into_iter().chain(contacts).map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        let whom = known.join("\n");
        Some(self.task_about("famille.prevenir", FAMILLE, what.to_owned(), "Suivi client", SERVICE_CLIENT, days, whom))
    }

    /// Whoever pays for a part is told when the change lasts.
    fn tell_funder(&self) -> Option<Proposition> {
        let lasts = self.avis.au.is_none_or(|au| (au - self.avis.du).num_days() >= FUNDER);
        let names = self.dossier.records.of(&adm::AIDES).map(crate::documents::Record::title);
        let aids: Vec<String> = names.collect();
        if aids.is_empty() || !lasts {
            return None;
        }
        let titre = format!("Informer {}", aids.join(", "));
        Some(self.task_about("financeur.informer", FINANCEUR, titre, "Aides", GESTION, 3, String::new()))
    }

    fn task(
        &self,
        regle: &'static str,
        groupe: &'static str,
        titre: &str,
        categorie: &'static str,
        service: &'static str,
        days: u64,
    ) -> Proposition {
        self.task_about(regle, groupe, titre.to_owned(), categorie, service, days, String::new())
    }

    #[expect(clippy::too_many_arguments, reason = "one line of a table")]
    fn task_about(
        &self,
        regle: &'static str,
        groupe: &'static str,
        titre: String,
        categorie: &'static str,
        service: &'static str,
        days: u64,
        description: String,
    ) -> Proposition {
        let echeance = self.today + Days::new(days);
        let tache = Tache { titre: titre.clone(), categorie, service, echeance, description };
        Proposition { regle, groupe, texte: titre, effet: Effet::Tache(tache) }
    }
}
