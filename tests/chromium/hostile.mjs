// An event log whose every text tries to run, to load or to lead away.

// What is tried, each with the canary's address in it.
export const corpus = (canary) => [
  `<script>window.__pwned = 1; fetch("${canary}/script")</script>`,
  `"><img src="${canary}/img" onerror="window.__pwned = 2">`,
  `'><svg onload="window.__pwned = 3"><image href="${canary}/svg"/></svg>`,
  `</script><script src="${canary}/src"></script>`,
  `</style><link rel="stylesheet" href="${canary}/link"><style>@import "${canary}/import";`,
  `</title></head><body onload="window.__pwned = 4"><iframe src="${canary}/frame"></iframe>`,
  `<a href="javascript:window.__pwned=5" ping="${canary}/ping">x</a>`,
  `<form action="${canary}/form"><button autofocus onfocus="window.__pwned=6;this.form.submit()">x</button></form>`,
  `<meta http-equiv="refresh" content="0;url=${canary}/refresh"><base href="${canary}/">`,
  `<object data="${canary}/object"></object><embed src="${canary}/embed"><video poster="${canary}/video"></video>`,
  `{{ 7 * 7 }}{% include "head.html" %}\${7*7}<%= 7 %>`,
  `]]><!-- --!><![CDATA[ <details open ontoggle="window.__pwned=7">`,
  `&#60;img src=x onerror=window.__pwned=8&#62; &lt;b&gt;`,
  `\u0000\u001b[2J\u202egnol\u202c \u2066x\u2069 \ufeff\ufffe`,
  `"]/*'*/-->; url(${canary}/css) expression(window.__pwned=9)`,
  `javascript:window.__pwned=10`,
];

// How the case with this number ends.
export const classOf = (number) => ["inconclusive", "failed", "passed", "failed"][number % 4];
const outcome = (number, text) => (number % 4 ? classOf(number) : { inconclusive: { why: text } });

// A run with this text wherever a suite or an endpoint writes.
export function events(texts) {
  const at = 1795392000000; // milliseconds
  const place = (text) => ({ file: text, line: 1, column: 1, end_column: 3, text, text_column: 1 });
  const body = (text) => ({ text, size: text.length, sha256: "0" });
  const list = [];
  const push = (body) => list.push({ seq: list.length, at, elapsed_us: list.length * 1000, run: "hostile", body });
  const head = (text, number) => ({
    id: `case-${number} ${text}`, scenario: text, title: text, row: text, variant: text, verifies: [text], tags: [text, "plain"], at: place(text),
  });
  const heads = texts.map(head);
  push({
    "run-started": {
      format: 1,
      seed: 1,
      tool: { name: texts[0], version: texts[1] },
      suite: {
        name: texts[0], version: texts[1], title: texts[5], origin: texts[2], sha256: texts[3], manifest: [],
        requirements: texts.map((text, number) => ({ id: text, level: "MUST", text: `${number}: ${text}`, actor: text, ...(number % 3 ? {} : { untestable: text }) })),
      },
      target: { name: texts[1], base_url: texts[15], embedded: false, names: {} },
      cases: heads,
      skipped: texts.map((text, number) => ({ case: { ...head(text, `s${number}`), id: `skipped-${number}` }, why: text })),
      waivers: texts.map((text, number) => ({ id: `W-${number} ${text}`, of: { case: heads[number].id }, reason: text, owner: text, issue: text, expires: "2026-12-24", days_left: 3 })),
    },
  });
  texts.forEach((text, number) => {
    const id = heads[number].id;
    push({ "case-started": { case: id, tried: 1, now: at } });
    push({ "step-started": { case: id, step: text } });
    push({
      "exchange-done": {
        case: id,
        step: text,
        purpose: "step",
        exchange: {
          id: 1,
          device: text,
          request: { method: text, url: text, headers: [{ name: text, value: text }], body: body(JSON.stringify({ [text]: text })) },
          answer: { version: text, status: 200, reason: text, headers: [{ name: text, value: text }, { name: "x", value: text }], body: body(number % 2 ? text : JSON.stringify({ a: [text, { [text]: text }] })) },
          irregular: [{ kind: text, detail: text }],
          sent: at,
          timing: { headers_us: 500, total_us: 900 },
        },
      },
    });
    const finding = (where) => ({
      check: text, block: "expect", verdict: "fail", code: text, message: text, expected: text, actual: `${text}!`, answer_at: where, details: [text],
      exchange: 1, suite_at: place(text), used_at: [place(text)],
    });
    push({ "step-finished": { case: id, step: text, verifies: [text], findings: [finding("$.a[0]"), finding("status"), finding("header x"), finding(text)] } });
    push({ waited: { case: id, why: text, span: 1000 } });
    push({ "case-finished": { case: id, tried: 1, outcome: outcome(number, text), took: 2000, not_run: [text] } });
  });
  const count = (word) => texts.filter((_, number) => classOf(number) === word).length;
  push({
    "run-finished": {
      totals: { failed: count("failed"), inconclusive: count("inconclusive"), passed: count("passed"), skipped: texts.length },
      left: [{ request: `DELETE ${texts[1]}`, why: texts[0] }],
      internal: [texts[0]],
      waivers: [{ waiver: `W-1 ${texts[1]}`, fault: "passed" }],
      took: 99000,
    },
  });
  return list;
}
