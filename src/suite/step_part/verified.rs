use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::event::RequirementId;
use crate::suite::Context;
use crate::suite::fields::Fields;

/// The requirements at the key `verifies`; an unknown one is a problem.
pub(in crate::suite) fn requirements(
    fields: &Fields<'_>,
    context: &Context<'_>,
    out: &mut Diagnostics,
) -> Vec<RequirementId> {
    let mut list = Vec::new();
    for (text, node) in fields.texts("verifies", out).unwrap_or_default() {
        let id = RequirementId::new(text);
        if context.catalogue.get(&id).is_some() {
            list.push(id);
        } else {
            let known = context.catalogue.requirements.iter().map(|requirement| requirement.id.as_str());
            out.push(
                Diagnostic::error(Code::UnknownRequirement, format!("no requirement is called `{text}`"))
                    .at(node.span, "unknown requirement")
                    .help_nearest(nearest(text, known)),
            );
        }
    }
    list
}
