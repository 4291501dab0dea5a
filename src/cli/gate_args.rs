use clap::{Args, ValueEnum};

use crate::event::{BadShard, FailOn, FlakyRule, Gate, Shard};
use crate::run::Retries;

/// Which cases a run tries, how often, and what fails it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Gate")]
pub(super) struct GateArgs {
    /// What fails the run: a broken MUST, or a SHOULD and advice too.
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL", env = "ASSIZE_FAIL_ON")]
    pub(super) fail_on: FailOnChoice,
    /// Start no more cases once so many have failed; the rest is skipped, and the run has failed.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) max_fail: Option<u32>,
    /// Try a case that did not pass again, whole and with new names, at most so often; a scenario may ask for more.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10), env = "ASSIZE_RETRIES")]
    pub(super) retries: Option<u32>,
    /// What a case is worth that passed only when it was tried again.
    #[arg(long, value_enum, default_value_t, value_name = "RULE", env = "ASSIZE_FLAKY")]
    pub(super) flaky: FlakyChoice,
    /// Run every case so often, each time with an outcome of its own, and tell which came out differently.
    #[arg(long, value_name = "N", conflicts_with = "retries", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) repeat: Option<u32>,
    /// Run only what did not pass in the last run of this suite against this target on this machine.
    #[arg(long, conflicts_with = "shard")]
    pub(super) last_failed: bool,
    /// Run the K-th of N parts of the plan; `assize replay LOG…` puts the logs of all parts together.
    #[arg(long, value_name = "K/N", value_parser = shard, env = "ASSIZE_SHARD")]
    pub(super) shard: Option<Shard>,
}

/// What fails a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOnChoice {
    /// A broken MUST.
    #[default]
    Must,
    /// A broken SHOULD, and advice, as well.
    Should,
}

/// What a case is worth that passed only when it was tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FlakyChoice {
    /// The run passes, and tells of it.
    #[default]
    Warn,
    /// The run has failed.
    Fail,
}

impl GateArgs {
    /// What fails the run.
    pub(super) fn gate(&self) -> Gate {
        Gate {
            fail_on: match self.fail_on {
                FailOnChoice::Must => FailOn::Must,
                FailOnChoice::Should => FailOn::Should,
            },
            flaky: match self.flaky {
                FlakyChoice::Warn => FlakyRule::Warn,
                FlakyChoice::Fail => FlakyRule::Fail,
            },
        }
    }

    /// How often a case is tried again.
    pub(super) fn retries(&self) -> Retries {
        match (self.repeat, self.retries) {
            // A retry would hide what the repetitions are to show.
            (Some(_), _) => Retries::Never,
            (None, Some(least)) => Retries::AtLeast(least),
            (None, None) => Retries::AsWritten,
        }
    }
}

fn shard(text: &str) -> Result<Shard, BadShard> {
    text.parse()
}
