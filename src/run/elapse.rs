use std::time::Duration;

use crate::clock::{Clock, Deadline};
use crate::event::{Exchange, ExchangeId};
use crate::http::{Ask, Authorization, Door, LaneId, Limits, Outgoing, OutgoingBody};
use crate::suite::ClockControl;
use crate::trial::setup_failure;

use super::world::{Site, clock_url, milliseconds};

/// How long moving a clock may take.
const LIMIT: Duration = Duration::from_secs(15);

/// Moves the clock of a target by its own request. What was sent comes back, and why the clock was not moved.
pub(super) async fn move_clock(
    control: &ClockControl,
    site: &Site,
    door: &Door,
    lane: LaneId,
    authorization: Authorization,
    span: Duration,
    id: ExchangeId,
) -> (Option<Exchange>, Result<(), String>) {
    let json = control.json.as_ref().map(|json| json.resolve(&milliseconds(span))).transpose();
    let (json, url) = match (json, clock_url(control, site.control.as_deref(), span)) {
        (Ok(json), Ok(url)) => (json, url),
        (Err(missing), _) | (_, Err(missing)) => return (None, Err(missing.to_string())),
    };
    let mut outgoing = Outgoing::new(&control.method, &url, Limits::until(Deadline::after(LIMIT)));
    outgoing.authorization = authorization;
    if let Some(json) = json {
        outgoing.body = OutgoingBody::Json(json);
    }
    for (name, credential) in &control.headers {
        match site.keyring.text(credential, door.vault()) {
            Ok(value) => outgoing.headers.push((name.clone(), Some(value))),
            Err(error) => return (None, Err(error.to_string())),
        }
    }
    let ask = Ask { id, device: None, lane, jar: None, outgoing: &outgoing, sent: site.clock.now(), issues: &[] };
    let exchange = door.send(ask).await;
    if let Some(why) = setup_failure(&exchange) {
        return (Some(exchange), Err(why));
    }
    site.clock.advance(span);
    (Some(exchange), Ok(()))
}
