// Draws one of a mix by weight.
function draw(mix) {
  const total = mix.reduce((sum, one) => sum + one.weight, 0);
  const drawn = random();
  let sum = 0;
  for (const one of mix.slice(0, -1)) {
    sum += one.weight;
    if (drawn < sum / total) return one;
  }
  return mix[mix.length - 1];
}
