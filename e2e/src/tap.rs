//! The script that runs in each page before its own: `tap.js` listens in, `shims.js` stands in for devices. What is asked
//! of it is left to `media`.

use crate::setup::Setup;

/// The script for this setup.
pub fn script(setup: &Setup) -> String {
    let mut script = include_str!("tap.js").to_owned();
    if let Some((width, height, rate)) = setup.picture.constraints() {
        script.push_str(&format!(
            "tap.picture = {{ width: {width}, height: {height}, frameRate: {rate} }};\n"
        ));
    }
    if setup.tells_no_looks {
        script.push_str("tap.tellsNoLooks = true;\n");
    }
    if let Some(shim) = setup.shim {
        // In a function, so that its names are not the page's.
        script.push_str(&format!(
            "(() => {{ {} shims.{shim:?}(); }})();\n",
            include_str!("shims.js")
        ));
    }
    script
}
