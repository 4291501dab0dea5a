use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::diag::Diagnostics;
use crate::value::Scope;

use super::{Context, Flow, FlowSignature, Scenario, Suite, decode_flow, redecode};

impl Suite {
    /// The scenario compiled again, now that the names of the target have values. None after a problem was told.
    pub(crate) fn scenario_again(
        &self,
        scenario: &Scenario,
        names: &dyn Scope,
        out: &mut Diagnostics,
    ) -> Option<Scenario> {
        self.in_context(|context| redecode(scenario, context, names, out))
    }

    /// The flow compiled again, now that the names of the target have values. None after a problem was told.
    pub(crate) fn flow_again(&self, flow: &Flow, names: &dyn Scope, out: &mut Diagnostics) -> Option<Flow> {
        self.in_context(|context| decode_flow(&flow.node, context, Some(names), out))
    }

    fn in_context<T>(&self, decode: impl FnOnce(&Context<'_>) -> T) -> T {
        let signatures: BTreeMap<String, FlowSignature> = self
            .flows
            .iter()
            .map(|(name, flow)| {
                (name.clone(), FlowSignature { inputs: flow.inputs.clone(), outputs: flow.outputs.clone() })
            })
            .collect();
        let bodies = RefCell::new(self.bodies.clone());
        decode(&Context {
            kind: self.kind,
            variants: &self.variants,
            provides: &self.provides,
            defaults: &self.defaults,
            sets: &self.sets,
            schemas: &self.schemas,
            documented: &self.documented,
            catalogue: &self.catalogue,
            signatures: &signatures,
            reader: None,
            rows: &BTreeMap::new(),
            bodies: &bodies,
            extra_names: &self.extra_names,
        })
    }
}
