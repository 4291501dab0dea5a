// What applications of the first and second generation do at a tenant: an agent's desktop, a back end,
// and a web site whose visitors chat.
//
// It knows what public documentation and field clients say of the service, and nothing of the server that it meets. Each
// line that it prints is something that worked; it ends at the first that did not.
//
//     node main.mjs ORIGIN AUTHORITY_PEM SETTINGS_JSON
//
// Settings: application, businessUnit, applicationId, username, password, implicitUsername, implicitPassword, redirect,
// accessKeyId, accessKeySecret, clientId, station, pointOfContact, report.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { Device } from "./device.mjs";
import { Wire } from "./wire.mjs";

const [origin, authority, settingsFile] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(settingsFile, "utf8"));
const wire = new Wire(origin, readFileSync(authority));
const said = (line) => console.log(line);

/** The header of the first generation: the scheme in lower case, as every sample has it. */
const basic = (name, secret) => ({ authorization: `basic ${Buffer.from(`${name}:${secret}`).toString("base64")}` });
const central = (body, headers = basic(settings.application, settings.businessUnit)) =>
  wire.ask("POST", "/InContactAuthorizationServer/Token", { "content-type": "application/json", ...headers }, body);
const json = JSON.stringify;

const user = await byPassword();
await refused();
const application = await byClient();
await byImplicit();
await byAccessKey();
const device = new Device(wire, user.resource_server_base_uri, user.access_token);
await device.start(settings.station);
said("start: a form, 202, then AgentSessionStart");
await chat();
await callsAtOnce();
await report();
await extraction();
await loggedOut();
wire.close();

async function byPassword() {
  // The case of names varies in the field, and so does the kind of body.
  const login = { grant_type: "password", userName: settings.username, password: settings.password, scope: "" };
  const first = await central(json(login));
  assert.equal(first.status, 200, first.text);
  const form = await central(new URLSearchParams(login).toString());
  assert.equal(form.status, 200, form.text);
  const told = first.json();
  assert.equal(told.token_type, "bearer");
  assert.equal(Number(told.expires_in), 3600);
  assert.ok(told.resource_server_base_uri.endsWith("/"));
  for (const name of ["agent_id", "team_id", "bus_no"]) assert.ok(Number.isInteger(told[name]), name);
  for (const scope of ["AdminApi", "AgentApi", "RealTimeApi", "ReportingApi", "PatronApi"])
    assert.ok(told.scope.split(" ").includes(scope), scope);
  said("password grant: JSON and a form, bearer, 3600 seconds, every scope");
  const renew = { grant_type: "refresh_token", refresh_token: told.refresh_token };
  const path = new URL(told.refresh_token_server_uri).pathname;
  const renewed = await wire.ask("POST", path, basic(settings.application, settings.businessUnit), json(renew));
  assert.equal(renewed.status, 200, renewed.text);
  assert.notEqual(renewed.json().refresh_token, told.refresh_token);
  assert.equal((await central(json(renew))).status, 400);
  said("refresh grant: a new token each time, and the old one gives nothing");
  return renewed.json();
}

async function refused() {
  const login = { grant_type: "password", username: settings.username, password: settings.password, scope: "" };
  const stranger = await central(json(login), basic("Somebody@Else", settings.businessUnit));
  assert.equal(stranger.status, 401);
  assert.match(stranger.reason, /Client application 'Somebody@Else' not authorized for user/i);
  assert.ok(!stranger.text.includes("access_token"));
  const wrong = await central(json({ ...login, password: `${settings.password}x` }));
  assert.deepEqual([wrong.status, wrong.text], [401, ""]);
  const unit = await central(json(login), basic(settings.application, "1"));
  assert.equal(unit.status, 401);
  for (const grant of ["authorization_code", "banana"]) {
    const unknown = await central(json({ ...login, grant_type: grant }));
    assert.deepEqual([unknown.status, unknown.json().error], [400, "unsupported_grant_type"]);
  }
  said("refused: another application by its name, a password in silence, other grants");
}

async function byClient() {
  const grant = json({ grant_type: "client_credentials", scope: "PatronApi" });
  assert.equal((await central(grant)).status, 401);
  const told = (await central(grant, basic(settings.application, settings.applicationId))).json();
  assert.equal(told.refresh_token ?? null, null);
  assert.equal(told.agent_id ?? null, null);
  const headers = { authorization: `bearer ${told.access_token}` };
  for (const path of ["agents", "skills", "contacts/active", "server-time"])
    assert.equal((await wire.ask("GET", `/inContactAPI/services/v17.0/${path}`, headers)).status, 403, path);
  const profile = `/inContactAPI/services/v17.0/points-of-contact/${settings.pointOfContact}/chat-profile`;
  assert.equal((await wire.ask("GET", profile, headers)).status, 200);
  said("client grant: patrons' calls, and 403 for all that needs a user");
  return told.access_token;
}

async function byImplicit() {
  const query = new URLSearchParams({
    state: "s-1", response_type: "token", client_id: settings.application, redirect_uri: settings.redirect,
    scope: "AgentApi RealTimeApi",
  });
  const page = await wire.ask("GET", `/InContactAuthorizationServer/Authenticate?${query}`);
  assert.equal(page.status, 200);
  const action = page.text.match(/<form method="post" action="([^"]+)"/)[1];
  const fields = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((it) => [it[1], it[2]]);
  const filled = new URLSearchParams([...fields, ["username", settings.implicitUsername], ["password", settings.implicitPassword]]);
  const back = await wire.ask("POST", action, { "content-type": "application/x-www-form-urlencoded" }, filled.toString());
  assert.equal(back.status, 302, back.text);
  assert.ok(back.headers.location.startsWith(`${settings.redirect}?`));
  const told = Object.fromEntries(new URL(back.headers.location).searchParams);
  assert.deepEqual([told.state, told.token_type, told.expires_in], ["s-1", "bearer", "5184000"]);
  const headers = { authorization: `Bearer ${told.access_token}` };
  const base = new URL(told.resource_server_base_uri).pathname;
  assert.equal((await wire.ask("GET", `${base}services/v17.0/agents/states`, headers)).status, 200);
  assert.equal((await wire.ask("GET", `${base}services/v17.0/agents`, headers)).status, 403);
  said("implicit grant: a token in the query for sixty days, good for the scopes that were asked for");
}

async function byAccessKey() {
  const key = { accessKeyId: settings.accessKeyId, accessKeySecret: settings.accessKeySecret };
  const headers = { "content-type": "application/json" };
  const told = (await wire.ask("POST", "/authentication/v1/token/access-key", headers, json(key))).json();
  assert.equal(told.id_token, told.access_token);
  assert.equal(Number(told.expires_in), 3600);
  const renewed = (await wire.ask("POST", "/public/user/refresh", headers, json({ token: told.refresh_token }))).json();
  assert.deepEqual([renewed.tokenExpirationTimeSec, renewed.sessionId], [3600, null]);
  const sdk = { ...headers, authorization: `Basic ${Buffer.from(`${settings.clientId}@cxone`).toString("base64")}` };
  const other = (await wire.ask("POST", "/public/authentication/v1/token", sdk, json({ accessToken: renewed.token }))).json();
  const last = await wire.ask("POST", "/public/authentication/v1/refresh", sdk, json({ token: other.refreshToken }));
  assert.equal(last.status, 200, last.text);
  const bearer = { authorization: `Bearer ${last.json().token}` };
  assert.equal((await wire.ask("GET", "/InContactAPI//services/v27.0/business-unit", bearer)).status, 200);
  const wrong = await wire.ask("POST", "/authentication/v1/token/access-key", headers, json({ ...key, accessKeySecret: "x" }));
  assert.equal(wrong.status, 401);
  said("access key: a token, both ways to renew it, and 401 for a wrong secret");
}

/** A visitor of a web site. */
function visitor() {
  const base = "/inContactAPI/services/v17.0/contacts/chats";
  const headers = { authorization: `bearer ${application}`, "content-type": "application/json" };
  return {
    start: () => wire.ask("POST", base, headers, json({ pointOfContact: `${settings.pointOfContact}`, fromAddress: "visitor@example.com" })),
    write: (chat, message) => wire.ask("POST", `${base}/${chat}/send-text`, headers, json({ label: "Visitor", message })),
    poll: (chat, timeout) => wire.ask("GET", `${base}/${chat}?timeout=${timeout}`, headers),
    end: (chat) => wire.ask("DELETE", `${base}/${chat}`, headers),
  };
}

async function chat() {
  const site = visitor();
  assert.equal((await device.command("state", { state: "Available" })).status, 202);
  const started = await site.start();
  assert.equal(started.status, 202, started.text);
  const { chatSessionId, contactId } = started.json();
  const offered = await device.until((it) => it.Type === "ChatContactEvent" && it.Status === "Incoming");
  assert.equal(offered.ContactID, `${contactId}`);
  assert.equal((await device.command(`interactions/${contactId}/accept`)).status, 202);
  await device.until((it) => it.Type === "ChatContactEvent" && it.Status === "Active");
  const held = site.poll(chatSessionId, 60);
  assert.equal((await device.command(`interactions/${contactId}/send-chat-text`, { chatText: "How can I help?" })).status, 202);
  const heard = await held;
  assert.equal(heard.status, 200, heard.text);
  assert.deepEqual(heard.json().messages.map((it) => it.Text), ["How can I help?"]);
  const next = heard.json().chatSession;
  assert.notEqual(next, chatSessionId);
  assert.deepEqual([(await site.poll(next, 0)).status, (await site.poll(next, 61)).status], [304, 400]);
  assert.equal((await site.write(next, "Thank you")).status, 202);
  await device.until((it) => it.Type === "ChatText" && it.Text === "Thank you");
  assert.equal((await site.end(next)).status, 200);
  // What has not been read yet comes first.
  let last = await site.poll(next, 0);
  while (last.status === 200) last = await site.poll(last.json().chatSession, 0);
  assert.equal(last.status, 404);
  await device.until((it) => it.Type === "ChatContactEvent" && it.ContactID === `${contactId}` && it.Status === "Disconnected");
  said("chat: offered, accepted, both write, the visitor's poll is woken and is 404 after the end");
}

async function callsAtOnce() {
  // Whatever is still being finished is over with the next state.
  assert.equal((await device.command("state", { state: "Unavailable" })).status, 202);
  await device.until((it) => it.Type === "AgentState" && it.CurrentState === "Unavailable");
  const skills = (await device.call("GET", "skills")).json().skills;
  const skillId = skills.find((it) => it.isOutbound && it.mediaTypeId === 4).skillId;
  const calls = [];
  for (const phoneNumber of ["+15550142", "+15550143"]) {
    assert.equal((await device.command("dial-phone", { phoneNumber, skillId })).status, 202);
    const call = await device.until((it) => it.Type === "CallContactEvent" && it.Status === "Dialing");
    await device.until((it) => it.ContactID === call.ContactID && it.Status === "Active");
    if (calls.length === 0) {
      assert.equal((await device.command("dial-phone", { phoneNumber, skillId })).status, 409);
      assert.equal((await device.command(`interactions/${call.ContactID}/hold`)).status, 202);
      await device.until((it) => it.ContactID === call.ContactID && it.Status === "Holding");
    }
    calls.push(call.ContactID);
  }
  assert.equal((await device.command("interactions/conference-calls")).status, 202);
  for (const call of calls) await device.until((it) => it.ContactID === call && it.Status === "Joined");
  const bad = await device.command("dial-phone", { phoneNumber: "not a number", skillId });
  assert.deepEqual([bad.status, bad.reason], [400, "Phone Number is not valid."]);
  const kept = await device.call("DELETE", `agent-sessions/${device.session}`);
  assert.equal(kept.status, 409);
  for (const call of calls) assert.equal((await device.command(`interactions/${call}/end`)).status, 202);
  assert.equal((await device.command("state", { state: "Unavailable" })).status, 202);
  const finals = new Set(calls);
  while (finals.size > 0) finals.delete((await device.until((it) => finals.has(it.ContactID) && it.FinalState === "True")).ContactID);
  said("calls: a second one while the first holds, a conference of both; no end of the session before theirs");
}

async function report() {
  const started = await device.call("POST", `report-jobs/${settings.report}?fileType=CSV&includeHeaders=true`);
  assert.equal(started.status, 202, started.text);
  const { jobId } = started.json();
  assert.ok(Number.isInteger(Number(jobId)));
  let job;
  do job = await device.call("GET", `report-jobs/${jobId}`);
  while (job.status === 200 && !reportUrl(job.json()));
  assert.equal(job.status, 200, job.text);
  const url = new URL(reportUrl(job.json()));
  const file = await wire.ask("GET", url.pathname + url.search, { authorization: `Bearer ${device.token}` });
  assert.ok(file.status === 200 && file.text.length > 0);
  assert.equal((await device.call("GET", "report-jobs/99999999")).status, 404);
  assert.equal((await device.call("POST", "report-jobs/99999999")).status, 404);
  said("report job: 202, polled until there is a file, and the file");
}

function reportUrl(answer) {
  return answer.resultFileURL ?? answer.jobResult?.resultFileURL;
}

async function extraction() {
  const headers = { authorization: `Bearer ${device.token}`, "content-type": "application/json" };
  const asked = { entityName: "contacts", version: "1", startDate: "2026-01-01", endDate: "2026-01-02" };
  const started = await wire.ask("POST", "/data-extraction/v1/jobs", headers, json(asked));
  assert.equal(started.status, 202, started.text);
  const id = started.json();
  assert.equal(typeof id, "string");
  let job;
  do job = (await wire.ask("GET", `/data-extraction/v1/jobs/${id}`, headers)).json().jobStatus;
  while (job.status === "RUNNING");
  assert.equal(job.status, "SUCCEEDED");
  const url = new URL(job.result.url);
  assert.equal((await wire.ask("GET", url.pathname + url.search, headers)).status, 200);
  said("data extraction: 202 with a bare id, polled until it succeeded, and its file");
}

async function loggedOut() {
  assert.equal((await device.call("POST", `agents/${user.agent_id}/logout`)).status, 202);
  const remote = await device.until((it) => it.Type === "RemoteAgentSessionEnd");
  assert.equal(remote.Message, "RemoteLogoff");
  await device.until((it) => it.Type === "AgentSessionEnd");
  assert.equal(await device.ended, 409);
  assert.equal((await device.call("GET", "server-time")).status, 200);
  said("logged out from outside: RemoteAgentSessionEnd, AgentSessionEnd, then 409; the token works on");
}
