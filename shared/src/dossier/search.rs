//! Finding a dossier by what one remembers of it. Case, accents and the order of words do not count, a word may be
//! only begun, and in a word of four letters or more one slip is forgiven.
//!
//! Made for every keystroke over ten thousand dossiers: each is prepared once, the query once per keystroke.

use super::known::{folded, phone_digits};
use super::{Known, Summary, typos};

/// Where a word stands in a dossier; what one remembers best comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Nom,
    NomNaissance,
    Prenom,
    Numero,
    Telephone,
    Naissance,
    Ville,
}

/// What is found of one dossier, ready to be compared. Made once, and again when the dossier changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searchable {
    /// All words, one after the other.
    text: String,
    /// Where each word ends in `text`, and what it is.
    words: Vec<(usize, Place)>,
}

impl Searchable {
    /// From what is known of a person.
    #[must_use]
    pub fn of(known: &Known<'_>) -> Self {
        let mut this = Self { text: String::new(), words: Vec::new() };
        for (text, place) in [
            (known.nom, Place::Nom),
            (known.nom_naissance, Place::NomNaissance),
            (known.prenom, Place::Prenom),
            (known.ville, Place::Ville),
        ] {
            this.add_words(&folded(text), place);
        }
        let numero = folded(known.numero);
        this.add_words(&numero, Place::Numero);
        this.add(&numero.chars().filter(char::is_ascii_digit).collect::<String>(), Place::Numero);
        for part in numero.split(' ').filter(|part| part.starts_with('0')) {
            this.add(part.trim_start_matches('0'), Place::Numero);
        }
        for telephone in known.telephones {
            this.add(&phone_digits(telephone), Place::Telephone);
        }
        let born: Vec<&str> = known.naissance.split('-').rev().collect();
        this.add(&born.concat(), Place::Naissance);
        this
    }

    fn add(&mut self, word: &str, place: Place) {
        if !word.is_empty() {
            self.text.push_str(word);
            self.words.push((self.text.len(), place));
        }
    }

    /// Each word, all of them as one (`jeanpierre`), and saints as they are abbreviated.
    fn add_words(&mut self, folded: &str, place: Place) {
        for word in folded.split(' ') {
            self.add(word, place);
            match word {
                "saint" => self.add("st", place),
                "st" => self.add("saint", place),
                "sainte" => self.add("ste", place),
                "ste" => self.add("sainte", place),
                _ => {}
            }
        }
        if folded.contains(' ') {
            self.add(&folded.replace(' ', ""), place);
        }
    }

    /// The words that a typed one could be.
    fn words(&self, typed: &Typed) -> impl Iterator<Item = (&str, Place)> {
        let mut start = 0;
        self.words.iter().filter_map(move |&(end, place)| {
            let word = start..end;
            start = end;
            typed.could_be(&self.text.as_bytes()[word.clone()]).then(|| (&self.text[word], place))
        })
    }
}

/// How well a dossier answers a query. The least is the best: sort upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Score {
    /// Words that are right but for one slip.
    slips: u16,
    /// Words found only in the town.
    towns: u16,
    /// Words only begun, and digits from inside a number.
    begun: u16,
    /// How far from the family name.
    places: u16,
}

impl Score {
    /// Whether no slip had to be forgiven.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.slips == 0
    }
}

/// One word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Typed {
    text: String,
    /// Whether a slip is forgiven: four letters or more, no digit.
    forgiven: bool,
    /// Whether it may stand inside a number.
    digits: bool,
}

/// What somebody looks for, taken apart once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    words: Vec<Typed>,
}

impl Query {
    /// From what was typed so far. Digits that follow each other are one number: `06 12`.
    #[must_use]
    pub fn of(typed: &str) -> Self {
        let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        let mut words: Vec<String> = Vec::new();
        for word in folded(typed).split(' ').filter(|word| !word.is_empty()) {
            match words.last_mut() {
                Some(last) if is_number(word) && is_number(last) => last.push_str(word),
                _ => words.push(word.to_owned()),
            }
        }
        let abroad = ["+33", "0033"].into_iter().find(|prefix| typed.trim_start().starts_with(prefix));
        if let (Some(prefix), Some(first)) = (abroad, words.first_mut()) {
            let digits = prefix.trim_start_matches('+');
            let national = first.strip_prefix(digits).unwrap_or(first).trim_start_matches('0');
            *first = format!("0{national}");
        }
        let typed = |text: String| {
            let digits = text.bytes().any(|byte| byte.is_ascii_digit());
            Typed { forgiven: !digits && text.chars().nth(3).is_some(), digits, text }
        };
        Self { words: words.into_iter().map(typed).collect() }
    }

    /// Whether nothing is looked for: every dossier answers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How well a dossier answers; `None` when one of the words is nowhere in it.
    #[must_use]
    pub fn score(&self, searchable: &Searchable) -> Option<Score> {
        self.words.iter().try_fold(Score::default(), |sum, typed| {
            let best = searchable.words(typed).filter_map(|(word, place)| typed.compared(word, place)).min()?;
            Some(Score {
                slips: sum.slips.saturating_add(best.slips),
                towns: sum.towns.saturating_add(best.towns),
                begun: sum.begun.saturating_add(best.begun),
                places: sum.places.saturating_add(best.places),
            })
        })
    }
}

impl Typed {
    /// Whether it could be a word, or a slip away from one, by their first two letters: most are passed over with that.
    fn could_be(&self, word: &[u8]) -> bool {
        match (word, self.text.as_bytes()) {
            _ if self.digits => true,
            ([a, ..], [c, ..]) if a == c => true,
            ([a], [_, d, ..]) => self.forgiven && a == d,
            ([a, b, ..], [c, d, ..]) => self.forgiven && (a == d || b == c || b == d),
            _ => false,
        }
    }

    /// How well it answers to one word of a dossier.
    fn compared(&self, word: &str, place: Place) -> Option<Score> {
        let typed = self.text.as_str();
        let number = matches!(place, Place::Numero | Place::Telephone | Place::Naissance);
        let (slips, begun) = if word.starts_with(typed) {
            (0, u16::from(word.len() > typed.len()))
        } else if number {
            let inside = match place {
                Place::Telephone => typed.len() >= 3 && word.contains(typed),
                Place::Naissance => typed.len() >= 4 && word.ends_with(typed),
                _ => false,
            };
            (0, inside.then_some(2)?)
        } else if self.forgiven && typos::begins_nearly(word, typed) {
            (1, u16::from(word.len() > typed.len() + 1))
        } else {
            return None;
        };
        Some(Score { slips, begun, towns: u16::from(place == Place::Ville), places: place as u16 })
    }
}

/// Whether every word of `query` begins a word of the name or town, or is inside the telephone number; no slip is
/// forgiven. For lists that prepare nothing: those that do rank by [`Query::score`].
#[must_use]
pub fn matches(summary: &Summary, query: &str) -> bool {
    let known = Known {
        nom: &summary.nom,
        prenom: &summary.prenom,
        ville: &summary.ville,
        telephones: &[&summary.telephone],
        ..Known::default()
    };
    Query::of(query).score(&Searchable::of(&known)).is_some_and(|score| score.is_exact())
}

#[cfg(test)]
mod tests;
