//! Changing a text by splices, in a time that grows with the text and not with its square.

use automerge::ObjId;
use automerge::transaction::{Transactable, Transaction};
use automerge::{AutomergeError, ReadDoc};

/// Up to here (characters taken out times characters put in) the smallest set of splices is looked for; beyond,
/// what differs is replaced as one piece. Looking takes seconds for ten thousand characters against ten thousand.
const FINE: usize = 250_000;

/// Makes the text read `new`.
pub(super) fn rewrite(transaction: &mut Transaction<'_>, object: &ObjId, new: &str) -> Result<(), AutomergeError> {
    let old: Vec<char> = transaction.text(object)?.chars().collect();
    let new_chars: Vec<char> = new.chars().collect();
    let same = |pair: &(&char, &char)| pair.0 == pair.1;
    let prefix = old.iter().zip(&new_chars).take_while(same).count();
    let (old_rest, new_rest) = (&old[prefix..], &new_chars[prefix..]);
    let suffix = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
    let (taken, put) = (old_rest.len() - suffix, &new_rest[..new_rest.len() - suffix]);
    if taken > 0 && !put.is_empty() && taken * put.len() <= FINE {
        return transaction.update_text(object, new);
    }
    if taken == 0 && put.is_empty() {
        return Ok(());
    }
    let put: String = put.iter().collect();
    transaction.splice_text(object, prefix, isize::try_from(taken).unwrap_or(isize::MAX), &put)
}
