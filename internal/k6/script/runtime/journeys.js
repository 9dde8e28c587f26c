// What is counted of journeys.
const toured = new Map();

function tourOf(journey) {
  if (!toured.has(journey)) toured.set(journey, { completed: 0, failed: 0, iterations: histogram() });
  return toured.get(journey);
}

function endJourney(journey, good) {
  if (counting) countIteration(tourOf(journey), good);
}

function journeyOf(journey) {
  return { name: journey.name, ...iterationsOf(tourOf(journey)) };
}
