//! A server that says what it is told to.
//!
//! | request | answer |
//! |---|---|
//! | `/say/STATUS` or `/say/STATUS/REASON` | this status, with the body that was sent; header `say-NAME: a || b` is answered as two fields `NAME` |
//! | `/turns/KEY` | the body is a list: the first request of this key gets the first element, the last is said again; null is a 304, `{ "status": 404 }` alone has no body |
//! | `/mirror/…` | the request itself, as JSON |
//! | `/bytes/HEX` | these bytes |
//! | `/wire` | the body that was sent is the whole answer, byte by byte; nothing is no answer |
//! | `/token` | a token answer, whose token names the parameters that were sent |
//! | `/authorize` | a sign-in page, whose form holds the `state` of the request; scope `closed` is refused with a 403 |
//! | `/login` | `ann` with her password is sent to the callback with a code and the state; all others see the page again |

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// The server, stopped when it is dropped.
pub(crate) struct Talker {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

#[derive(Default)]
struct Reply {
    status: u16,
    reason: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// How often each list was asked.
type Turns = Mutex<BTreeMap<String, usize>>;

impl Talker {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stopped = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&stopped);
        let turns = Arc::new(Turns::default());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                let turns = Arc::clone(&turns);
                std::thread::spawn(move || serve(&stream, &turns));
            }
        });
        Self { address, stopped }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees that it is to stop.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(stream: &TcpStream, turns: &Turns) {
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while let Some(request) = read(&mut reader) {
        if request.path == "/wire" {
            let _ = writer.write_all(&request.body);
            return;
        }
        if writer.write_all(&answer(&request, turns).bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = || {
        let mut line = String::new();
        (reader.read_line(&mut line).ok()? > 0).then(|| line.trim_end().to_owned())
    };
    let first = line()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let mut headers = Vec::new();
    while let Some((name, value)) = line()?.split_once(':') {
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method, path, query, headers, body })
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn answer(request: &Request, turns: &Turns) -> Reply {
    let parts: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
    match parts[..] {
        ["say", status] => say(request, status, "Told"),
        ["say", status, reason] => say(request, status, &reason.replace("%20", " ")),
        ["turns", key] => turn(request, key, turns),
        ["bytes", hex] => {
            let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            let body = (0..hex.len()).step_by(2).map(byte).collect();
            Reply { status: 200, reason: "Told".to_owned(), body, ..Reply::default() }
        }
        ["mirror", ..] => Reply::json(200, &mirror(request)),
        ["token"] => Reply::json(200, &token(request)),
        ["authorize"] if parameter(&request.query, "scope") == Some("closed") => {
            Reply::json(403, &json!({ "error": "access_denied" }))
        }
        ["authorize"] => sign_in_page("Welcome", parameter(&request.query, "state").unwrap_or_default()),
        ["login"] => log_in(request),
        _ => Reply::json(404, &json!({ "nothing": request.path })),
    }
}

fn say(request: &Request, status: &str, reason: &str) -> Reply {
    let told = request.headers.iter().filter_map(|(name, value)| Some((name.strip_prefix("say-")?, value)));
    let mut headers: Vec<(String, String)> =
        told.flat_map(|(name, value)| value.split(" || ").map(|value| (name.to_owned(), value.to_owned()))).collect();
    if let Some(media_type) = request.header("content-type")
        && headers.iter().all(|(name, _)| name != "content-type")
    {
        headers.push(("content-type".to_owned(), media_type.to_owned()));
    }
    // `none` leaves the field out.
    headers.retain(|(_, value)| value != "none");
    Reply { status: status.parse().unwrap(), reason: reason.to_owned(), headers, body: request.body.clone() }
}

fn turn(request: &Request, key: &str, turns: &Turns) -> Reply {
    let list: Vec<Value> = serde_json::from_slice(&request.body).unwrap();
    let mut turns = turns.lock().unwrap();
    let at = turns.entry(key.to_owned()).or_default();
    let said = &list[(*at).min(list.len() - 1)];
    *at += 1;
    if let Value::Object(members) = said
        && let Some(status) = members.get("status").filter(|_| members.len() == 1)
    {
        let status = status.as_u64().and_then(|status| u16::try_from(status).ok()).unwrap();
        return Reply { status, reason: "Told".to_owned(), ..Reply::default() };
    }
    if said.is_null() {
        return Reply { status: 304, reason: "Told".to_owned(), ..Reply::default() };
    }
    Reply::json(200, said)
}

fn mirror(request: &Request) -> Value {
    let headers: BTreeMap<&str, &str> =
        request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    json!({
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": headers,
        "body": String::from_utf8_lossy(&request.body),
    })
}

fn token(request: &Request) -> Value {
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let grant = body.split('&').find_map(|pair| pair.strip_prefix("grant_type=")).unwrap_or("none");
    let user = body.split('&').find_map(|pair| pair.strip_prefix("username=")).unwrap_or("nobody");
    json!({
        "access_token": format!("not-a-secret-token-of-{user}"),
        "token_type": "bearer",
        "expires_in": 3600,
        "grant": grant,
        "basic": request.header("authorization").is_some_and(|value| value.starts_with("Basic ")),
    })
}

/// The value of a parameter, as it was sent.
fn parameter<'q>(pairs: &'q str, name: &str) -> Option<&'q str> {
    pairs.split('&').find_map(|pair| pair.split_once('=').filter(|(known, _)| *known == name)).map(|(_, value)| value)
}

fn sign_in_page(message: &str, state: &str) -> Reply {
    let page = format!(
        "<!doctype html><p>{message}<form method=post action=/login><input type=hidden name=state value='{state}'>\
         <input name=user><input type=password name=pin><button>Sign in</button></form>"
    );
    let headers = vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())];
    Reply { status: 200, reason: "Told".to_owned(), headers, body: page.into_bytes() }
}

fn log_in(request: &Request) -> Reply {
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let state = parameter(&body, "state").unwrap_or_default();
    if (parameter(&body, "user"), parameter(&body, "pin")) != (Some("ann"), Some("not-a-secret-ann")) {
        return sign_in_page("Wrong", state);
    }
    let place = format!("https://client.example/cb?code=not-a-secret-code&state={state}");
    let headers = vec![("location".to_owned(), place)];
    Reply { status: 302, reason: "Told".to_owned(), headers, body: Vec::new() }
}

impl Reply {
    fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status, reason: "Told".to_owned(), headers, body: body.to_string().into_bytes() }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason);
        head.extend(self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")));
        let has_body = self.status != 304 && self.status != 204;
        if has_body {
            head.extend([format!("content-length: {}\r\n", self.body.len())]);
        }
        head += "\r\n";
        let mut bytes = head.into_bytes();
        if has_body {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}
