use super::{Files, ListError, ReadError, path};

/// A suite that the binary holds.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// What it is called, such as `embedded:cxone`.
    pub origin: &'static str,
    /// Paths relative to its root, with `/`, and the bytes of each.
    pub files: &'static [(&'static str, &'static [u8])],
}

impl Files for Embedded {
    fn origin(&self) -> &str {
        self.origin
    }

    fn list(&self) -> Result<Vec<String>, ListError> {
        let mut paths: Vec<String> = self.files.iter().map(|(path, _)| (*path).to_owned()).collect();
        paths.sort_unstable();
        Ok(paths)
    }

    fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, ReadError> {
        path::check(path)?;
        let (_, bytes) = self.files.iter().find(|(known, _)| *known == path).ok_or(ReadError::NotThere)?;
        if bytes.len() as u64 > most {
            return Err(ReadError::TooBig { most });
        }
        Ok(bytes.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUITE: Embedded =
        Embedded { origin: "embedded:hello", files: &[("suite.yaml", b"suite: hello"), ("a.yaml", b"")] };

    #[test]
    fn what_the_binary_holds_is_listed_in_order_and_read() {
        assert_eq!(SUITE.list().unwrap(), ["a.yaml", "suite.yaml"]);
        assert_eq!(SUITE.read("suite.yaml", 12).unwrap(), b"suite: hello");
        assert!(matches!(SUITE.read("suite.yaml", 11), Err(ReadError::TooBig { most: 11 })));
        assert!(matches!(SUITE.read("b.yaml", 11), Err(ReadError::NotThere)));
        assert!(matches!(SUITE.read("../suite.yaml", 11), Err(ReadError::Outside)));
        assert_eq!(SUITE.shown("a.yaml"), "embedded:hello/a.yaml");
    }
}
