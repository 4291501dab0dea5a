use crate::judge::{Check, Checks, Compiler, Fixed};
use crate::value::Node;

/// `meets`: the checks of sets that have a name, as if they stood here.
pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let names = node.as_list().unwrap_or(std::slice::from_ref(node));
    if names.is_empty() {
        compiler.wrong_type(node, "the name of a set of checks, or a list of such names");
        return None;
    }
    let mut checks = Vec::new();
    let mut sound = true;
    for name in names {
        match set(name, compiler) {
            Some(set) => checks.extend(set),
            None => sound = false,
        }
    }
    sound.then_some(checks)
}

fn set(name: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let text = match compiler.fixed(name, str::to_owned)? {
        Fixed::Now(text) => text,
        Fixed::Later => return Some(Vec::new()),
    };
    let node = compiler.open_set(&text, name.span)?;
    let checks = Checks::parse(node, compiler);
    compiler.close_set();
    let inner = checks?.list.into_iter();
    Some(inner.map(|check| Check { id: format!("meets[{text}].{}", check.id).into(), ..check }).collect())
}
