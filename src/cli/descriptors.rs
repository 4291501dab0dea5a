use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What macOS gives a process that asks for everything (`OPEN_MAX`).
const OPEN_MAX: u64 = 10_240;

/// Lets the process open as many files as it may: every connection is one, and many systems begin with 256 or 1024. The
/// number of files that it can have open now; `None` when nobody counts them.
pub(super) fn raise_limit() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let is_room = |wanted: Option<u64>| wanted.is_none_or(|wanted| current.is_some_and(|now| now < wanted));
    for wanted in [maximum, Some(maximum.map_or(OPEN_MAX, |most| most.min(OPEN_MAX)))] {
        if current.is_some()
            && is_room(wanted)
            && setrlimit(Resource::Nofile, Rlimit { current: wanted, maximum }).is_ok()
        {
            return wanted;
        }
    }
    current
}
