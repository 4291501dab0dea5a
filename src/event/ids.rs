use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id with this text; whoever makes one has checked its grammar.
            #[must_use]
            pub fn new(text: &str) -> Self {
                Self(Arc::from(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text_id! {
    /// A case: `scenario[/row][@variant]`, and `~2` for the second of several repetitions. The same on every host, shard and day.
    CaseId
}
text_id! {
    /// A step within its case: its name or number; within flows `use-step/inner-step`.
    StepPath
}
text_id! {
    /// A requirement, such as `CX-SES-001`.
    RequirementId
}
text_id! {
    /// A waiver, such as `W-0007`.
    WaiverId
}

impl CaseId {
    /// The id of one of several repetitions of this case, from 1.
    #[must_use]
    pub fn repetition(&self, number: u32) -> Self {
        Self::new(&format!("{}~{number}", self.base()))
    }

    /// The id without the number of a repetition: the same for all of them. Ids of scenarios have no `~`.
    #[must_use]
    pub fn base(&self) -> &str {
        match self.0.rsplit_once('~') {
            Some((base, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => base,
            Some(_) | None => &self.0,
        }
    }

    /// The number of the repetition, from 1, where it is one.
    #[must_use]
    pub fn repeated(&self) -> Option<u32> {
        self.0.strip_prefix(self.base())?.strip_prefix('~')?.parse().ok()
    }
}

/// An exchange within its case: its number, from 1, in the order in which they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExchangeId(pub u32);

impl fmt::Display for ExchangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
