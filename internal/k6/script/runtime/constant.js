// Arrivals at equal distances: how many there are before the end.
function arrivals(end) {
  const last = STRETCHES[STRETCHES.length - 1];
  let n = Math.ceil(last.count + ((last.from + last.to) / 2) * last.length);
  while (n > 0 && timeOf(n - 1) >= end) n--;
  return n;
}

function dueAt(number) {
  return timeOf(number);
}
