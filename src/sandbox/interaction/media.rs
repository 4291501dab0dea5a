/// What a contact is made by. Numbers are those of the reference's media types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Media {
    Chat,
    Call,
}

impl Media {
    /// The number of its media type.
    pub(crate) fn id(self) -> u8 {
        match self {
            Self::Chat => 3,
            Self::Call => 4,
        }
    }

    /// The name of its media type.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chat => "Chat",
            Self::Call => "Phone Call",
        }
    }

    /// The one of this name: `call` or `chat`, in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("call") {
            Some(Self::Call)
        } else if name.eq_ignore_ascii_case("chat") {
            Some(Self::Chat)
        } else {
            None
        }
    }
}

/// Who began a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    /// The patron.
    Inbound,
    /// The agent.
    Outbound,
}
