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

/// Something that somebody has to do; its title is empty where it names people.
struct Travail {
    regle: &'static str,
    groupe: &'static str,
    titre: &'static str,
    categorie: &'static str,
    service: &'static str,
    /// Days from today.
    jours: u64,
}

const fn travail(
    regle: &'static str,
    groupe: &'static str,
    titre: &'static str,
    categorie: &'static str,
    service: &'static str,
    jours: u64,
) -> Travail {
    Travail { regle, groupe, titre, categorie, service, jours }
}

static EXAMINER: Travail = travail("avis.examiner", PLANNING, "Examiner la demande", "Suivi client", SERVICE_CLIENT, 1);
static AJUSTER: Travail = travail(
    "facturation.ajuster",
    FACTURATION,
    "Ne pas facturer les visites annulées",
    "Facturation et paie",
    GESTION,
    7,
);
static RETOUR: Travail = travail(
    "retour.preparer",
    CONTRAT,
    "Préparer le retour : réévaluer les besoins, aide au retour (ARDH)",
    "Suivi client",
    SERVICE_CLIENT,
    7,
);
static SOLDER: Travail = travail(
    "facturation.solder",
    FACTURATION,
    "Solder la facturation, arrêter le prélèvement",
    "Facturation et paie",
    GESTION,
    15,
);
static ATTESTATION: Travail =
    travail("fiscal.attestation", FACTURATION, "Attestation fiscale pour la succession", "Fiscal", GESTION, 30);
static FIN_EMPLOI: Travail = travail(
    "emploi.fin",
    CONTRAT,
    "Fin des contrats de travail : informer salariés et héritiers",
    "Contrat",
    GESTION,
    3,
);
static ADRESSE: Travail = travail(
    "adresse.changer",
    FAMILLE,
    "Noter la nouvelle adresse, les codes et les clés",
    "Suivi client",
    SERVICE_CLIENT,
    2,
);
static SECTEUR: Travail = travail(
    "secteur.verifier",
    PLANNING,
    "Vérifier le secteur et les trajets, remplacer l’étiquette",
    "Planning",
    SERVICE_CLIENT,
    3,
);
static AVENANT_OU_FIN: Travail =
    travail("avenant.preparer", CONTRAT, "Préparer un avenant ou la fin du contrat", "Contrat", GESTION, 7);
static BESOINS: Travail =
    travail("besoins.reevaluer", FAMILLE, "Réévaluer les besoins avec le client", "Suivi client", SERVICE_CLIENT, 5);
static DEVIS: Travail =
    travail("devis.refaire", CONTRAT, "Faire un nouveau devis et un avenant", "Contrat", GESTION, 10);
static ADAPTER: Travail = travail("planning.adapter", PLANNING, "Adapter le planning", "Planning", SERVICE_CLIENT, 10);
static HORAIRES: Travail =
    travail("planning.adapter", PLANNING, "Adapter les horaires de garde", "Planning", SERVICE_CLIENT, 5);
static AVENANT: Travail = travail("avenant.preparer", CONTRAT, "Préparer un avenant", "Contrat", GESTION, 10);
static CAF: Travail =
    travail("aide.caf", FINANCEUR, "Vérifier le complément de mode de garde (CAF)", "Aides", GESTION, 10);
static NOUVELLES: Travail = travail(
    "famille.prevenir",
    FAMILLE,
    "Prendre des nouvelles et demander la date de sortie",
    "Suivi client",
    SERVICE_CLIENT,
    2,
);
static CONDOLEANCES: Travail = travail(
    "famille.prevenir",
    FAMILLE,
    "Présenter nos condoléances et dire qui suit les démarches",
    "Suivi client",
    SERVICE_CLIENT,
    1,
);
static INTERVENANTS_PREVENIR: Travail =
    travail("intervenants.prevenir", INTERVENANTS, "", "Planning", SERVICE_CLIENT, 0);
static FINANCEUR_INFORMER: Travail = travail("financeur.informer", FINANCEUR, "", "Aides", GESTION, 3);

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
        _ => vec![from.task(&EXAMINER)],
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
        list.push(self.task(&AJUSTER));
        list.extend(self.tell_funder());
        list
    }

    fn hospital(&self) -> Vec<Proposition> {
        let mut list = Vec::new();
        list.extend(self.cancel());
        list.push(self.stage("etape.suspendre", Etape::Suspendu, "Suspendre la prestation"));
        list.extend(self.tell_intervenants());
        list.extend(self.tell_family(&NOUVELLES));
        list.push(self.task(&AJUSTER));
        list.extend(self.tell_funder());
        list.push(self.task(&RETOUR));
        list
    }

    fn death(&self) -> Vec<Proposition> {
        let mut list = Vec::new();
        list.extend(self.cancel());
        list.extend(self.stop());
        list.push(self.stage("etape.terminer", Etape::Termine, "Terminer le dossier"));
        list.extend(self.end_contracts());
        list.extend(self.tell_intervenants());
        list.extend(self.tell_family(&CONDOLEANCES));
        list.push(self.task(&SOLDER));
        list.push(self.task(&ATTESTATION));
        list.extend(self.tell_funder());
        if self.dossier.fields.value(&MODE) == MANDATAIRE {
            list.push(self.task(&FIN_EMPLOI));
        }
        list
    }

    fn move_away(&self) -> Vec<Proposition> {
        let mut list = Vec::new();
        list.extend(self.cancel());
        list.push(self.task(&ADRESSE));
        list.push(self.task(&SECTEUR));
        list.push(self.task(&AVENANT_OU_FIN));
        list.extend(self.tell_intervenants());
        list.extend(self.tell_funder());
        list
    }

    fn other_needs(&self) -> Vec<Proposition> {
        vec![self.task(&BESOINS), self.task(&DEVIS), self.task(&ADAPTER)]
    }

    fn school(&self) -> Vec<Proposition> {
        let mut list = vec![self.task(&HORAIRES), self.task(&AVENANT), self.task(&CAF)];
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
        Some(self.task_for(&INTERVENANTS_PREVENIR, titre, String::new()))
    }

    fn tell_family(&self, travail: &'static Travail) -> Option<Proposition> {
        let value = |field| self.dossier.fields.value(field).trim();
        let urgent = [value(&PREVENIR_NOM), value(&PREVENIR_TELEPHONE)].join(" ");
        let contacts = self.dossier.records.of(&CONTACTS).map(|contact| {
            format!("{} {}", contact.value(&CONTACT_NOM), CONTACT_TELEPHONE.display(contact.value(&CONTACT_TELEPHONE)))
        });
        let known: Vec<String> =
            [urgent].into_iter().chain(contacts).map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        let whom = known.join("\n");
        Some(self.task_for(travail, travail.titre.to_owned(), whom))
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
        Some(self.task_for(&FINANCEUR_INFORMER, titre, String::new()))
    }

    fn task(&self, travail: &'static Travail) -> Proposition {
        self.task_for(travail, travail.titre.to_owned(), String::new())
    }

    fn task_for(&self, travail: &'static Travail, titre: String, description: String) -> Proposition {
        let Travail { regle, groupe, categorie, service, jours, .. } = *travail;
        let echeance = self.today + Days::new(jours);
        let tache = Tache { titre: titre.clone(), categorie, service, echeance, description };
        Proposition { regle, groupe, texte: titre, effet: Effet::Tache(tache) }
    }
}
