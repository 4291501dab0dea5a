/// How much a file may hold. The defaults keep reading any file within a tenth of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Length of the text in bytes: 1 MiB.
    pub bytes: usize,
    /// Documents, keys and values together, those of aliases counted wherever they stand: 100 000.
    pub nodes: usize,
    /// Lists and maps within each other: 64.
    pub depth: usize,
    /// Anchors of one document: 1000.
    pub anchors: usize,
    /// Documents that are broken, after which the rest of the file is not read: 20.
    pub broken_documents: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 20, nodes: 100_000, depth: 64, anchors: 1000, broken_documents: 20 }
    }
}
