//! The meaning a colour carries; the words and the icon beside it always say the same thing.

use super::icon::IconName;

/// What a badge, a banner or a toast means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// The product's own colour: current, chosen.
    Accent,
    /// Worth knowing, nothing to do.
    Information,
    /// Finished, safe.
    Done,
    /// Look at it when you can.
    Warning,
    /// Act now.
    Danger,
}

impl Tone {
    /// The last part of a class name: `badge--` + `warning`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Information => "information",
            Self::Done => "done",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// The icon that says the same thing without colour.
    pub const fn icon(self) -> IconName {
        match self {
            Self::Neutral | Self::Accent | Self::Information => IconName::Info,
            Self::Done => IconName::Check,
            Self::Warning => IconName::Warning,
            Self::Danger => IconName::Danger,
        }
    }
}
