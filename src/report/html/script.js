"use strict";
(() => {
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  root.classList.add("scripted");

  const remembered = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* a page from a file may have no store */ } },
  };
  const theme = remembered.get("assize-theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const turn = () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    remembered.set("assize-theme", root.dataset.theme);
  };

  const words = (text) => new Set((text || "").split(" ").filter(Boolean));
  const cases = all("article.case").map((element) => ({
    element,
    outcome: element.dataset.outcome,
    scenario: element.dataset.scenario,
    verifies: words(element.dataset.verifies),
    tags: words(element.dataset.tags),
    text: null,
    isHidden: false,
  }));
  const textOf = (item) => (item.text ??= one("summary", item.element).textContent.toLowerCase() + " " + item.element.dataset.verifies.toLowerCase());

  const find = one("[data-find]");
  const chips = all("[data-class]");
  const requirement = one("[data-requirement]");
  const tag = one("[data-tag]");
  const count = one("[data-count]");
  const reset = one('[data-do="reset"]');
  const none = one("[data-none]");
  let scenario = "";
  let shown = cases;

  const filter = () => {
    const asked = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const classes = new Set(chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.dataset.class));
    const wanted = requirement ? requirement.value : "";
    const tagged = tag ? tag.value : "";
    shown = [];
    for (const item of cases) {
      const fits = (classes.size === 0 || classes.has(item.outcome))
        && (!wanted || item.verifies.has(wanted))
        && (!tagged || item.tags.has(tagged))
        && (!scenario || item.scenario === scenario)
        && asked.every((word) => textOf(item).includes(word));
      if (item.isHidden === fits) { item.isHidden = !fits; item.element.hidden = !fits; }
      if (fits) shown.push(item);
    }
    const isAll = shown.length === cases.length;
    count.textContent = isAll ? "" : shown.length + " of " + cases.length + (scenario ? " of " + scenario : "");
    reset.hidden = isAll && !scenario;
    none.hidden = shown.length > 0;
  };
  const showAll = () => {
    find.value = "";
    scenario = "";
    chips.forEach((chip) => chip.setAttribute("aria-pressed", "false"));
    if (requirement) requirement.value = "";
    if (tag) tag.value = "";
    filter();
  };

  // What a case that passed did stands in a `noscript`, which is one text here: it is drawn when it is looked at.
  const fill = (details) => {
    const kept = details && one(":scope > noscript", details);
    if (!kept) return;
    kept.insertAdjacentHTML("afterend", kept.textContent);
    kept.remove();
  };
  const open = (element) => {
    for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") { fill(at); at.open = true; }
  };
  const follow = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const within = /^c\d+(?=-)/.exec(name);
    if (within) fill(one("#" + within[0] + " > details"));
    const target = document.getElementById(name);
    if (!target) return;
    const item = target.closest("article.case");
    if (item && item.hidden) showAll();
    if (item === target) open(one("details", target));
    else if (item) open(target);
    target.scrollIntoView({ block: item === target ? "start" : "center" });
  };

  const line = (item) => one("summary", item.element);
  const here = () => {
    const element = document.activeElement && document.activeElement.closest("article.case");
    return element ? shown.findIndex((item) => item.element === element) : -1;
  };
  const go = (to) => {
    const item = shown[Math.max(0, Math.min(shown.length - 1, to))];
    if (!item) return;
    line(item).focus({ preventScroll: true });
    item.element.scrollIntoView({ block: "nearest" });
  };
  const nextBad = () => {
    const from = here();
    const at = shown.findIndex((item, index) => index > from && item.outcome !== "passed" && item.outcome !== "skipped");
    if (at >= 0) { open(one("details", shown[at].element)); go(at); }
  };

  const copy = async (button) => {
    const text = one("pre", button.parentElement).textContent;
    let done = false;
    try { await navigator.clipboard.writeText(text); done = true; } catch {
      const range = document.createRange();
      range.selectNodeContents(one("pre", button.parentElement));
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      try { done = document.execCommand("copy"); } catch { /* the text stays selected */ }
    }
    button.textContent = done ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };

  const keys = one("dialog.keys");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) {
      const what = button.dataset.do;
      if (what === "theme") turn();
      if (what === "help") keys.showModal();
      if (what === "reset") showAll();
      if (what === "copy") copy(button);
      return;
    }
    const chip = event.target.closest("[data-class]");
    if (chip) {
      chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") === "true" ? "false" : "true");
      filter();
      return;
    }
    const link = event.target.closest("a[data-scenario]");
    if (link) {
      event.preventDefault();
      showAll();
      scenario = link.dataset.scenario;
      filter();
      one("#cases").scrollIntoView();
      if (shown.length === 1) open(one("details", shown[0].element));
      go(0);
    }
  });
  // A toggle does not bubble.
  document.addEventListener("toggle", (event) => { if (event.target.open) fill(event.target); }, true);
  find.addEventListener("input", filter);
  [requirement, tag].forEach((choice) => choice && choice.addEventListener("change", filter));
  one("[data-tools]").addEventListener("submit", (event) => { event.preventDefault(); go(0); });
  addEventListener("hashchange", follow);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape") {
      if (isTyping && find.value === "") { event.target.blur(); return; }
      const item = shown[here()];
      const opened = item && one("details", item.element);
      if (!isTyping && opened && opened.open) { opened.open = false; line(item).focus(); } else showAll();
      return;
    }
    if (isTyping) return;
    const act = {
      "/": () => { find.focus(); find.select(); },
      j: () => go(here() + 1),
      k: () => go(here() - 1),
      n: nextBad,
      t: turn,
      "?": () => keys.showModal(),
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  const closed = [];
  addEventListener("beforeprint", () => {
    const bad = shown.filter((item) => item.outcome !== "passed" && item.outcome !== "skipped");
    for (const details of [...all("#gaps details, #matrix details"), ...bad.map((item) => one("details", item.element))]) {
      fill(details);
      if (!details.open) { details.open = true; closed.push(details); }
    }
  });
  addEventListener("afterprint", () => { closed.splice(0).forEach((details) => { details.open = false; }); });
  // What did not pass is what a reader came for: where it is little, it is open already.
  const bad = cases.filter((item) => item.outcome === "failed");
  if (!location.hash && bad.length === 1) one("details", bad[0].element).open = true;
  filter();
  if (location.hash) follow();
})();
