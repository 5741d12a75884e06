//! Our own 24 px stroke icons, inline, so that they take the colour of the text and need no request.

use leptos::prelude::*;

/// Every icon of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each name is the picture it draws")]
pub enum IconName {
    ArrowLeft,
    ArrowRight,
    Calendar,
    Chat,
    Check,
    ChevronRight,
    Clock,
    Close,
    CloudCheck,
    CloudOff,
    Danger,
    Dashboard,
    Device,
    Download,
    Edit,
    Eye,
    File,
    Folder,
    History,
    Home,
    Inbox,
    Info,
    Key,
    Logout,
    Mail,
    Menu,
    More,
    Note,
    Person,
    Phone,
    Pin,
    Plus,
    Quality,
    Refresh,
    Search,
    Settings,
    Team,
    Trash,
    Undo,
    Upload,
    Warning,
}

/// The calendar, too long for its line below.
const CALENDAR: &str =
    "M6 5h12a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2ZM4 10h16M8 3v4M16 3v4M8 14h2M14 14h2";

/// The eye, too long for its line below.
const EYE: &str = "M2.5 12C4.5 8 8 5.5 12 5.5s7.5 2.5 9.5 6.5c-2 4-5.5 6.5-9.5 6.5S4.5 16 2.5 12ZM12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6Z";

/// The handset, too long for its line below.
const HANDSET: &str = "M6 3.50h2.60a1 1 0 0 1 1 .8l.7 3.20a1 1 0 0 1-.3.9L8.3 10a13 13 0 0 0 5.7 5.70l1.6-1.70a1 1 0 0 1 .9-.3l3.2.7a1 1 0 0 1 .8 1V18a2.5 2.5 0 0 1-2.7 2.50C10.2 19.9 4.1 13.8 3.5 6.20A2.5 2.5 0 0 1 6 3.50Z";

impl IconName {
    /// The outline, as one SVG path on a 24 × 24 grid.
    const fn path(self) -> &'static str {
        match self {
            Self::ArrowLeft => "M19 12H5m6-6-6 6 6 6",
            Self::ArrowRight => "M5 12h14m-6-6 6 6-6 6",
            Self::Calendar => CALENDAR,
            Self::Chat => {
                "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2ZM8 9.5h8M8 13h5"
            }
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::ChevronRight => "m9.5 6 6 6-6 6",
            Self::Clock => "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 7.5V12l3 2",
            Self::Close => "m6.5 6.5 11 11m0-11-11 11",
            Self::CloudCheck => {
                "M7 19a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.02A4 4 0 0 1 17.5 19H7Zm2.2-5.2 2.1 2.1 3.7-3.9"
            }
            Self::CloudOff => {
                "M9.2 6.2a6 6 0 0 1 8.7 4.86 4 4 0 0 1 2.4 6.3M17 19H7a4.5 4.5 0 0 1-.6-8.96c.1-.4.3-.8.5-1.2M4 4l16 16"
            }
            Self::Danger => "M8.3 3.5h7.4l4.8 4.8v7.4l-4.8 4.8H8.3l-4.8-4.8V8.3l4.8-4.8ZM12 7.8v4.9M12 16.1v.1",
            Self::Dashboard => "M4 4h7v9H4V4Zm9.5 0H20v5h-6.5V4Zm0 7.5H20V20h-6.5v-8.50ZM4 15.50h7V20H4v-4.50Z",
            Self::Device => "M8.5 2.50h7a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2ZM11 18.50h2",
            Self::Download => "M12 4v11m-4.5-4.50L12 15l4.5-4.50M4.5 16v2a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-2",
            Self::Edit => "M4 20h4L19 9a2.12 2.12 0 0 0-3-3L5 17l-1 3ZM14 8l3 3",
            Self::Eye => EYE,
            Self::File => "M7 3h7l5 5v11a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm7 0v5h5",
            Self::Folder => "M5 5h4.20l2.3 2.50H19a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z",
            Self::History => "M4.2 8.50A8.5 8.5 0 1 1 3.5 12M4 4.50v4h4M12 7.50V12l3 2",
            Self::Home => "M4 11.2 12 4l8 7.20M6 9.50V18a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2V9.50M10 20v-5.50h4V20",
            Self::Inbox => {
                "M4 13 6.5 5.50h11L20 13v4.50a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V13Zm0 0h4.50l1.5 2.50h4l1.5-2.50H20"
            }
            Self::Info => "M12 3.50a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 11v5.20M12 7.80v.1",
            Self::Key => {
                "M8 11.50a4.25 4.25 0 1 1 0 8.5 4.25 4.25 0 0 1 0-8.50Zm3-0-0 1.20L19.5 4M16 7.50l3 3M18 5.50l2 2"
            }
            Self::Logout => "M10 4.50H6.50a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2H10M10 12h10m-4-4 4 4-4 4",
            Self::Mail => {
                "M5 5.50h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2Zm-1.5 2L12 13l8.5-5.5"
            }
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::More => "M5.5 12v.1M12 12v.1M18.5 12v.1",
            Self::Note => {
                "M6 4h12a2 2 0 0 1 2 2v8l-6 6H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Zm14 10h-4a2 2 0 0 0-2 2v4M8 8.50h8M8 12.50h4"
            }
            Self::Person => "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20.50c.8-3.7 3.8-5.5 7.5-5.50s6.7 1.8 7.5 5.5",
            Self::Phone => HANDSET,
            Self::Pin => {
                "M12 21c-4.5-4.3-7-7.6-7-11a7 7 0 0 1 14 0c0 3.4-2.5 6.7-7 11Zm0-13.50a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Quality => {
                "M12 3l7.5 2.80v5.40c0 4.5-3 8-7.5 9.8-4.5-1.8-7.5-5.3-7.5-9.80V5.80L12 3Zm-3.3 8.8 2.3 2.3 4.3-4.5"
            }
            Self::Refresh => {
                "M19.5 5v4.50H15M4.5 19v-4.50H9M5.2 9.50a7.3 7.3 0 0 1 13.6-1.20l.7 1.20M18.8 14.50a7.3 7.3 0 0 1-13.6 1.20l-.7-1.2"
            }
            Self::Search => "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm4.7 11.20L20 20",
            Self::Settings => {
                "M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.50a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM8.5 14.50a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z"
            }
            Self::Team => {
                "M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM2.5 19.50c.6-3.2 3.2-4.7 6.5-4.70s5.9 1.5 6.5 4.70M15.5 5.30a3.5 3.5 0 0 1 0 6.50M18 15.30c1.9.6 3.2 2 3.6 4.2"
            }
            Self::Trash => {
                "M4.5 7h15M9 7V4.50h6V7M6.5 7l.8 11.20a2 2 0 0 0 2 1.80h5.40a2 2 0 0 0 2-1.80L17.5 7M10 11v5M14 11v5"
            }
            Self::Undo => "M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-4",
            Self::Upload => "M12 15V4M7.5 8.5 12 4l4.5 4.50M4.5 16v2a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-2",
            Self::Warning => "M12 4 2.8 19.50h18.40L12 4Zm0 6v4.50M12 17.20v.1",
        }
    }
}

/// A decorative icon: hidden from screen readers, so always beside words or inside a labelled control.
#[component]
pub fn Icon(
    /// Which picture.
    name: IconName,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d=name.path() />
        </svg>
    }
}
