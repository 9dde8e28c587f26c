"use strict";
// Draws the charts of the page from the figures in #charts. Whatever goes wrong
// is counted in data-errors of the root element; data-charts is how many are drawn.
(() => {
  const root = document.documentElement;
  root.dataset.errors = "0";
  const failed = () => { root.dataset.errors = String(Number(root.dataset.errors) + 1); };
  addEventListener("error", failed);
  addEventListener("securitypolicyviolation", failed);

  const charts = JSON.parse(document.getElementById("charts").textContent);
  const style = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const digits = (v) => v === 0 ? "0" : v >= 100 ? v.toFixed(0) : v >= 10 ? v.toFixed(1) : v.toFixed(2);
  const short = (v, like) => like !== undefined ? String(Number(v.toPrecision(3))) : digits(v);

  // scaled prints v in the largest unit that is not above it.
  const scaled = (units) => (v, tick) => {
    if (v === null || v === undefined) return "–";
    let unit = units[0];
    for (const u of units) if (Math.abs(v) >= u[0]) unit = u;
    return short(v / unit[0], tick) + (unit[1] && " " + unit[1]);
  };
  const print = {
    time: scaled([[1, "µs"], [1e3, "ms"], [1e6, "s"]]),
    rate: scaled([[1, "/s"], [1e3, "k/s"], [1e6, "M/s"]]),
    bytes: scaled([[1, "B"], [1024, "KiB"], [1048576, "MiB"], [1073741824, "GiB"]]),
    share: (v) => v === null || v === undefined ? "–" : digits(100 * v) + " %",
    count: (v) => v === null || v === undefined ? "–" : String(v),
  };

  const percentile = (x) => String(Number((100 * (1 - 10 ** -x)).toFixed(Math.max(0, Math.ceil(x) - 1)))) + " %";
  const kinds = {
    percentiles: { name: "percentile", x: percentile, logY: true, time: false,
      splits: (u) => [...(u.width < 420 ? [] : [0]), -Math.log10(0.5), 1, 2, 3, 4] },
    density: { name: "latency", x: (v) => print.time(v, true), logX: true, fill: true },
    pairs: { name: "pair", x: print.count, whole: true, points: true },
    seconds: { name: "second", x: print.count, whole: true, points: true, zero: true },
    sweep: { name: "connections", x: print.count, logX: true, points: true, zero: true },
  };

  function axes(chart, kind) {
    const common = () => ({ stroke: style("ink"), font: "12px system-ui, sans-serif",
      grid: { stroke: style("line"), width: 1 }, ticks: { stroke: style("line"), width: 1 } });
    const x = Object.assign(common(), { label: kind.name, labelSize: 18, size: 34, labelFont: "12px system-ui, sans-serif",
      values: (u, ticks) => ticks.map((v) => v === null ? "" : kind.x(v)) });
    if (kind.splits) x.splits = kind.splits;
    if (kind.whole) x.incrs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
    if (chart.kind === "sweep") Object.assign(x, { splits: () => chart.x, filter: (u, s) => s });
    const y = Object.assign(common(), { size: 68,
      values: (u, ticks) => ticks.map((v) => v === null ? "" : print[chart.unit](v, true)) });
    return [x, y];
  }

  function options(chart, kind, width) {
    const lines = chart.series.map((s) => ({
      label: s.label, stroke: style("target" + s.target % 6), width: 2, dash: s.target % 2 ? [7, 4] : undefined,
      fill: kind.fill ? style("target" + s.target % 6) + "22" : undefined,
      points: { show: Boolean(kind.points) && chart.x.length <= 60, size: 6 }, spanGaps: false,
      value: (u, v) => print[chart.unit](v),
    }));
    const range = kind.zero || kind.fill ? (u, low, high) => [0, (high || 1) * 1.08] : undefined;
    const x = { time: false, distr: kind.logX ? 3 : 1 };
    if (chart.x.length < 2 || chart.kind === "pairs") x.range = (u, low, high) => [low - 0.5, high + 0.5];
    if (chart.kind === "sweep") x.range = (u, low, high) => [low * 0.85, high * 1.15];
    return { width, height: 250, series: [{ label: kind.name, value: (u, v) => v === null ? "–" : kind.x(v) }, ...lines],
      scales: { x, y: { distr: kind.logY ? 3 : 1, range } }, axes: axes(chart, kind),
      cursor: { drag: { x: false, y: false }, points: { size: 8 } }, legend: { live: true } };
  }

  // speak reads the values under the cursor, which arrow keys move.
  function speak(u, chart, kind, place, at) {
    const i = Math.max(0, Math.min(chart.x.length - 1, at));
    u.setCursor({ left: u.valToPos(chart.x[i], "x"), top: u.over.clientHeight / 2 });
    const said = chart.series.map((s) => s.label + " " + print[chart.unit](s.y[i]));
    document.getElementById(chart.id + "-says").textContent = kind.name + " " + kind.x(chart.x[i]) + ": " + said.join(", ");
    place.dataset.at = String(i);
  }

  const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };
  const drawn = new Map();

  function draw(chart) {
    const place = document.getElementById(chart.id), kind = kinds[chart.kind];
    if (drawn.has(chart.id)) drawn.get(chart.id).destroy();
    const width = Math.max(place.clientWidth, 240);
    drawn.set(chart.id, new uPlot(options(chart, kind, width), [chart.x, ...chart.series.map((s) => s.y)], place));
  }

  for (const chart of charts) {
    const place = document.getElementById(chart.id);
    draw(chart);
    place.addEventListener("keydown", (e) => {
      if (!(e.key in moves)) return;
      e.preventDefault();
      const at = place.dataset.at === undefined ? (moves[e.key] > 0 ? -1 : chart.x.length) : Number(place.dataset.at);
      speak(drawn.get(chart.id), chart, kinds[chart.kind], place, at + moves[e.key]);
    });
    new ResizeObserver(() => {
      const u = drawn.get(chart.id), width = Math.max(place.clientWidth, 240);
      if (u.width !== width) u.setSize({ width, height: 250 });
    }).observe(place);
  }
  const all = () => charts.forEach(draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);

  // Paper is white, and nobody can open a table on it.
  let opened = [];
  addEventListener("beforeprint", () => {
    root.dataset.printing = "1";
    opened = [...document.querySelectorAll("details:not([open]):not(.long)")];
    opened.forEach((d) => { d.open = true; });
    all();
  });
  addEventListener("afterprint", () => {
    delete root.dataset.printing;
    opened.forEach((d) => { d.open = false; });
    all();
  });
  // A link to a table opens it.
  addEventListener("hashchange", () => {
    const d = document.getElementById(location.hash.slice(1));
    if (d instanceof HTMLDetailsElement) d.open = true;
  });
  root.dataset.charts = String(drawn.size);
})();
