// What every reader must be able to see and name: contrast by WCAG 2.2 (1.4.3, level AA), landmarks, headings, names.

// Runs in the page. Every text that is shown, against what lies behind it; where it is too faint: the colours, and a text.
function tooFaint() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const parsed = (text) => {
    if (!known.has(text)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(text, [r, g, b, a / 255]);
    }
    return known.get(text);
  };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => {
    const part = (value) => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const row = at.tagName === "a" && at.querySelector(":scope > rect.row");
      if (row) layers.push(parsed(getComputedStyle(row).fill));
      if (!(at instanceof SVGElement)) layers.push(parsed(getComputedStyle(at).backgroundColor));
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const found = new Map();
  let count = 0;
  const weigh = (element, colour, text, style) => {
    count += 1;
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const back = behind(element);
    const got = ratio(over(parsed(colour), back), back);
    if (got < least) found.set(`${colour} on ${back.slice(0, 3).map(Math.round)}`, `${got.toFixed(2)} of ${least}: <${element.tagName} ${element.getAttribute("class") ?? ""}> ${text.trim().slice(0, 40)}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest(".hid, .skip, script, noscript, option") || !element.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    weigh(element, element instanceof SVGElement ? style.fill : style.color, node.data, style);
  }
  for (const input of document.querySelectorAll("input")) {
    if (input.checkVisibility()) weigh(input, getComputedStyle(input, "::placeholder").color, input.placeholder, getComputedStyle(input));
  }
  // What only shows under a pointer, or in a run of another kind.
  const style = getComputedStyle(document.documentElement);
  const named = (name) => parsed(style.getPropertyValue(`--${name}`));
  const pairs = [];
  for (const ink of ["ink", "soft", "faint", "link", "good", "bad", "odd", "unsure"]) for (const paper of ["paper", "card", "well"]) pairs.push([ink, paper]);
  for (const ink of ["key", "text", "number", "word"]) for (const paper of ["well", "bad-wash", "odd-wash", "unsure-wash"]) pairs.push([ink, paper]);
  for (const paper of ["bad", "odd", "unsure"]) for (const ink of [paper, "ink", "soft"]) pairs.push([ink, `${paper}-wash`]);
  for (const paper of ["bad-mark", "good-mark", "good-wash"]) pairs.push(["ink", paper]);
  for (const [ink, paper] of pairs) {
    const got = ratio(named(ink), named(paper));
    if (got < 4.5) found.set(`--${ink} on --${paper}`, `${got.toFixed(2)} of 4.5`);
  }
  return { count: count + pairs.length, faint: [...found].map(([what, why]) => `${what}: ${why}`) };
}

// How many texts were weighed, and those that are too faint.
export const contrast = (browser) => browser.run(`return (${tooFaint})()`);

// What is wrong with the page's structure, as a screen reader meets it.
export async function nameless(browser) {
  const wrong = await browser.run(`
    const wrong = [];
    const one = (selector) => { const n = document.querySelectorAll(selector).length; if (n !== 1) wrong.push(n + " of " + selector); };
    ["h1", "main", "nav[aria-label]", "body > header", "body > footer", "form[role=search][aria-label]", "html[lang]", "head > title"].forEach(one);
    let before = 0;
    for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
      const level = Number(heading.tagName[1]);
      if (level > before + 1 && !heading.closest("dialog")) wrong.push("h" + level + " after h" + before + ": " + heading.textContent);
      before = level;
    }
    const ids = new Set();
    for (const element of document.querySelectorAll("[id]")) { if (ids.has(element.id)) wrong.push("id " + element.id); ids.add(element.id); }
    for (const element of document.querySelectorAll("[aria-labelledby]")) if (!ids.has(element.getAttribute("aria-labelledby"))) wrong.push("labelled by nothing");
    for (const element of document.querySelectorAll("main > section")) if (!element.hasAttribute("aria-labelledby")) wrong.push("a section without a name");
    for (const table of document.querySelectorAll("table:not(.diff)")) if (!table.caption) wrong.push("a table without a caption");
    for (const element of document.querySelectorAll("[aria-hidden=true] a, [aria-hidden=true] button")) if (element.tabIndex >= 0) wrong.push("hidden, and takes the focus");
    return wrong;`);
  const { nodes } = await browser.devtools("Accessibility.getFullAXTree", {});
  const asked = new Set(["button", "link", "searchbox", "textbox", "combobox", "DisclosureTriangle", "image", "img", "region", "navigation", "search", "dialog"]);
  for (const node of nodes) {
    if (!node.ignored && asked.has(node.role?.value) && !node.name?.value) wrong.push(`a ${node.role.value} without a name`);
  }
  const roles = new Set(nodes.filter((node) => !node.ignored).map((node) => node.role?.value));
  for (const role of ["banner", "main", "navigation", "contentinfo", "search"]) if (!roles.has(role)) wrong.push(`no landmark ${role}`);
  return wrong;
}
