//! What the address says: which planning, which week, what is left out, what is open.

use std::fmt::Write as _;

use chrono::NaiveDate;
use liaison_shared::planning::Semaine;
use liaison_shared::{DossierId, EntryId, UserId};

/// The parts of the planning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onglet {
    /// The week, a row for each intervenant.
    Intervenants,
    /// The week, a row for each client.
    Clients,
    /// Drafts, and what people answered.
    Reponses,
    /// The coming months.
    Charge,
    /// The pool.
    Vivier,
}

impl Onglet {
    /// All of them, in the order of the tabs.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Intervenants, "intervenants", "Par intervenant"),
        (Self::Clients, "clients", "Par client"),
        (Self::Reponses, "reponses", "Brouillons et réponses"),
        (Self::Charge, "charge", "Mois à venir"),
        (Self::Vivier, "vivier", "Vivier"),
    ];

    fn slug(self) -> &'static str {
        Self::ALL.iter().find(|(it, _, _)| *it == self).map_or("intervenants", |(_, slug, _)| slug)
    }
}

/// What the dialog is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ouvert {
    /// It is closed.
    Rien,
    /// A visit.
    Visite(DossierId, EntryId),
    /// Somebody else for a visit.
    Remplacer(DossierId, EntryId),
    /// A visit to be, perhaps of somebody, at a client's, on a day.
    Nouvelle(Option<DossierId>, Option<UserId>, Option<NaiveDate>),
    /// Visits that recur.
    Serie(DossierId, EntryId),
    /// An intervenant: what the law says, when they are away.
    Personne(UserId),
    /// Drafts to be published, of somebody or of all.
    Publier(Option<UserId>),
}

/// An address of the planning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vue {
    /// Which part.
    pub onglet: Onglet,
    /// Which week.
    pub semaine: Semaine,
    /// Only this sector, as addresses write it; empty for all.
    pub secteur: String,
    /// The day that a phone shows.
    pub jour: NaiveDate,
    /// Those without any visit that week, too.
    pub tous: bool,
    /// What is open.
    pub ouvert: Ouvert,
}

impl Vue {
    /// Reads a path; what is not there is as of today.
    #[must_use]
    pub fn parse(path: &str, today: NaiveDate) -> Self {
        let mut parts = path.split('/').skip(2).peekable();
        let slug = parts.next().unwrap_or_default();
        let onglet = Onglet::ALL.iter().find(|(_, it, _)| *it == slug).map_or(Onglet::Intervenants, |(it, _, _)| *it);
        let semaine = parts.peek().and_then(|name| Semaine::parse(name));
        if semaine.is_some() {
            parts.next();
        }
        let semaine = semaine.unwrap_or_else(|| Semaine::of(today));
        let jour = if semaine.contains(today) { today } else { semaine.lundi() };
        let mut vue = Self { onglet, semaine, secteur: String::new(), jour, tous: false, ouvert: Ouvert::Rien };
        while let Some(word) = parts.next() {
            let mut id = || parts.next().unwrap_or_default();
            match word {
                "secteur" => vue.secteur = id().to_owned(),
                "jour" => vue.jour = id().parse().ok().filter(|day| semaine.contains(*day)).unwrap_or(vue.jour),
                "tous" => vue.tous = true,
                "visite" | "remplacer" | "serie" => {
                    let (Ok(dossier), Ok(entry)) = (id().parse(), id().parse()) else { continue };
                    vue.ouvert = match word {
                        "visite" => Ouvert::Visite(dossier, entry),
                        "remplacer" => Ouvert::Remplacer(dossier, entry),
                        _ => Ouvert::Serie(dossier, entry),
                    };
                }
                "nouvelle" => vue.ouvert = Ouvert::Nouvelle(id().parse().ok(), id().parse().ok(), id().parse().ok()),
                "personne" => vue.ouvert = id().parse().map_or(Ouvert::Rien, Ouvert::Personne),
                "publier" => vue.ouvert = Ouvert::Publier(id().parse().ok()),
                _ => {}
            }
        }
        vue
    }

    /// The same without what is open.
    #[must_use]
    pub fn fond(&self) -> Self {
        Self { ouvert: Ouvert::Rien, ..self.clone() }
    }

    /// The same with something open.
    #[must_use]
    pub fn avec(&self, ouvert: Ouvert) -> Self {
        Self { ouvert, ..self.clone() }
    }

    /// The same, of another week.
    #[must_use]
    pub fn en(&self, semaine: Semaine, today: NaiveDate) -> Self {
        let jour = if semaine.contains(today) { today } else { semaine.lundi() };
        Self { semaine, jour, ..self.fond() }
    }

    /// The address.
    #[must_use]
    pub fn href(&self) -> String {
        let mut href = format!("/planning/{}/{}", self.onglet.slug(), self.semaine.name());
        if !self.secteur.is_empty() {
            let _fits = write!(href, "/secteur/{}", self.secteur);
        }
        let _fits = write!(href, "/jour/{}", self.jour);
        if self.tous {
            href.push_str("/tous");
        }
        let or = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
        let _fits = match self.ouvert {
            Ouvert::Rien => Ok(()),
            Ouvert::Visite(dossier, id) => write!(href, "/visite/{dossier}/{id}"),
            Ouvert::Remplacer(dossier, id) => write!(href, "/remplacer/{dossier}/{id}"),
            Ouvert::Serie(dossier, id) => write!(href, "/serie/{dossier}/{id}"),
            Ouvert::Nouvelle(dossier, user, day) => write!(
                href,
                "/nouvelle/{}/{}/{}",
                or(dossier.map(|it| it.to_string())),
                or(user.map(|it| it.to_string())),
                or(day.map(|it| it.to_string()))
            ),
            Ouvert::Personne(user) => write!(href, "/personne/{user}"),
            Ouvert::Publier(user) => write!(href, "/publier/{}", or(user.map(|it| it.to_string()))),
        };
        href
    }

    /// Whether a sector is the one that is asked for.
    #[must_use]
    pub fn takes(&self, secteur: &str) -> bool {
        self.secteur.is_empty() || slug(secteur) == self.secteur
    }
}

/// A sector's name as addresses write it: `Grésivaudan` is `gresivaudan`.
#[must_use]
pub fn slug(name: &str) -> String {
    let plain = |sign: char| match sign {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        sign if sign.is_ascii_alphanumeric() => sign,
        _ => '-',
    };
    let all: String = name.trim().to_lowercase().chars().map(plain).collect();
    all.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_an_address_that_reads_back() {
        let today: NaiveDate = "2026-11-26".parse().unwrap();
        let plain = Vue::parse("/planning", today);
        assert_eq!((plain.onglet, plain.semaine.name()), (Onglet::Intervenants, "2026-W48".to_owned()));
        let (dossier, entry, user) = (DossierId([1; 16]), EntryId([2; 16]), UserId([3; 16]));
        for ouvert in [
            Ouvert::Rien,
            Ouvert::Visite(dossier, entry),
            Ouvert::Remplacer(dossier, entry),
            Ouvert::Serie(dossier, entry),
            Ouvert::Nouvelle(Some(dossier), None, Some(today)),
            Ouvert::Nouvelle(None, Some(user), None),
            Ouvert::Personne(user),
            Ouvert::Publier(None),
        ] {
            let vue =
                Vue { onglet: Onglet::Clients, secteur: slug(" Combe de Savoie"), tous: true, ..plain.avec(ouvert) };
            assert_eq!(Vue::parse(&vue.href(), today), vue, "{}", vue.href());
        }
        let later = Vue::parse("/planning/clients/2026-W50/jour/2026-12-08", today);
        assert_eq!((later.jour.to_string(), later.semaine.name()), ("2026-12-08".to_owned(), "2026-W50".to_owned()));
        assert!(plain.takes("Grésivaudan") && Vue { secteur: "gresivaudan".to_owned(), ..plain }.takes("grésivaudan "));
    }
}
