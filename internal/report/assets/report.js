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
    size: scaled([[1, "B"], [1e3, "kB"], [1e6, "MB"], [1e9, "GB"]]),
    cores: (v) => v === null || v === undefined ? "–" : Number(v.toFixed(2)) + (v === 1 ? " core" : " cores"),
    ratio: (v) => v === null || v === undefined ? "–" : v.toFixed(3).replace(/0$/, ""),
    share: (v) => v === null || v === undefined ? "–" : digits(100 * v) + " %",
    count: (v) => v === null || v === undefined ? "–" : String(v),
  };

  const percentile = (x) => String(Number((100 * (1 - 10 ** -x)).toFixed(Math.max(0, Math.ceil(x) - 1)))) + " %";
  // spell prints a place on x.
  const spell = (chart, v, tick) => {
    const x = chart.x;
    if (v === null || v === undefined) return "";
    if (x.names) return tick ? (x.names[v - 1] || "").slice(5, 10) : x.names[v - 1] || "";
    if (x.scale === "percentiles") return percentile(v);
    return print[x.unit || "count"](v, true);
  };

  // logTicks are the round numbers of a logarithmic axis: 1, 2, 5 of each power
  // of ten, or only the 1s where there is no room for more.
  function logTicks(low, high) {
    const all = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (const n of [1, 2, 5]) all.push(n * 10 ** power);
    }
    const inside = all.filter((v) => v >= low * 0.999 && v <= high * 1.001);
    return inside.length <= 6 ? inside : inside.filter((v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9);
  }
  const logarithmic = { splits: (u, axis, low, high) => logTicks(low, high), filter: (u, splits) => splits };
  const powersOfTwo = Array.from({ length: 41 }, (_, k) => 2 ** k);

  const percentilePlaces = (u) => [...(u.width < 420 ? [] : [0]), -Math.log10(0.5), 1, 2, 3, 4];

  function axes(chart) {
    const common = () => ({ stroke: style("ink"), font: "12px system-ui, sans-serif",
      grid: { stroke: style("line"), width: 1 }, ticks: { stroke: style("line"), width: 1 } });
    const x = Object.assign(common(), { label: chart.x.name, labelSize: 18, size: 34, labelFont: "12px system-ui, sans-serif",
      values: (u, ticks) => ticks.map((v) => spell(chart, v, true)) });
    if (chart.x.scale === "percentiles") x.splits = percentilePlaces;
    if (chart.x.scale === "whole") x.incrs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
    if (chart.fill) x.range = (u, low, high) => [low, high];
    if (chart.x.scale === "log") Object.assign(x, logarithmic);
    if (chart.x.each) Object.assign(x, { splits: () => chart.x.values, filter: (u, s) => s });
    const y = Object.assign(common(), { size: 72,
      values: (u, ticks) => ticks.map((v) => v === null ? "" : print[chart.y.unit](v, true)) });
    if (chart.y.scale === "log") Object.assign(y, logarithmic);
    if (chart.y.unit === "bytes") y.incrs = powersOfTwo;
    return [x, y];
  }

  // extent holds every figure, its interval and, of ratios, 1.
  function extent(chart) {
    const all = chart.series.flatMap((s) => [s.y, s.low || [], s.high || []].flat()).filter((v) => v !== null);
    if (all.length === 0) return [0, 1];
    if (chart.y.unit === "ratio") all.push(0.95, 1.05);
    const low = Math.min(...all), high = Math.max(...all), room = 0.08 * (high - low || Math.abs(high) || 1);
    const fromZero = chart.y.zero || chart.fill || ["bytes", "size", "cores"].includes(chart.y.unit);
    return fromZero ? [0, high + 0.08 * (high || 1)] : [low - room, high + room];
  }

  // Lines of the page's own: moments across the chart, parity, intervals, steps.
  function extras(u, chart) {
    const c = u.ctx, box = u.bbox, scale = devicePixelRatio;
    const at = (v, axis) => u.valToPos(v, axis, true);
    const line = (x1, y1, x2, y2) => { c.beginPath(); c.moveTo(x1, y1); c.lineTo(x2, y2); c.stroke(); };
    c.save();
    c.lineWidth = scale;
    c.strokeStyle = c.fillStyle = style("soft");
    c.font = 11 * scale + "px system-ui, sans-serif";
    c.setLineDash([3 * scale, 3 * scale]);
    (chart.marks || []).forEach((m, i) => {
      const x = at(m.at, "x");
      line(x, box.top, x, box.top + box.height);
      c.fillText(m.text, x + 4 * scale, box.top + (12 + 13 * (i % 2)) * scale);
    });
    if (chart.y.unit === "ratio") line(box.left, at(1, "y"), box.left + box.width, at(1, "y"));
    c.setLineDash([]);
    chart.series.forEach((s) => {
      c.strokeStyle = c.fillStyle = style("target" + s.target % 6);
      (s.low || []).forEach((low, i) => {
        if (low !== null) line(at(chart.x.values[i], "x"), at(low, "y"), at(chart.x.values[i], "x"), at(s.high[i], "y"));
      });
      (s.steps || []).forEach((i) => {
        const x = at(chart.x.values[i], "x"), y = at(s.high && s.high[i] !== null ? s.high[i] : s.y[i], "y") - 5 * scale;
        c.beginPath(); c.moveTo(x, y); c.lineTo(x - 5 * scale, y - 8 * scale); c.lineTo(x + 5 * scale, y - 8 * scale); c.fill();
      });
    });
    c.restore();
  }

  // Lines differ without their colours too.
  const dashes = [undefined, [7, 4], [2, 3], [10, 3, 2, 3], [14, 4], [5, 2, 1, 2]];

  function options(chart, width) {
    const lines = chart.series.map((s) => ({
      label: s.label, stroke: style("target" + s.target % 6), width: 2, dash: dashes[s.target % dashes.length],
      fill: chart.fill ? style("target" + s.target % 6) + "22" : undefined,
      points: { show: Boolean(chart.points) && chart.x.values.length <= 60, size: 6, fill: style("paper") }, spanGaps: Boolean(chart.gaps),
      value: (u, v) => print[chart.y.unit](v),
    }));
    const range = chart.y.scale === "log" ? (u, low, high) => [low / 1.25, high * 1.25] : () => extent(chart);
    const x = { time: false, distr: chart.x.scale === "log" ? 3 : 1 };
    if (chart.x.values.length < 2 || chart.x.scale === "whole") x.range = (u, low, high) => [low - 0.5, high + 0.5];
    if (chart.fill) x.range = (u, low, high) => [low, high];
    if (chart.x.each) x.range = (u, low, high) => [low * 0.85, high * 1.15];
    return { width, height: 250, series: [{ label: chart.x.name, value: (u, v) => v === null ? "–" : spell(chart, v) }, ...lines],
      scales: { x, y: { distr: chart.y.scale === "log" ? 3 : 1, range } }, axes: axes(chart),
      cursor: { drag: { x: false, y: false }, points: { size: 8 } }, legend: { live: true },
      hooks: { draw: [(u) => extras(u, chart)],
        setLegend: [(u) => u.root.classList.toggle("read", u.cursor.idx !== null && u.cursor.idx !== undefined && u.cursor.left >= 0)] } };
  }

  // speak reads the values under the cursor, which arrow keys move.
  function speak(u, chart, place, at) {
    const i = Math.max(0, Math.min(chart.x.values.length - 1, at));
    u.setCursor({ left: u.valToPos(chart.x.values[i], "x"), top: u.over.clientHeight / 2 });
    const said = chart.series.map((s) => s.label + " " + print[chart.y.unit](s.y[i]) + ((s.steps || []).includes(i) ? ", a step" : ""));
    document.getElementById(chart.id + "-says").textContent = chart.x.name + " " + spell(chart, chart.x.values[i]) + ": " + said.join(", ");
    place.dataset.at = String(i);
  }

  const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };
  const drawn = new Map();

  // The width of paper is not known when the page is told to print: the styles
  // shrink charts to it.
  const printed = 460;
  const widthOf = (place) => root.dataset.printing ? printed : Math.max(place.clientWidth, 240);

  function draw(chart) {
    const place = document.getElementById(chart.id);
    if (drawn.has(chart.id)) drawn.get(chart.id).destroy();
    const width = widthOf(place);
    drawn.set(chart.id, new uPlot(options(chart, width), [chart.x.values, ...chart.series.map((s) => s.y)], place));
  }

  for (const chart of charts) {
    const place = document.getElementById(chart.id);
    draw(chart);
    place.addEventListener("keydown", (e) => {
      if (!(e.key in moves)) return;
      e.preventDefault();
      const at = place.dataset.at === undefined ? (moves[e.key] > 0 ? -1 : chart.x.values.length) : Number(place.dataset.at);
      speak(drawn.get(chart.id), chart, place, at + moves[e.key]);
    });
    new ResizeObserver(() => {
      const u = drawn.get(chart.id), width = widthOf(place);
      if (u.width !== width) u.setSize({ width, height: 250 });
    }).observe(place);
  }
  const all = () => charts.forEach(draw);

  // Only what scrolls needs a place in the order of the keyboard.
  const scrolling = () => document.querySelectorAll(".scroll, pre").forEach((e) => {
    if (e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight) e.tabIndex = 0;
    else e.removeAttribute("tabindex");
  });
  scrolling();
  addEventListener("resize", scrolling);
  document.addEventListener("toggle", scrolling, true);
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
  const follow = () => {
    const d = document.getElementById(location.hash.slice(1));
    if (d instanceof HTMLDetailsElement) d.open = true;
  };
  addEventListener("hashchange", follow);
  follow();
  root.dataset.charts = String(drawn.size);
})();
