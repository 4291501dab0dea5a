// A small shop, its contract, and a run of it in which a bit of everything comes up: an answer that changed since it was
// accepted, one that is new, broken schemas, an OpenAPI document, a known failure, a skip.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";

const files = (url, day) => ({
  "specs/shop/suite.yaml": `suite: shop
version: 1.4.0
title: A shop, as its customers were promised it
openapi: openapi.yaml
provides:
  features: { gifts: orders may be gifts }
`,
  "specs/shop/requirements.yaml": `catalogue: shop
requirements:
  - { id: SH-001, level: MUST, actor: server, text: Orders are listed with their lines., source: { section: 1, basis: stated } }
  - { id: SH-002, level: MUST, actor: server, text: A refund is accepted while the order is open., source: { section: 2, basis: stated } }
  - { id: SH-003, level: SHOULD, actor: server, text: A list says how old it is., source: { section: 3, basis: stated } }
  - { id: SH-004, level: MUST, actor: server, text: Customers are who they were., source: { section: 4, basis: stated } }
  - { id: SH-005, level: MUST, actor: server, text: A gift hides its price., source: { section: 5, basis: stated } }
`,
  "specs/shop/schemas/order.json": `{
  "type": "object",
  "required": ["id", "state", "lines"],
  "properties": {
    "id": { "type": "string" },
    "state": { "enum": ["open", "sent", "done"] },
    "lines": { "type": "array", "items": { "type": "object", "required": ["sku"], "properties": { "count": { "type": "integer", "minimum": 1 } } } }
  }
}
`,
  "specs/shop/openapi.yaml": `openapi: 3.1.1
info: { title: Shop, version: 1.0.0 }
paths:
  /customers/{id}:
    get:
      operationId: readCustomer
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses:
        "200":
          description: the customer
          headers: { x-version: { required: true, schema: { type: integer } } }
          content:
            application/json:
              schema:
                type: object
                required: [name, since]
                properties: { name: { type: string }, since: { type: string, format: date } }
`,
  "specs/shop/targets.yaml": `targets:
  shop: { default: true, base_url: "${url}" }
`,
  "specs/shop/waivers.yaml": `waivers:
  - id: W-0007
    check: refund#pay.expect.status
    reason: answers 404 until the ledger has moved
    owner: payments-team
    issue: https://tracker.example/PAY-431
    expires: ${day}
`,
  "specs/shop/scenarios/shop.yaml": `scenario: An order is as it was
id: order.same
verifies: [SH-001]
tags: [orders]
steps:
  - step: read
    request: GET /orders/17
    expect: { status: 200, snapshot: true }
---
scenario: A new kind of list
id: order.new
verifies: [SH-001]
tags: [orders]
steps:
  - step: list
    request: GET /orders
    expect: { status: 200, snapshot: true }
---
scenario: Orders follow their schema
id: order.schema
verifies: [SH-001]
tags: [orders]
steps:
  - step: read
    request: GET /orders/18
    expect: { status: 200, schema: order }
---
scenario: A customer is as documented
id: customer
verifies: [SH-004]
tags: [customers]
steps:
  - step: read
    request: GET /customers/4711
    expect: 200
---
scenario: A refund is accepted
id: refund
verifies: [SH-002]
tags: [money]
steps:
  - step: pay
    request: POST /services/v2/shops/central/departments/books/orders/17/refunds
    json: { amount: "12.90", currency: EUR }
    expect: { status: 202, json: { $.state: made } }
---
scenario: A list says how old it is
id: age
verifies: [SH-003]
tags: [orders]
steps:
  - step: list
    request: GET /orders
    expect: { headers: { age: { exists: true } } }
---
scenario: A gift hides its price
id: gift
needs: [gifts]
verifies: [SH-005]
steps:
  - request: GET /orders/19
    expect: 200
---
scenario: The shop is open
id: open
verifies: [SH-004]
tags: [plain]
steps:
  - request: GET /open
    expect: { status: 200, json: { $.open: true } }
`,
});

const order = (id, more) => ({
  id, state: "open", lines: [{ sku: "A-100", count: 1, price: "9.90" }, { sku: "B-200", count: 2, price: "1.50" }, { sku: "C-300", count: 1, price: "4.20" }],
  address: { street: "Low Lane 3", town: "Harbour" }, ...more,
});

// What the shop answers before it is changed, and after.
const answers = (isChanged) => ({
  "GET /orders/17": { body: isChanged ? order("17", { state: "sent", carrier: "by sea", address: { street: "Low Lane 4", town: "Harbour" } }) : order("17") },
  "GET /orders": { body: { orders: [order("17"), order("18")], total: 2 } },
  "GET /orders/18": { body: { id: 18, state: "lost", lines: [{ sku: "A-100", count: 1 }, { count: 0 }], address: {} } },
  "GET /customers/4711": { body: { name: "Ada", since: "22.11.2026" }, fields: { "x-version": "latest" } },
  "POST /services/v2/shops/central/departments/books/orders/17/refunds": { status: 404, body: { state: "made" } },
  "GET /open": { body: { open: true } },
});

const run = (assize, folder, args) => new Promise((resolve, reject) => {
  execFile(assize, args, { cwd: folder, env: { HOME: folder, PATH: process.env.PATH, TMPDIR: process.env.TMPDIR ?? "/tmp" } }, (error, stdout, stderr) => {
    if (error && typeof error.code !== "number") reject(error);
    else resolve({ code: error?.code ?? 0, stdout, stderr });
  });
});

// Runs the contract of the shop in this folder, and gives the path of its log.
export async function shop(assize, folder) {
  let isChanged = false;
  const server = createServer((request, response) => {
    const found = answers(isChanged)[`${request.method} ${request.url}`];
    const { status = 200, body = { error: "not here" }, fields = {} } = found ?? { status: 404 };
    response.writeHead(status, { "content-type": "application/json", ...fields });
    response.end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    for (const [path, text] of Object.entries(files(`http://127.0.0.1:${server.address().port}`, day))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const accepted = await run(assize, folder, ["run", "order.same", "--snapshots", "accept"]);
    if (accepted.code !== 0) throw new Error(`${accepted.code}: ${accepted.stdout}${accepted.stderr}`);
    isChanged = true;
    const ran = await run(assize, folder, ["run", "--frozen", "--report", "log=run.ndjson", "--report", "html=run.html", "--report", "junit=run.xml"]);
    if (ran.code !== 1) throw new Error(`${ran.code}: ${ran.stdout}${ran.stderr}`);
    return { log: join(folder, "run.ndjson"), page: join(folder, "run.html"), junit: join(folder, "run.xml"), said: ran.stdout };
  } finally {
    server.close();
  }
}
