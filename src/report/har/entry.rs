use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::Serialize;

use crate::event::{Answer, Body, Content, Exchange, Header, Purpose, StepPath};

/// An exchange as it stands in an archive.
///
/// # Source
/// HAR 1.2, <http://www.softwareishard.com/blog/har-12-spec/>.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'r> {
    pageref: &'r str,
    started_date_time: String,
    time: f64,
    request: RequestView<'r>,
    response: ResponseView<'r>,
    cache: NoCache,
    timings: Timings,
    #[serde(rename = "_purpose")]
    purpose: Purpose,
    #[serde(rename = "_step", skip_serializing_if = "Option::is_none")]
    step: Option<&'r StepPath>,
    #[serde(rename = "_device", skip_serializing_if = "Option::is_none")]
    device: Option<&'r str>,
}

#[derive(Serialize)]
struct NoCache {}

/// In milliseconds; -1 where it is not known.
#[derive(Serialize)]
struct Timings {
    blocked: f64,
    dns: f64,
    connect: f64,
    send: f64,
    wait: f64,
    receive: f64,
    ssl: f64,
}

#[derive(Serialize)]
struct Pair<'r> {
    name: &'r str,
    value: &'r str,
}

#[derive(Serialize)]
struct OwnPair {
    name: String,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestView<'r> {
    method: &'r str,
    url: String,
    http_version: &'r str,
    cookies: Vec<Pair<'r>>,
    headers: Vec<Pair<'r>>,
    query_string: Vec<OwnPair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData<'r>>,
    headers_size: i64,
    body_size: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData<'r> {
    mime_type: &'r str,
    text: &'r str,
    #[serde(rename = "_encoding", skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseView<'r> {
    status: u16,
    status_text: &'r str,
    http_version: &'r str,
    cookies: Vec<Pair<'r>>,
    headers: Vec<Pair<'r>>,
    content: ContentView<'r>,
    #[serde(rename = "redirectURL")]
    redirect_url: &'r str,
    headers_size: i64,
    body_size: i64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContentView<'r> {
    size: i64,
    mime_type: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

/// The exchange as an entry of the page of this name.
pub(super) fn entry<'r>(
    pageref: &'r str,
    step: Option<&'r StepPath>,
    purpose: Purpose,
    exchange: &'r Exchange,
) -> Entry<'r> {
    let timing = exchange.timing;
    let wait = if timing.headers_us == 0 { timing.total_us } else { timing.headers_us };
    let request = &exchange.request;
    let version = exchange.answer.as_ref().map_or("", |answer| answer.version.as_str());
    let (text, encoding) = text_of(&request.body);
    Entry {
        pageref,
        started_date_time: exchange.sent.iso(),
        time: millis(timing.total_us),
        request: RequestView {
            method: &request.method,
            url: url(&request.url),
            http_version: version,
            cookies: sent_cookies(&request.headers),
            headers: pairs(&request.headers),
            query_string: query(&request.url),
            post_data: text.map(|text| PostData { mime_type: media_type(&request.headers), text, encoding }),
            headers_size: -1,
            body_size: size(&request.body),
        },
        response: response(exchange),
        cache: NoCache {},
        timings: Timings {
            blocked: -1.0,
            dns: -1.0,
            connect: -1.0,
            send: 0.0,
            wait: millis(wait),
            receive: millis(timing.total_us.saturating_sub(wait)),
            ssl: -1.0,
        },
        purpose,
        step,
        device: exchange.device.as_deref(),
    }
}

fn response(exchange: &Exchange) -> ResponseView<'_> {
    let error = exchange.fault.as_ref().map(ToString::to_string);
    let Some(answer) = &exchange.answer else {
        let content = ContentView { size: 0, mime_type: "x-unknown", text: None, encoding: None };
        return ResponseView {
            status: 0,
            status_text: "",
            http_version: "",
            cookies: Vec::new(),
            headers: Vec::new(),
            content,
            redirect_url: "",
            headers_size: -1,
            body_size: -1,
            error,
        };
    };
    let (text, encoding) = text_of(&answer.body);
    let mime_type = media_type(&answer.headers);
    ResponseView {
        status: answer.status,
        status_text: answer.reason.as_deref().unwrap_or_default(),
        http_version: &answer.version,
        cookies: set_cookies(answer),
        headers: pairs(&answer.headers),
        content: ContentView { size: size(&answer.body), mime_type, text, encoding },
        redirect_url: answer.header("location").next().unwrap_or_default(),
        headers_size: -1,
        // What it was on the wire, still coded, is not recorded.
        body_size: -1,
        error,
    }
}

fn text_of(body: &Body) -> (Option<&str>, Option<&'static str>) {
    match &body.content {
        Content::Empty => (None, None),
        Content::Text(text) => (Some(text), None),
        Content::Base64(text) => (Some(text), Some("base64")),
    }
}

fn size(body: &Body) -> i64 {
    i64::try_from(body.size).unwrap_or(i64::MAX)
}

fn millis(micros: u64) -> f64 {
    // Longer than 2^32 microseconds it is still exact to the millisecond.
    std::time::Duration::from_micros(micros).as_secs_f64() * 1000.0
}

fn pairs(headers: &[Header]) -> Vec<Pair<'_>> {
    headers.iter().map(|header| Pair { name: &header.name, value: &header.value }).collect()
}

fn media_type(headers: &[Header]) -> &str {
    headers.iter().find(|header| header.name == "content-type").map_or("x-unknown", |header| &header.value)
}

fn cookie(text: &str) -> Pair<'_> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    Pair { name: name.trim(), value: value.trim() }
}

fn sent_cookies(headers: &[Header]) -> Vec<Pair<'_>> {
    let sent = headers.iter().filter(|header| header.name == "cookie");
    sent.flat_map(|header| header.value.split(';')).map(cookie).collect()
}

fn set_cookies(answer: &Answer) -> Vec<Pair<'_>> {
    answer.header("set-cookie").map(|value| cookie(value.split(';').next().unwrap_or(value))).collect()
}

/// What may not stand in a URL as it is (RFC 3986 §2); a `#` is that of a handle, since no fragment is ever sent.
const NOT_IN_URL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

fn url(url: &str) -> String {
    // Only a host may have brackets.
    let host = url.find("://").map_or(0, |at| at + 3);
    let path = url[host..].find(['/', '?']).map_or(url.len(), |at| host + at);
    let (origin, rest) = url.split_at(if host == 0 { 0 } else { path });
    format!("{origin}{}", utf8_percent_encode(rest, NOT_IN_URL))
}

fn query(url: &str) -> Vec<OwnPair> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        OwnPair { name: decoded(name), value: decoded(value) }
    };
    query.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_with_a_handle_is_a_url_and_its_query_is_told_decoded() {
        assert_eq!(url("https://a.example/‹s#1›?a=b c"), "https://a.example/%E2%80%B9s%231%E2%80%BA?a=b%20c");
        assert_eq!(url("http://[::1]:80/a[1]?b=[2]"), "http://[::1]:80/a%5B1%5D?b=%5B2%5D");
        assert_eq!(url("http://[::1]:80"), "http://[::1]:80");
        let pairs = query("https://a.example/?a=1&b=x%20y+z&c&&d=%ff");
        let told = pairs.iter().map(|pair| (pair.name.as_str(), pair.value.as_str())).collect::<Vec<_>>();
        assert_eq!(told, [("a", "1"), ("b", "x y z"), ("c", ""), ("d", "\u{fffd}")]);
    }

    #[test]
    fn cookies_are_told_by_name() {
        let headers = [Header::new("Cookie", "a=1; b=‹c#1›")];
        let told = sent_cookies(&headers).iter().map(|pair| (pair.name, pair.value)).collect::<Vec<_>>();
        assert_eq!(told, [("a", "1"), ("b", "‹c#1›")]);
    }
}
