//! Finding what a person would find: by role and accessible name, as the browser itself computes them. A [`Locator`] is only
//! a description; it is looked up anew for each use, so a redrawn page cannot make it stale.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Node},
    keyboard::Key,
    person::Person,
    role::{Name, Role},
    waiting::until,
};

/// Something on someone's page.
#[derive(Clone)]
pub struct Locator<'p> {
    person: &'p Person,
    path: Vec<Step>,
}

#[derive(Clone)]
struct Step {
    role: Role,
    name: Name,
}

/// Where to press, or why not yet.
#[derive(Deserialize)]
#[serde(untagged)]
enum Target {
    At { x: f64, y: f64 },
    NotYet { why: String },
}

impl<'p> Locator<'p> {
    pub(crate) fn new(person: &'p Person, role: Role, name: Name) -> Self {
        Self {
            person,
            path: Vec::new(),
        }
        .within(role, name)
    }

    /// The thing of that role and name inside this one.
    #[must_use]
    pub fn find(&self, role: Role, name: &str) -> Self {
        self.clone().within(role, Name::Is(name.to_owned()))
    }

    /// The thing of that role inside this one whose name begins so.
    #[must_use]
    pub fn find_beginning_with(&self, role: Role, name: &str) -> Self {
        self.clone().within(role, Name::BeginsWith(name.to_owned()))
    }

    /// The only thing of that role inside this one.
    #[must_use]
    pub fn the(&self, role: Role) -> Self {
        self.clone().within(role, Name::Any)
    }

    /// The button of that name inside this.
    #[must_use]
    pub fn button(&self, name: &str) -> Self {
        self.find(Role::Button, name)
    }

    /// Waits until it is there.
    #[track_caller]
    pub fn appears(&self) {
        until(&self.to_string(), || self.look_up());
    }

    /// Waits until it is not there any more.
    #[track_caller]
    pub fn disappears(&self) {
        until(&format!("{self} to go"), || match self.count()? {
            0 => Ok(()),
            some => Err(format!("there is {some}")),
        });
    }

    /// How many there are at this moment.
    pub fn count(&self) -> Result<usize, String> {
        Ok(self.nodes()?.len())
    }

    /// Presses it as a mouse does: at its middle, once it stands still and nothing covers it.
    #[track_caller]
    pub fn click(&self) {
        let (x, y) = until(&format!("{self} to be ready for a click"), || {
            match self.call(PRESSABLE, &[])? {
                Target::At { x, y } => Ok((x, y)),
                Target::NotYet { why } => Err(why),
            }
        });
        self.browser().click(x, y);
    }

    /// Replaces what is in this field by typing.
    #[track_caller]
    pub fn fill(&self, text: &str) {
        self.click();
        self.person.press(Key::SelectAll);
        self.person.type_text(text);
        until(&format!("{self} to hold {text:?}"), || {
            match self.value()? {
                value if value == text => Ok(()),
                value => Err(format!("it holds {value:?}")),
            }
        });
    }

    /// What this field holds.
    pub fn value(&self) -> Result<String, String> {
        self.call("function () { return this.value; }", &[])
    }

    /// Waits until this field holds the text.
    #[track_caller]
    pub fn holds(&self, text: &str) {
        until(&format!("{self} to hold {text:?}"), || {
            match self.value()? {
                value if value == text => Ok(()),
                value => Err(format!("it holds {value:?}")),
            }
        });
    }

    /// Whether this box is ticked.
    pub fn checked(&self) -> Result<bool, String> {
        self.call("function () { return this.checked; }", &[])
    }

    /// The labels of this combobox's options.
    pub fn options(&self) -> Result<Vec<String>, String> {
        self.call(
            "function () { return [...this.options].map((option) => option.label.trim()); }",
            &[],
        )
    }

    /// The label of this combobox's option in use.
    pub fn chosen(&self) -> Result<String, String> {
        self.call(
            "function () { return this.selectedOptions[0]?.label.trim() ?? ''; }",
            &[],
        )
    }

    /// Chooses the option of that label. A native list of options is drawn outside the page, so the choice is made
    /// on the element, with the events that a person's choice fires.
    #[track_caller]
    pub fn choose(&self, label: &str) {
        until(&format!("{self} to offer {label:?}"), || {
            match self.call(CHOOSE, &[json!(label)])? {
                true => Ok(()),
                false => Err(format!("it offers {:?}", self.options()?)),
            }
        });
    }

    /// The text that a person reads in it.
    pub fn text(&self) -> Result<String, String> {
        self.call("function () { return this.innerText; }", &[])
    }

    /// Waits until the text is in it.
    #[track_caller]
    pub fn says(&self, text: &str) {
        until(&format!("{self} to say {text:?}"), || {
            let all = self.text()?;
            if all.contains(text) {
                Ok(())
            } else {
                Err(format!("it says {all:?}"))
            }
        });
    }

    /// Waits until the text is not in it.
    #[track_caller]
    pub fn says_no_more(&self, text: &str) {
        until(&format!("{self} to say {text:?} no more"), || {
            let all = self.text()?;
            if all.contains(text) {
                Err(format!("it says {all:?}"))
            } else {
                Ok(())
            }
        });
    }

    /// Calls a JavaScript function with `this` being the element.
    ///
    /// # Errors
    /// When it is not there, is there more than once, or the function throws.
    pub fn call<T: serde::de::DeserializeOwned>(
        &self,
        function: &str,
        arguments: &[Value],
    ) -> Result<T, String> {
        self.browser()
            .call_on(&self.look_up()?, function, arguments)
    }

    fn within(mut self, role: Role, name: Name) -> Self {
        self.path.push(Step { role, name });
        self
    }

    fn browser(&self) -> &Browser {
        self.person.browser()
    }

    /// The one node that it describes.
    fn look_up(&self) -> Result<Node, String> {
        match self.nodes()?.as_slice() {
            [node] => Ok(node.clone()),
            [] => Err("there is none".to_owned()),
            several => Err(format!("there are {}", several.len())),
        }
    }

    fn nodes(&self) -> Result<Vec<Node>, String> {
        let mut roots = vec![self.browser().document()?];
        for Step { role, name } in &self.path {
            let mut found = Vec::new();
            for root in roots {
                for node in self.browser().find(&root, *role, name)? {
                    if !found.contains(&node) {
                        found.push(node);
                    }
                }
            }
            roots = found;
        }
        Ok(roots)
    }
}

impl std::fmt::Display for Locator<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}'s ", self.person.name())?;
        for (index, Step { role, name }) in self.path.iter().enumerate() {
            if index > 0 {
                f.write_str(" › ")?;
            }
            f.write_str(role.in_chromium()[0])?;
            match name {
                Name::Any => {}
                Name::Is(name) => write!(f, " {name:?}")?,
                Name::BeginsWith(name) => write!(f, " {name:?}…")?,
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Locator<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// Scrolls to it, waits one drawn frame to see whether it moves, and looks what is on top at its middle.
const PRESSABLE: &str = "async function () {
    if (this.matches(':disabled, [aria-disabled=true]')) return { why: 'it is disabled' };
    this.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const before = this.getBoundingClientRect();
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const box = this.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return { why: 'it has no size' };
    if (box.x !== before.x || box.y !== before.y) return { why: 'it moves' };
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const top = document.elementFromPoint(x, y);
    if (!top) return { why: `it is outside the window, at ${x},${y}` };
    const own = this === top || this.contains(top) || top.closest('label')?.control === this;
    return own ? { x, y } : { why: `it is covered by ${top.outerHTML.slice(0, 200)}` };
}";

const CHOOSE: &str = "function (label) {
    const option = [...this.options].find((option) => option.label.trim() === label);
    if (!option || this.disabled) return false;
    this.focus();
    this.value = option.value;
    this.dispatchEvent(new Event('input', { bubbles: true }));
    this.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
}";
