//! Two people side by side: what agrees, and what that is worth.

use super::{Certainty, Likeness, Name, Portrait, typos};

/// How two names compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    /// One of them is not known.
    Unknown,
    /// Two names.
    Other,
    /// One slip apart, or one is a part of the other (`Dupont-Martin`).
    Near,
    /// Near, and their first letter is the same.
    Nearer,
    /// Pronounced alike.
    Sound,
    /// Written alike, accents, case and hyphens aside.
    Same,
}

/// How two birth dates compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Birth {
    Same,
    /// One slip apart, or day and month exchanged.
    Near,
    Unknown,
    Other,
}

fn tie(one: &Name, other: &Name) -> Tie {
    if one.letters.is_empty() || other.letters.is_empty() {
        return Tie::Unknown;
    }
    if one.letters == other.letters {
        return Tie::Same;
    }
    if one.sound == other.sound && !one.sound.is_empty() {
        return Tie::Sound;
    }
    let long = one.letters.len().min(other.letters.len()) >= 4;
    let part =
        |part: &Name, whole: &Name| part.words.split(' ').all(|word| whole.words.split(' ').any(|it| it == word));
    if (long && typos::nearly_same(&one.letters, &other.letters)) || part(one, other) || part(other, one) {
        return nearness(one, other);
    }
    Tie::Other
}

fn nearness(one: &Name, other: &Name) -> Tie {
    if one.letters.chars().next() == other.letters.chars().next() { Tie::Nearer } else { Tie::Near }
}

/// First names that sound alike but are a woman's and a man's (`Michel`, `Michèle`) are near, no more.
fn tie_of_first_names(one: &Name, other: &Name) -> Tie {
    let ending = |name: &Name| (name.letters.ends_with('e'), name.letters.ends_with("ee"));
    match tie(one, other) {
        Tie::Sound if ending(one) != ending(other) => nearness(one, other),
        tie => tie,
    }
}

/// How the family names of two people compare, in use and at birth.
struct Families {
    /// The best tie between any of them.
    tie: Tie,
    /// The tie between those in use.
    in_use: Tie,
    /// How to say the best.
    reason: &'static str,
    /// Both birth names are known, and are two.
    born_otherwise: bool,
    /// Only the birth names agree, of people who now go by two names.
    only_at_birth: bool,
}

fn compare_families(one: &Portrait, other: &Portrait) -> Families {
    let [named, born] = &one.families;
    let [other_named, other_born] = &other.families;
    let (in_use, at_birth) = (tie(named, other_named), tie(born, other_born));
    let born_otherwise = at_birth == Tie::Other;
    // Whoever was born with another name was not born with this one.
    let crossed = if born_otherwise { Tie::Other } else { tie(named, other_born).max(tie(born, other_named)) };
    let best = in_use.max(at_birth).max(crossed);
    let reason = match best {
        Tie::Same if best == in_use => "même nom",
        Tie::Sound if best == in_use => "noms qui se prononcent pareil",
        _ if best == in_use => "noms presque pareils",
        Tie::Same if best == at_birth => "même nom de naissance",
        _ if best == at_birth => "noms de naissance presque pareils",
        _ => "nom de naissance de l’un, nom de l’autre",
    };
    let only_at_birth = best == at_birth && in_use == Tie::Other && crossed < best;
    Families { tie: best, in_use, reason, born_otherwise, only_at_birth }
}

fn compare_births(one: &Portrait, other: &Portrait) -> Birth {
    let (Some(one), Some(other)) = (one.born, other.born) else {
        return Birth::Unknown;
    };
    if one == other {
        return Birth::Same;
    }
    let (one, other) = (one.to_string(), other.to_string());
    let exchanged = one[..4] == other[..4] && one[5..7] == other[8..] && one[8..] == other[5..7];
    if exchanged || typos::nearly_same(&one, &other) { Birth::Near } else { Birth::Other }
}

/// What two people have in common.
struct Facts {
    families: Families,
    first: Tie,
    /// Family and first name sound like the other's first and family name.
    swapped: bool,
    birth: Birth,
    phone: bool,
    same_town: bool,
    /// Both towns are known, and are two.
    other_town: bool,
}

impl Facts {
    /// What it is worth, less when the birth names speak against it.
    fn certainty(&self) -> Option<Certainty> {
        let Families { born_otherwise, only_at_birth, .. } = self.families;
        let backed = self.phone || self.birth == Birth::Same;
        let most = if born_otherwise { Certainty::Probable } else { Certainty::Certain };
        self.likely().filter(|_| backed || !(born_otherwise || only_at_birth)).map(|certainty| certainty.min(most))
    }

    /// First names decide: what people of one household share is nearly everything else.
    fn likely(&self) -> Option<Certainty> {
        use Certainty::{Certain, Possible, Probable};
        let (family, first, phone) = (self.families.tie, self.first, self.phone);
        if self.swapped || (family >= Tie::Sound && first >= Tie::Sound) {
            return match self.birth {
                Birth::Same => Some(Certain),
                Birth::Near => Some(if phone { Certain } else { Probable }),
                Birth::Unknown if phone => Some(if self.swapped || first == Tie::Same { Certain } else { Probable }),
                Birth::Unknown => (!self.other_town).then_some(Possible),
                Birth::Other => phone.then_some(Possible),
            };
        }
        // With a name one slip apart: the first name sure, or the family name sure, or neither.
        if family >= Tie::Near && first >= Tie::Near {
            let sure_first = first >= Tie::Sound;
            let in_use = self.families.in_use;
            let alone = (sure_first && in_use == Tie::Nearer) || (in_use >= Tie::Sound && first == Tie::Nearer);
            return match self.birth {
                Birth::Same => Some(if phone && sure_first { Certain } else { Probable }),
                Birth::Near if phone => Some(if sure_first { Probable } else { Possible }),
                Birth::Near => (alone && sure_first).then_some(Possible),
                Birth::Unknown if phone => Some(if sure_first { Probable } else { Possible }),
                Birth::Unknown => (alone && self.same_town).then_some(Possible),
                Birth::Other => None,
            };
        }
        let same_birth = self.birth == Birth::Same;
        let not_another = matches!(self.birth, Birth::Same | Birth::Unknown);
        match (family, first) {
            // Twins; or somebody known by another of their first names.
            (Tie::Sound | Tie::Same, Tie::Other) => (same_birth && (phone || self.same_town)).then_some(Possible),
            (Tie::Sound | Tie::Same, Tie::Unknown) if same_birth || (phone && not_another) => Some(Probable),
            // Somebody who changed their name, or whose birth name only is known.
            (_, Tie::Sound | Tie::Same) if same_birth && phone => Some(Probable),
            (_, Tie::Sound | Tie::Same) if same_birth => self.same_town.then_some(Possible),
            (_, Tie::Sound | Tie::Same) => (phone && not_another).then_some(Possible),
            (Tie::Unknown, Tie::Unknown) => (phone && not_another).then_some(Possible),
            _ => (phone && same_birth).then_some(Possible),
        }
    }
}

/// DOUBLON-1 between two people.
pub(super) fn weigh(one: &Portrait, other: &Portrait) -> Option<Likeness> {
    let first = tie_of_first_names(&one.first, &other.first);
    let sounds_as = |family: &Name, first: &Name| !first.sound.is_empty() && family.sound == first.sound;
    let swapped = first < Tie::Sound
        && one.families.iter().any(|name| sounds_as(name, &other.first))
        && other.families.iter().any(|name| sounds_as(name, &one.first));
    let facts = Facts {
        families: compare_families(one, other),
        first,
        swapped,
        birth: compare_births(one, other),
        phone: one.phones.iter().any(|phone| other.phones.contains(phone)),
        same_town: !one.town.is_empty() && one.town == other.town,
        other_town: !one.town.is_empty() && !other.town.is_empty() && one.town != other.town,
    };
    let certainty = facts.certainty()?;
    let mut reasons = Vec::new();
    let mut say = |when: bool, reason: &'static str| {
        if when {
            reasons.push(reason);
        }
    };
    say(swapped, "nom et prénom échangés");
    say(!swapped && facts.families.tie >= Tie::Near, facts.families.reason);
    say(!swapped && first == Tie::Same, "même prénom");
    say(!swapped && first == Tie::Sound, "prénoms qui se prononcent pareil");
    say(!swapped && matches!(first, Tie::Near | Tie::Nearer), "prénoms presque pareils");
    say(facts.birth == Birth::Same, "même date de naissance");
    say(facts.birth == Birth::Near, "dates de naissance presque pareilles");
    say(facts.phone, "même téléphone");
    say(facts.same_town, "même ville");
    Some(Likeness { certainty, reasons })
}
