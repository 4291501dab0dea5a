use std::collections::BTreeMap;

/// What a suite asks of a target.
#[derive(Clone, Debug, Default)]
pub struct Provides {
    /// Those it must know.
    pub identities: BTreeMap<String, Provided>,
    /// Places besides `base_url`.
    pub endpoints: BTreeMap<String, Provided>,
    /// Values with a name.
    pub variables: BTreeMap<String, Provided>,
    /// What it may be able to do, and what each means.
    pub features: BTreeMap<String, String>,
}

/// One thing that a suite asks of a target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provided {
    /// What it is.
    pub text: String,
    /// Of an identity: how many users can be leased.
    pub users: u32,
    /// The variants that need it; all when absent.
    pub variants: Option<Vec<String>>,
    /// It is asked of targets with all of these features only.
    pub needs: Vec<String>,
}
