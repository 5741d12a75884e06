//! OUVRIR-1 to OUVRIR-4: what a dossier is not opened without (domain.md §1): who, how to reach them, what they ask,
//! where they live. For the form of a first call, and for each row of a file that is brought in.

use crate::documents::client;
use crate::documents::schema::Field;

/// Something that a dossier is not opened without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manque {
    /// The family name.
    Nom,
    /// A telephone or an e-mail address.
    Contact,
    /// What is asked for.
    Demande,
    /// The address or the town of the home.
    Logement,
}

impl Manque {
    /// Everything that may lack, in the order in which it is asked.
    pub const ALL: [Self; 4] = [Self::Nom, Self::Contact, Self::Demande, Self::Logement];

    /// Stable name of the rule.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Nom => "OUVRIR-1",
            Self::Contact => "OUVRIR-2",
            Self::Demande => "OUVRIR-3",
            Self::Logement => "OUVRIR-4",
        }
    }

    /// As people read it after « Il manque ».
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Nom => "le nom",
            Self::Contact => "un téléphone ou une adresse électronique",
            Self::Demande => "la demande",
            Self::Logement => "l’adresse ou la ville du logement",
        }
    }

    /// The fields of which one has to be filled, the first to be looked at first.
    #[must_use]
    pub fn fields(self) -> &'static [&'static Field] {
        static NOM: [&Field; 1] = [&client::NOM];
        static CONTACT: [&Field; 2] = [&client::TELEPHONE, &client::EMAIL];
        static DEMANDE: [&Field; 1] = [&client::DEMANDE];
        static LOGEMENT: [&Field; 2] = [&client::ADRESSE, &client::VILLE];
        match self {
            Self::Nom => &NOM,
            Self::Contact => &CONTACT,
            Self::Demande => &DEMANDE,
            Self::Logement => &LOGEMENT,
        }
    }
}

/// What lacks for a dossier to be opened; `value` says what is written in a field.
#[must_use]
pub fn what_is_missing<'a>(value: impl Fn(&'static Field) -> &'a str) -> Vec<Manque> {
    let lacks = |manque: &Manque| manque.fields().iter().all(|field| value(field).trim().is_empty());
    Manque::ALL.into_iter().filter(lacks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(written: &[(&Field, &'static str)]) -> Vec<&'static str> {
        let value = |field: &'static Field| written.iter().find(|(it, _)| *it == field).map_or("", |(_, value)| *value);
        what_is_missing(value).into_iter().map(Manque::rule).collect()
    }

    #[test]
    fn ouvrir_1_to_4_four_things_are_enough_and_each_has_its_name() {
        assert_eq!(missing(&[]), ["OUVRIR-1", "OUVRIR-2", "OUVRIR-3", "OUVRIR-4"]);
        let enough = [
            (&client::NOM, "Petit"),
            (&client::EMAIL, "jeanne@exemple.fr"),
            (&client::DEMANDE, "Ménage"),
            (&client::VILLE, "Grenoble"),
        ];
        assert!(missing(&enough).is_empty());
        assert_eq!(
            missing(&[(&client::NOM, " "), (&client::TELEPHONE, "04"), (&client::ADRESSE, "1 rue")]),
            ["OUVRIR-1", "OUVRIR-3"]
        );
    }
}
