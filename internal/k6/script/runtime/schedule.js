// The schedule: each stretch has a length in µs, and its rates at the beginning and the
// end in arrivals per µs.
function layOut(list) {
  let begins = 0;
  let count = 0;
  return list.map(({ length, from, to }) => {
    const stretch = { begins, count, length, from, to, slope: (to - from) / length };
    begins += length;
    count += ((from + to) / 2) * length;
    return stretch;
  });
}

// When so many arrivals have come in the mean: rates are straight lines, so numbers of
// arrivals are parabolas.
function timeOf(count) {
  let k = STRETCHES.length - 1;
  while (k > 0 && count < STRETCHES[k].count) k--;
  const s = STRETCHES[k];
  const more = count - s.count;
  if (more === 0) return s.begins;
  return s.begins + (2 * more) / (s.from + Math.sqrt(Math.max(0, s.from * s.from + 2 * s.slope * more)));
}
