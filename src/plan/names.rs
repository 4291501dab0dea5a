use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock::Rng;
use crate::event::CaseId;
use crate::value::{Json, Missing, MissingKind, NamePath, Operand, Scope};

/// Where the tenant is that belongs to one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// What `embedded:` stands for.
    pub tenant: String,
    /// What `control:` stands for.
    pub control: String,
}

/// The names that have their values before the first step of a case.
#[derive(Clone, Debug)]
pub struct CaseNames {
    /// Those that all cases of a variant share.
    shared: Arc<BTreeMap<String, Json>>,
    /// Those of the case alone.
    own: BTreeMap<String, Json>,
}

impl CaseNames {
    /// The names of a case. `tried` is the number of the try, so that what a retry makes has another name.
    ///
    /// # Errors
    /// When one of `vars` uses a name that has no value.
    pub fn new(
        shared: Arc<BTreeMap<String, Json>>,
        seed: u64,
        case: &CaseId,
        tried: u32,
        vars: &[(String, Operand)],
    ) -> Result<Self, Missing> {
        let mut rng = Rng::derive(seed, &["case", case.as_str(), &tried.to_string()]);
        let of_case = Json::Object(vec![
            ("nonce".to_owned(), Json::String(rng.nonce())),
            ("uuid".to_owned(), Json::String(rng.uuid())),
        ]);
        let mut names = Self { shared, own: BTreeMap::from([("case".to_owned(), of_case)]) };
        for (name, operand) in vars {
            let value = operand.resolve(&names)?;
            names.own.insert(name.clone(), value);
        }
        Ok(names)
    }
}

impl CaseNames {
    /// The value of a name that the target, the run or the case gives, without its members.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&Json> {
        self.own.get(name).or_else(|| self.shared.get(name))
    }
}

impl Scope for CaseNames {
    fn lookup(&self, path: &NamePath) -> Result<Json, Missing> {
        let root = path.root.as_str();
        let value = self.own.get(root).or_else(|| self.shared.get(root));
        let value = value.ok_or_else(|| path.missing(MissingKind::Unknown))?;
        path.follow(value).cloned()
    }
}
