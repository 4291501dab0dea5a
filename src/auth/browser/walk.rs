use crate::auth::authorize_request::page_request;
use crate::auth::sign_in::Means;
use crate::auth::{AuthorizeRequest, sign_in_origins};
use crate::event::{Answer, Exchange, Fault};
use crate::http::{Issue, Outgoing};
use crate::suite::OAuth2;
use crate::value::{Destination, Origin};

use super::fill::{Filled, FormKind, Login, fill};
use super::page::Page;

/// How many answers a sign-in may take.
pub const MAX_HOPS: usize = 20;

/// What a browser sets out with.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// What the target says of the sign-in.
    pub oauth2: &'a OAuth2,
    /// The device, for whoever reads the exchanges.
    pub device: &'a str,
    /// What the secrets are called after that the way holds, such as cookies.
    pub label: &'a str,
    /// Where it begins, and what it fills in.
    pub request: &'a AuthorizeRequest,
    /// Secrets that the redirect back is expected to hold.
    pub issues: &'a [Issue],
}

/// Where a sign-in led to.
#[derive(Debug)]
pub struct Walked {
    /// The answer that it ended with.
    pub last: Exchange,
    /// Why it ended there.
    pub end: End,
}

/// Why a sign-in ended with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It is the redirect back.
    Back(Destination),
    /// It leads to a place that is not allowed.
    Elsewhere(Destination),
    /// It is neither a redirect nor a page with a form that is known.
    Answer,
    /// It is the form again that was filled in before.
    FormAgain,
    /// There is no complete answer.
    Fault(Fault),
    /// It would have gone on, and must not.
    Stopped(Stop),
}

/// Why a browser goes no further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// There is no end to it.
    #[error("the sign-in did not end within {MAX_HOPS} answers")]
    Endless,
    /// A form goes to a place that was not named.
    #[error(
        "the form of the page goes to {0}, which is no place of this target's sign-in (`page: {{ hosts: [ … ] }}`)"
    )]
    ForeignForm(Origin),
}

/// Signs in as a browser does: follows redirects, and fills in forms, until there is an answer. `passed` is told of the
/// exchanges on the way.
pub async fn walk(sight: &Sight<'_>, means: &Means<'_>, passed: &mut (dyn FnMut(Exchange) + Send)) -> Walked {
    let mut sent: Vec<FormKind> = Vec::new();
    let mut outgoing = sight.request.outgoing.clone();
    let mut hops = 0;
    loop {
        let mut exchange = means.send(sight.label, &outgoing, sight.issues).await;
        exchange.device = Some(sight.device.to_owned());
        hops += 1;
        let next = match next(sight, means, &exchange, &outgoing, &mut sent) {
            Ok(_) if hops == MAX_HOPS => Err(End::Stopped(Stop::Endless)),
            next => next,
        };
        match next {
            Ok(next) => {
                passed(exchange);
                outgoing = *next;
            }
            Err(end) => return Walked { last: exchange, end },
        }
    }
}

/// What is sent next after an answer; why nothing is.
fn next(
    sight: &Sight<'_>,
    means: &Means<'_>,
    exchange: &Exchange,
    outgoing: &Outgoing,
    sent: &mut Vec<FormKind>,
) -> Result<Box<Outgoing>, End> {
    if let Some(fault) = &exchange.fault {
        return Err(End::Fault(fault.clone()));
    }
    let answer = exchange.answer.as_ref().ok_or(End::Answer)?;
    match answer.status {
        301 | 302 | 303 | 307 | 308 => redirect(sight, means, exchange, answer, outgoing),
        200..=299 if is_page(answer) => form(sight, means, exchange, answer, sent),
        _ => Err(End::Answer),
    }
}

/// Follows a redirect, unless it leads back or out.
///
/// # Source
/// RFC 9110 §15.4; a POST that is moved becomes a GET, as in all browsers (Fetch, "HTTP-redirect fetch").
fn redirect(
    sight: &Sight<'_>,
    means: &Means<'_>,
    exchange: &Exchange,
    answer: &Answer,
    outgoing: &Outgoing,
) -> Result<Box<Outgoing>, End> {
    let mut locations = answer.header("location");
    let (Some(location), None) = (locations.next(), locations.next()) else { return Err(End::Answer) };
    let Some(to) = Destination::read(location, Some(&exchange.request.url)) else { return Err(End::Answer) };
    let back = sight.request.redirect_uri.as_deref().and_then(|uri| Destination::read(uri, None));
    if back.is_some_and(|back| back.to == to.to) {
        return Err(End::Back(to));
    }
    if !Origin::parse(&to.to).is_some_and(|origin| means.door.policy().allows(&origin)) {
        return Err(End::Elsewhere(to));
    }
    let keeps_method =
        matches!(answer.status, 307 | 308) || (answer.status != 303 && outgoing.method.as_str() != "POST");
    let next = if keeps_method {
        Outgoing { url: to.url, ..outgoing.clone() }
    } else {
        page_request(&to.url, outgoing.limits)
    };
    Ok(Box::new(next))
}

/// Sends the form of a page.
fn form(
    sight: &Sight<'_>,
    means: &Means<'_>,
    exchange: &Exchange,
    answer: &Answer,
    sent: &mut Vec<FormKind>,
) -> Result<Box<Outgoing>, End> {
    let bytes = answer.body.to_bytes();
    let page = Page::read(&String::from_utf8_lossy(&bytes));
    let login = Login { username: sight.request.username.as_deref(), password: sight.request.password.as_deref() };
    let (kind, submission) = match fill(&page, &sight.oauth2.page, login, sent) {
        Filled::Form(kind, submission) => (kind, submission),
        Filled::Again => return Err(End::FormAgain),
        Filled::Nothing => return Err(End::Answer),
    };
    let limits = sight.request.outgoing.limits;
    let next = submission.outgoing(&exchange.request.url, page.base.as_deref(), limits).ok_or(End::Answer)?;
    let origin = Origin::parse(&next.url).ok_or(End::Answer)?;
    // What is filled in may be no secret; it is for the sign-in all the same.
    let is_at_home = !kind.is_login() || sign_in_origins(sight.oauth2).is_ok_and(|known| known.contains(&origin));
    if !is_at_home || !means.door.policy().allows(&origin) {
        return Err(End::Stopped(Stop::ForeignForm(origin)));
    }
    sent.push(kind);
    Ok(Box::new(next))
}

/// Whether an answer is a page; one that does not say what it is may be one.
fn is_page(answer: &Answer) -> bool {
    answer.media_type().is_none_or(|kind| matches!(kind.as_str(), "text/html" | "application/xhtml+xml"))
}
