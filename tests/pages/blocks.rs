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
