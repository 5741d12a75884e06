//! Changing a text someone else may be typing in: only when it differs, and without losing their place.

/// Where the caret goes when `old` becomes `new`, in UTF-16 units as browsers count.
///
/// Text before the first difference keeps the caret where it is; text after the last difference carries
/// the caret with it; a caret inside the replaced part goes to the end of the replacement.
pub fn moved_caret(old: &str, new: &str, caret: u32) -> u32 {
    let old: Vec<u16> = old.encode_utf16().collect();
    let new: Vec<u16> = new.encode_utf16().collect();
    let caret = usize::try_from(caret).unwrap_or(usize::MAX).min(old.len());
    let same = |(a, b): &(&u16, &u16)| a == b;
    let prefix = old.iter().zip(&new).take_while(same).count();
    let suffix = old[prefix..].iter().rev().zip(new[prefix..].iter().rev()).take_while(same).count();
    let moved = if caret <= prefix {
        caret
    } else if caret >= old.len() - suffix {
        new.len() - (old.len() - caret)
    } else {
        new.len() - suffix
    };
    u32::try_from(moved).unwrap_or(u32::MAX)
}

/// Writes `$value` into the input or text area `$element` when it shows something else, and keeps the
/// caret in place. A macro because the two DOM types share these methods but no trait.
macro_rules! show_value {
    ($element:expr, $value:expr) => {{
        let (element, value) = ($element, $value);
        let shown = element.value();
        if shown != *value {
            // Numbers, dates and e-mails have no caret to read: the browser answers with an error.
            let start = element.selection_start().ok().flatten();
            let end = element.selection_end().ok().flatten();
            element.set_value(value);
            if let (Some(start), Some(end)) = (start, end)
                && element.matches(":focus").unwrap_or(false)
            {
                let start = $crate::ui::text_edit::moved_caret(&shown, value, start);
                let end = $crate::ui::text_edit::moved_caret(&shown, value, end);
                element.set_selection_range(start, end).ok();
            }
        }
    }};
}
pub(crate) use show_value;

#[cfg(test)]
mod tests {
    use super::moved_caret;

    #[test]
    fn a_change_after_the_caret_leaves_it() {
        assert_eq!(moved_caret("Bonjour", "Bonjour madame", 3), 3);
    }

    #[test]
    fn a_change_before_the_caret_carries_it() {
        assert_eq!(moved_caret("la clé", "la grande clé", 6), 13);
    }

    #[test]
    fn a_caret_in_the_replaced_part_goes_to_its_end() {
        assert_eq!(moved_caret("rue Haute 3", "rue Basse 3", 6), 8);
    }

    #[test]
    fn a_caret_past_the_end_is_brought_back() {
        assert_eq!(moved_caret("été", "", 99), 0);
    }
}
