// Values that are drawn: ${uuid}, ${random(1,100)}, ${pick(a,b)}, ${seq}.
function between(low, high) {
  const width = high - low + 1;
  if (width <= 2147483562) return low + Math.floor(random() * width);
  return low + Math.floor(((random() + Math.floor(random() * 4194304)) / 4194304) * width);
}

function pick(choices) {
  return choices[between(1, choices.length) - 1];
}

function uuid() {
  const hex = (low, high, digits) => between(low, high).toString(16).padStart(digits, '0');
  const word = () => hex(0, 65535, 4);
  return `${word()}${word()}-${word()}-4${hex(0, 4095, 3)}-${hex(32768, 49151, 4)}-${word()}${word()}${word()}`;
}

// A number never handed out twice in a run: virtual users take turns.
const drawn = { numbers: 0 };

function nextNumber() {
  drawn.numbers = Number(drawn.numbers) + 1;
  return (drawn.numbers - 1) * USERS + user;
}
