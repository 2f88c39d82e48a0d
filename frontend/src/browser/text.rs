//! What the browser knows of Unicode, so that the page need not bring its tables along.

use js_sys::JsString;

/// The text in normalisation form C (UAX #15), as names are compared and counted in.
#[must_use]
pub fn nfc(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}

#[cfg(test)]
mod tests {
    use super::nfc;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn letters_and_marks_are_composed() {
        assert_eq!(nfc("cafe\u{301}"), "caf\u{e9}");
        assert_eq!(nfc("\u{1112}\u{1161}\u{11ab}"), "한");
    }
}
