// Arrivals that know nothing of each other: all are drawn from one sequence, the same in
// every copy of the script.
function drawArrivals(end) {
  const times = [];
  seedRandom(0);
  for (let count = -Math.log(1 - random()); timeOf(count) < end; count -= Math.log(1 - random())) times.push(timeOf(count));
  return times;
}

function dueAt(number) {
  return DUE[number];
}
