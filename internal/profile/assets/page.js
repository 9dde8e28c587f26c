// Shows one of the page's graphs at a time. The drawing, zooming and searching
// is d3-flame-graph's.
(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const percent = (x) => (100 * x).toFixed(2) + " %";
  const count = (x) => Math.round(x).toLocaleString("en").replace("-", "−");
  let chart, current, widthOf = 1; // of a difference: 0 the baseline's shares, 1 the candidate's

  function label(d) {
    const s = d.data.s;
    if (!s) {
      return `${d.data.n}: ${percent(d.data.v / current.root.v)}, ${d.data.v} ${taskbench.unit}`;
    }
    if (current.each) {
      const [a, b] = s.map((x) => (x / 1e6) * current.each);
      return `${d.data.n}: ${current.names[0]} ${count(a)}, ${current.names[1]} ${count(b)} ${taskbench.unit} an answer: ${b > a ? "+" : ""}${count(b - a)}`;
    }
    const change = (s[1] - s[0]) / 1e4;
    return `${d.data.n}: ${current.names[0]} ${percent(s[0] / 1e6)}, ${current.names[1]} ${percent(s[1] / 1e6)}, ` +
      `${change > 0 ? "+" : ""}${change.toFixed(2)} percentage points`;
  }

  // Red grew and blue shrank, from white at no change to full colour at ten points.
  function color(d, original) {
    if (!d.data.s) return original;
    const change = (d.data.s[1] - d.data.s[0]) / 1e6;
    const pale = Math.round(255 * (1 - Math.min(1, Math.sqrt(Math.abs(change) / 0.1))));
    return change > 0 ? `rgb(255,${pale},${pale})` : `rgb(${pale},${pale},255)`;
  }

  function draw() {
    const box = byId("chart");
    box.replaceChildren();
    chart = flamegraph.default()
      .width(Math.max(box.clientWidth, 320))
      .cellHeight(18)
      .minFrameSize(1)
      .transitionDuration(matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250)
      .sort(true)
      .inverted(false)
      .setDetailsElement(byId("details"))
      .setSearchMatch((d, term) => { try { return new RegExp(term, "i").test(d.data.n); } catch { return d.data.n.includes(term); } })
      .getName((d) => d.data.n)
      .getChildren((d) => d.c)
      .getValue((d) => { const place = d.data || d; return place.s ? place.s[widthOf] : place.v; })
      .setColorMapper(color)
      .label(label);
    d3.select(box).datum(current.root).call(chart);
    if (byId("search").value) chart.search(byId("search").value);
  }

  function paragraph(text) {
    const p = document.createElement("p");
    p.textContent = text;
    return p;
  }

  function button(text, pressed, onclick) {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = text;
    b.setAttribute("aria-pressed", String(pressed));
    b.addEventListener("click", onclick);
    return b;
  }

  function show(view) {
    current = view;
    byId("views").replaceChildren(...taskbench.views.map((v) => button(v.label, v === view, () => show(v))));
    byId("notes").replaceChildren(...view.notes.map((n) => paragraph("! " + n)));
    byId("legend").textContent = view.each
      ? `${taskbench.unit} of one answer. Red: more in ${view.names[1]}; blue: fewer; white: the same.`
      : view.diff
      ? `Shares of all ${taskbench.unit}. Red: more in ${view.names[1]}; blue: less.`
      : `Width: share of all ${taskbench.unit}. Colours tell functions apart and mean nothing else.`;
    byId("widths").replaceChildren(...(view.diff ? view.names : []).map((name, i) =>
      button("widths of " + name, widthOf === i, () => { widthOf = i; show(view); })));
    draw();
  }

  byId("search").addEventListener("input", (e) => (e.target.value ? chart.search(e.target.value) : chart.clear()));
  byId("reset").addEventListener("click", () => chart.resetZoom());
  let waiting;
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(draw, 200); });
  if (taskbench.views.length) show(taskbench.views[0]);
})();
