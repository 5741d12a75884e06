//! How a field's value is shown, flagged and typed, by its kind.

use liaison_shared::Timestamp;
use liaison_shared::documents::schema::{Field, FieldKind};
use liaison_shared::time::{french_day, hours_written};
use liaison_shared::validate::{Finding, calendar_date, nir_masked};

use crate::platform::clock;
use crate::state::Workspace;
use crate::ui::{Problem, TextKind};

/// A value as people read it: people by their name, days as one says them.
#[must_use]
pub fn shown_value(workspace: Workspace, field: &Field, value: &str) -> String {
    match field.kind {
        FieldKind::Person => value.parse().map_or_else(|_| value.to_owned(), |user| workspace.name_of(user)),
        FieldKind::Date | FieldKind::BirthDate => {
            calendar_date(value).map_or_else(|| value.to_owned(), |day| french_day(day, clock::now()))
        }
        FieldKind::Dossier => {
            value.parse().ok().and_then(|id| workspace.dossier_name(id)).unwrap_or_else(|| value.to_owned())
        }
        FieldKind::Nir => nir_masked(value),
        FieldKind::Time => hours_written(value),
        FieldKind::Moment => value.parse().map_or_else(|_| value.to_owned(), |at| Timestamp(at).french(clock::now())),
        _ => field.display(value),
    }
}

/// The flag under a value, if anything is wrong with it.
#[must_use]
pub fn problem_of(field: &Field, value: &str) -> Option<Problem> {
    field.check(value, clock::now().date()).as_ref().map(flag)
}

/// A finding as the page shows it.
#[must_use]
pub fn flag(finding: &Finding) -> Problem {
    Problem {
        what: format!("{} ({})", finding.what, finding.rule),
        why: finding.why.to_owned(),
        example: format!("Exemple : {}", finding.example),
    }
}

/// The keyboard of a field.
#[must_use]
pub fn text_kind(field: &Field) -> TextKind {
    match field.kind {
        FieldKind::Phone => TextKind::Tel,
        FieldKind::Email => TextKind::Email,
        FieldKind::Postcode | FieldKind::Nir | FieldKind::Siret => TextKind::Digits,
        FieldKind::Date | FieldKind::BirthDate => TextKind::Date,
        FieldKind::Number | FieldKind::Money => TextKind::Decimal,
        FieldKind::Time => TextKind::Time,
        FieldKind::Line
        | FieldKind::Note
        | FieldKind::Choice(_)
        | FieldKind::Text
        | FieldKind::Iban
        | FieldKind::Bic
        | FieldKind::Ics
        | FieldKind::Rum
        | FieldKind::Person
        | FieldKind::Dossier
        | FieldKind::Moment => TextKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liaison_shared::documents::client::TELEPHONE;

    #[test]
    fn a_wrong_number_is_flagged_with_its_rule() {
        let today = "2026-11-23".parse().unwrap();
        let problem = flag(&TELEPHONE.check("06 12", today).unwrap());
        assert!(problem.what.contains("TEL-1"), "{}", problem.what);
        assert_eq!(TELEPHONE.check("06 12 34 56 78", today), None);
    }
}
