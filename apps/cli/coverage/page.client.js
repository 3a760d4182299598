/* The coverage page's own script: it draws the calendar from the data in the page, as text and shapes, never as HTML. */
(() => {
  /**
   * An element of the page, by its id.
   * @template {Element} Kind
   * @param {string} id
   * @param {new () => Kind} kind
   */
  function element(id, kind) {
    const found = document.getElementById(id);
    if (found instanceof kind) return found;
    throw new Error(`The page has no ${kind.name} called ${id}`);
  }

  /** @type {import("./page-data").PageData} */
  const data = JSON.parse(element("data", HTMLScriptElement).text);
  const filters = {
    account: element("account", HTMLInputElement),
    region: element("region", HTMLSelectElement),
    outcome: element("outcome", HTMLSelectElement),
  };
  const rows = element("rows", HTMLElement);
  /** @type {Readonly<Record<string, string>>} */
  const words = { c: "complete", p: "partial", m: "missing", s: "skipped", n: "not to be archived" };
  const worst = "mpcsn";
  /* What is wrong stands out by its size too, for eyes and printers without colours. */
  /** @type {Readonly<Record<string, number>>} */
  const heights = { c: 6, p: 8, m: 10, s: 2, n: 0 };
  const svgSpace = "http://www.w3.org/2000/svg";
  const width = data.days.length;

  /**
   * @template {keyof SVGElementTagNameMap} Name
   * @param {Name} name
   * @param {Readonly<Record<string, string | number | undefined>>} attributes
   */
  function svg(name, attributes) {
    const node = document.createElementNS(svgSpace, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    return node;
  }
  /**
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {string} [text]
   * @param {string} [className]
   */
  function html(name, text, className) {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  }

  /**
   * An account's days: of one Region, or of all the worst.
   * @param {number} account
   * @param {number} region -1 is all of them
   */
  function statesOf(account, region) {
    const ofRegions = data.states[account] ?? [];
    if (region >= 0) return ofRegions[region] ?? "";
    if (ofRegions.length === 1) return ofRegions[0] ?? "";
    let merged = "";
    for (let day = 0; day < width; day += 1) {
      let found = "n";
      for (const states of ofRegions) {
        const state = states.charAt(day);
        if (worst.indexOf(state) < worst.indexOf(found)) found = state;
      }
      merged += found;
    }
    return merged;
  }

  /**
   * Neighbouring days of one state are one shape: a year is a handful of them.
   * @param {string} states
   */
  function strip(states) {
    const drawing = svg("svg", { viewBox: `0 0 ${width} 10`, preserveAspectRatio: "none" });
    for (let start = 0; start < width; ) {
      let end = start + 1;
      while (end < width && states[end] === states[start]) end += 1;
      const state = states.charAt(start);
      const height = heights[state] ?? 0;
      const shape = { x: start, y: (10 - height) / 2, width: end - start, height, class: state };
      drawing.append(svg("rect", shape));
      start = end;
    }
    return drawing;
  }

  /** @type {number | undefined} */
  let chosenDay;

  /**
   * @param {HTMLElement} row
   * @param {number} wanted
   */
  function choose(row, wanted) {
    document.querySelector(".chosen")?.remove();
    const day = Math.max(0, Math.min(width - 1, wanted));
    chosenDay = day;
    const gap = width > 60 ? 0.15 : 0.05;
    const mark = { x: day + gap, y: 0.5, width: 1 - 2 * gap, height: 9, class: "chosen" };
    row.querySelector("svg")?.append(svg("rect", mark));
    showDetails(accountOf(row), day);
  }

  /** @param {HTMLElement} row */
  const accountOf = (row) => Number(row.dataset.account);
  /** @param {number} account */
  const titleOf = (account) => `${data.accounts[account]?.id ?? ""} ${data.accounts[account]?.name ?? ""}`;
  /** @param {number | undefined} index */
  const textOf = (index) => (index === undefined ? "" : (data.texts[index] ?? ""));

  /**
   * @param {number} account
   * @param {number} day
   */
  function showDetails(account, day) {
    const region = Number(filters.region.value);
    const state = statesOf(account, region).charAt(day);
    /** @type {HTMLElement[]} */
    const parts = [html("h2", titleOf(account)), html("p", `${data.days[day]}: ${words[state]}`)];
    const list = html("ul");
    for (const [index, regionName] of data.regions.entries()) {
      if (region >= 0 && region !== index) continue;
      const items = data.items[`${account}/${index}/${day}`] ?? [];
      for (let at = 0; at < items.length; at += 2) {
        const entry = html("li");
        entry.append(html("strong", items[at] === -1 ? "the whole account" : textOf(items[at])));
        entry.append(html("span", `${regionName}: ${textOf(items[at + 1])}`));
        list.append(entry);
      }
    }
    if (list.children.length > 0) parts.push(list);
    else parts.push(html("p", "Every log group is archived, empty, or left out on purpose."));
    element("details", HTMLElement).replaceChildren(...parts);
  }

  /**
   * @param {SVGElement} drawing
   * @param {number} clientX
   */
  function dayAt(drawing, clientX) {
    const box = drawing.getBoundingClientRect();
    return Math.floor(((clientX - box.left) / box.width) * width);
  }

  /**
   * @param {number} account
   * @param {number} region
   */
  function rowOf(account, region) {
    const { id = "", name = "" } = data.accounts[account] ?? {};
    const states = statesOf(account, region);
    const row = html("div", undefined, "row");
    row.dataset.account = String(account);
    row.tabIndex = -1;
    row.setAttribute("role", "row");
    const open = [...states].filter((state) => state === "p" || state === "m").length;
    row.setAttribute("aria-label", `${id} ${name}: ${open} of ${width} days not complete`);
    const label = html("div", `${id} `, "name");
    label.append(html("small", name));
    label.title = `${id} ${name}`;
    row.append(label, strip(states));
    return row;
  }

  /**
   * @param {number} account
   * @param {number} region
   * @param {string} text
   * @param {string} outcome
   */
  function matches(account, region, text, outcome) {
    const { id = "", name = "" } = data.accounts[account] ?? {};
    if (text && !id.includes(text) && !name.toLowerCase().includes(text)) return false;
    if (!outcome) return true;
    const states = statesOf(account, region);
    if (outcome === "!") return /[pm]/.test(states);
    if (outcome === "c") return /^[csn]*$/.test(states);
    return states.includes(outcome);
  }

  function draw() {
    const region = Number(filters.region.value);
    const text = filters.account.value.trim().toLowerCase();
    const outcome = filters.outcome.value;
    const shown = [...data.accounts.keys()].filter((account) => matches(account, region, text, outcome));
    const drawn = shown.map((account) => rowOf(account, region));
    rows.replaceChildren(...drawn);
    const [first] = drawn;
    if (first) first.tabIndex = 0;
    element("shown", HTMLElement).textContent = `${shown.length} of ${data.accounts.length} accounts`;
    chosenDay = undefined;
  }

  function drawMonths() {
    const head = html("div", undefined, "row");
    const drawing = svg("svg", {});
    /* Months, or days where there are few; none so near to the one before it that they would overlap. */
    let last = "";
    let lastIndex = -width;
    for (const [index, day] of data.days.entries()) {
      const month = width > 45 ? day.slice(0, 7) : day.slice(5);
      if (month === last || index - lastIndex < width / 14 - 2) continue;
      last = month;
      lastIndex = index;
      const label = svg("text", { x: `${(index / width) * 100}%`, y: 13 });
      label.textContent = month;
      drawing.append(label);
    }
    head.append(html("div", "Account", "name"), drawing);
    element("months", HTMLElement).append(head);
  }

  function drawLegend() {
    for (const [letter, word] of Object.entries(words)) {
      if (letter === "n") continue;
      const entry = html("span");
      const swatch = svg("svg", { width: 12, height: 12 });
      swatch.append(svg("rect", { width: 12, height: 12, rx: 3, class: letter }));
      entry.append(swatch, word);
      element("legend", HTMLElement).append(entry);
    }
  }

  function drawSummary() {
    const all = data.states.flat().join("");
    /** @param {string} letter */
    const count = (letter) => all.split(letter).length - 1;
    const open = count("p") + count("m");
    const range = width > 0 ? `${data.days[0]} to ${data.days[width - 1]}` : "no days";
    element("summary", HTMLElement).textContent =
      `${range}, ${data.accounts.length} accounts, ${data.regions.join(", ")}. ` +
      `${count("c")} account days complete, ${open} not. Generated ${data.generatedAt}.`;
  }

  /** @param {Event} event */
  function rowAt({ target }) {
    const row = target instanceof Element ? target.closest(".row") : null;
    return row instanceof HTMLElement ? row : undefined;
  }
  /**
   * The row that an arrow key leads to.
   * @param {HTMLElement} row
   * @param {string} key
   */
  function rowBeside(row, key) {
    const beside =
      key === "ArrowUp" ? row.previousElementSibling : key === "ArrowDown" ? row.nextElementSibling : undefined;
    return beside instanceof HTMLElement ? beside : undefined;
  }
  /**
   * The day that a key leads to from another.
   * @param {number} day
   * @param {string} key
   */
  function dayAfter(day, key) {
    /** @type {Readonly<Record<string, number>>} */
    const days = {
      ArrowLeft: day - 1,
      ArrowRight: day + 1,
      PageUp: day - 30,
      PageDown: day + 30,
      Home: 0,
      End: width - 1,
      Enter: day,
      " ": day,
    };
    return days[key];
  }

  filters.region.append(new Option("all", "-1"), ...data.regions.map((name, index) => new Option(name, String(index))));
  element("filters", HTMLFormElement).addEventListener("input", draw);
  element("filters", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
  rows.addEventListener("click", (event) => {
    const drawing = event.target instanceof Element ? event.target.closest("svg") : null;
    const row = rowAt(event);
    if (!drawing || !row) return;
    choose(row, dayAt(drawing, event.clientX));
    row.focus({ preventScroll: true });
  });
  rows.addEventListener("keydown", (event) => {
    const row = rowAt(event);
    if (!row) return;
    const day = chosenDay ?? width - 1;
    const next = rowBeside(row, event.key);
    const target = dayAfter(day, event.key);
    if (next) {
      row.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
      choose(next, day);
    } else if (target !== undefined) choose(row, target);
    else return;
    event.preventDefault();
  });
  drawSummary();
  drawLegend();
  drawMonths();
  draw();
})();
