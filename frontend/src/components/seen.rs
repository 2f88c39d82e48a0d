//! How the parts of a room's page see the call and speak to it: each reads its own piece of the
//! [`CallView`], and is drawn again only when that piece has changed.

use call::CallView;
use leptos::prelude::*;

use crate::session::CallHandle;

/// The call of the room page that this component stands in.
pub fn the_call() -> CallHandle {
    expect_context::<CallHandle>()
}

/// A piece of what the call looks like.
pub fn seen<T>(read: impl Fn(&CallView) -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    let view = the_call().view;
    Memo::new(move |_| view.with(&read))
}
