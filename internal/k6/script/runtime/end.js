// Ends an iteration. Its time runs from its first request to its last answer, pauses
// included; it counts where it ends in the window.
function end(good) {
  if (counting) countIteration(record, good);
}

function countIteration(into, good) {
  if (good) {
    into.completed++;
    addLatency(into.iterations, ended - began);
  } else {
    into.failed++;
  }
}
