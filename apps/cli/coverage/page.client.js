/* The coverage page's own script: it draws the calendar from the data in the page, as text and shapes, never as HTML. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const element = (id) => document.getElementById(id);
  const words = { c: "complete", p: "partial", m: "missing", s: "skipped", n: "not to be archived" };
  const worst = "mpcsn";
  /* What is wrong stands out by its size too, for eyes and printers without colours. */
  const heights = { c: 6, p: 8, m: 10, s: 2, n: 0 };
  const svgSpace = "http://www.w3.org/2000/svg";
  const width = data.days.length;

  function svg(name, attributes) {
    const node = document.createElementNS(svgSpace, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    return node;
  }
  function html(name, text, className) {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  }

  /* An account's days: of one Region, or of all the worst. */
  function statesOf(account, region) {
    const rows = data.states[account];
    if (region >= 0) return rows[region];
    if (rows.length === 1) return rows[0];
    let merged = "";
    for (let day = 0; day < width; day += 1) {
      let found = "n";
      for (const row of rows) if (worst.indexOf(row[day]) < worst.indexOf(found)) found = row[day];
      merged += found;
    }
    return merged;
  }

  /* Neighbouring days of one state are one shape: a year is a handful of them. */
  function strip(states) {
    const drawing = svg("svg", { viewBox: `0 0 ${width} 10`, preserveAspectRatio: "none" });
    for (let start = 0; start < width; ) {
      let end = start + 1;
      while (end < width && states[end] === states[start]) end += 1;
      const height = heights[states[start]];
      const shape = { x: start, y: (10 - height) / 2, width: end - start, height, class: states[start] };
      drawing.append(svg("rect", shape));
      start = end;
    }
    return drawing;
  }

  let chosen;

  function choose(row, day) {
    document.querySelector(".chosen")?.remove();
    chosen = { row, day: Math.max(0, Math.min(width - 1, day)) };
    const gap = width > 60 ? 0.15 : 0.05;
    const mark = { x: chosen.day + gap, y: 0.5, width: 1 - 2 * gap, height: 9, class: "chosen" };
    row.querySelector("svg").append(svg("rect", mark));
    showDetails(Number(row.dataset.account), chosen.day);
  }

  function showDetails(account, day) {
    const region = Number(element("region").value);
    const { id, name } = data.accounts[account];
    const state = statesOf(account, region)[day];
    const parts = [html("h2", `${id} ${name}`), html("p", `${data.days[day]}: ${words[state]}`)];
    const list = html("ul");
    for (const [index, regionName] of data.regions.entries()) {
      if (region >= 0 && region !== index) continue;
      const items = data.items[`${account}/${index}/${day}`] ?? [];
      for (let at = 0; at < items.length; at += 2) {
        const entry = html("li");
        entry.append(html("strong", items[at] < 0 ? "the whole account" : data.texts[items[at]]));
        entry.append(html("span", `${regionName}: ${data.texts[items[at + 1]]}`));
        list.append(entry);
      }
    }
    if (list.children.length > 0) parts.push(list);
    else parts.push(html("p", "Every log group is archived, empty, or left out on purpose."));
    element("details").replaceChildren(...parts);
  }

  function dayAt(drawing, clientX) {
    const box = drawing.getBoundingClientRect();
    return Math.floor(((clientX - box.left) / box.width) * width);
  }

  function rowOf(account, region) {
    const { id, name } = data.accounts[account];
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

  function matches(account, region, text, outcome) {
    const { id, name } = data.accounts[account];
    if (text && !id.includes(text) && !name.toLowerCase().includes(text)) return false;
    if (!outcome) return true;
    const states = statesOf(account, region);
    if (outcome === "!") return /[pm]/.test(states);
    if (outcome === "c") return /^[csn]*$/.test(states);
    return states.includes(outcome);
  }

  function draw() {
    const region = Number(element("region").value);
    const text = element("account").value.trim().toLowerCase();
    const outcome = element("outcome").value;
    const shown = [...data.accounts.keys()].filter((account) => matches(account, region, text, outcome));
    const rows = document.createDocumentFragment();
    for (const account of shown) rows.append(rowOf(account, region));
    element("rows").replaceChildren(rows);
    const first = element("rows").firstElementChild;
    if (first) first.tabIndex = 0;
    element("shown").textContent = `${shown.length} of ${data.accounts.length} accounts`;
    chosen = undefined;
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
    element("months").append(head);
  }

  function drawLegend() {
    for (const [letter, word] of Object.entries(words)) {
      if (letter === "n") continue;
      const entry = html("span");
      const swatch = svg("svg", { width: 12, height: 12 });
      swatch.append(svg("rect", { width: 12, height: 12, rx: 3, class: letter }));
      entry.append(swatch, word);
      element("legend").append(entry);
    }
  }

  function drawSummary() {
    const all = data.states.flat().join("");
    const count = (letter) => all.split(letter).length - 1;
    const open = count("p") + count("m");
    const range = width > 0 ? `${data.days[0]} to ${data.days[width - 1]}` : "no days";
    element("summary").textContent =
      `${range}, ${data.accounts.length} accounts, ${data.regions.join(", ")}. ` +
      `${count("c")} account days complete, ${open} not. Generated ${data.generatedAt}.`;
  }

  element("region").append(
    new Option("all", "-1"),
    ...data.regions.map((name, index) => new Option(name, String(index))),
  );
  element("filters").addEventListener("input", draw);
  element("filters").addEventListener("submit", (event) => event.preventDefault());
  element("rows").addEventListener("click", (event) => {
    const drawing = event.target.closest("svg");
    const row = event.target.closest(".row");
    if (!drawing || !row) return;
    choose(row, dayAt(drawing, event.clientX));
    row.focus({ preventScroll: true });
  });
  element("rows").addEventListener("keydown", (event) => {
    const row = event.target.closest(".row");
    if (!row) return;
    const day = chosen?.day ?? width - 1;
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30 };
    const target =
      event.key === "ArrowUp" ? row.previousElementSibling : event.key === "ArrowDown" ? row.nextElementSibling : row;
    if (event.key in steps) choose(row, day + steps[event.key]);
    else if (event.key === "Home") choose(row, 0);
    else if (event.key === "End") choose(row, width - 1);
    else if (event.key === "Enter" || event.key === " ") choose(row, day);
    else if (target !== row && target) {
      row.tabIndex = -1;
      target.tabIndex = 0;
      target.focus();
      choose(target, day);
    } else return;
    event.preventDefault();
  });
  drawSummary();
  drawLegend();
  drawMonths();
  draw();
})();
