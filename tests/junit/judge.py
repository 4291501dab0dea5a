"""JUnit files, read as CI systems read them. See `judge` beside it."""

import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import xml.parsers.expat
from pathlib import Path

try:
    import junitparser
except ImportError:
    junitparser = None

FOLDER = Path(__file__).resolve().parent
# GitLab refuses artefacts of JUnit that are larger.
MOST_BYTES = 30_000_000

# What an endpoint may answer, a case for each.
HOSTILE = [
    "]]> </failure><script>alert(1)</script>",
    "[[ATTACHMENT|/etc/passwd]] [[attachment|x]] [[[ATTACHMENT|y]]",
    "::error::x\n::set-env name=PATH::/tmp\r::stop-commands::y\n  ::add-mask::z",
    "##vso[task.setvariable variable=x]y ##[error]z\n##teamcity[testFailed name='x']",
    "\x1b[2J\x1b]0;owned\x07 \x7f \u009b31m \u202e \u2028::error::x",
    "\x01\x02\x08\x0b\x0c \ufffe \uffff \U0001f47e",
    "&#0; &lt; &bogus; <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "x" * 300_000,
]

class Endpoint(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = HOSTILE[int(self.path.strip("/"))].encode("utf-8", "surrogatepass")
        self.send_response(200)
        self.send_header("content-type", "text/plain; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def run_hostile(folder):
    """A run that fails in every case, with hostile text in each answer; gives its JUnit file."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cases = "".join(
        f"---\nscenario: The answer {number} is sound\nid: hostile-{number}\nsteps:\n"
        f"  - request: GET /{number}\n    expect: {{ status: 200, text: sound }}\n"
        for number in range(len(HOSTILE))
    )
    (folder / "hostile.yaml").write_text(cases.removeprefix("---\n"))
    command = [os.environ["ASSIZE"], "run", "hostile.yaml", "--base-url", f"http://127.0.0.1:{server.server_port}"]
    command += ["--report", "junit=hostile.xml", "--report", "log=hostile.ndjson"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, timeout=120)
    server.shutdown()
    assert ran.returncode == 1, (ran.returncode, ran.stdout[-2000:], ran.stderr[-2000:])
    return folder / "hostile.xml"


def texts(path):
    """All texts of a file as expat gives them: attributes, and what stands in elements. Also how many elements there are."""
    found, counts, inner = [], {}, []
    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = True

    def start(name, attributes):
        counts[name] = counts.get(name, 0) + 1
        found.extend(attributes.values())
        inner.append([])

    def end(_):
        found.append("".join(inner.pop()))

    def data(text):
        if inner:
            inner[-1].append(text)

    def refuse(*_):
        raise AssertionError(f"{path}: a document type or an entity")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.Parse(Path(path).read_bytes(), True)
    return found, counts


OBEYED = [
    (re.compile(r"\[\[ATTACHMENT\|", re.I), "an attachment"),
    (re.compile(r"##(\[|vso\[|teamcity\[)", re.I), "a command of a runner"),
    (re.compile(r"(^|[\n\r\u2028\u2029])\s*::"), "a workflow command"),
    (re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]"), "a control"),
]


def judge(path):
    size = Path(path).stat().st_size
    assert size <= MOST_BYTES, f"{path} has {size} bytes"
    if shutil.which("xmllint"):
        command = ["xmllint", "--noout", "--nonet", "--schema", str(FOLDER / "dialect.xsd"), str(path)]
        linted = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert linted.returncode == 0, linted.stderr[-4000:]
    found, counts = texts(path)
    for text in found:
        for pattern, what in OBEYED:
            hit = pattern.search(text)
            assert not hit, f"{path}: {what}: {text[max(0, hit.start() - 40):hit.end() + 40]!r}"
    if junitparser:
        report = junitparser.JUnitXml.fromfile(str(path))
        cases = [case for suite in report for case in suite]
        of = lambda kind: sum(isinstance(result, kind) for case in cases for result in case.result)
        told = (report.tests, report.failures, report.errors, report.skipped)
        read = (len(cases), of(junitparser.Failure), of(junitparser.Error), of(junitparser.Skipped))
        assert told == read, f"{path}: its head says {told}, its cases are {read}"
        assert read == tuple(counts.get(name, 0) for name in ("testcase", "failure", "error", "skipped")), path
        assert all(case.name and case.classname for case in cases), path
    print(f"{path}: {counts.get('testcase', 0)} testcases, {counts.get('failure', 0)} failures, {size} bytes")


def main():
    with tempfile.TemporaryDirectory() as folder:
        hostile = run_hostile(Path(folder))
        judge(hostile)
        _, counts = texts(hostile)
        assert counts["failure"] == len(HOSTILE), counts
    for path in sys.argv[1:]:
        judge(path)


main()
