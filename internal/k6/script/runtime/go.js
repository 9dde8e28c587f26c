// When virtual users begin, in µs since 1970: as told, or the next full minute that is
// ten seconds away, so that k6 on several machines begins at one moment.
function goTime() {
  const told = __ENV.TASKBENCH_GO;
  if (!told) return Math.ceil((Date.now() + 10000) / 60000) * 60000000;
  if (!/^[1-9]\d*$/.test(told)) throw new Error(`TASKBENCH_GO is no time in µs: ${told}`);
  return Number(told);
}

// TARGET_URL taken apart: the origin, its scheme, its host, the path.
function target() {
  const parts = /^((https?):\/\/([^/?#@]+))(?![^/?#])([^?#]*)/i.exec(TARGET_URL);
  if (!parts) throw new Error(`TASKBENCH_URL is no address as http://server:8080: ${TARGET_URL}`);
  return parts;
}

// How long it is until so many µs behind that, as k6 writes durations; a second at least.
function until(behindGo) {
  return `${Math.max(1000, Math.ceil(GO / 1000 - Date.now() + behindGo / 1000))}ms`;
}
