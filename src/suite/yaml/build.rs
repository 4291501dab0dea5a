use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{ScalarStyle, Tag};

use super::{Limits, scalar};
use crate::diag::{Code, Diagnostic, Diagnostics, SourceId, Span, nearest};
use crate::value::{Entry, Key, Node, NodeKind};

/// A limit was met; it has been told. Nothing more of the file is read.
pub(super) struct Stop;

/// Builds the tree of one document after the other.
pub(super) struct Builder<'r> {
    source: SourceId,
    text: &'r str,
    limits: &'r Limits,
    /// Keys and values so far, of the whole file.
    nodes: usize,
    /// Open lists and maps, the outermost first.
    open: Vec<Frame>,
    root: Option<Node>,
    anchors: HashMap<usize, Anchored>,
    names: Vec<String>,
    /// Byte after the last thing that was written out.
    last_end: u32,
}

/// A list or map that is being read.
struct Frame {
    start: Span,
    anchor: usize,
    /// Keys and values within it, and levels below it.
    size: usize,
    depth: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, first: HashMap<Arc<str>, Span>, key: NextKey },
}

/// What is known of the key whose value comes next.
enum NextKey {
    /// The next node is a key.
    Expected,
    Read(Key),
    /// It was refused: its value is left out.
    Refused,
}

enum Anchored {
    /// Its value has not ended: an alias would hold itself.
    Open,
    Done {
        node: Node,
        size: usize,
        depth: usize,
    },
}

/// A node with what it takes up.
struct Built {
    node: Node,
    key: Option<Key>,
    size: usize,
    depth: usize,
}

impl<'r> Builder<'r> {
    pub(super) fn new(source: SourceId, text: &'r str, limits: &'r Limits) -> Self {
        Self {
            source,
            text,
            limits,
            nodes: 0,
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            names: Vec::new(),
            last_end: 0,
        }
    }

    pub(super) fn begin_document(&mut self, span: Span, out: &mut Diagnostics) -> Result<(), Stop> {
        self.open.clear();
        self.root = None;
        self.anchors.clear();
        self.names.clear();
        self.count(1, span, out)
    }

    /// The document, unless it is empty.
    pub(super) fn end_document(&mut self) -> Option<Node> {
        self.root.take().filter(|root| !root.is_null())
    }

    pub(super) fn anchor_name(&mut self, name: &str, span: Span, out: &mut Diagnostics) -> Result<(), Stop> {
        if self.names.len() >= self.limits.anchors {
            let message = format!("the document has more than {} anchors", self.limits.anchors);
            out.push(Diagnostic::error(Code::YamlAliasLimit, message).at(span, "the first that is too many"));
            return Err(Stop);
        }
        self.names.push(name.to_owned());
        Ok(())
    }

    pub(super) fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        span: Span,
        out: &mut Diagnostics,
    ) -> Result<(), Stop> {
        let span = self.written(span, style);
        self.count(1, span, out)?;
        let is_nothing = span.is_empty() && style == ScalarStyle::Plain;
        let key = match self.open.last() {
            Some(Frame { content: Content::Map { key: NextKey::Expected, .. }, .. }) if !is_nothing => {
                let verbatim_from = scalar::verbatim_from(self.text, span, value, style);
                Some(Key { text: value.into(), span, verbatim_from })
            }
            _ => None,
        };
        if key.as_ref().is_some_and(|key| &*key.text == "<<") && style == ScalarStyle::Plain {
            let diagnostic = Diagnostic::error(Code::YamlMergeKey, "the merge key `<<` is not supported").at(span, "");
            out.push(diagnostic.help("write the keys out, or use an alias for a whole value"));
            self.refuse_key();
            return Ok(());
        }
        let node = Node { span, kind: scalar::kind(self.text, span, value, style) };
        self.name(anchor, &node, 1, 0);
        self.add(Built { node, key, size: 1, depth: 0 }, out);
        Ok(())
    }

    pub(super) fn begin_list(&mut self, anchor: usize, span: Span, out: &mut Diagnostics) -> Result<(), Stop> {
        self.begin(anchor, span, Content::List(Vec::new()), out)
    }

    pub(super) fn begin_map(&mut self, anchor: usize, span: Span, out: &mut Diagnostics) -> Result<(), Stop> {
        let content = Content::Map { entries: Vec::new(), first: HashMap::new(), key: NextKey::Expected };
        self.begin(anchor, span, content, out)
    }

    fn begin(&mut self, anchor: usize, start: Span, content: Content, out: &mut Diagnostics) -> Result<(), Stop> {
        self.count(1, start, out)?;
        if self.open.len() >= self.limits.depth {
            out.push(too_deep(start, self.limits));
            return Err(Stop);
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored::Open);
        }
        if start.len() == 1 {
            self.last_end = start.end;
        }
        self.open.push(Frame { start, anchor, size: 1, depth: 1, content });
        Ok(())
    }

    /// Ends the innermost list or map; `span` is that of its bracket, or empty.
    pub(super) fn end(&mut self, span: Span, out: &mut Diagnostics) {
        let Some(Frame { start, anchor, size, depth, content }) = self.open.pop() else { return };
        if !span.is_empty() {
            self.last_end = span.end;
        }
        let span = Span::new(self.source, start.start, self.last_end.max(start.end));
        let kind = match content {
            Content::List(items) => NodeKind::List(items.into()),
            Content::Map { entries, .. } => NodeKind::Map(entries.into()),
        };
        let node = Node { span, kind };
        self.name(anchor, &node, size, depth);
        self.add(Built { node, key: None, size, depth }, out);
    }

    pub(super) fn alias(&mut self, anchor: usize, span: Span, out: &mut Diagnostics) -> Result<(), Stop> {
        self.last_end = span.end;
        let (node, size, depth) = match self.anchors.get(&anchor) {
            Some(Anchored::Done { node, size, depth }) => (node.clone(), *size, *depth),
            Some(Anchored::Open) | None => {
                let message = "an alias stands within the value that it stands for";
                out.push(Diagnostic::error(Code::YamlAlias, message).at(span, "would hold itself without end"));
                (Node { span, kind: NodeKind::Null }, 1, 0)
            }
        };
        if self.nodes + size > self.limits.nodes {
            let message = format!("aliases grow into more than {} values", self.limits.nodes);
            let label = format!("stands for {size} of them");
            out.push(Diagnostic::error(Code::YamlAliasLimit, message).at(span, label));
            return Err(Stop);
        }
        self.nodes += size;
        if self.open.len() + depth > self.limits.depth {
            out.push(too_deep(span, self.limits));
            return Err(Stop);
        }
        let key = alias_key(&node, span);
        self.add(Built { node, key, size, depth }, out);
        Ok(())
    }

    pub(super) fn unknown_alias(&mut self, name: &str, span: Span, out: &mut Diagnostics) -> Result<(), Stop> {
        self.count(1, span, out)?;
        self.last_end = span.end;
        let message = format!("the alias `*{name}` has no anchor `&{name}` before it");
        let mut diagnostic = Diagnostic::error(Code::YamlAlias, message).at(span, "");
        if let Some(near) = nearest(name, &self.names) {
            diagnostic = diagnostic.help(format!("the nearest is `&{near}`"));
        }
        out.push(diagnostic.help("a text that begins with `*` needs quotes"));
        if self.expects_key() {
            self.refuse_key();
        } else {
            let node = Node { span, kind: NodeKind::Null };
            self.add(Built { node, key: None, size: 1, depth: 0 }, out);
        }
        Ok(())
    }

    fn count(&mut self, size: usize, span: Span, out: &mut Diagnostics) -> Result<(), Stop> {
        self.nodes += size;
        if self.nodes <= self.limits.nodes {
            return Ok(());
        }
        let message = format!("the file holds more than {} keys and values", self.limits.nodes);
        out.push(Diagnostic::error(Code::YamlTooBig, message).at(span, "the first that is too many"));
        Err(Stop)
    }

    /// Where a scalar was written; that of one that was not is the place after what was written last.
    fn written(&mut self, span: Span, style: ScalarStyle) -> Span {
        let written = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        if style == ScalarStyle::Plain && written.trim().is_empty() {
            // After `key:` or `-`, of which no event tells.
            let rest = self.text.get(self.last_end as usize..).unwrap_or_default();
            let indicator = rest.find(|c: char| !matches!(c, ' ' | '\t' | '\r' | '\n'));
            let after = indicator.filter(|at| rest[*at..].starts_with([':', '-', '?'])).map_or(0, |at| at + 1);
            let at = self.last_end + u32::try_from(after).unwrap_or(0);
            return Span::point(self.source, at);
        }
        let end =
            span.end - u32::try_from(written.len() - written.trim_end_matches(['\r', '\n', ' ']).len()).unwrap_or(0);
        let span = Span::new(span.source, span.start, end);
        self.last_end = span.end;
        span
    }

    fn name(&mut self, anchor: usize, node: &Node, size: usize, depth: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored::Done { node: node.clone(), size, depth });
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Frame { content: Content::Map { key: NextKey::Expected, .. }, .. }))
    }

    fn refuse_key(&mut self) {
        if let Some(Frame { content: Content::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = NextKey::Refused;
        }
    }

    /// Puts a node where it belongs: as an item, a key, a value, or the root.
    fn add(&mut self, built: Built, out: &mut Diagnostics) {
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(built.node);
            return;
        };
        frame.size += built.size;
        frame.depth = frame.depth.max(built.depth + 1);
        let (entries, first, next) = match &mut frame.content {
            Content::List(items) => return items.push(built.node),
            Content::Map { entries, first, key } => (entries, first, key),
        };
        *next = match std::mem::replace(next, NextKey::Expected) {
            NextKey::Refused => NextKey::Expected,
            NextKey::Read(key) => {
                entries.push(Entry { key, value: built.node });
                NextKey::Expected
            }
            NextKey::Expected => {
                if let Some(key) = built.key {
                    next_value(key, first, out)
                } else {
                    out.push(not_a_key(&built.node));
                    NextKey::Refused
                }
            }
        };
    }
}

/// What to do with the value of a key that was just read.
fn next_value(key: Key, first: &mut HashMap<Arc<str>, Span>, out: &mut Diagnostics) -> NextKey {
    if let Some(earlier) = first.get(&key.text) {
        out.push(duplicate(&key, *earlier));
        return NextKey::Refused;
    }
    first.insert(Arc::clone(&key.text), key.span);
    NextKey::Read(key)
}

/// Every tag is refused; the value is read as if it had none.
pub(super) fn tag(tag: &Tag, span: Span) -> Diagnostic {
    let help = if tag.is_yaml_core_schema() {
        "a plain value has the type it shows, quotes make a text"
    } else {
        "remove the tag; a secret is written `{ env: NAME }`"
    };
    let message = format!("tags such as `{}` are not supported", tag.original());
    Diagnostic::error(Code::YamlTag, message).at(span, "").help(help)
}

/// The key that an alias stands for, where it stands for a scalar.
fn alias_key(node: &Node, span: Span) -> Option<Key> {
    let text: Arc<str> = match &node.kind {
        NodeKind::Text(scalar) => Arc::clone(&scalar.value),
        NodeKind::Number(number) => number.text().into(),
        NodeKind::Bool(value) => value.to_string().into(),
        NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => return None,
    };
    Some(Key { text, span, verbatim_from: None })
}

fn duplicate(key: &Key, earlier: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateKey, format!("the key `{}` is there twice", key.text))
        .at(key.span, "again here")
        .also(earlier, "first here")
}

fn not_a_key(node: &Node) -> Diagnostic {
    let diagnostic = match &node.kind {
        NodeKind::Null => {
            return Diagnostic::error(Code::YamlSyntax, "a key is missing").at(node.span, "before this colon");
        }
        NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::List(_) | NodeKind::Map(_) => {
            let message = format!("expected a text as a key, found {}", node.kind_name());
            Diagnostic::error(Code::WrongType, message).at(node.span, "")
        }
    };
    diagnostic.help("a text that begins with `{` or `[` needs quotes")
}

/// Lists and maps within each other over the limit.
pub(super) fn too_deep(span: Span, limits: &Limits) -> Diagnostic {
    let message = format!("more than {} lists and maps within each other", limits.depth);
    Diagnostic::error(Code::YamlTooDeep, message).at(span, "")
}
