//! Copying text.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::bindings;

/// Why text could not be copied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    /// Not a secure context, or a browser without a clipboard.
    #[error("this page has no clipboard")]
    Unsupported,
    /// The browser's words.
    #[error("the browser refused: {0}")]
    Refused(String),
}

/// Copies text. To be called while a click is handled: without one, browsers refuse.
pub async fn copy(text: &str) -> Result<(), CopyError> {
    let clipboard = bindings::clipboard().ok_or(CopyError::Unsupported)?;
    JsFuture::from(clipboard.write_text(text))
        .await
        .map(|_: JsValue| ())
        .map_err(|error| CopyError::Refused(super::describe(&error)))
}
