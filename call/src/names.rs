//! Telling people of the same name apart: `Kim`, `Kim (2)`, in the order in which they are listed.

use std::collections::BTreeSet;

/// A name for each of the nicknames, in the same order, no two alike.
///
/// Nobody's number takes a name that somebody else has chosen: of `Kim`, `Kim`, `Kim (2)` the
/// second is shown as `Kim (3)`.
pub(crate) fn told_apart<'a>(nicknames: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let chosen: BTreeSet<&str> = nicknames.clone().collect();
    let mut shown = BTreeSet::new();
    nicknames
        .map(|nickname| {
            let mut name = nickname.to_owned();
            let mut number = 2;
            while shown.contains(&name) || (number > 2 && chosen.contains(name.as_str())) {
                name = format!("{nickname} ({number})");
                number += 1;
            }
            shown.insert(name.clone());
            name
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn twins_are_numbered_in_the_order_of_the_list() {
        let shown = |names: &[&str]| told_apart(names.iter().copied());
        assert_eq!(shown(&["Kim", "Lee"]), ["Kim", "Lee"]);
        assert_eq!(
            shown(&["Kim", "Lee", "Kim", "Kim"]),
            ["Kim", "Lee", "Kim (2)", "Kim (3)"]
        );
        assert_eq!(
            shown(&["Kim", "Kim", "Kim (2)"]),
            ["Kim", "Kim (3)", "Kim (2)"]
        );
        assert_eq!(
            shown(&["Kim (2)", "Kim", "Kim"]),
            ["Kim (2)", "Kim", "Kim (3)"]
        );
    }

    proptest! {
        #[test]
        fn no_two_are_alike(names in proptest::collection::vec("(Kim|Lee)( \\([2-4]\\))?", 0..16)) {
            let shown = told_apart(names.iter().map(String::as_str));
            let distinct: BTreeSet<_> = shown.iter().collect();
            prop_assert_eq!(distinct.len(), names.len());
        }
    }
}
