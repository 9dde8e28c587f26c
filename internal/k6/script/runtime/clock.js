// Time, in µs since 1970 by this host's clock. It is read once, at a tick of it; from
// then on k6's own clock counts, which is finer and never jumps.
let anchor = 0;

function elapsed() {
  return exec.instance.currentTestRunDuration * 1000;
}

function now() {
  return anchor + elapsed();
}

function setClock() {
  let last = Date.now();
  for (let ticks = 0; ticks < 2; ) {
    const time = Date.now();
    if (time !== last) {
      anchor = Math.max(anchor, time * 1000 - elapsed());
      last = time;
      ticks++;
    }
  }
}

function sleepUntil(moment) {
  const left = moment - now();
  if (left > 0) sleep(left / 1000000);
}
