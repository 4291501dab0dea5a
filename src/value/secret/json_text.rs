use crate::value::Json;
use crate::value::write::write_string;

/// Masks the strings and numbers of a JSON text, each as what it means; `None` when nothing changed.
///
/// Works on the text, so that spaces, digits and escapes of everything else stay as they came. A text that is no JSON is
/// masked piece by piece as well as can be.
pub(super) fn mask(text: &str, mask: &mut dyn FnMut(&str) -> Option<String>) -> Option<String> {
    if !text.contains('\\') && mask(text).is_none() {
        return None;
    }
    let bytes = text.as_bytes();
    let mut masked = String::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < bytes.len() {
        let (end, replaced) = match bytes[at] {
            b'"' => match string_end(bytes, at) {
                Some(end) => (end, string(&text[at..end], mask)),
                None => (bytes.len(), mask(&text[at..])),
            },
            b'-' | b'0'..=b'9' => {
                let is_numeric = |byte: &&u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                let end = at + bytes[at..].iter().take_while(is_numeric).count();
                (end, mask(&text[at..end]).map(|handle| Json::String(handle).to_string()))
            }
            _ => {
                let is_other = |byte: &&u8| !matches!(byte, b'"' | b'-' | b'0'..=b'9');
                let end = at + bytes[at..].iter().take_while(is_other).count();
                (end, mask(&text[at..end]))
            }
        };
        changed |= replaced.is_some();
        masked.push_str(replaced.as_deref().unwrap_or(&text[at..end]));
        at = end;
    }
    // A secret that runs across values is found by the caller in the text as a whole.
    (changed || mask(text).is_some()).then_some(masked)
}

/// Where the literal that begins at `start` ends, its closing quote included.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn string(literal: &str, mask: &mut dyn FnMut(&str) -> Option<String>) -> Option<String> {
    let inner = &literal[1..literal.len() - 1];
    let decoded = if inner.contains('\\') { Json::parse(literal.as_bytes()) } else { Ok(inner.into()) };
    let Ok(Json::String(decoded)) = decoded else {
        return mask(inner).map(|masked| format!("\"{masked}\""));
    };
    let masked = mask(&decoded)?;
    let mut written = String::with_capacity(masked.len() + 2);
    // Writing into a String cannot fail.
    let _ = write_string(&mut written, &masked);
    Some(written)
}
