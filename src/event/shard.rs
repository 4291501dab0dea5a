use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{CaseHead, CaseId, SkippedCase};

/// One of several parts that a plan is split into, each for a machine of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// Which, from 1.
    pub index: u32,
    /// Of how many.
    pub of: u32,
}

/// A shard as the record of its run tells of it: with the whole plan, so that of the shards of a run nobody can be
/// missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardHead {
    /// Which.
    pub shard: Shard,
    /// The cases of all shards that will run, in the order of the plan.
    pub cases: Vec<CaseHead>,
    /// The cases of all shards that will not, each with its reason.
    pub skipped: Vec<SkippedCase>,
}

/// Why a text names no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadShard {
    /// It is not of the form.
    #[error("a shard is `K/N`, such as `2/5`: the second of five")]
    Form,
    /// There are none, or the first is not 1.
    #[error("shards are counted from 1, and there is at least one")]
    Zero,
    /// There are fewer.
    #[error("there is no shard {index} of {of}")]
    Beyond {
        /// Which.
        index: u32,
        /// Of how many.
        of: u32,
    },
    /// There are more than make sense.
    #[error("{of} shards are more than the 10000 that a run can be split into")]
    TooMany {
        /// How many.
        of: u32,
    },
}

/// More than any fleet of machines has.
const MOST: u32 = 10_000;

impl FromStr for Shard {
    type Err = BadShard;

    fn from_str(text: &str) -> Result<Self, BadShard> {
        let number = |text: &str| -> Result<u32, BadShard> {
            let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if is_plain { text.parse().map_err(|_| BadShard::Form) } else { Err(BadShard::Form) }
        };
        let (index, of) = text.split_once('/').ok_or(BadShard::Form)?;
        match (number(index)?, number(of)?) {
            (0, _) | (_, 0) => Err(BadShard::Zero),
            (_, of) if of > MOST => Err(BadShard::TooMany { of }),
            (index, of) if index > of => Err(BadShard::Beyond { index, of }),
            (index, of) => Ok(Self { index, of }),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl Shard {
    /// The shard of so many that a case is in: by its id alone, so that it is the same whatever the order, the seed, the
    /// selection and the machine. The first eight bytes of the SHA-256 of the id, as a big-endian number, modulo `of`.
    /// The repetitions of a case are in one shard.
    #[must_use]
    pub fn of_case(case: &CaseId, of: u32) -> Self {
        let digest = Sha256::digest(case.base());
        let first = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let place = first % u64::from(of.max(1));
        Self { index: u32::try_from(place).unwrap_or(0) + 1, of }
    }

    /// Whether the case is in this shard.
    #[must_use]
    pub fn holds(self, case: &CaseId) -> bool {
        Self::of_case(case, self.of) == self
    }
}

impl ShardHead {
    /// The cases of the plan that run in other shards.
    pub fn elsewhere(&self) -> impl Iterator<Item = &CaseHead> {
        self.cases.iter().filter(|head| !self.shard.holds(&head.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_read_exactly() {
        assert_eq!("2/5".parse(), Ok(Shard { index: 2, of: 5 }));
        assert_eq!("1/1".parse(), Ok(Shard { index: 1, of: 1 }));
        let refused = |text: &str| text.parse::<Shard>().unwrap_err();
        for text in ["", "2", "2/", "/5", "a/b", "+1/5", "-1/5", " 1/5", "1/5/7", "1.0/2", "99999999999/3"] {
            assert_eq!(refused(text), BadShard::Form, "{text}");
        }
        assert_eq!(refused("0/5"), BadShard::Zero);
        assert_eq!(refused("1/0"), BadShard::Zero);
        assert_eq!(refused("6/5"), BadShard::Beyond { index: 6, of: 5 });
        assert_eq!(refused("1/10001"), BadShard::TooMany { of: 10_001 });
    }

    #[test]
    fn every_case_is_in_exactly_one_shard_and_its_repetitions_with_it() {
        for of in 1..=7 {
            let mut counts = vec![0; 8];
            for number in 0..200 {
                let case = CaseId::new(&format!("orders.list/{number}@new"));
                let shards: Vec<u32> = (1..=of).filter(|index| Shard { index: *index, of }.holds(&case)).collect();
                assert_eq!(shards.len(), 1);
                assert_eq!(Shard::of_case(&case.repetition(3), of).index, shards[0]);
                counts[shards[0] as usize] += 1;
            }
            assert!((1..=of as usize).all(|index| counts[index] > 10), "{counts:?}");
        }
    }

    /// As `int.from_bytes(hashlib.sha256(b"session.join@openid").digest()[:8], "big") % 5 + 1` says.
    #[test]
    fn the_hash_is_the_documented_one() {
        let shard = |id: &str, of: u32| Shard::of_case(&CaseId::new(id), of).index;
        assert_eq!((shard("session.join@openid", 5), shard("session.join@openid", 1000)), (3, 298));
    }
}
