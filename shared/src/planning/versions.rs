//! What coordinators have written apart of one visit, as whole versions to choose from.

use super::Planifiee;
use crate::documents::schema::Field;
use crate::documents::{Record, RecordEdit, SetField, Signature};

/// One of the versions: what somebody wrote of the fields that stand against one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Who, when.
    pub signature: Signature,
    /// What they wrote there; a field they left as it was is not among it.
    pub values: Vec<(&'static Field, String)>,
}

/// The versions of a record, the oldest first; none when nothing stands against anything.
#[must_use]
pub fn versions(record: &Record) -> Vec<Version> {
    let contested = || {
        let fields = record.collection.fields.iter().copied();
        fields.map(|field| (field, record.register(field))).filter(|(_, register)| register.is_contested())
    };
    // One person's successive changes are one version, unless they wrote from two devices against themselves.
    let by_author = contested().all(|(_, register)| {
        let all = &register.candidates;
        all.iter()
            .enumerate()
            .all(|(at, it)| all[..at].iter().all(|other| other.signature.author != it.signature.author))
    });
    let mut found: Vec<Version> = Vec::new();
    for (field, register) in contested() {
        for it in register.candidates {
            let same = |version: &&mut Version| {
                let (one, other) = (&version.signature, &it.signature);
                if by_author { one.author == other.author } else { one.change == other.change }
            };
            if let Some(version) = found.iter_mut().find(same) {
                version.signature =
                    if version.signature.at < it.signature.at { it.signature } else { version.signature.clone() };
                version.values.push((field, it.value));
            } else {
                found.push(Version { signature: it.signature, values: vec![(field, it.value)] });
            }
        }
    }
    found.sort_by_key(|version| (version.signature.at, version.signature.change));
    found
}

/// Keeps one version; what it does not say of a field stays as it shows.
#[must_use]
pub fn garder(record: &Record, version: &Version) -> RecordEdit {
    let all = versions(record);
    let mut values: Vec<SetField> =
        version.values.iter().map(|(field, value)| SetField { field, value: value.clone() }).collect();
    for (field, _) in all.iter().flat_map(|other| &other.values) {
        if values.iter().all(|set| !std::ptr::eq(set.field, *field)) {
            values.push(SetField { field, value: record.value(field).to_owned() });
        }
    }
    RecordEdit { collection: record.collection, id: record.id, values, retire: None }
}

/// The record that holds what stands against something: the visit's own, else its recurrence's.
#[must_use]
pub fn conteste<'a>(records: &'a crate::documents::Records, planned: &Planifiee) -> Option<&'a Record> {
    let ids = [Some(planned.visite.id), planned.recurrence];
    ids.into_iter().flatten().filter_map(|id| records.get(id)).find(|record| record.contested() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::schema::prestation as pre;
    use crate::documents::{Document, Pen, Records, edit_records};
    use crate::ids::{DocumentId, DossierId, EntryId, UserId};
    use crate::time::Timestamp;

    #[test]
    fn two_coordinators_versions_are_chosen_between_as_wholes() {
        let id = EntryId([3; 16]);
        let pen = |by: u8| Pen { user: UserId([by; 16]), actor: [by; 16] };
        let edit = |date, debut| {
            [RecordEdit::new(&pre::VISITES, id, &[(&pre::VISITE_DATE, date), (&pre::VISITE_DEBUT, debut)])]
        };
        let mut one = Document::new(DocumentId::prestation(DossierId([1; 16])));
        let base = one.heads();
        edit_records(&mut one, &pen(1), &base, Timestamp(0), &edit("2026-11-26", "09:00")).unwrap();
        let mut two = one.clone();
        let base = one.heads();
        edit_records(&mut one, &pen(1), &base, Timestamp(1000), &edit("2026-11-27", "10:00")).unwrap();
        let later =
            edit_records(&mut two, &pen(2), &base, Timestamp(2000), &edit("2026-11-26", "14:00")).unwrap().unwrap();
        one.apply(&later.bytes).unwrap();
        let records = Records::read(&one);
        let found = versions(records.get(id).unwrap());
        let said =
            |version: &Version| version.values.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>().join(" ");
        // The second left the day as it was: that is part of what they wrote.
        assert_eq!(found.iter().map(said).collect::<Vec<_>>(), ["2026-11-27 10:00", "2026-11-26 14:00"]);
        let base = one.heads();
        let kept = garder(records.get(id).unwrap(), &found[0]);
        edit_records(&mut one, &pen(1), &base, Timestamp(3000), &[kept]).unwrap().unwrap();
        let records = Records::read(&one);
        let record = records.get(id).unwrap();
        assert_eq!((record.contested(), record.value(&pre::VISITE_DEBUT)), (0, "10:00"));
    }
}
