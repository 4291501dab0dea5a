// A device of an agent: it holds the newest id of its session, and polls until the session is over.

import assert from "node:assert/strict";
import { once, EventEmitter } from "node:events";

export class Device {
  constructor(wire, base, token) {
    // Field clients take the base as it is, with the slash at its end.
    Object.assign(this, { wire, token, path: `${new URL(base).pathname}services/v17.0/` });
    Object.assign(this, { session: "", ids: new Set(), events: [], news: new EventEmitter() });
  }

  call(method, path, headers = {}, body = undefined) {
    return this.wire.ask(method, this.path + path, { authorization: `bearer ${this.token}`, ...headers }, body);
  }

  /** Something is done in the session: JSON under the label of a form, as in the official samples. */
  command(path, values = undefined) {
    const label = { "content-type": "application/x-www-form-urlencoded" };
    return this.call("POST", `agent-sessions/${this.session}/${path}`, label, values && JSON.stringify(values));
  }

  /** Starts a session by a form, and follows it. */
  async start(station) {
    const form = `stationPhoneNumber=${encodeURIComponent(station)}&inactivityTimeout=300&inactivityForceLogout=false`;
    const started = await this.call("POST", "agent-sessions", { "content-type": "application/x-www-form-urlencoded" }, form);
    assert.equal(started.status, 202, started.text);
    this.session = started.json().sessionId;
    this.ids.add(this.session);
    this.ended = this.follow();
    await this.until((event) => event.Type === "AgentSessionStart");
  }

  async follow() {
    for (;;) {
      const answer = await this.call("GET", `agent-sessions/${encodeURIComponent(this.session)}/get-next-event?timeout=60`);
      if (answer.status === 304) {
        assert.equal(answer.text, "");
        continue;
      }
      if (answer.status !== 200) return answer.status;
      const told = answer.json();
      assert.ok(!this.ids.has(told.sessionId), "an id came twice");
      this.session = told.sessionId;
      this.ids.add(told.sessionId);
      this.events.push(...told.events);
      this.news.emit("told");
    }
  }

  /** The next event that is wanted; those before it are passed over. */
  async until(isIt) {
    for (;;) {
      const at = this.events.findIndex(isIt);
      if (at >= 0) return this.events.splice(0, at + 1)[at];
      await once(this.news, "told", { signal: AbortSignal.timeout(50_000) });
    }
  }
}
