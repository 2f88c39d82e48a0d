//! The page's pictures: strokes on a 24-unit square, in the colour of the text. They are never the
//! only name of anything, so screen readers skip them.

use leptos::prelude::*;

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Microphone,
    MicrophoneOff,
    Camera,
    CameraOff,
    Screen,
    ScreenOff,
    Chat,
    People,
    Devices,
    Leave,
    Link,
    Check,
    Lock,
    LockOpen,
    Close,
    Send,
    Host,
    Expand,
    Shrink,
    Speaker,
    Warning,
    Remove,
    Dice,
    Next,
    SignalGood,
    SignalPoor,
    SignalSought,
    SignalRepaired,
    SignalLost,
}

/// One picture.
#[component]
pub fn Icon(
    /// What it shows.
    #[prop(into)]
    of: Signal<Shape>,
    /// In the size of text.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <svg class="icon" class:small=small viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=move || of.get().strokes() />
        </svg>
    }
}

/// What turns while something is being waited for.
pub fn spinner() -> AnyView {
    view! { <span class="spinner" aria-hidden="true"></span> }.into_any()
}

impl Shape {
    fn strokes(self) -> &'static str {
        match self {
            Self::Microphone => {
                "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21"
            }
            Self::MicrophoneOff => {
                "M15 9.5V6a3 3 0 0 0-5.8-1M9 9v2a3 3 0 0 0 4.5 2.6M5.5 11a6.5 6.5 0 0 0 10.4 5.2M18.5 11a6.5 6.5 0 0 1-.6 2.7M12 17.5V21M4 3.5l16 17"
            }
            Self::Camera => {
                "M3.5 8a2 2 0 0 1 2-2h7.5a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5.5a2 2 0 0 1-2-2zM15 10.8l5.5-3.3v9L15 13.2"
            }
            Self::CameraOff => {
                "M9.5 6H13a2 2 0 0 1 2 2v2.8l5.5-3.3v9l-2-1.2M15 15.5v.5a2 2 0 0 1-2 2H5.5a2 2 0 0 1-2-2V8a2 2 0 0 1 1.7-2M4 3.5l16 17"
            }
            Self::Screen => "M3.5 5h17v11.5h-17zM8.5 20h7M12 13.5v-5M9.5 10.8L12 8.3l2.5 2.5",
            Self::ScreenOff => "M3.5 5h17v11.5h-17zM8.5 20h7M9.7 8.5l4.6 4.6M14.3 8.5l-4.6 4.6",
            Self::Chat => {
                "M4 6a1.5 1.5 0 0 1 1.5-1.5h13A1.5 1.5 0 0 1 20 6v8.5a1.5 1.5 0 0 1-1.5 1.5H11l-4.5 4v-4h-1A1.5 1.5 0 0 1 4 14.5zM8 8.5h8M8 12h5"
            }
            Self::People => {
                "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 13.8a6.5 6.5 0 0 1 3.5 5.7"
            }
            Self::Devices => {
                "M4 7.5h8.5M17.5 7.5H20M15 5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM4 16.5h2.5M11.5 16.5H20M9 14a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"
            }
            Self::Leave => {
                "M3.3 14.3c-.8-1-.7-2.4.2-3.3C5.8 8.9 8.9 8 12 8s6.2.9 8.5 3c.9.9 1 2.3.2 3.3l-.9 1.1c-.5.6-1.3.8-2 .4l-2-1a1.7 1.7 0 0 1-.9-1.5v-1.4a10 10 0 0 0-5.8 0v1.4c0 .6-.3 1.2-.9 1.5l-2 1c-.7.4-1.5.2-2-.4z"
            }
            Self::Link => {
                "M10 13.5a4.2 4.2 0 0 0 6.3.4l2.9-2.9a4.2 4.2 0 0 0-6-6l-1.5 1.5M14 10.5a4.2 4.2 0 0 0-6.3-.4L4.8 13a4.2 4.2 0 0 0 6 6l1.5-1.5"
            }
            Self::Check => "M5 12.8l4.5 4.5L19 7",
            Self::Lock => "M5.5 11h13v9h-13zM8 11V8a4 4 0 0 1 8 0v3M12 14.5v2",
            Self::LockOpen => "M5.5 11h13v9h-13zM8 11V8a4 4 0 0 1 7.7-1.5M12 14.5v2",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Send => "M4 11.5L20 4l-6 16.5-3.5-6.5zM10.5 14L20 4",
            Self::Host => "M4 8.5l4 3.5 4-6.5 4 6.5 4-3.5-1.5 9.5h-13z",
            Self::Expand => "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
            Self::Shrink => "M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5",
            Self::Speaker => {
                "M4 9.5h3.5L12 6v12l-4.5-3.5H4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11"
            }
            Self::Warning => "M12 4l9 16H3zM12 10v4.5M12 17.2v.1",
            Self::Remove => {
                "M10 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 19.5a6.5 6.5 0 0 1 13 0M16 11h5.5"
            }
            Self::Next => "M5 6l6 6-6 6M13 6l6 6-6 6",
            Self::SignalGood => "M5 20v-5M12 20v-10M19 20V4",
            // Two of the bars are down.
            Self::SignalPoor => "M5 20v-6M12 20v-.5M19 20v-.5",
            Self::SignalSought => "M5 12v.1M12 12v.1M19 12v.1",
            Self::SignalRepaired => {
                "M4.5 11a7.8 7.8 0 0 1 14-3.5M19.5 3.5v4.5H15M19.5 13a7.8 7.8 0 0 1-14 3.5M4.5 20.5V16H9"
            }
            Self::SignalLost => "M5 20v-5M12 20v-5M19 20V10M4 4l16 16",
            Self::Dice => {
                "M6.5 3.5h11a3 3 0 0 1 3 3v11a3 3 0 0 1-3 3h-11a3 3 0 0 1-3-3v-11a3 3 0 0 1 3-3zM8 8v.1M12 12v.1M16 16v.1"
            }
        }
    }
}
