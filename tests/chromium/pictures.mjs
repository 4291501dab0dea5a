// Pictures of a report, to be looked at: `node pictures.mjs REPORT FOLDER NAME`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { open } from "./driver.mjs";

const [report, folder, name] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const page = pathToFileURL(report).href;
for (const [theme, dark] of [["light", false], ["dark", true]]) {
  const browser = await open({ dark });
  try {
    for (const [extent, width, height] of [["wide", 1280, 900], ["narrow", 420, 900]]) {
      const picture = (part) => browser.picture(join(folder, `${name}-${theme}-${extent}-${part}.png`));
      await browser.size(width, height);
      await browser.go("about:blank");
      await browser.go(page);
      await picture("top");
      await browser.run("document.querySelector('#matrix').scrollIntoView()");
      await picture("matrix");
      await browser.run("document.querySelector('#cases').scrollIntoView()");
      await picture("cases");
      await browser.run(`
        const bad = document.querySelector("article.case[data-outcome=failed]") ?? document.querySelector("article.case");
        bad.querySelector("details").open = true;
        bad.scrollIntoView();`);
      await picture("case");
      await browser.run("window.scrollBy(0, 780)");
      await picture("case-2");
      await browser.run("window.scrollBy(0, 780)");
      await picture("case-3");
    }
  } finally {
    await browser.quit();
  }
}
