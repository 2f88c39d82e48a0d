//! What a person tells things on a page apart by: their role, and their accessible name. How each browser spells a role is
//! here; who is looking is left to `locator`.

/// What sort of thing it is: an ARIA role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "ARIA's names")]
pub enum Role {
    Alert,
    Banner,
    Button,
    Cell,
    Checkbox,
    Combobox,
    Dialog,
    Group,
    Heading,
    Link,
    List,
    Log,
    Meter,
    Region,
    Status,
    Switch,
    Textbox,
    Toolbar,
    /// No ARIA role: Chromium's own for a `<video>`.
    Video,
}

/// Which accessible name it has.
#[derive(Clone)]
pub enum Name {
    Any,
    Is(String),
    BeginsWith(String),
}

impl Role {
    /// As Chromium's accessibility tree spells it; buttons that toggle or open something have names of their own there.
    pub fn in_chromium(self) -> &'static [&'static str] {
        match self {
            Self::Alert => &["alert"],
            Self::Banner => &["banner"],
            Self::Button => &["button", "ToggleButton", "PopUpButton"],
            Self::Cell => &["cell", "gridcell"],
            Self::Checkbox => &["checkbox"],
            Self::Combobox => &["combobox"],
            Self::Dialog => &["dialog", "alertdialog"],
            Self::Group => &["group"],
            Self::Heading => &["heading"],
            Self::Link => &["link"],
            Self::List => &["list"],
            Self::Log => &["log"],
            Self::Meter => &["meter"],
            Self::Region => &["region"],
            Self::Status => &["status"],
            Self::Switch => &["switch"],
            Self::Textbox => &["textbox"],
            Self::Toolbar => &["toolbar"],
            Self::Video => &["Video"],
        }
    }

    /// As WebDriver's "Get Computed Role" answers it. A video is a group to Firefox.
    pub fn in_webdriver(self) -> &'static [&'static str] {
        match self {
            Self::Button => &["button"],
            Self::Video => &["group"],
            Self::Alert
            | Self::Banner
            | Self::Cell
            | Self::Checkbox
            | Self::Combobox
            | Self::Dialog
            | Self::Group
            | Self::Heading
            | Self::Link
            | Self::List
            | Self::Log
            | Self::Meter
            | Self::Region
            | Self::Status
            | Self::Switch
            | Self::Textbox
            | Self::Toolbar => self.in_chromium(),
        }
    }

    /// The elements that can have it: there is no asking for a role, but only for that of an element.
    pub fn elements(self) -> &'static str {
        match self {
            Self::Alert => "[role=alert]",
            Self::Banner => "header, [role=banner]",
            Self::Button => "button, summary, input, [role=button]",
            Self::Cell => "td, [role=cell], [role=gridcell]",
            Self::Checkbox => "input, [role=checkbox]",
            Self::Combobox => "select, input, [role=combobox]",
            Self::Dialog => "dialog, [role=dialog], [role=alertdialog]",
            Self::Group => "fieldset, details, [role=group]",
            Self::Heading => "h1, h2, h3, h4, h5, h6, [role=heading]",
            Self::Link => "a, area, [role=link]",
            Self::List => "ul, ol, menu, [role=list]",
            Self::Log => "[role=log]",
            Self::Meter => "meter, [role=meter]",
            Self::Region => "section, [role=region]",
            Self::Status => "output, [role=status]",
            Self::Switch => "input, [role=switch]",
            Self::Textbox => "input, textarea, [role=textbox], [contenteditable]",
            Self::Toolbar => "[role=toolbar]",
            Self::Video => "video",
        }
    }
}

impl Name {
    /// Whether this is such a name.
    pub fn fits(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Is(wanted) => name == wanted,
            Self::BeginsWith(beginning) => name.starts_with(beginning),
        }
    }
}
