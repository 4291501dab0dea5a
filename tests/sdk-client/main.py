#!/usr/bin/env python3
"""What an agent's application does at a tenant, from sign-in to sign-out.

It knows what public documentation and the official SDK say of the service, and nothing of the server that it meets.
Each line that it prints is something that worked; it ends at the first that did not.

    python3 main.py ISSUER AUTHORITY_PEM CLIENT_ID REDIRECT_URI USER_NAME PASSWORD_FILE
"""

import json
import re
import sys
import urllib.parse

from device import Device
from sign_in import Browser, SignIn
from wire import Wire


def said(*words):
    print(*words, flush=True)


def main(issuer, authority, client, redirect, username, password_file):
    with open(password_file, encoding="utf-8") as file:
        password = file.read().strip()
    wire = Wire(issuer, authority)
    sign_in, browser = SignIn(wire, issuer, client, redirect), Browser(wire)
    discover(sign_in, wire, issuer)
    tokens = by_the_page(sign_in, browser, username, password)
    base, agent = whoami(wire, tokens["access_token"])
    first = Device(wire, base, tokens["access_token"])
    odd_requests(first)
    start(first, agent)
    change_states(first)
    second = Device(wire, base, without_the_page(sign_in, browser)["access_token"])
    join(first, second)
    refused(first, second)
    renewed = renew(sign_in, first, tokens)
    call_somebody(first, second)
    sync(first)
    end(first, second)
    sign_out(sign_in, browser, first, renewed)


def discover(sign_in, wire, issuer):
    found = sign_in.found
    assert found["issuer"] == issuer
    for name in ("authorization_endpoint", "token_endpoint", "end_session_endpoint", "jwks_uri"):
        assert found[name].startswith(issuer), name
    assert "code" in found["response_types_supported"] and "page" in found["display_values_supported"]
    assert "S256" in found["code_challenge_methods_supported"]
    said("discovery: four endpoints, code, page, S256")
    configuration = wire.ask("GET", "/.well-known/cxone-configuration").json()
    for name in ("ui_endpoint", "auth_endpoint", "api_endpoint", "domain", "uhDomain", "area", "tenantId"):
        assert isinstance(configuration[name], str) and configuration[name], name
    assert configuration["private"] is False
    again = wire.ask("GET", f"/.well-known/cxone-configuration?tenantId={configuration['tenantId']}")
    assert again.json() == configuration
    said("configuration: found without and by the tenant's id")


def by_the_page(sign_in, browser, username, password):
    page, own = sign_in.request(browser)
    assert page.status == 200 and page.headers.get_content_type() == "text/html"
    wrong = sign_in.fill_in(browser, page, username, password + "x")
    assert wrong.status == 200 and "Location" not in wrong.headers
    said("sign-in page: a wrong password shows it again")
    back = sign_in.returned(sign_in.fill_in(browser, page, username, password), own)
    assert re.fullmatch(r"[A-Za-z0-9._~=-]+", back["code"]), "a code that a form would change"
    said("sign-in page: a code came back with the state")
    answer = sign_in.exchange(back["code"], own)
    assert answer.status == 200, f"{answer.status} {answer.reason}"
    tokens = answer.json()
    assert tokens["token_type"].lower() == "bearer" and int(tokens["expires_in"]) == 3600
    assert re.fullmatch(r"[A-Za-z0-9._~=-]+", tokens["refresh_token"]), "a refresh token that a form would change"
    said("token: a form labelled as JSON, 3600 seconds")
    claims = sign_in.identity(tokens, own)
    assert claims["sub"].startswith("user:") and claims["icAgentId"].isdigit() and claims["tenantId"]
    said("id token: RS256 by a published key, issuer, audience, nonce")
    used = sign_in.exchange(back["code"], own)
    assert used.status == 400 and used.json()["error"] == "invalid_grant"
    said("token: a used code gives nothing")
    # That takes the tokens along (RFC 6749, section 4.1.2): one signs in again.
    return without_the_page(sign_in, browser)


def without_the_page(sign_in, browser):
    """The browser is signed in already: nobody is asked again."""
    answer, own = sign_in.request(browser, prompt="none")
    back = sign_in.returned(answer, own)
    answer = sign_in.exchange(back["code"], own)
    assert answer.status == 200, f"{answer.status} {answer.reason}"
    tokens = answer.json()
    sign_in.identity(tokens, own)
    said("sign-in: the second time without the page")
    return tokens


def whoami(wire, token):
    answer = wire.ask(
        "POST", "/incontactauthorizationserver/token/whoami",
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}, json.dumps({"token": token}),
    )
    assert answer.status == 200, answer.reason
    told = answer.json()
    agent, _team, _unit = (int(told[name]) for name in ("agent_id", "team_id", "bus_no"))
    assert 0 < int(told["expires_in"]) <= 3600
    base = told["resource_server_base_uri"]
    assert base.lower().endswith("/incontactapi/")
    said("whoami: agent, team, business unit, base")
    # The official SDK takes the last part off in any case and writes its own.
    return re.sub(r"(?i)/incontactapi/$", "", base) + "/incontactApi", agent


def odd_requests(device):
    bearer = {"Authorization": f"bearer {device.token}"}
    for path in (
        "/inContactAPI/services/v23.0/server-time",
        "/InContactAPI/services/V4.0/server-time",
        "/incontactapi//services//v30.0//Server-Time",
        "//incontactApi/services/v34.0/server-time/",
    ):
        answer = device.wire.ask("GET", path, bearer)
        assert answer.status == 200 and answer.json()["ServerTime"], path
        assert answer.reason == "Success" and answer.headers["icStatusDescription"] == "Success"
    said("paths: any case, any version, doubled slashes")
    answer = device.call("GET", "/server-time", {"Content-Type": "application/json", "CorrelationId": "a-1"}, "")
    assert answer.status == 200 and answer.headers["CorrelationId"] == "a-1"
    said("headers: a type without a body, a correlation id that comes back")
    answer = device.call("GET", "/agents/999999")
    assert answer.status == 404 and answer.reason == answer.headers["icStatusDescription"] != "Not Found"
    said("errors: the text is in the status line and in a header")


def start(device, agent):
    # The official SDK starts to poll when this has been answered.
    assert device.call("GET", f"/agents/{agent}/agent-settings").status == 200
    nothing = device.call("POST", "/agent-sessions/join", body='{"asAgentId":""}')
    assert nothing.status == 409, nothing.status
    said("join: 409 while there is nothing to join")
    # JSON that is not declared, and texts that are empty for what is absent.
    body = {"stationId": "", "stationPhoneNumber": "+15550100", "inactivityTimeout": 0,
            "inactivityForceLogout": False, "asAgentId": ""}
    device.enter(device.call("POST", "/agent-sessions", body=json.dumps(body)))
    assert re.fullmatch(r"[A-Za-z0-9._~=-]+", device.session), "an id that a path would change"
    event, after = device.await_event(lambda event: event["Type"] == "AgentSessionStart")
    assert event["AgentId"] == str(agent) and event["StationPhoneNumber"] == "+15550100"
    assert event["SessionId"] not in device.ids
    device.await_state("Unavailable", since=after)
    said("start: 202, then AgentSessionStart and AgentState Unavailable")


def change_states(device):
    ways = [
        ("JSON as plain text", {"Content-Type": "text/plain"}, "", '{"state":"Available","reason":""}', "Available", ""),
        ("a form as JSON", {"Content-Type": "application/json"}, "", "state=Unavailable&reason=Lunch", "Unavailable", "Lunch"),
        ("the query", None, "?state=Available", None, "Available", ""),
        ("query and JSON", None, "?state=unavailable", '{"reason":"Lunch"}', "Unavailable", "Lunch"),
        ("a form", {"Content-Type": "application/x-www-form-urlencoded"}, "", "State=Available", "Available", ""),
    ]
    for name, headers, query, body, state, reason in ways:
        since = len(device.events)
        answer = device.command("/state" + query, headers, body)
        assert (answer.status, answer.body) == (202, b""), f"{name}: {answer.status} {answer.reason}"
        device.await_state(state, reason, since)
        said(f"state by {name}: 202, then AgentState {state} {reason}".rstrip())


def join(first, second):
    second.enter(second.call("POST", "/agent-sessions/join", {"Content-Type": "application/json"}, '{"asAgentId":""}'))
    second.await_event(lambda event: event["Type"] == "AgentSessionStart")
    second.await_state("Available")
    assert not set(first.ids) & set(second.ids)
    said("join: 202 and an id of its own, then what is so")
    for device, state in ((second, "Unavailable"), (first, "Available")):
        since = {one: len(one.events) for one in (first, second)}
        assert device.command("/state", None, json.dumps({"state": state})).status == 202
        for one in (first, second):
            one.await_state(state, since=since[one])
    said("joined: what either does both are told")


def refused(first, second):
    again = second.call("POST", "/agent-sessions", body='{"stationPhoneNumber":"+15550100"}')
    assert again.status == 409 and "already started" in again.reason
    said("start: 409 while there is a session")
    since = len(first.events)
    assert first.command("/state", None, '{"state":"Sleeping"}').status == 400
    assert first.command("/state", None, '{"state":"Unavailable","reason":"No such reason"}').status == 400
    for timeout in ("61", "-1", "abc", ""):
        assert first.poll(first.session, timeout).status == 400, timeout
    unknown = first.call("DELETE", "/agent-sessions/never-issued")
    assert unknown.status == 404, unknown.status
    assert len(first.events) == since
    said("refused: bad states and timeouts by 400, an unknown session by 404, and nothing is told")


def renew(sign_in, device, tokens):
    answer = sign_in.refresh(tokens["refresh_token"])
    assert answer.status == 200, f"{answer.status} {answer.reason}"
    renewed = answer.json()
    assert renewed["access_token"] != tokens["access_token"]
    device.token = renewed["access_token"]
    since = len(device.events)
    assert device.command("/state", None, '{"state":"Unavailable"}').status == 202
    device.await_state("Unavailable", since=since)
    said("refresh: by the token alone; the session goes on")
    return renewed


def call_somebody(first, second):
    skills = first.call("GET", "/skills?isActive=true&fields=").json()["skills"]
    skill = next(skill for skill in skills if skill["isOutbound"] and skill["mediaTypeId"] == 4)
    at = len(first.events)
    body = json.dumps({"phoneNumber": "+15550142", "skillId": skill["skillId"], "parentContactId": ""})
    assert first.command("/dial-phone", None, body).status == 202
    contact = first.await_contact("Dialing", at)[0]["ContactID"]
    first.await_contact("Active", at)
    for command, status in (("hold", "Holding"), ("resume", "Active"), ("mask", "Masking"), ("unmask", "Active")):
        since = len(first.events)
        assert first.command(f"/interactions/{contact}/{command}").status == 202
        assert first.await_contact(status, since)[0]["ContactID"] == contact
    said("dial-phone: CallContactEvent Dialing, Active, Holding, Masking")
    since = len(first.events)
    assert first.command(f"/interactions/{contact}/resume").status == 409
    assert first.command(f"/interactions/{contact}/end").status == 202
    event, _ = first.await_contact("Disconnected", since)
    assert event["FinalState"] == "False"
    said("contact: 409 out of turn; ended, and not final during after-call work")
    dispositions = first.call("GET", "/dispositions").json()["dispositions"]
    body = json.dumps({"primaryDispositionId": dispositions[0]["dispositionId"], "notes": ""})
    assert first.command(f"/interactions/{contact}/disposition", None, body).status == 200
    assert first.command("/state", None, '{"state":"Available"}').status == 202
    is_final = lambda event: event["Type"] == "CallContactEvent" and event["FinalState"] == "True"
    first.await_event(is_final, since)
    first.await_state("Available", since=since)
    said("contact: disposed by 200, then final and Available")
    second.await_event(lambda event: is_final(event) and event["ContactID"] == contact)
    first_saw, second_saw = ([event for event in one.events if event.get("ContactID") == contact] for one in (first, second))
    assert first_saw == second_saw
    said("joined: both saw the same events of the contact, in the same order")
    # The telephone has been dialled for the sake of the call.
    since = len(first.events)
    assert first.command("/agent-phone/mute").status == 202
    assert first.command("/agent-phone/end").status == 202
    event, _ = first.await_event(lambda event: event["Type"] == "AgentLeg" and event["Status"] == "Disconnected", since)
    assert event["FinalState"] == "True"
    assert first.command("/agent-phone/end").status == 409
    said("agent-phone: muted, ended, and 409 when there is none")


def sync(device):
    quiet = device.poll(device.session, 1)
    assert (quiet.status, quiet.reason, quiet.body) == (304, "No Events", b"")
    assert device.poll(device.session, 0).status == 304
    said("poll: 304 without a body when nothing happens; the id works on")
    lost = device.poll(device.ids[0], 60)
    types = [event["Type"] for event in lost.json()["events"]]
    assert lost.status == 200 and types[0] == "AgentSessionStart" and "AgentState" in types
    assert lost.json()["sessionId"] not in device.ids
    said("poll: an old id is answered by what is so")


def end(first, second):
    last = first.session
    body = json.dumps({"forceLogoff": True, "endContacts": True, "ignorePersonalQueue": True, "unknown": 1})
    path = f"/agent-sessions/{urllib.parse.quote(second.session, safe='')}"
    ended = second.call("DELETE", path, {"Content-Type": "application/json"}, body)
    assert ended.status == 202, f"{ended.status} {ended.reason}"
    for device in (first, second):
        event, after = device.await_event(lambda event: event["Type"] == "AgentSessionEnd")
        assert event["Success"] == "True" and after == len(device.events)
        assert device.await_end()[0] == 409
        assert len(set(device.ids)) == len(device.ids), "an id came twice"
    said("end: JSON on DELETE; AgentSessionEnd for both, then 409")
    again = second.call("DELETE", path)
    assert again.status == 409 and first.command("/state", None, '{"state":"Available"}').status in (404, 409)
    assert first.poll(last, 0).status in (200, 409)
    said("end: 409 when it has ended")
    assert first.call("GET", "/server-time").status == 200
    said("token: works on after the session")


def sign_out(sign_in, browser, device, tokens):
    assert browser.open("GET", sign_in.found["end_session_endpoint"]).status == 200
    answer, own = sign_in.request(browser, prompt="none")
    assert sign_in.returned(answer, own)["error"] == "login_required"
    answer, own = sign_in.request(browser)
    assert answer.status == 200 and answer.headers.get_content_type() == "text/html"
    said("sign-out: the page is shown again")
    exchange = (
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&scope=openid"
        f"&subject_token={tokens['access_token']}&client_id={sign_in.client}"
        "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
    )
    answer = sign_in.token(exchange, "application/x-www-form-urlencoded")
    assert answer.status == 400 and answer.json()["error"] == "unsupported_grant_type"
    said("token exchange: refused by unsupported_grant_type")
    bare = device.wire.ask("GET", f"{device.base}/services/v30.0/server-time")
    forged = device.wire.ask("GET", f"{device.base}/services/v30.0/server-time", {"Authorization": "bearer made-up"})
    assert (bare.status, forged.status) == (401, 401)
    said("token: none and a made-up one are refused by 401")


if __name__ == "__main__":
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    main(*sys.argv[1:])
