// Pauses between requests, in whole ms as wrk makes them: the mean is kept by rounding up
// or down at random.
function thinkTime() {
  const think = answered && answered.think;
  return think ? Math.floor(think.ms * DRAWS[think.draw]() + random()) : 0;
}

const DRAWS = {
  fixed: () => 1,
  uniform: () => 2 * random(),
  exponential: () => -Math.log(1 - random()),
};
