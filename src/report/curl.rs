//! A request as a command that sends it again.

use std::fmt::Write as _;

use crate::event::{Content, Request};

use super::shell::Secrets;
use super::words;

/// Bodies over this many bytes are left to the event log.
const MOST_BODY: usize = 8 * 1024;

/// A `curl` command line, and what there is to know about it.
#[derive(Debug)]
pub(super) struct Curl {
    /// The command: one line, every word quoted for a shell, secrets as variables.
    pub(super) line: String,
    /// What the variables are, what is left out; a line each.
    pub(super) notes: Vec<String>,
}

impl Curl {
    /// The command that sends `request` again.
    pub(super) fn new(request: &Request) -> Self {
        let mut secrets = Secrets::default();
        let mut line = String::from("curl -sS -i");
        let mut notes = Vec::new();
        let url = request.url.as_str();
        // Writing to a text cannot fail, here and below.
        let _ = match request.method.as_str() {
            "HEAD" => write!(line, " -I"),
            "GET" if request.body.is_empty() => Ok(()),
            method => write!(line, " -X {}", secrets.word(method)),
        };
        if url.contains(['[', ']', '{', '}']) {
            line.push_str(" -g");
        }
        if url.contains("/.") || url.to_ascii_lowercase().contains("/%2e") {
            line.push_str(" --path-as-is");
        }
        // Without this a URL from a log that somebody tampered with could be read as an option.
        if !url.starts_with("http://") && !url.starts_with("https://") {
            line.push_str(" --url");
        }
        let _ = write!(line, " {}", secrets.word(url));
        let mut has_type = false;
        for header in &request.headers {
            let is_token =
                header.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
            if !is_token
                // curl frames the body itself. What else is recorded, `host` and `connection` too, was meant.
                || matches!(header.name.as_str(), "" | "content-length" | "transfer-encoding")
            {
                continue;
            }
            has_type |= header.name == "content-type";
            let field = if header.value.is_empty() {
                format!("{};", header.name)
            } else {
                format!("{}: {}", header.name, header.value)
            };
            let _ = write!(line, " -H {}", secrets.word(&field));
        }
        let body = Payload::of(&request.body.content);
        if !has_type && !matches!(body, Payload::None) {
            line.push_str(" -H content-type:");
        }
        match body {
            Payload::None => {}
            Payload::Word(text) => {
                let _ = write!(line, " --data-raw {}", secrets.word(text));
            }
            Payload::Piped(base64) => {
                line = format!("printf %s {} | base64 -d | {line} --data-binary @-", secrets.word(&base64));
            }
            Payload::Left => {
                line.push_str(" --data-binary @request-body");
                let size = words::bytes(request.body.size);
                notes.push(format!("the body ({size}) is in the event log; put it into the file `request-body`"));
            }
        }
        for (handle, variable) in secrets.iter() {
            notes.push(format!("${variable} is the secret {handle}; its value is not recorded"));
        }
        Self { line, notes }
    }
}

enum Payload<'r> {
    None,
    Word(&'r str),
    Piped(String),
    Left,
}

impl<'r> Payload<'r> {
    fn of(content: &'r Content) -> Self {
        use base64::Engine as _;
        match content {
            Content::Empty => Self::None,
            Content::Text(text) if text.len() > MOST_BODY => Self::Left,
            // An argument cannot hold NUL.
            Content::Text(text) if text.contains('\0') => {
                Self::Piped(base64::engine::general_purpose::STANDARD.encode(text))
            }
            Content::Text(text) => Self::Word(text),
            Content::Base64(text) if text.len() > MOST_BODY => Self::Left,
            Content::Base64(text) => Self::Piped(text.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shell::tests::arguments_of;
    use super::*;
    use crate::event::{Body, Header};

    fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Request {
        Request {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: headers.iter().map(|(name, value)| Header::new(name, *value)).collect(),
            body: Body::text(body.to_owned(), body.len() as u64),
        }
    }

    #[test]
    fn a_request_can_be_sent_again_by_hand() {
        let headers = [
            ("authorization", "Bearer ‹agent.access_token#2›"),
            ("content-type", "application/json"),
            ("content-length", "9"),
        ];
        let curl = Curl::new(&request("POST", "https://a.example/x?q=1&w=‹a.b#1›", &headers, "{\"a\": 1}\n"));
        assert_eq!(
            curl.line,
            "curl -sS -i -X POST 'https://a.example/x?q=1&w='\"$A_B_1\" -H 'authorization: Bearer '\"$AGENT_ACCESS_TOKEN_2\" \
             -H 'content-type: application/json' --data-raw $'{\"a\": 1}\\n'"
        );
        assert_eq!(
            curl.notes,
            [
                "$A_B_1 is the secret ‹a.b#1›; its value is not recorded",
                "$AGENT_ACCESS_TOKEN_2 is the secret ‹agent.access_token#2›; its value is not recorded",
            ]
        );
    }

    #[test]
    fn fields_that_the_connection_would_set_by_itself_are_told_where_the_request_set_them() {
        let headers = [("host", "a b"), ("connection", "close"), ("transfer-encoding", "chunked")];
        let curl = Curl::new(&request("GET", "http://a.example/%2e%2e/x", &headers, ""));
        let expected = "curl -sS -i --path-as-is http://a.example/%2e%2e/x -H 'host: a b' -H 'connection: close'";
        assert_eq!(curl.line, expected);
    }

    #[test]
    fn a_large_body_and_one_that_is_no_text_take_another_way() {
        let large = Curl::new(&request("PUT", "http://a.example/", &[], &"x".repeat(MOST_BODY + 1)));
        assert_eq!(large.line, "curl -sS -i -X PUT http://a.example/ -H content-type: --data-binary @request-body");
        assert_eq!(large.notes, ["the body (8.0 KiB) is in the event log; put it into the file `request-body`"]);
        let nul = Curl::new(&request("PUT", "http://a.example/", &[("content-type", "a/b")], "\0"));
        assert_eq!(
            nul.line,
            "printf %s AA== | base64 -d | curl -sS -i -X PUT http://a.example/ -H 'content-type: a/b' --data-binary @-"
        );
    }

    #[test]
    fn whatever_a_log_holds_is_only_ever_an_argument() {
        let hostile = [
            "$(touch owned)",
            "`id`",
            "'; id; '",
            "\"; id; \"",
            "\n::set-env name=x",
            "-o/etc/passwd",
            "@/etc/passwd",
            "\u{1b}]0;x\u{7}",
            "‹$(id)#1›",
            "##vso[task]",
            "\\",
        ];
        for text in hostile {
            let curl = Curl::new(&request(text, text, &[("x", text), (text, "y")], text));
            assert!(
                !curl.line.contains(['\n', '\u{1b}']) && !curl.line.contains("##") && !curl.line.contains("::"),
                "{}",
                curl.line
            );
            let arguments = arguments_of(&curl.line);
            let end = [b"--data-raw".to_vec(), text.as_bytes().to_vec()];
            assert!(arguments.ends_with(&end), "{}", curl.line);
            assert!(
                arguments.contains(&text.as_bytes().to_vec()) && arguments.contains(&format!("x: {text}").into_bytes()),
                "{}",
                curl.line
            );
        }
    }
}
