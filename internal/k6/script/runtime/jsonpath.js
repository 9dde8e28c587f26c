// JSON paths that say more than keys and indexes. A step of one is a key, or an object:
// { back: n } is the nth element from the end, { each: true } all of them, and
// { op, field, value, kind } the first of which that holds, with all: true all of them.
const COMPARES = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function holds(text, at, step) {
  for (const key of step.field) {
    at = member(text, at, key);
    if (at < 0) return false;
  }
  const found = valueAt(text, at);
  if (!found) return false;
  if (found.kind !== step.kind) return step.op === '!=';
  if (found.kind === 'number') return COMPARES[step.op](Number(found.value), Number(step.value));
  return COMPARES[step.op](found.value, step.value);
}

// The JSON text of what the steps from the nth on lead to; null: nothing.
function textOf(text, at, steps, n) {
  if (at === undefined || at < 0) return null;
  if (n === steps.length) {
    const end = valueEnd(text, at);
    return end < 0 ? null : text.slice(at, end);
  }
  const step = steps[n];
  if (typeof step === 'string') return textOf(text, member(text, at, step), steps, n + 1);
  if (text[at] !== '[') return step.back ? textOf(text, member(text, at, `-${step.back}`), steps, n + 1) : null; // of an object, "-1" is a key
  const starts = elementsOf(text, at);
  if (step.count) return String(starts.length);
  if (step.back) return textOf(text, starts[starts.length - step.back], steps, n + 1);
  const found = step.each ? starts : starts.filter((start) => holds(text, start, step));
  if (!step.each && !step.all) return textOf(text, found[0], steps, n + 1);
  return `[${found.map((start) => textOf(text, start, steps, n + 1)).filter((value) => value !== null)}]`;
}

function jsonQuery(answer, steps) {
  const found = textOf(answer.body, behindSpace(answer.body, 0), steps, 0);
  return found === null ? null : valueAt(found, 0);
}
