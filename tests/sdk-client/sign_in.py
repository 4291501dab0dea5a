"""OpenID Connect as a browser application does it: discovery, the sign-in page, PKCE, the id token's signature."""

import base64
import hashlib
import html.parser
import http.cookies
import json
import secrets
import time
import urllib.parse

# What DER says before a SHA-256 digest in a PKCS #1 v1.5 signature (RFC 8017, section 9.2).
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
# How far apart the clocks may be, in seconds: what the official SDK allows.
GRACE = 60


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Form(html.parser.HTMLParser):
    """The first form of a page, as a person would fill it in."""

    def __init__(self, page):
        super().__init__()
        self.method = self.action = None
        self.fields, self.asked = {}, []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form" and self.action is None:
            self.method, self.action = values.get("method", "get").upper(), values["action"]
        if tag == "input" and values.get("name"):
            if values.get("type") == "hidden":
                self.fields[values["name"]] = values.get("value", "")
            else:
                self.asked.append((values.get("type", "text"), values["name"]))


class Browser:
    """Where a person signs in. It keeps cookies and follows no redirect out of the site."""

    def __init__(self, wire):
        self.wire = wire
        self.cookies = {}

    def open(self, method, url, body=None):
        headers = {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.wire.ask(method, url, headers, body)
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return answer


class SignIn:
    """One client application at one issuer."""

    def __init__(self, wire, issuer, client, redirect):
        self.wire, self.client, self.redirect = wire, client, redirect
        answer = wire.ask("GET", issuer + "/.well-known/openid-configuration")
        assert answer.status == 200, answer.status
        self.found = answer.json()

    def request(self, browser, **more):
        """Opens the authorization endpoint; what it answers, and the secrets that belong to the request."""
        own = {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "verifier")}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(own["verifier"].encode()).digest()).rstrip(b"=").decode()
        query = {
            "scope": "openid",
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": self.redirect,
            "state": own["state"],
            "nonce": own["nonce"],
            "display": "page",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **more,
        }
        url = self.found["authorization_endpoint"] + "?" + urllib.parse.urlencode(query)
        return browser.open("GET", url), own

    def fill_in(self, browser, page, username, password):
        """Fills in the form of the sign-in page."""
        form = Form(page.body.decode())
        values = dict(form.fields)
        for kind, name in form.asked:
            values[name] = password if kind == "password" else username
        url = urllib.parse.urljoin(self.found["authorization_endpoint"], form.action)
        return browser.open(form.method, url, urllib.parse.urlencode(values))

    def returned(self, answer, own):
        """What came back to the application by the redirect; the state must be the one of the request."""
        assert answer.status in (302, 303), f"{answer.status} {answer.reason}"
        location = answer.headers["Location"]
        assert location.startswith(self.redirect + "?"), location
        values = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
        assert values.pop("state") == own["state"], "the state of somebody else"
        return values

    def exchange(self, code, own):
        """Exchanges a code. The body is a form that calls itself JSON, and the code is not encoded."""
        form = (
            f"grant_type=authorization_code&code={code}&client_id={self.client}"
            f"&redirect_uri={urllib.parse.quote(self.redirect, safe='')}&code_verifier={own['verifier']}"
        )
        return self.token(form, "application/json")

    def refresh(self, refresh_token):
        """Renews tokens: no client is named, and the token is not encoded."""
        return self.token(f"grant_type=refresh_token&scope=openid&refresh_token={refresh_token}", "application/json")

    def token(self, body, label):
        return self.wire.ask("POST", self.found["token_endpoint"], {"Content-Type": label}, body)

    def verified(self, token):
        """The claims of a token whose RS256 signature is by a published key."""
        head, claims, signature = token.split(".")
        header = json.loads(unpadded(head))
        assert header["alg"] == "RS256", header
        keys = self.wire.ask("GET", self.found["jwks_uri"]).json()["keys"]
        key = next(key for key in keys if key["kid"] == header["kid"])
        modulus, exponent = (int.from_bytes(unpadded(key[name]), "big") for name in ("n", "e"))
        length = (modulus.bit_length() + 7) // 8
        opened = pow(int.from_bytes(unpadded(signature), "big"), exponent, modulus).to_bytes(length, "big")
        digest = SHA256_PREFIX + hashlib.sha256(f"{head}.{claims}".encode()).digest()
        assert opened == b"\x00\x01" + b"\xff" * (length - len(digest) - 3) + b"\x00" + digest, "forged"
        return json.loads(unpadded(claims))

    def identity(self, answer, own):
        """The claims of the id token, checked as OpenID Connect Core 3.1.3.7 has it."""
        claims = self.verified(answer["id_token"])
        now = time.time()
        assert claims["iss"] == self.found["issuer"]
        assert self.client in ([claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"])
        assert claims["iat"] - GRACE <= now < claims["exp"] + GRACE
        assert claims["nonce"] == own["nonce"]
        return claims
