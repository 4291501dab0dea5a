/// A block of code in a page.
pub(crate) struct Block {
    /// The words after the fence: the language, and what is to be done with it.
    pub(crate) kind: Vec<&'static str>,
    /// Its lines.
    pub(crate) text: String,
}

/// The blocks of a page, in order.
pub(crate) fn blocks(page: &'static str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some("") if is_open => is_open = false,
            Some(kind) => {
                is_open = true;
                blocks.push(Block { kind: kind.split_whitespace().collect(), text: String::new() });
            }
            None if is_open => {
                let block = blocks.last_mut().expect("a block is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    assert!(!is_open, "the page leaves a block open");
    blocks
}

/// A block of a page that was read when the test ran.
pub(crate) struct OwnBlock {
    /// As in [`Block`].
    pub(crate) kind: Vec<String>,
    /// Its lines.
    pub(crate) text: String,
}

/// The blocks of such a page, in order. Within a list they may be indented.
pub(crate) fn blocks_of(page: &str) -> Vec<OwnBlock> {
    let mut blocks: Vec<OwnBlock> = Vec::new();
    let mut open: Option<usize> = None;
    for line in page.lines() {
        let indent = line.len() - line.trim_start().len();
        match (line.trim_start().strip_prefix("```"), open) {
            (Some(""), Some(_)) => open = None,
            (Some(kind), None) => {
                open = Some(indent);
                let kind = kind.split_whitespace().map(str::to_owned).collect();
                blocks.push(OwnBlock { kind, text: String::new() });
            }
            (_, Some(indent)) => {
                let block = blocks.last_mut().expect("a block is open");
                block.text.push_str(line.get(indent..).unwrap_or_default());
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "the page leaves a block open");
    blocks
}
