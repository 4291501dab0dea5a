"""One device of an agent: a token, a session id of its own, and a poller that never stops of itself."""

import json
import queue
import threading
import urllib.parse

# How long an event may take, in seconds: far more than it does.
LIMIT = 50
# How long the official SDK lets the server hold a poll, in seconds.
HOLD = 60


class Device:
    def __init__(self, wire, base, token):
        self.wire, self.base, self.token = wire, base, token
        self.session = None
        self.ids, self.events, self.end = [], [], queue.Queue()
        self.news = threading.Condition()

    def call(self, method, path, headers=None, body=None):
        """A call below the base that whoami gave. The slash is doubled, as in the official SDK."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json, */*", **(headers or {})}
        return self.wire.ask(method, f"{self.base}//services/v30.0{path}", headers, body)

    def command(self, path, headers=None, body=None):
        """Something is done in the session; its id goes into the path as it is."""
        return self.call("POST", f"/agent-sessions/{self.session}{path}", headers, body)

    def poll(self, session, timeout):
        """One poll. The id is percent-encoded, as in the Ruby sample."""
        id_ = urllib.parse.quote(session, safe="")
        return self.call("GET", f"/agent-sessions/{id_}/get-next-event?timeout={timeout}")

    def enter(self, answer):
        assert answer.status == 202, f"{answer.status} {answer.reason}"
        self.session = answer.json()["sessionId"]
        self.ids.append(self.session)
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        """Polls until the session is over: the newest id after 200, the same one after 304."""
        try:
            while True:
                answer = self.poll(self.session, HOLD)
                if answer.status == 304:
                    assert answer.body == b"", "a 304 with a body"
                    continue
                if answer.status != 200:
                    self.end.put((answer.status, answer.reason))
                    return
                told = answer.json()
                with self.news:
                    self.session = told["sessionId"]
                    self.ids.append(self.session)
                    self.events.extend(told["events"])
                    self.news.notify_all()
        except Exception as error:  # whatever it is, it is the story's to tell
            self.end.put(("broken", repr(error)))

    def await_event(self, is_it, since=0):
        """The first event from a place on that is wanted, and the place after it."""
        with self.news:
            found = lambda: next((at for at, event in enumerate(self.events) if at >= since and is_it(event)), None)
            self.news.wait_for(lambda: found() is not None, LIMIT)
            at = found()
            assert at is not None, f"it never came: {json.dumps(self.events[since:])}"
            return self.events[at], at + 1

    def await_state(self, state, reason="", since=0):
        is_it = lambda event: (event["Type"], event.get("CurrentState")) == ("AgentState", state)
        event, after = self.await_event(is_it, since)
        assert event["CurrentOutReason"] == reason, event
        return after

    def await_contact(self, status, since=0):
        is_it = lambda event: (event["Type"], event.get("Status")) == ("CallContactEvent", status)
        return self.await_event(is_it, since)

    def await_end(self):
        """How the poller ended."""
        return self.end.get(timeout=LIMIT)
