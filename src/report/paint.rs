//! Colours, by role rather than by name.

use colored::Colorize as _;

/// Whether what is drawn may be coloured.
///
/// `Coloured` leaves the last word to [`colored::control`], which only the command line sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Plain text, as files want it.
    Plain,
    /// Colours, where the terminal is to have them.
    Coloured,
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Text like any other.
    Plain,
    /// A promise is broken.
    Bad,
    /// Something that could not be judged.
    Unsure,
    /// Advice that was not followed.
    Odd,
    /// All is well.
    Good,
    /// What a reader looks for.
    Strong,
    /// What a reader looks past.
    Faint,
    /// Frames and arrows.
    Frame,
}

impl Paint {
    /// The text in the colour of its role.
    #[must_use]
    pub fn dress(self, role: Role, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Coloured => match role {
                Role::Plain => return text.to_owned(),
                Role::Bad => text.red().bold(),
                Role::Unsure => text.magenta().bold(),
                Role::Odd => text.yellow().bold(),
                Role::Good => text.green(),
                Role::Strong => text.bold(),
                Role::Faint => text.dimmed(),
                Role::Frame => text.blue().bold(),
            }
            .to_string(),
        }
    }
}
