//! The `administratif` document: aid, payment and contracts, which never reach an intervenant's phone.
//! First form: its fields are kept in `champs`.

use super::{Document, DocumentError, Heads, NewChange, Pen, Register};
use crate::time::Timestamp;

const CHAMPS: &str = "champs";

/// Key of the aid or exemption that the client has.
pub const EXONERATION: &str = "aides.exoneration";

/// Writes one field, as it was seen at `base`. `None` when nothing changes.
///
/// # Errors
/// When the document is not an `administratif`, or Automerge refuses.
pub fn set(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    key: &str,
    value: &str,
) -> Result<Option<NewChange>, DocumentError> {
    let object = document.part(CHAMPS)?;
    document.put_text(pen, base, now, &object, (key, value))
}

/// The values standing for a field.
#[must_use]
pub fn register(document: &Document, key: &str) -> Register {
    document.part(CHAMPS).map(|object| Register::read(document, &object, key)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DocumentId, DossierId, UserId};

    #[test]
    fn a_field_is_read_as_it_was_written() {
        let mut document = Document::new(DocumentId::administratif(DossierId([1; 16])));
        let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
        let base = document.heads();
        set(&mut document, &pen, &base, Timestamp(0), EXONERATION, "APA").unwrap().unwrap();
        assert_eq!(register(&document, EXONERATION).value(), "APA");
    }
}
