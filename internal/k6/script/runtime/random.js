// Random numbers: two linear congruential generators combined (L'Ecuyer, Communications of
// the ACM 31, 1988), seeded by the run's seed and the virtual user's number, so that a run
// can be repeated exactly.
var random1 = 1; // var: a schedule is drawn while the script loads
var random2 = 1;

function mod(a, b) {
  return ((a % b) + b) % b;
}

function random() {
  random1 = (random1 * 40014) % 2147483563;
  random2 = (random2 * 40692) % 2147483399;
  return mod(random1 - random2, 2147483562) / 2147483562;
}

function seedRandom(number) {
  let a = 12345 + number;
  let b = 67890;
  for (const c of SEED) {
    a = mod(a * 31 + c.charCodeAt(0), 2147483562);
    b = mod(b * 37 + c.charCodeAt(0) + number, 2147483398);
  }
  random1 = a + 1;
  random2 = b + 1;
  for (let i = 0; i < 20; i++) random();
}
