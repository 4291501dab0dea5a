use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Rng;
use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::event::{RequirementHead, ShardHead, SkippedCase, SnapshotMode, SuiteHead, TargetHead, Waiver};
use crate::suite::{Flows, Scenario, StepKind, Suite, SuiteKind, Target};
use crate::value::{Json, Template};

use super::case::{describe, flows_again};
use super::exclusive::{Sharing, Time, all_steps};
use super::select::{case_head, case_id, check_selection, check_variants, is_selected, runs_in};
use super::{Addresses, Body, Case, CaseNames, Exclusivity, Hooks, Resolved, Selection, preflight};

/// What runs, and what does not.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The suite.
    pub suite: Arc<Suite>,
    /// The target.
    pub target: Arc<Target>,
    /// What everything random is derived from.
    pub seed: u64,
    /// The run's id.
    pub run_id: Arc<str>,
    /// The cases, in order.
    pub cases: Vec<Arc<Case>>,
    /// Cases that do not run, each with its reason.
    pub skipped: Vec<SkippedCase>,
    /// The target in each variant that is part of the plan.
    pub surfaces: Vec<Arc<Resolved>>,
    /// The waivers that the run is given, the narrowest first.
    pub waivers: Arc<[Waiver]>,
    /// What becomes of snapshots.
    pub snapshots: SnapshotMode,
    /// What is run around each case.
    pub hooks: Hooks,
    /// Whether a selector, a tag or the like left cases of the suite out.
    pub is_partial: bool,
    /// Which part of a larger plan it is, where that was split.
    pub shard: Option<Box<ShardHead>>,
}

/// What a plan is made by, besides suite and target.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// Which cases are wanted.
    pub selection: Selection,
    /// What everything random is derived from.
    pub seed: u64,
    /// Variables over those of the target.
    pub variables: BTreeMap<String, Json>,
    /// A base URL over that of the target.
    pub base_url: Option<String>,
    /// How long time that cannot be moved is waited for at most.
    pub longest_wait: Duration,
}

/// Makes the plan.
///
/// # Errors
/// When the target lacks something that the suite asks for, a selector matches nothing, or something cannot be compiled
/// with the target's names.
pub fn plan(suite: &Arc<Suite>, target: &Arc<Target>, options: &PlanOptions) -> Result<Plan, Diagnostics> {
    let mut out = Diagnostics::new();
    let run_id: Arc<str> = Rng::derive(options.seed, &["run"]).nonce().into();
    let variants = variants(suite, target, options, &mut out);
    let hooks = Hooks::of(suite, target, &mut out);
    let mut planner = Planner { suite, target, hooks: &hooks, options, cases: Vec::new(), skipped: Vec::new() };
    let mut surfaces = Vec::new();
    let mut offers: Vec<Offer> = Vec::new();
    for variant in &variants {
        let mut surface = Resolved::of(target, variant.name.as_deref());
        surface.variables.extend(given(target, &options.variables));
        if let Some(base_url) = &options.base_url {
            surface.base_url.clone_from(base_url);
        }
        if variant.missing.is_none() {
            preflight::check(suite, target, &surface, &mut out);
        }
        let surface = Arc::new(surface);
        surfaces.push(Arc::clone(&surface));
        let names = planner.placeholder(&surface).names(&target.name, &run_id, "nonce");
        let flows = Arc::new(suite.flows.clone());
        let flows = if variant.missing.is_none() { flows_again(suite, &flows, &*names, &mut out) } else { flows };
        if variant.missing.is_none() {
            hooks.check(target, &surface, &flows, &mut out);
        }
        offers.push(Offer { missing: variant.missing.clone(), surface, names, flows });
    }
    let offered: Vec<Option<&str>> = offers.iter().map(|offer| offer.surface.variant.as_deref()).collect();
    check_selection(suite, &offered, &options.selection, &mut out);
    if out.has_errors() {
        return Err(out);
    }
    for scenario in &suite.scenarios {
        for offer in &offers {
            planner.add(scenario, offer, &mut out);
        }
    }
    if out.has_errors() {
        return Err(out);
    }
    let Planner { cases, skipped, .. } = planner;
    surfaces.retain(|surface| cases.iter().any(|case| case.surface.variant == surface.variant));
    Ok(Plan {
        suite: Arc::clone(suite),
        target: Arc::clone(target),
        seed: options.seed,
        run_id,
        cases: cases.into_iter().map(Arc::new).collect(),
        skipped,
        surfaces,
        waivers: Arc::default(),
        snapshots: SnapshotMode::default(),
        hooks,
        is_partial: options.selection != Selection::default(),
        shard: None,
    })
}

/// Variables that are given by hand. Where `setup` gives names, `$(` in them is a text nevertheless.
fn given(target: &Target, variables: &BTreeMap<String, Json>) -> BTreeMap<String, Json> {
    let literal = |value: &Json| match value {
        Json::String(text) if target.setup.is_some() => Json::from(Template::fixed(text).text()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            value.clone()
        }
    };
    variables.iter().map(|(name, value)| (name.clone(), literal(value))).collect()
}

/// A variant that cases are made in.
struct Variant {
    name: Option<String>,
    /// Why its cases do not run.
    missing: Option<String>,
}

/// The target in one variant.
struct Offer {
    missing: Option<String>,
    surface: Arc<Resolved>,
    names: Arc<BTreeMap<String, Json>>,
    flows: Arc<Flows>,
}

struct Planner<'p> {
    suite: &'p Suite,
    target: &'p Target,
    hooks: &'p Hooks,
    options: &'p PlanOptions,
    cases: Vec<Case>,
    skipped: Vec<SkippedCase>,
}

impl Planner<'_> {
    /// The surface with an address that stands in for a tenant that is not there yet.
    fn placeholder(&self, surface: &Resolved) -> Resolved {
        if !self.target.embedded {
            return self.hooks.stand_in(surface);
        }
        surface.at(&Addresses {
            tenant: "http://embedded.invalid".to_owned(),
            control: "http://control.invalid".to_owned(),
        })
    }

    fn add(&mut self, scenario: &Arc<Scenario>, offer: &Offer, out: &mut Diagnostics) {
        let variant = offer.surface.variant.as_deref();
        let id = case_id(scenario, variant);
        if !runs_in(scenario, variant) || !is_selected(self.suite, &self.options.selection, scenario, &id) {
            return;
        }
        let mut head = case_head(self.suite, scenario, variant);
        if let Some(why) = offer.missing.clone().or_else(|| self.reason_to_skip(scenario, offer)) {
            self.skipped.push(SkippedCase { case: head, why });
            return;
        }
        check_wants(scenario, offer, out);
        let names = match CaseNames::new(Arc::clone(&offer.names), self.options.seed, &head.id, 1, &scenario.vars) {
            Ok(names) => names,
            Err(missing) => {
                let problem = Diagnostic::error(Code::UnknownName, describe(&missing));
                out.push(problem.at(scenario.span, "in this scenario"));
                return;
            }
        };
        if let Ok(title) = Template::parse(&scenario.title).map(|title| title.render(&names))
            && let Ok(title) = title
        {
            head.title = title;
        }
        let compiled = if scenario.is_late {
            match self.suite.scenario_again(scenario, &names, out) {
                Some(compiled) => Arc::new(compiled),
                None => return,
            }
        } else {
            Arc::clone(scenario)
        };
        let has_own = self.target.embedded || offer.surface.is_made_for_each();
        let sharing = if has_own { Sharing::TenantEach } else { Sharing::OneTenant };
        self.cases.push(Case {
            index: self.cases.len(),
            head,
            surface: Arc::clone(&offer.surface),
            sharing,
            exclusivity: Exclusivity::of(&compiled, &offer.flows, sharing, self.time(offer)),
            body: Body { scenario: compiled, flows: Arc::clone(&offer.flows) },
        });
    }

    /// How time passes on the target.
    fn time(&self, offer: &Offer) -> Time {
        let is_moved = offer.surface.features.contains("clock") && self.target.clock.is_some();
        if is_moved { Time::Moved } else { Time::WaitedFor }
    }

    fn reason_to_skip(&self, scenario: &Scenario, offer: &Offer) -> Option<String> {
        let features = &offer.surface.features;
        if let Some(need) = scenario.needs.iter().find(|need| !features.contains(*need)) {
            return Some(format!("needs `{need}`, which the target does not have"));
        }
        let has_clock = self.time(offer) == Time::Moved;
        let longest = self.options.longest_wait;
        let too_long = all_steps(scenario, &offer.flows).into_iter().find(|step| match &step.kind {
            StepKind::Elapse(elapse) => !has_clock && elapse.literal.is_none_or(|literal| literal > longest),
            StepKind::Request(_)
            | StepKind::Token { .. }
            | StepKind::Authorize { .. }
            | StepKind::Together(_)
            | StepKind::Use { .. }
            | StepKind::Judge => false,
        });
        too_long.map(|step| {
            format!("step {} lets more time pass than is waited for, and the target's clock cannot be moved", step.name)
        })
    }
}

fn variants(suite: &Suite, target: &Target, options: &PlanOptions, out: &mut Diagnostics) -> Vec<Variant> {
    let known: Vec<&str> = suite.variants.iter().map(|(name, _)| name.as_str()).collect();
    check_variants(&known, &options.selection, out);
    for given in target.variants.keys() {
        if !known.contains(&given.as_str()) {
            out.push(
                Diagnostic::error(Code::UnknownVariant, format!("the suite `{}` has no variant `{given}`", suite.name))
                    .at(target.span, "in this target")
                    .help_nearest(nearest(given, &known)),
            );
        }
    }
    if known.is_empty() {
        return vec![Variant { name: None, missing: None }];
    }
    let wanted = |name: &str| {
        options.selection.variants.is_empty() || options.selection.variants.iter().any(|wanted| wanted == name)
    };
    known
        .into_iter()
        .filter(|name| wanted(name))
        .map(|name| Variant {
            name: Some(name.to_owned()),
            missing: (!target.variants.contains_key(name))
                .then(|| format!("the target `{}` has no variant `{name}`", target.name)),
        })
        .collect()
}

fn check_wants(scenario: &Scenario, offer: &Offer, out: &mut Diagnostics) {
    let of_flows = all_steps(scenario, &offer.flows).into_iter().filter_map(|step| match &step.kind {
        StepKind::Use { flow, .. } => offer.flows.get(flow),
        StepKind::Request(_)
        | StepKind::Token { .. }
        | StepKind::Authorize { .. }
        | StepKind::Together(_)
        | StepKind::Elapse(_)
        | StepKind::Judge => None,
    });
    let wants = of_flows.flat_map(|flow| &flow.wants).chain(&scenario.wants);
    for (name, span) in wants {
        if !offer.names.contains_key(name) {
            out.push(
                Diagnostic::error(
                    Code::MissingFromTarget,
                    format!("nothing sets `{name}`, and the target has no such name"),
                )
                .at(*span, format!("uses `$({name})`"))
                .help(format!("`--var {name}=…` gives it a value, or `variables` of the target"))
                .help_nearest(nearest(name, offer.names.keys())),
            );
        }
    }
    for device in &scenario.devices {
        if let Some(identity) = offer.surface.identities.get(&device.identity) {
            let wanted = scenario
                .devices
                .iter()
                .filter(|other| other.identity == device.identity && other.shares_with.is_none())
                .count();
            if !identity.users.is_empty() && identity.users.len() < wanted {
                out.push(
                    Diagnostic::error(
                        Code::MissingFromTarget,
                        format!(
                            "`{}` has {} users on this target, and the scenario needs {wanted} at a time",
                            device.identity,
                            identity.users.len()
                        ),
                    )
                    .at(scenario.span, "in this scenario"),
                );
            }
        } else {
            out.push(
                Diagnostic::error(Code::MissingFromTarget, format!("the target has no identity `{}`", device.identity))
                    .at(scenario.span, "in this scenario")
                    .help_nearest(nearest(&device.identity, offer.surface.identities.keys())),
            );
        }
    }
}

/// What the event log says of a suite.
#[must_use]
pub fn suite_head(suite: &Suite) -> SuiteHead {
    SuiteHead {
        name: suite.name.clone(),
        version: suite.version.clone(),
        title: suite.title.clone(),
        origin: suite.origin.clone(),
        sha256: suite.sha256.clone(),
        manifest: suite.manifest.clone(),
        requirements: suite
            .catalogue
            .requirements
            .iter()
            .map(|requirement| RequirementHead {
                id: requirement.id.clone(),
                level: requirement.level,
                text: requirement.text.clone(),
                actor: requirement.actor.as_str().to_owned(),
                untestable: requirement.untestable.clone(),
            })
            .collect(),
    }
}

impl Plan {
    /// The same plan, to be run with these waivers; the narrowest first.
    #[must_use]
    pub fn waived_by(self, waivers: Vec<Waiver>) -> Self {
        Self { waivers: waivers.into(), ..self }
    }

    /// The same plan with only these of its cases.
    #[must_use]
    pub fn of_cases(mut self, is_wanted: impl Fn(&crate::event::CaseHead) -> bool) -> Self {
        self.cases.retain(|case| is_wanted(&case.head));
        self.skipped.retain(|skipped| is_wanted(&skipped.case));
        Self { is_partial: true, ..self }
    }

    /// The same plan, to be run so that this becomes of snapshots.
    #[must_use]
    pub fn with_snapshots(self, snapshots: SnapshotMode) -> Self {
        Self { snapshots, ..self }
    }

    /// What the event log says of the suite.
    #[must_use]
    pub fn suite_head(&self) -> SuiteHead {
        suite_head(&self.suite)
    }

    /// Where the target's paths go, in the first of its variants that has cases.
    #[must_use]
    pub fn base_url(&self) -> &str {
        let of_case = self.surfaces.first().map(|surface| surface.base_url.as_str());
        of_case.or(self.target.common.base_url.as_deref()).unwrap_or_default()
    }

    /// What the event log says of the target.
    #[must_use]
    pub fn target_head(&self) -> TargetHead {
        let base_url = self.base_url().to_owned();
        let names = self
            .surfaces
            .iter()
            .map(|surface| {
                let names = surface.names(&self.target.name, &self.run_id, &self.run_nonce());
                (surface.variant.clone().unwrap_or_default(), (*names).clone())
            })
            .collect();
        let mut features: Vec<String> =
            self.surfaces.iter().flat_map(|surface| surface.features.iter().cloned()).collect();
        features.sort();
        features.dedup();
        TargetHead {
            name: self.target.name.clone(),
            base_url,
            embedded: self.target.embedded,
            insecure: self.target.connection.insecure,
            setup: self.hooks.setup.as_ref().map(|setup| setup.flow.clone()),
            names,
            features,
        }
    }

    /// What marks everything that this run makes.
    #[must_use]
    pub fn run_nonce(&self) -> String {
        Rng::derive(self.seed, &["run", "nonce"]).nonce()
    }

    /// Whether each case has a tenant of its own in this process.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.target.embedded
    }

    /// Whether the suite is a bare file of scenarios.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.suite.kind == SuiteKind::Bare
    }

    /// The names of a case at a try, with the addresses of its tenant where it has one.
    ///
    /// # Errors
    /// When one of `vars` cannot be put together.
    pub fn names(&self, case: &Case, tried: u32, surface: &Resolved) -> Result<CaseNames, crate::value::Missing> {
        let shared = surface.names(&self.target.name, &self.run_id, &self.run_nonce());
        CaseNames::new(shared, self.seed, case.id(), tried, &case.body.scenario.vars)
    }
}
