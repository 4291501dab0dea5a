import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { open } from "./driver.mjs";
import { corpus, events } from "./hostile.mjs";

const said = (text) => process.stdout.write(`ok: ${text}\n`);
const folder = mkdtempSync(join(tmpdir(), "assize-report-"));
const asked = [];
const listener = createServer((request, response) => {
  asked.push(request.url);
  response.end();
});
await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
const canary = `http://127.0.0.1:${listener.address().port}`;

// Renders these events; the exit code tells of the run, not of the rendering.
function render(list, name) {
  const [log, report] = [join(folder, `${name}.ndjson`), join(folder, `${name}.html`)];
  writeFileSync(log, list.map((event) => JSON.stringify(event)).join("\n") + "\n");
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

const shown = (browser) => browser.run("return [...document.querySelectorAll('article.case')].filter((it) => !it.hidden).length");
const focused = (browser) => browser.run("return document.activeElement.closest('article.case')?.id ?? null");

const texts = corpus(canary);
const list = events(texts);
const page = render(list, "hostile");
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
  await browser.run("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
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
  const failed = texts.filter((_, number) => number % 4).length;
  assert.equal(await shown(browser), failed);
  await browser.click('[data-class="inconclusive"]');
  assert.equal(await shown(browser), texts.length);
  assert.match(await browser.run("return document.querySelector('[data-count]').textContent"), new RegExp(`^${texts.length} of ${all}`));
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
  said("a link to an exchange opens it");
  await browser.quit();

  browser = await open({ javascript: false });
  await browser.requests();
  await browser.go(page);
  assert.equal(await shown(browser), all);
  const visible = await browser.run("return [...document.querySelectorAll('.js')].filter((it) => it.checkVisibility()).length");
  assert.equal(visible, 0, "what only the script can do is not offered");
  await browser.click("#c0 summary");
  assert.equal(await browser.run("return document.querySelector('#c0 .in').checkVisibility()"), true);
  assert.deepEqual(asked, []);
  said("without JavaScript everything is there and opens");
} finally {
  await browser?.quit();
  listener.close();
  rmSync(folder, { recursive: true, force: true });
}
