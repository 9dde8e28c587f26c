// The time as text, in UTC; away says how many ms from now.
function nowSeconds(away) {
  return Math.floor((Date.now() + away) / 1000);
}

function nowMs(away) {
  return Date.now() + away;
}

function nowText(pattern, away) {
  const iso = new Date(Date.now() + away).toISOString();
  const parts = { Y: iso.slice(0, 4), m: iso.slice(5, 7), d: iso.slice(8, 10), H: iso.slice(11, 13), M: iso.slice(14, 16), S: iso.slice(17, 19), '%': '%' };
  return pattern.replace(/%([YmdHMS%])/g, (_, letter) => parts[letter]);
}

function nowIso(away) {
  return new Date(Date.now() + away).toISOString();
}

function nowHttp(away) {
  return new Date(Date.now() + away).toUTCString();
}
