// A browser by the WebDriver protocol (W3C), over chromedriver and plain HTTP: no package is needed.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--disable-dev-shm-usage",
];
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

// A browser with a profile of its own; `quit` ends it and removes the profile.
export async function open({ width = 1280, height = 900, dark = false, javascript = true } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "assize-chromium-"));
  const driver = spawn(process.env.CHROMEDRIVER ?? "chromedriver", ["--port=0"], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise((resolve, reject) => {
    let said = "";
    driver.stdout.on("data", (data) => {
      said += data;
      const found = /started successfully on port (\d+)/.exec(said);
      if (found) resolve(found[1]);
    });
    driver.on("error", reject);
    driver.on("exit", () => reject(new Error(`chromedriver ended: ${said}`)));
  });
  const call = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const args = [...FLAGS, `--user-data-dir=${profile}`, `--window-size=${width},${height}`];
  if (dark) args.push("--force-dark-mode", "--blink-settings=preferredColorScheme=0");
  const prefs = javascript ? {} : { "profile.managed_default_content_settings.javascript": 2 };
  const { sessionId } = await call("POST", "/session", {
    capabilities: {
      alwaysMatch: {
        "goog:chromeOptions": { args, prefs },
        "goog:loggingPrefs": { browser: "ALL", performance: "ALL" },
        unhandledPromptBehavior: "ignore",
      },
    },
  });
  const session = `/session/${sessionId}`;
  const devtools = (cmd, params) => call("POST", `${session}/goog/cdp/execute`, { cmd, params });
  const size = (w, h) => devtools("Emulation.setDeviceMetricsOverride", { width: w, height: h, deviceScaleFactor: 1, mobile: false });
  await size(width, height);
  await devtools("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
  const keys = { Enter: "\uE007", Escape: "\uE00C" };
  return {
    go: (url) => call("POST", `${session}/url`, { url }),
    size,
    devtools,
    // Runs in the page, by the driver's right: the page's own policy does not hold for it.
    run: (script, ...given) => call("POST", `${session}/execute/sync`, { script, args: given }),
    // Until what was asked for is drawn: two frames.
    settled: () => call("POST", `${session}/execute/async`, { script: "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(null)))", args: [] }),
    press: (key) => call("POST", `${session}/actions`, {
      actions: [{ type: "key", id: "keys", actions: [{ type: "keyDown", value: keys[key] ?? key }, { type: "keyUp", value: keys[key] ?? key }] }],
    }),
    click: async (selector) => {
      const found = await call("POST", `${session}/element`, { using: "css selector", value: selector });
      await call("POST", `${session}/element/${found[ELEMENT]}/click`, {});
    },
    // Everything that the console said.
    console: () => call("POST", `${session}/se/log`, { type: "browser" }),
    // Every request that the page made.
    requests: async () => (await call("POST", `${session}/se/log`, { type: "performance" }))
      .map((entry) => JSON.parse(entry.message).message)
      .filter((message) => message.method === "Network.requestWillBeSent")
      .map((message) => message.params.request.url),
    // The text of an open dialog; none where there is none.
    dialog: () => call("GET", `${session}/alert/text`).catch(() => null),
    picture: async (path) => writeFileSync(path, Buffer.from(await call("GET", `${session}/screenshot`), "base64")),
    quit: async () => {
      await call("DELETE", session).catch(() => {});
      const ended = new Promise((resolve) => driver.on("exit", resolve));
      driver.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
