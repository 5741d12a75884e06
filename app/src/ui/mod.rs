//! The design system: buttons, fields, lists, dialogs and the frame of the page.
//!
//! Knows nothing of the domain and imports only `leptos` and `std`: every word on screen is passed in
//! by the caller. Each component has a `.css` of the same name, which styles only its own prefix and
//! takes every colour, space and duration from `public/tokens.css`.
//!
//! Never uses a `style` attribute (the page's CSP is `style-src 'self'`: a height that is reckoned is set through the
//! object model) and never starts a timer.

#![expect(clippy::needless_pass_by_value, reason = "a component owns its props")]

pub mod avatar;
pub mod badge;
pub mod banner;
pub mod button;
pub mod checkbox;
pub mod conflict;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod focus;
pub mod history;
pub mod icon;
pub mod layout;
pub mod list;
pub mod long_list;
pub mod page_header;
pub mod progress;
pub mod radio;
pub mod receipt;
pub mod search_box;
pub mod section;
pub mod select_field;
pub mod sheet;
pub mod skeleton;
pub mod status_line;
pub mod steps;
pub mod tabs;
pub mod text_area;
pub mod text_edit;
pub mod text_field;
pub mod toast;
pub mod tone;

pub use avatar::Avatar;
pub use badge::Badge;
pub use banner::Banner;
pub use button::{Button, ButtonKind, ButtonLink, IconButton};
pub use checkbox::Checkbox;
pub use conflict::{Candidate, TwoValues};
pub use dialog::Dialog;
pub use empty::EmptyState;
pub use field::Problem;
pub use history::{HistoryEntry, HistoryList, HistoryWords};
pub use icon::{Icon, IconName};
pub use layout::{AppShell, NavItem, NavPlace, SplitView};
pub use list::{RowLink, RowList};
pub use long_list::{RowPlace, long_list};
pub use page_header::{PageHeader, PhoneLink};
pub use progress::ProgressBar;
pub use radio::{RadioChoice, RadioList};
pub use receipt::{Receipt, ReceiptMark};
pub use search_box::SearchBox;
pub use section::Section;
pub use select_field::{SelectField, SelectOption};
pub use skeleton::Skeleton;
pub use status_line::{StatusKind, StatusLine};
pub use steps::Steps;
pub use tabs::{Tab, Tabs};
pub use text_area::TextArea;
pub use text_field::{TextField, TextKind};
pub use toast::{Toast, Toaster};
pub use tone::Tone;
