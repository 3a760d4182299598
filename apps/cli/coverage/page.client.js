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
  const days = data.days.length;
  const dayMs = 86_400_000;
  /* Where each day lies, in days from the left: what comes after a gap stands a day apart. */
  /** @type {number[]} */
  const places = [];
  for (const [index, day] of data.days.entries()) {
    const before = data.days[index - 1];
    const isNext = before === undefined || Date.parse(day) - Date.parse(before) === dayMs;
    places.push(index === 0 ? 0 : (places[index - 1] ?? 0) + (isNext ? 1 : 2));
  }
  const width = days === 0 ? 1 : (places[days - 1] ?? 0) + 1;
  /** @param {number} day */
  const placeOf = (day) => places[day] ?? 0;
  const states = data.states.map((ofRegions) =>
    ofRegions.map((runs) => runs.replace(/([a-z])(\d+)/g, (_run, state, count) => state.repeat(Number(count)))),
  );

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
    const ofRegions = states[account] ?? [];
    if (region >= 0) return ofRegions[region] ?? "";
    if (ofRegions.length === 1) return ofRegions[0] ?? "";
    let merged = "";
    for (let day = 0; day < days; day += 1) {
      let found = "n";
      for (const ofRegion of ofRegions) {
        const state = ofRegion.charAt(day);
        if (worst.indexOf(state) < worst.indexOf(found)) found = state;
      }
      merged += found;
    }
    return merged;
  }

  const cells = days * data.accounts.length * data.regions.length;
  /* More shapes than this take a browser seconds to draw. */
  const mostShapes = 40_000;

  /** Pixels that a day has, as the calendar is laid out now. */
  let dayPixels = 0;
  function measure() {
    const lane = element("axis", HTMLElement).querySelector("svg");
    dayPixels = lane ? lane.getBoundingClientRect().width / width : 0;
  }

  /**
   * Neighbouring days of one state are one shape, so that a year is a handful of them; where days are wide, each is its own.
   * @param {string} ofDays
   */
  function strip(ofDays) {
    const drawing = svg("svg", { viewBox: `0 0 ${width} 10`, preserveAspectRatio: "none" });
    const gap = dayPixels >= 6 && cells <= mostShapes ? 1.5 / dayPixels : 0;
    for (let start = 0; start < days; ) {
      const state = ofDays.charAt(start);
      let end = start + 1;
      while (gap === 0 && end < days && ofDays[end] === state && placeOf(end) === placeOf(end - 1) + 1) end += 1;
      const height = heights[state] ?? 0;
      const shape = { x: placeOf(start), y: (10 - height) / 2, width: end - start - gap, height, class: state };
      if (height > 0) drawing.append(svg("rect", shape));
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
    for (const mark of document.querySelectorAll(".chosen")) mark.remove();
    const day = Math.max(0, Math.min(days - 1, wanted));
    chosenDay = day;
    for (const drawing of row.querySelectorAll("svg"))
      drawing.append(svg("rect", { x: placeOf(day), y: 0.5, width: 1, height: 9, class: "chosen" }));
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
   * @param {number} region
   * @param {number} day
   * @returns {readonly number[]}
   */
  function itemsOf(account, region, day) {
    const spans = data.items[`${account}/${region}`] ?? [];
    return spans.find(([first, last]) => first <= day && day <= last)?.[2] ?? [];
  }

  /**
   * What became of each Region.
   * @param {number} account
   * @param {number} region -1 is all of them
   * @param {number} day
   */
  function stateText(account, region, day) {
    const shown = [...data.regions.entries()].filter(([index]) => region < 0 || region === index);
    return shown.map(([index, name]) => `${name} ${words[states[account]?.[index]?.charAt(day) ?? "n"]}`).join(", ");
  }

  /**
   * A hundred log groups may have one reason: it is told once.
   * @param {readonly number[]} items
   */
  function byReason(items) {
    /** @type {Map<string, string[]>} */
    const found = new Map();
    for (let at = 0; at < items.length; at += 2) {
      const reason = textOf(items[at + 1]);
      const names = found.get(reason) ?? [];
      names.push(items[at] === -1 ? "the whole account" : textOf(items[at]));
      found.set(reason, names);
    }
    return found;
  }

  /**
   * @param {number} account
   * @param {number} day
   */
  function showDetails(account, day) {
    const region = Number(filters.region.value);
    /** @type {HTMLElement[]} */
    const parts = [html("h3", titleOf(account)), html("p", `${data.days[day]}: ${stateText(account, region, day)}`)];
    const list = html("ul");
    for (const [index, regionName] of data.regions.entries()) {
      if (region >= 0 && region !== index) continue;
      for (const [reason, names] of byReason(itemsOf(account, index, day))) {
        const entry = html("li");
        entry.append(...names.map((name) => html("strong", name)), html("span", `${regionName}: ${reason}`));
        const meaning = data.meanings[reason.split(":", 1)[0] ?? ""];
        if (meaning !== undefined) entry.append(html("small", meaning));
        list.append(entry);
      }
    }
    if (list.children.length > 0) parts.push(list);
    else if (statesOf(account, region).charAt(day) !== "n")
      parts.push(html("p", "Every log group is archived, empty, or left out on purpose."));
    element("details", HTMLElement).replaceChildren(...parts);
  }

  /**
   * @param {SVGElement} drawing
   * @param {number} clientX
   */
  function dayAt(drawing, clientX) {
    const box = drawing.getBoundingClientRect();
    const place = ((clientX - box.left) / box.width) * width;
    const after = places.findIndex((one) => one > place);
    return after < 0 ? days - 1 : after - 1;
  }

  /**
   * The days of one Region, with its name beside them.
   * @param {string} name
   * @param {SVGElement} drawing
   */
  function lane(name, drawing) {
    const part = html("div", undefined, "lane");
    part.append(html("small", name), drawing);
    return part;
  }

  /**
   * @param {number} account
   * @param {number} region
   */
  function rowOf(account, region) {
    const { id = "", name = "" } = data.accounts[account] ?? {};
    const worst = statesOf(account, region);
    const row = html("div", undefined, "row");
    row.dataset.account = String(account);
    row.tabIndex = -1;
    row.setAttribute("role", "row");
    const open = [...worst].filter((state) => state === "p" || state === "m").length;
    row.setAttribute("aria-label", `${id} ${name}: ${open} of ${days} days not complete`);
    const label = html("div", `${id} `, "name");
    label.append(html("small", name));
    label.title = `${id} ${name}`;
    const lanes = html("div", undefined, "lanes");
    for (const [index, name] of data.regions.entries())
      if (region < 0 || region === index) lanes.append(lane(name, strip(states[account]?.[index] ?? "")));
    row.append(label, lanes);
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
    const worst = statesOf(account, region);
    if (outcome === "!") return /[pm]/.test(worst);
    if (outcome === "c") return /^[csn]*$/.test(worst);
    return worst.includes(outcome);
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
    element("shown", HTMLElement).textContent =
      `${shown.length.toLocaleString("en")} of ${data.accounts.length.toLocaleString("en")} accounts`;
    chosenDay = undefined;
  }

  /** What the marks mean, in short: on paper it stands above the days of each sheet. */
  function marks() {
    const list = html("p", undefined, "marks");
    for (const state of "cpms") list.append(html("i", undefined, `mark ${state}`), html("span", words[state]));
    return list;
  }

  /** Months and days, or where days are too narrow years and months: each where it begins, and not over the one before it. */
  function drawAxis() {
    const row = html("div", undefined, "row");
    const drawing = svg("svg", {});
    const lanes = html("div", undefined, "lanes");
    lanes.append(lane("", drawing));
    row.append(html("div", "Account", "name"), lanes);
    element("axis", HTMLElement).replaceChildren(marks(), row);
    measure();
    /**
     * @param {number} y
     * @param {number} room pixels that a label needs
     * @param {number} first
     * @param {number} end the characters of a day that are shown; it begins where these, or those before them, are others
     */
    const label = (y, room, first, end) => {
      let free = 0;
      for (const [index, day] of data.days.entries()) {
        const x = placeOf(index) * dayPixels;
        const goesOn = data.days[index - 1]?.slice(0, end) === day.slice(0, end);
        if (goesOn || x < free || x + room > width * dayPixels + 16) continue;
        free = x + room;
        const written = svg("text", { x: `${(placeOf(index) / width) * 100}%`, y });
        written.textContent = day.slice(first, end);
        drawing.append(written);
      }
    };
    if (dayPixels < 3) {
      label(11, 34, 0, 4);
      label(24, 17, 5, 7);
    } else {
      label(11, 54, 0, 7);
      label(24, 17, 8, 10);
    }
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
    const targets = {
      ArrowLeft: day - 1,
      ArrowRight: day + 1,
      PageUp: day - 30,
      PageDown: day + 30,
      Home: 0,
      End: days - 1,
      Enter: day,
      " ": day,
    };
    return targets[key];
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
    const day = chosenDay ?? days - 1;
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
  for (const button of document.querySelectorAll("button.all"))
    button.addEventListener("click", () => button.closest("article")?.classList.add("all"));
  const calendar = element("calendar", HTMLElement);
  calendar.style.setProperty("--days", String(width));
  function drawAll() {
    drawAxis();
    draw();
    /* The newest days are what people look for. */
    calendar.scrollLeft = calendar.scrollWidth;
  }
  let drawnFor = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === drawnFor) return;
    drawnFor = innerWidth;
    drawAll();
  });
  drawAll();
})();
