import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { contrast, nameless } from "./access.mjs";
import { open } from "./driver.mjs";
import { classOf, corpus, events } from "./hostile.mjs";
import { lines } from "./many.mjs";
import { shop } from "./shop.mjs";

const said = (text) => process.stdout.write(`ok: ${text}\n`);
const folder = mkdtempSync(join(tmpdir(), "assize-report-"));
const asked = [];
const listener = createServer((request, response) => {
  asked.push(request.url);
  response.end();
});
await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
const canary = `http://127.0.0.1:${listener.address().port}`;

// Renders these lines; the exit code tells of the run, not of the rendering.
function render(list, name) {
  const [log, report] = [join(folder, `${name}.ndjson`), join(folder, `${name}.html`)];
  const file = openSync(log, "w");
  for (const line of list) writeSync(file, line);
  closeSync(file);
  try {
    execFileSync(process.env.ASSIZE, ["replay", log, "--render-only", "--report", `html=${report}`], { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    assert.ok([1, 3, 70].includes(error.status), `${error.status}: ${error.stderr}`);
  }
  return pathToFileURL(report).href;
}

// Nothing ran, nothing was fetched, nothing was complained of.
async function assertQuiet(browser, page, what) {
  assert.equal(await browser.dialog(), null, `${what}: a dialog is open`);
  assert.equal(await browser.run("return window.__pwned ?? null"), null, `${what}: something ran`);
  assert.equal(await browser.run("return location.href.split('#')[0]"), page, `${what}: the page was left`);
  const others = (await browser.requests()).filter((url) => !url.startsWith(page) && !url.startsWith("about:"));
  assert.deepEqual(others, [], `${what}: something was fetched`);
  const complaints = (await browser.console()).filter((entry) => entry.level !== "INFO" && entry.level !== "DEBUG");
  assert.deepEqual(complaints, [], `${what}: the console complains`);
  assert.deepEqual(asked, [], `${what}: the canary was asked`);
}

// Opens everything, and what is drawn when it is opened.
async function openAll(browser) {
  for (const _ of [1, 2]) {
    await browser.run("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
    await browser.settled();
  }
}

// Every text can be read, and every thing has a name; in the page as it is.
async function assertReadable(browser, what) {
  const { count, faint } = await contrast(browser);
  assert.ok(count > 200, `${what}: ${count} texts`);
  assert.deepEqual(faint, [], `${what}: contrast`);
  assert.deepEqual(await nameless(browser), [], `${what}: names`);
  return count;
}

const shown = (browser) => browser.run("return [...document.querySelectorAll('article.case')].filter((it) => !it.hidden).length");
const focused = (browser) => browser.run("return document.activeElement.closest('article.case')?.id ?? null");

const texts = corpus(canary);
const list = events(texts);
const page = render(list.map((event) => `${JSON.stringify(event)}\n`), "hostile");
let browser;
try {
  // The same texts as they are, in a page without a policy: what must not happen does, and is noticed.
  const careless = join(folder, "careless.html");
  writeFileSync(careless, `<!doctype html><meta charset="utf-8">${texts.filter((text) => !text.includes("refresh")).join("\n")}`);
  browser = await open();
  await browser.go(pathToFileURL(careless).href);
  assert.notEqual(await browser.run("return window.__pwned ?? null"), null);
  assert.ok(asked.some((url) => url === "/img") && (await browser.requests()).some((url) => url.startsWith(canary)));
  await browser.quit();
  asked.length = 0;
  said("a page that is careless is noticed");

  browser = await open();
  await browser.requests();
  await browser.go(page);
  await assertQuiet(browser, page, "opened");
  const all = 2 * texts.length;
  assert.equal(await shown(browser), all);
  said(`${all} cases with hostile text in every place are shown, and nothing of it runs`);

  // Everything open, every button but those of the theme clicked, and what could take the focus has it.
  await openAll(browser);
  assert.equal(await browser.run("return document.querySelectorAll('noscript').length"), 0, "everything is drawn");
  await browser.run(`for (const it of document.querySelectorAll("a, summary, button, select, input")) it.focus()`);
  await browser.run(`for (const it of document.querySelectorAll("svg a, .by a")) it.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }))`);
  await browser.run(`for (const it of document.querySelectorAll("[data-do=copy]")) it.click()`);
  await assertQuiet(browser, page, "all opened and clicked");
  const inTheWay = await browser.run("return [...document.querySelectorAll('script, iframe, img, image, object, embed, link, base, form, video')].map((it) => it.tagName.toLowerCase())");
  assert.deepEqual([...new Set(inTheWay)].sort(), ["form", "script"], "no element came from a text");
  said("every link, button and detail was used");

  await browser.go("about:blank");
  await browser.go(page);
  await browser.run("window.scrollTo(0, 0)");
  await browser.click('[data-class="failed"]');
  const count = (word) => texts.filter((_, number) => classOf(number) === word).length;
  const failed = count("failed");
  assert.equal(await shown(browser), failed);
  await browser.click('[data-class="inconclusive"]');
  const both = failed + count("inconclusive");
  assert.equal(await shown(browser), both);
  assert.match(await browser.run("return document.querySelector('[data-count]').textContent"), new RegExp(`^${both} of ${all}`));
  await browser.press("Escape");
  assert.equal(await shown(browser), all);
  said("outcomes are filtered");

  await browser.press("/");
  for (const key of "case-7") await browser.press(key);
  assert.equal(await shown(browser), 1);
  await browser.press("Escape");
  assert.equal(await shown(browser), all);
  await browser.press("Escape");
  await browser.run(`const it = document.querySelector("[data-requirement]"); it.selectedIndex = 1; it.dispatchEvent(new Event("change"))`);
  assert.ok((await shown(browser)) <= 2 && (await shown(browser)) >= 0);
  await browser.press("Escape");
  await browser.run(`const it = document.querySelector("[data-tag]"); it.value = "plain"; it.dispatchEvent(new Event("change"))`);
  assert.equal(await shown(browser), all);
  await browser.press("Escape");
  said("cases are searched, and filtered by requirement and tag");

  await browser.run("document.activeElement.blur()");
  await browser.press("j");
  assert.equal(await focused(browser), "c0");
  await browser.press("j");
  assert.equal(await focused(browser), "c1");
  await browser.press("k");
  assert.equal(await focused(browser), "c0");
  const isOpen = () => browser.run("return document.querySelector('#c0 details').open");
  await browser.press("Enter");
  assert.equal(await isOpen(), true);
  await browser.press("Escape");
  assert.equal(await isOpen(), false);
  await browser.press("?");
  assert.equal(await browser.run("return document.querySelector('dialog').open"), true);
  await browser.press("Escape");
  assert.equal(await browser.run("return document.querySelector('dialog').open"), false);
  const ink = () => browser.run("return getComputedStyle(document.body).color");
  const before = await ink();
  await browser.press("t");
  assert.notEqual(await ink(), before);
  said("keys move, open, close, tell and turn the light off");

  await browser.go(`${page}#c3-1-1`);
  assert.equal(await browser.run("return document.querySelector('#c3 details').open && document.getElementById('c3-1-1').open"), true);
  await assertQuiet(browser, page, "at the end");
  await browser.go("about:blank");
  await browser.go(page);
  assert.equal(await browser.run("return document.querySelector('#c2 noscript') !== null && document.getElementById('c2-1-1') === null"), true);
  await browser.go(`${page}#c2-1-1`);
  await browser.settled();
  assert.equal(await browser.run("return document.querySelector('#c2 details').open && document.getElementById('c2-1-1').open && !document.querySelector('#c2 noscript')"), true);
  said("a link to an exchange opens it, also where it was not drawn yet");
  await browser.quit();

  browser = await open({ javascript: false });
  await browser.requests();
  await browser.go(page);
  assert.equal(await shown(browser), all);
  const visible = await browser.run("return [...document.querySelectorAll('.js')].filter((it) => it.checkVisibility()).length");
  assert.equal(visible, 0, "what only the script can do is not offered");
  for (const at of ["#c0", "#c2"]) {
    await browser.click(`${at} summary`);
    assert.equal(await browser.run("return document.querySelector(arguments[0]).checkVisibility()", `${at} .in`), true);
  }
  assert.deepEqual(asked, []);
  said("without JavaScript everything is there and opens");
  await browser.quit();

  // A run of a bit of everything, in both colours, on paper, and judged for who reads it how.
  mkdirSync(join(folder, "shop"));
  const ran = await shop(process.env.ASSIZE, join(folder, "shop"));
  const shopPage = pathToFileURL(ran.page).href;
  for (const dark of [false, true]) {
    browser = await open({ dark });
    await browser.requests();
    await browser.go(shopPage);
    await openAll(browser);
    const weighed = await assertReadable(browser, dark ? "dark" : "light");
    await assertQuiet(browser, shopPage, "the shop");
    await browser.devtools("Emulation.setEmulatedMedia", { media: "print", features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
    assert.deepEqual((await contrast(browser)).faint, [], "on paper");
    assert.equal(await browser.run("return getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    await browser.quit();
    said(`${weighed} texts are dark or light enough in ${dark ? "dark" : "light"}, every landmark, heading and control has its name`);
  }
  browser = await open();
  await browser.go(shopPage);
  const told = await browser.run("return document.body.textContent");
  for (const text of ["payments-team", "20 days left", "answers 404 until the ledger has moved", "needs gifts, which the target does not have", "1 known", "1 skipped"]) {
    assert.ok(told.includes(text), text);
  }
  const side = (id, selector) => browser.run(`
    const it = [...document.querySelectorAll("article.case")].find((at) => at.dataset.scenario === arguments[0]);
    return [...it.querySelectorAll(arguments[1])].map((at) => at.textContent)`, id, selector);
  assert.deepEqual(await side("order.same", ".diff .changed .l b, .diff .changed .w b"), ["3", "4", "open", "sent"]);
  assert.deepEqual(await side("order.new", ".snap code"), ["order.new.list", "GET /orders"]);
  assert.ok((await side("order.new", ".finding pre.body"))[0].startsWith("200\n\n{\n  \"orders\""));
  assert.equal((await side("order.schema", "pre.body .remark")).length, 4);
  assert.deepEqual((await side("order.schema", ".details .rule .at")).length, 4);
  assert.deepEqual(await side("customer", "pre.body .remark code"), ["schema-violation", "date"]);
  const { data } = await browser.devtools("Page.printToPDF", { printBackground: true });
  const pdf = Buffer.from(data, "base64").toString("latin1");
  const pages = pdf.match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages >= 3 && pages <= 14, `${pages} pages`);
  await browser.quit();
  const junit = readFileSync(ran.junit, "utf8");
  assert.ok(junit.includes("payments-team") && junit.includes("needs `gifts`"));
  said(`snapshots, schemas, documents, waivers and skips are told; on paper it has ${pages} pages`);

  // Ten thousand cases.
  const large = render(lines(10_000), "large");
  const { size } = statSync(new URL(large));
  assert.ok(size < 20_000_000, `${size} bytes`);
  browser = await open();
  const begun = performance.now();
  await browser.go(large);
  const opened = Math.round(performance.now() - begun);
  assert.equal(await shown(browser), 10_000);
  const elements = await browser.run("return document.getElementsByTagName('*').length");
  // What it takes to open follows from how much is drawn; the time itself depends on the machine.
  assert.ok(elements < 160_000, `${elements} elements`);
  assert.ok(opened < 20_000, `${opened} ms`);
  const searched = await browser.run(`
    const it = document.querySelector("[data-find]");
    const begun = performance.now();
    it.value = "scenario-77";
    it.dispatchEvent(new Event("input"));
    return Math.round(document.body.offsetHeight && performance.now() - begun)`);
  assert.equal(await shown(browser), 110);
  await browser.press("Escape");
  await browser.press("n");
  assert.equal(await browser.run("return document.activeElement.closest('article').dataset.outcome"), "failed");
  assert.equal(await browser.run("return document.activeElement.closest('details').querySelectorAll('.finding').length"), 1);
  said(`10000 cases: ${(size / 1e6).toFixed(1)} MB, ${elements} elements, opened in ${opened} ms, searched in ${searched} ms`);
} finally {
  await browser?.quit();
  listener.close();
  rmSync(folder, { recursive: true, force: true });
}
