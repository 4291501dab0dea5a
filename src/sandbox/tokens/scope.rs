use std::fmt;

/// A part of the API that a token may be good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Admin,
    Agent,
    Authentication,
    RealTime,
    Reporting,
    Patron,
    Custom,
}

impl Scope {
    const ALL: [Self; 7] =
        [Self::Admin, Self::Agent, Self::Authentication, Self::RealTime, Self::Reporting, Self::Patron, Self::Custom];

    fn name(self) -> &'static str {
        match self {
            Self::Admin => "AdminApi",
            Self::Agent => "AgentApi",
            Self::Authentication => "AuthenticationApi",
            Self::RealTime => "RealTimeApi",
            Self::Reporting => "ReportingApi",
            Self::Patron => "PatronApi",
            Self::Custom => "CustomApi",
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }

    /// The scope of this name in any case; registration forms say `RealTimeDataAPI` where the wire says `RealTimeApi`.
    fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("RealTimeDataAPI") {
            return Some(Self::RealTime);
        }
        Self::ALL.into_iter().find(|scope| scope.name().eq_ignore_ascii_case(name))
    }
}

/// A set of scopes. Shown as the wire shows it: names with a space between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scopes(u8);

impl Scopes {
    /// Every scope.
    pub(crate) const ALL: Self = Self(0x7f);
    /// No scope: good for what needs none.
    pub(crate) const NONE: Self = Self(0);

    /// What a request for `scope` is given: nothing asked for means everything that the application may have.
    /// `None` when it asks only for scopes that there are not.
    pub(crate) fn requested(scope: Option<&str>) -> Option<Self> {
        let Some(scope) = scope.filter(|scope| !scope.trim().is_empty()) else { return Some(Self::ALL) };
        let bits = scope.split_whitespace().filter_map(Scope::named).fold(0, |bits, scope| bits | scope.bit());
        (bits != 0).then_some(Self(bits))
    }

    /// Whether `scope` is among them.
    pub(crate) fn include(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = Scope::ALL.into_iter().filter(|scope| self.include(*scope)).map(Scope::name);
        f.write_str(names.next().unwrap_or_default())?;
        names.try_for_each(|name| write!(f, " {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_request_means_everything() {
        assert_eq!(Scopes::requested(Some("")), Some(Scopes::ALL));
    }

    #[test]
    fn scopes_are_read_in_any_case_and_unknown_ones_left_out() {
        let some = Scopes::requested(Some("PATRONAPI RealTimeDataAPI TeaApi")).unwrap();
        assert_eq!(some.to_string(), "RealTimeApi PatronApi");
        assert_eq!(Scopes::requested(Some("TeaApi")), None);
    }
}
