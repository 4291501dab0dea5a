use super::ReadError;

/// Checks a path within a suite: relative, with `/`, every part a name.
///
/// Whatever a system takes for a separator or a drive is refused on all of them, so that a suite means the same
/// everywhere.
pub(super) fn check(path: &str) -> Result<(), ReadError> {
    if path.starts_with('/') || path.split('/').any(|part| part == "..") {
        return Err(ReadError::Outside);
    }
    let is_bad = |part: &str| part.is_empty() || part == "." || part.contains(['\\', ':', '\0']);
    if path.split('/').any(is_bad) { Err(ReadError::BadPath) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_names_is_taken() {
        for path in ["suite.yaml", "scenarios/a/b.yaml", "bodies/grüße 1.bin", "a..b/%2e%2e"] {
            assert!(check(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn a_path_that_could_lead_elsewhere_is_refused() {
        for path in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/.", "C:/x", "a\\..\\x", "a\0b", ".."] {
            assert!(check(path).is_err(), "{path}");
        }
    }
}
