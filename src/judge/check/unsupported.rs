use crate::diag::Code;
use crate::judge::{Check, Compiler};
use crate::value::Node;

/// A check that the language has and this version does not judge: said, never left out in silence.
fn refuse(name: &str, node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let message = format!("`{name}` is not judged by this version");
    compiler.problem_with_help(
        Code::NotYetSupported,
        node.span,
        message,
        "leave it out until a version that judges it",
    );
    None
}

macro_rules! unsupported {
    ($($name:ident)+) => {
        $(
            pub(super) fn $name(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
                refuse(stringify!($name), node, compiler)
            }
        )+
    };
}

unsupported! { snapshot }
