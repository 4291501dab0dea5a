"""HTTPS as agents' applications speak it: what is sent is sent as it stands, whatever a label says."""

import http.client
import json
import socket
import ssl
import threading
import urllib.parse

# The watchdog of the official SDK: longer than the longest poll.
PATIENCE = 90


class Answer:
    """One answer, read whole."""

    def __init__(self, response):
        self.status = response.status
        self.reason = response.reason
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Wire:
    """Connections to one host, one for each thread, kept alive; they trust one authority and no other."""

    def __init__(self, origin, authority):
        parts = urllib.parse.urlsplit(origin)
        assert parts.scheme == "https", origin
        self.host, self.port = parts.hostname, parts.port
        self.tls = ssl.create_default_context(cafile=authority)
        self.own = threading.local()

    def connection(self):
        if getattr(self.own, "connection", None) is None:
            self.own.connection = http.client.HTTPSConnection(
                self.host, self.port, timeout=PATIENCE, context=self.tls
            )
            self.own.connection.connect()
            self.own.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.own.connection

    def ask(self, method, path, headers=None, body=None):
        """Sends a request to a path, which may be a URL of this host. Redirects are answers like all others."""
        if path.startswith("https://"):
            parts = urllib.parse.urlsplit(path)
            assert (parts.hostname, parts.port) == (self.host, self.port), f"{path} is somewhere else"
            path = parts.path + ("?" + parts.query if parts.query else "")
        connection = self.connection()
        body = body.encode() if isinstance(body, str) else body
        connection.request(method, path, body=body, headers=headers or {})
        return Answer(connection.getresponse())
