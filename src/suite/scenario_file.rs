use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::diag::{Code, Diagnostic, Diagnostics, Span, nearest};
use crate::event::RequirementId;
use crate::judge::{Compiler, Moment};
use crate::value::{Field, Name, Node, NodeKind, Operand, Scope, Shape};

use super::fields::{Fields, map, text, wrong_type};
use super::names::Names;
use super::rows::{Row, put_in};
use super::step_part::{ACTING, Actors, STEP_FIELDS, StepDecoder, requirements};
use super::{Acting, Context, Device, Present, Scenario, Step, SuiteKind, parse_duration};

const TEXTS: Shape = Shape::List(&Shape::Text);

/// The keys of a scenario.
pub(crate) const SCENARIO_FIELDS: &[Field] = &[
    Field::required("scenario", Shape::Text, "What it says, as a sentence."),
    Field::optional("id", Shape::Text, "A dotted name; from the file's path where it is left out."),
    Field::optional("verifies", TEXTS, "The requirements that its steps are evidence for."),
    Field::optional("variants", TEXTS, "The variants it runs in; all where it is left out."),
    Field::optional("needs", TEXTS, "Features that the target must have."),
    Field::optional("tags", TEXTS, "For selection."),
    Field::optional("locks", TEXTS, "Cases with a common lock do not overlap; `*` is alone on the target."),
    Field::optional(
        "devices",
        Shape::Map(&Shape::Text),
        "Devices: each leases a user of an identity, or shares the user of a device.",
    ),
    Field::optional("as", ACTING, "Who does every step that says nothing else; `nobody` where it is left out."),
    Field::optional("vars", Shape::Map(&Shape::Any), "Values with a name."),
    Field::optional(
        "rows",
        Shape::Either(&[Shape::Map(&Shape::Map(&Shape::Any)), Shape::Text]),
        "One case for each row; `$(row.KEY)` stands for its values. A text is the file that holds them.",
    ),
    Field::optional(
        "retry",
        Shape::Integer,
        "How often it is tried again (0); a case that passes on a retry is flaky.",
    ),
    Field::optional("deadline", Shape::Duration, "How long the case may take (2m)."),
    Field::required("steps", Shape::List(&Shape::Named("step", step_fields)), "What is done, in order."),
];

fn step_fields() -> Vec<Field> {
    STEP_FIELDS.to_vec()
}

/// Longest time that a case may take where a scenario does not say.
const DEADLINE: Duration = Duration::from_mins(2);
/// How often a case may be tried again.
const MAX_RETRY: u32 = 10;

/// Decodes one document of a scenario file: a scenario for each of its rows. `default_id` is its id where it gives none.
pub(crate) fn decode_scenario(
    node: &Node,
    default_id: &str,
    context: &Context<'_>,
    out: &mut Diagnostics,
) -> Vec<Arc<Scenario>> {
    let Some(fields) = Fields::open(node, SCENARIO_FIELDS, "a scenario", out) else { return Vec::new() };
    let Some(rows) = fields.get("rows") else {
        let filled = put_in(node, None, out);
        return decode_row(&filled, node, None, default_id, context, None, out).map(Arc::new).into_iter().collect();
    };
    let rows = match rows.as_text() {
        None => rows,
        Some(path) => match context.rows.get(path) {
            Some(rows) => rows,
            // It could not be read, which was told.
            None => return Vec::new(),
        },
    };
    let mut scenarios = Vec::new();
    for entry in map(rows, out) {
        let name = &*entry.key.text;
        if Name::parse(name).is_err() {
            out.push(
                Diagnostic::error(Code::BadName, format!("`{name}` cannot be the name of a row"))
                    .at(entry.key.span, "letters, digits, `_` and `-`"),
            );
            continue;
        }
        if entry.value.as_map().is_none() {
            wrong_type(&entry.value, "a map", out);
            continue;
        }
        // A row may use the row too: its texts are filled first, once.
        let values = put_in(&entry.value, Some(&Row { name, values: &entry.value }), out);
        let row = Row { name, values: &values };
        let filled = put_in(&without(node, "rows"), Some(&row), out);
        scenarios.extend(decode_row(&filled, node, Some(name), default_id, context, None, out).map(Arc::new));
    }
    if scenarios.is_empty() && !out.has_errors() {
        out.push(Diagnostic::error(Code::MissingKey, "`rows` is empty").at(rows.span, "no row, no case"));
    }
    scenarios
}

/// Decodes a scenario again, now that the target's names have values.
pub(crate) fn redecode(
    scenario: &Scenario,
    context: &Context<'_>,
    plan: &dyn Scope,
    out: &mut Diagnostics,
) -> Option<Scenario> {
    let row = scenario.row.as_deref();
    let mut again = decode_row(&scenario.node, &scenario.node, row, &scenario.id, context, Some(plan), out)?;
    again.id.clone_from(&scenario.id);
    again.span = scenario.span;
    again.extent = scenario.extent;
    Some(again)
}

fn decode_row(
    node: &Node,
    whole: &Node,
    row: Option<&str>,
    default_id: &str,
    context: &Context<'_>,
    plan: Option<&dyn Scope>,
    out: &mut Diagnostics,
) -> Option<Scenario> {
    let fields = Fields::open(node, SCENARIO_FIELDS, "a scenario", out)?;
    let title = fields.text("scenario", out).unwrap_or_default().to_owned();
    let id = scenario_id(&fields, default_id, out);
    let verifies = requirements(&fields, context, out);
    let stem = row.map_or_else(|| id.clone(), |row| format!("{id}.{row}"));
    let mut decoder = decoder(context, plan, verifies.clone(), stem);
    let devices = devices(&fields, &mut decoder, out);
    let vars = vars(&fields, &mut decoder, out);
    let default_acting = match fields.get("as") {
        Some(node) => decoder.acting(node, out),
        None => Some(Acting { device: None, present: Present::Own }),
    };
    decoder.default_acting = default_acting;
    let variants = variants(&fields, context, out);
    let needs = fields.texts("needs", out).unwrap_or_default();
    for (need, node) in &needs {
        if context.kind == SuiteKind::Folder && !context.provides.features.contains_key(*need) {
            out.push(
                Diagnostic::error(Code::UnknownFeature, format!("the suite knows no feature `{need}`"))
                    .at(node.span, "unknown feature")
                    .help_nearest(nearest(need, context.provides.features.keys().map(String::as_str))),
            );
        }
    }
    let steps = fields.get("steps").map(|node| decoder.steps(node, out)).unwrap_or_default();
    let mut all_devices = devices;
    all_devices.extend(decoder.implied.iter().map(|identity| Device {
        name: identity.clone(),
        identity: identity.clone(),
        shares_with: None,
    }));
    let span = fields.entry("scenario").map_or(node.span, |entry| entry.value.span);
    let needs: Vec<String> = needs.into_iter().map(|(need, _)| need.to_owned()).collect();
    let wants = wants(decoder.names.wants(), node.span);
    check_provided(&wants, &all_devices, variants.as_deref(), &needs, context, span, out);
    check_variants(&verifies, variants.as_deref(), context, span, out);
    if verifies.is_empty() && !context.catalogue.requirements.is_empty() && fields.entry("verifies").is_none() {
        out.push(
            Diagnostic::error(Code::MissingKey, "a scenario says which requirements it `verifies`")
                .at(span, "is evidence for nothing"),
        );
    }
    let mut evidence_for: Vec<RequirementId> = steps
        .iter()
        .flat_map(Step::with_members)
        .filter_map(|step| step.verifies.as_deref())
        .flatten()
        .cloned()
        .collect();
    evidence_for.sort();
    evidence_for.dedup();
    let texts = |key, out: &mut Diagnostics| -> Vec<String> {
        fields.texts(key, out).unwrap_or_default().into_iter().map(|(text, _)| text.to_owned()).collect()
    };
    Some(Scenario {
        id,
        title,
        row: row.map(str::to_owned),
        verifies,
        evidence_for,
        variants,
        needs,
        tags: texts("tags", out),
        locks: texts("locks", out),
        devices: all_devices,
        vars,
        retry: retry(&fields, out),
        deadline: deadline(&fields, out),
        is_late: decoder.late,
        steps,
        wants,
        node: node.clone(),
        span,
        extent: whole.span,
    })
}

fn decoder<'a>(
    context: &'a Context<'a>,
    plan: Option<&'a dyn Scope>,
    verifies: Vec<RequirementId>,
    snapshots_of: String,
) -> StepDecoder<'a> {
    StepDecoder {
        context,
        plan,
        snapshots_of,
        names: Names::new(context.target_names(), context.identities(), context.undeclared()),
        actors: Actors::Known { devices: BTreeSet::new(), identities: context.known_identities() },
        default_acting: None,
        verifies: (!verifies.is_empty()).then(|| verifies.into()),
        late: false,
        implied: BTreeSet::new(),
        uses: BTreeMap::new(),
    }
}

fn scenario_id(fields: &Fields<'_>, default_id: &str, out: &mut Diagnostics) -> String {
    let Some(node) = fields.get("id") else { return default_id.to_owned() };
    let Some(id) = text(node, out) else { return default_id.to_owned() };
    let is_dotted_name = id
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    if !is_dotted_name {
        out.push(
            Diagnostic::error(Code::BadName, format!("`{id}` cannot be the id of a scenario"))
                .at(node.span, "letters, digits, `_` and `-`, parted by dots"),
        );
    }
    id.to_owned()
}

fn devices(fields: &Fields<'_>, decoder: &mut StepDecoder<'_>, out: &mut Diagnostics) -> Vec<Device> {
    let entries = fields.map("devices", out);
    let declared: BTreeMap<&str, &Node> = entries.iter().map(|entry| (&*entry.key.text, &entry.value)).collect();
    let identities = decoder.context.known_identities();
    let mut devices = Vec::new();
    for entry in &entries {
        let name = &*entry.key.text;
        if Name::parse(name).is_err() || name == "nobody" {
            let message = format!("`{name}` cannot be the name of a device");
            out.push(Diagnostic::error(Code::BadName, message).at(entry.key.span, "letters, digits, `_` and `-`"));
            continue;
        }
        if let Some(other) = decoder.names.hides(name) {
            let message = format!("the device `{name}` hides {other}");
            out.push(Diagnostic::error(Code::NameShadows, message).at(entry.key.span, "take another name"));
        }
        let Some(of) = text(&entry.value, out) else { continue };
        let shares_with = declared.contains_key(of).then(|| of.to_owned());
        let mut identity = of;
        let mut seen = BTreeSet::from([name]);
        while let Some(next) = declared.get(identity) {
            if !seen.insert(identity) {
                out.push(
                    Diagnostic::error(Code::UnknownIdentity, "these devices stand for each other")
                        .at(entry.value.span, "goes round in a circle"),
                );
                break;
            }
            let Some(of) = next.as_text() else { break };
            identity = of;
        }
        if let Some(identities) = &identities
            && !identities.contains(identity)
            && !declared.contains_key(identity)
        {
            let near = nearest(identity, identities.iter().map(String::as_str).chain(declared.keys().copied()));
            out.push(
                Diagnostic::error(Code::UnknownIdentity, format!("no identity is called `{identity}`"))
                    .at(entry.value.span, "unknown identity")
                    .help_nearest(near),
            );
        }
        devices.push(Device { name: name.to_owned(), identity: identity.to_owned(), shares_with });
    }
    if let Actors::Known { devices: known, .. } = &mut decoder.actors {
        known.extend(devices.iter().map(|device| device.name.clone()));
    }
    devices
}

fn vars(fields: &Fields<'_>, decoder: &mut StepDecoder<'_>, out: &mut Diagnostics) -> Vec<(String, Operand)> {
    let mut vars = Vec::new();
    for entry in fields.map("vars", out) {
        let name = &*entry.key.text;
        if Name::parse(name).is_err() {
            let message = format!("`{name}` cannot be a name");
            out.push(Diagnostic::error(Code::BadName, message).at(entry.key.span, "letters, digits, `_` and `-`"));
            continue;
        }
        if let Some(other) = decoder.names.hides(name) {
            let message = format!("`{name}` hides {other}");
            out.push(Diagnostic::error(Code::NameShadows, message).at(entry.key.span, "take another name"));
        }
        let context = decoder.context;
        let mut compiler = Compiler::new(out, &decoder.names, decoder.plan, context.schemas, context.sets);
        let operand = compiler.operand(&entry.value, Moment::Plan);
        vars.push((name.to_owned(), operand));
        // One after the other: a value may use those above it, never itself.
        decoder.names.add_vars([name.to_owned()]);
    }
    vars
}

fn variants(fields: &Fields<'_>, context: &Context<'_>, out: &mut Diagnostics) -> Option<Vec<String>> {
    let listed = fields.texts("variants", out)?;
    for (variant, node) in &listed {
        if context.variants.iter().all(|(known, _)| known != variant) {
            out.push(
                Diagnostic::error(Code::UnknownVariant, format!("the suite has no variant `{variant}`"))
                    .at(node.span, "unknown variant")
                    .help_nearest(nearest(variant, context.variants.iter().map(|(known, _)| known.as_str()))),
            );
        }
    }
    Some(listed.into_iter().map(|(variant, _)| variant.to_owned()).collect())
}

fn check_variants(
    verifies: &[RequirementId],
    variants: Option<&[String]>,
    context: &Context<'_>,
    span: Span,
    out: &mut Diagnostics,
) {
    let runs_in: Vec<&str> = match variants {
        Some(variants) => variants.iter().map(String::as_str).collect(),
        None => context.variants.iter().map(|(variant, _)| variant.as_str()).collect(),
    };
    // Only the scenario's own: a step with requirements of its own may stand under a condition on the variant.
    for id in verifies {
        let Some(requirement) = context.catalogue.get(id) else { continue };
        let Some(holds_in) = &requirement.variants else { continue };
        if let Some(variant) = runs_in.iter().find(|variant| !holds_in.iter().any(|held| held == *variant)) {
            out.push(
                Diagnostic::error(Code::UnknownVariant, format!("{id} says nothing of the variant `{variant}`"))
                    .at(span, "runs in more variants than the requirement holds in")
                    .also(requirement.span, "the requirement")
                    .help(format!("variants: [{}]", holds_in.join(", "))),
            );
        }
    }
}

fn check_provided(
    wants: &BTreeMap<String, Span>,
    devices: &[Device],
    variants: Option<&[String]>,
    needs: &[String],
    context: &Context<'_>,
    span: Span,
    out: &mut Diagnostics,
) {
    let runs_in: Vec<&str> = match variants {
        Some(variants) => variants.iter().map(String::as_str).collect(),
        None => context.variants.iter().map(|(variant, _)| variant.as_str()).collect(),
    };
    let named = wants.keys().filter_map(|name| {
        let provided = context.provides.variables.get(name).or_else(|| context.provides.endpoints.get(name))?;
        Some((name, provided))
    });
    let acting = devices
        .iter()
        .filter_map(|device| Some((&device.identity, context.provides.identities.get(&device.identity)?)));
    for (name, provided) in named.chain(acting) {
        if let Some(given_in) = &provided.variants
            && let Some(variant) = runs_in.iter().find(|variant| !given_in.iter().any(|given| given == *variant))
        {
            out.push(
                Diagnostic::error(Code::UnknownVariant, format!("`{name}` is not there in the variant `{variant}`"))
                    .at(span, "runs in a variant without it")
                    .help(format!("variants: [{}]", given_in.join(", "))),
            );
        }
        if let Some(missing) = provided.needs.iter().find(|need| !needs.contains(need)) {
            out.push(
                Diagnostic::error(
                    Code::UnknownFeature,
                    format!("`{name}` is there only where the target has `{missing}`"),
                )
                .at(span, "does not need the feature")
                .help(format!("needs: [{missing}]")),
            );
        }
    }
}

fn wants(names: BTreeSet<String>, span: Span) -> BTreeMap<String, Span> {
    names.into_iter().map(|name| (name, span)).collect()
}

fn retry(fields: &Fields<'_>, out: &mut Diagnostics) -> u32 {
    let Some(node) = fields.get("retry") else { return 0 };
    let number = node.as_number().and_then(crate::value::Number::to_i64).and_then(|number| u32::try_from(number).ok());
    number.filter(|number| *number <= MAX_RETRY).unwrap_or_else(|| {
        let found = match &node.kind {
            NodeKind::Number(number) => number.to_string(),
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Text(_) | NodeKind::List(_) | NodeKind::Map(_) => {
                node.kind_name().to_owned()
            }
        };
        let expected = format!("expected a whole number from 0 to {MAX_RETRY}");
        let problem = Diagnostic::error(Code::WrongType, format!("{expected}, found {found}"));
        out.push(problem.at(node.span, expected));
        0
    })
}

fn deadline(fields: &Fields<'_>, out: &mut Diagnostics) -> Duration {
    let Some(node) = fields.get("deadline") else { return DEADLINE };
    node.as_text().and_then(parse_duration).unwrap_or_else(|| {
        out.push(
            Diagnostic::error(Code::BadDuration, "a duration is a number and a unit")
                .at(node.span, "no duration")
                .help("such as 500ms, 20s, 5m or 2h"),
        );
        DEADLINE
    })
}

/// The map without one of its keys.
fn without(node: &Node, key: &str) -> Node {
    let entries: Vec<_> =
        node.as_map().unwrap_or_default().iter().filter(|entry| &*entry.key.text != key).cloned().collect();
    Node { span: node.span, kind: crate::value::NodeKind::Map(entries.into()) }
}
