//! Starts the page. All else is in the library.

fn main() {
    frontend::app::start();
}
