//! How large an element is drawn.

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::bindings;

/// The element's width and height in CSS pixels, padding included; zero until it is drawn.
#[must_use]
pub fn element_size<E>(element: NodeRef<E>) -> ReadSignal<(f64, f64)>
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<Element> + 'static,
{
    let (size, set_size) = signal((0.0, 0.0));
    let observed = StoredValue::new_local(None::<Observer>);
    Effect::new(move || {
        observed.set_value(element.get().map(|element| {
            let element: &Element = element.as_ref();
            Observer::new(element.clone(), move |now| {
                if size.get_untracked() != now {
                    set_size.set(now);
                }
            })
        }));
    });
    size
}

/// Observes one element until dropped.
struct Observer {
    observer: bindings::ResizeObserver,
    _closure: Closure<dyn FnMut()>,
}

impl Observer {
    fn new(element: Element, resized: impl Fn((f64, f64)) + 'static) -> Self {
        let target = element.clone();
        let closure = Closure::<dyn FnMut()>::new(move || {
            resized((
                f64::from(target.client_width()),
                f64::from(target.client_height()),
            ));
        });
        let observer = bindings::ResizeObserver::new(closure.as_ref().unchecked_ref());
        observer.observe(&element);
        Self {
            observer,
            _closure: closure,
        }
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
