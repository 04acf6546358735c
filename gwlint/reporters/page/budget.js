"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const fills = {
    runtime: "#8c959f",
    package: "#0072b2",
    project: "#009e73",
    standard: "#56b4e9",
    constructor: "#d55e00",
    data: "#cc79a7",
    library: "#e69f00",
  };
  const names = {
    runtime: "runtime",
    package: "packages",
    project: "project",
    standard: "standard library",
    constructor: "constructors",
    data: "data",
    library: "shared libraries",
  };
  const measures = {
    memory: {
      unit: "MiB",
      base: "memory_base_mb",
      figure: "memory",
      of: (one) => one.memory_kb / 1024,
      saved: (one) => one.saving_kb / 1024,
    },
    init: {
      unit: "ms",
      base: "init_base_ms",
      figure: "init",
      of: (one) => one.cpu_ms,
      saved: (one) => one.saving_ms,
    },
  };
  const least = 0.01;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = (value) => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en"));
  const sections = [...document.querySelectorAll("section.function")];
  let chart = null;
  let chosen = -1;
  let measure = "memory";

  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  // Texts get into the page as texts only: whatever a project calls its functions is never markup.
  function tooltip(node) {
    const tip = document.createElement("div");
    tip.className = "tip";
    const one = node.contributor;
    const { unit, saved, figure } = measures[measure];
    tip.append(element("strong", node.name));
    const share = node.share === undefined ? "" : `, ${Math.round(node.share * 100)} % of what loading adds`;
    tip.append(element("div", `${narrow(node.value)} ${unit}${share}`));
    if (one) {
      tip.append(element("div", `${names[one.kind]}; ${one.basis}`));
      if (one.chain.length) tip.append(element("div", one.chain.join(" → ")));
      if (saved(one) > 0) tip.append(element("div", `${narrow(saved(one))} ${unit} less without it`));
    }
    const bar = sections[chosen].querySelector(`[data-figure="${figure}"]`);
    if (bar) {
      tip.append(element("div", "the function:"));
      for (const part of bar.children) tip.append(part.cloneNode(true));
    }
    return tip;
  }

  // Blocks too small for a letter are one, which says how many they are.
  function blocks(contributors, all, { of }) {
    // White is easier to read on the darkest of the fills.
    const label = { color: contributors[0].kind === "package" ? "#fff" : "#000" };
    const itemStyle = { color: fills[contributors[0].kind] };
    const block = (name, value, one) => ({ name, value, share: value / all, contributor: one, label, itemStyle });
    const small = contributors.filter((one) => of(one) < all * least);
    const shown = small.length > 1 ? contributors.filter((one) => of(one) >= all * least) : contributors;
    const made = shown.map((one) => block(one.name, of(one), one));
    if (small.length > 1) {
      const sum = small.reduce((total, one) => total + of(one), 0);
      made.push(block(`${small.length} smaller ones`, sum));
    }
    return made;
  }

  function tree() {
    const shown = data.functions[chosen];
    const how = measures[measure];
    const found = shown.contributors.filter((one) => how.of(one) > 0);
    const all = found.reduce((sum, one) => sum + how.of(one), 0);
    const kinds = [...new Set(found.map((one) => one.kind))];
    const groups = kinds.map((kind) => ({
      name: names[kind],
      itemStyle: { color: fills[kind] },
      children: blocks(found.filter((one) => one.kind === kind), all, how),
    }));
    if (shown[how.base] > 0) {
      groups.push({ name: "runtime", value: shown[how.base], itemStyle: { color: fills.runtime } });
    }
    return groups;
  }

  function draw() {
    const shown = sections[chosen];
    const place = shown.querySelector(".treemap");
    if (chart) chart.dispose();
    chart = null;
    if (!place) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    chart = echarts.init(place, null, { renderer: "canvas" });
    chart.setOption({
      animation: false,
      tooltip: {
        confine: true,
        backgroundColor: colour("--raised"),
        borderColor: colour("--line"),
        textStyle: { color: colour("--ink") },
        formatter: ({ data: node }) => (node && node.name ? tooltip(node) : ""),
      },
      series: [
        {
          type: "treemap",
          data: tree(),
          roam: false,
          nodeClick: false,
          breadcrumb: { show: false },
          left: 0,
          right: 0,
          top: 0,
          bottom: 0,
          visibleMin: 20,
          label: {
            position: "insideTopLeft",
            color: "#000",
            fontSize: 13,
            lineHeight: 18,
            overflow: "truncate",
            formatter: ({ name, value }) => `${name}\n${narrow(value)} ${measures[measure].unit}`,
          },
          itemStyle: { borderColor: colour("--paper"), borderWidth: 1, gapWidth: 1 },
          levels: [{ itemStyle: { borderColor: colour("--paper"), borderWidth: 0, gapWidth: 3 } }],
        },
      ],
    });
    const words = measure === "memory" ? "memory" : "time to start";
    place.setAttribute("aria-label", `Treemap of ${words}; the table of what it loads has the same figures.`);
    for (const key of shown.querySelectorAll(".key li")) {
      const kind = key.dataset.kind;
      key.hidden = kind !== "runtime" && !data.functions[chosen].contributors.some((one) => one.kind === kind);
    }
  }

  function choose(place) {
    chosen = place;
    sections.forEach((section, number) => (section.hidden = number !== place));
    document.querySelectorAll(".functions tbody tr").forEach((row, number) => {
      row.toggleAttribute("data-chosen", number === place);
      const link = row.querySelector("a");
      if (number === place) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    for (const input of sections[place].querySelectorAll("input")) input.checked = input.value === measure;
    draw();
  }

  function follow() {
    const place = sections.findIndex((section) => `#${section.id}` === location.hash);
    choose(place < 0 ? 0 : place);
  }

  if (!sections.length) return;
  for (const key of document.querySelectorAll(".key rect")) key.setAttribute("fill", fills[key.dataset.kind]);
  for (const hidden of document.querySelectorAll("[data-script]")) hidden.hidden = false;
  document.addEventListener("change", (event) => {
    if (event.target.dataset.measure === undefined) return;
    measure = event.target.value;
    draw();
  });
  addEventListener("hashchange", () => {
    follow();
    sections[chosen].querySelector("h2").focus();
  });
  addEventListener("resize", () => chart && chart.resize());
  dark.addEventListener("change", draw);
  follow();
})();
