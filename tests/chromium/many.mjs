// An event log of many cases: most passed, some failed, some are flaky, known or skipped, each with exchanges.
const BODY = { items: Array.from({ length: 12 }, (_, at) => ({ id: at, name: `item number ${at}`, state: at % 3 ? "ready" : "busy" })) };

const CLASSES = { 97: "failed", 193: "inconclusive", 389: "flaky" };
const classOf = (number) => {
  for (const [every, word] of Object.entries(CLASSES)) if (number % every === every - 1) return word;
  return number % 40 === 39 ? "skipped" : "passed";
};

// So many cases, one text a line.
export function* lines(count) {
  const at = 1795392000000; // milliseconds
  let seq = 0;
  const line = (body) => JSON.stringify({ seq, at: at + seq, elapsed_us: seq++ * 700, run: "many", body }) + "\n";
  const place = { file: "specs/many/scenarios/all.yaml", line: 7, column: 13, end_column: 16, text: "    expect: 200", text_column: 1 };
  const head = (number) => ({
    id: `area-${number % 25}.scenario-${Math.floor(number / 10)}/row-${number % 10}`, scenario: `area-${number % 25}.scenario-${Math.floor(number / 10)}`,
    title: `What is promised of row ${number % 10} holds for every caller of area ${number % 25}`, row: `row-${number % 10}`,
    verifies: [`MA-${String(number % 300).padStart(3, "0")}`], tags: [`area-${number % 25}`], at: place,
  });
  const numbers = Array.from({ length: count }, (_, number) => number);
  const body = (value) => { const text = JSON.stringify(value); return { text, size: text.length, sha256: "0" }; };
  const fields = ["content-type: application/json", "cache-control: no-store", "x-request-id: 4711", "server: many"].map((field) => ({ name: field.split(": ")[0], value: field.split(": ")[1] }));
  yield line({
    "run-started": {
      format: 1, seed: 1, tool: { name: "assize", version: "0.1.0" },
      suite: {
        name: "many", version: "1.0.0", title: "Ten thousand promises", origin: "specs/many", sha256: "0".repeat(64), manifest: [],
        requirements: Array.from({ length: 310 }, (_, at) => ({ id: `MA-${String(at).padStart(3, "0")}`, level: at % 5 ? "MUST" : "SHOULD", text: `Promise ${at} is kept for every caller, whatever else goes on.`, actor: "server" })),
      },
      target: { name: "staging", base_url: "https://staging.example/api/", embedded: false, names: {} },
      cases: numbers.filter((number) => classOf(number) !== "skipped").map(head),
      skipped: numbers.filter((number) => classOf(number) === "skipped").map((number) => ({ case: head(number), why: `the target has no feature \`area-${number % 3}\`` })),
      waivers: [],
    },
  });
  const totals = {};
  for (const number of numbers) {
    const word = classOf(number);
    totals[word] = (totals[word] ?? 0) + 1;
    if (word === "skipped") continue;
    const { id, verifies } = head(number);
    const attempt = function* (tried, outcome, again) {
      yield line({ "case-started": { case: id, tried, now: at } });
      for (const step of [1, 2, 3]) {
        yield line({ "step-started": { case: id, step: `step-${step}` } });
        const isBad = step === 3 && outcome !== "passed" && !outcome.flaky;
        const exchange = {
          id: step, device: "agent", request: { method: "POST", url: `https://staging.example/api/areas/${number % 25}/rows/${number}/checks`, headers: fields, body: body({ number, step }) },
          answer: { version: "HTTP/1.1", status: isBad ? 503 : 200, reason: isBad ? "Service Unavailable" : "OK", headers: fields, body: body(BODY) },
          sent: at, timing: { headers_us: 5000 + step, total_us: 9000 + step },
        };
        yield line({ "exchange-done": { case: id, step: `step-${step}`, purpose: "step", exchange } });
        const findings = isBad
          ? [{ check: "expect.status", block: "expect", verdict: "fail", code: "status-mismatch", message: "expected 200, got 503", expected: "200", actual: "503", answer_at: "status", exchange: step, suite_at: place }]
          : ["expect.status", "expect.schema", "expect.json[$.items]"].map((check) => ({ check, block: "expect", verdict: "pass" }));
        yield line({ "step-finished": { case: id, step: `step-${step}`, verifies, findings } });
      }
      yield line({ "case-finished": { case: id, tried, outcome, again, took: 27000 + number, not_run: [] } });
    };
    if (word === "flaky") yield* attempt(1, "failed", true);
    yield* attempt(word === "flaky" ? 2 : 1, word === "inconclusive" ? { inconclusive: { why: "step step-3: the endpoint answered 503 three times" } } : word === "flaky" ? { flaky: { tries: 2 } } : word, false);
  }
  yield line({ "run-finished": { totals, left: [], internal: [], waivers: [], took: 432000000 } });
}
