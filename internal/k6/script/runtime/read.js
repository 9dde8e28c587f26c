// What is read of an answer: { value, kind }, or null where there is none.
function header(answer, name) {
  const value = answer.headers[name];
  return value === undefined ? null : { value, kind: 'string' };
}

function cookie(answer, name) {
  const set = answer.cookies[name];
  return set === undefined ? null : { value: set[set.length - 1].value.trim(), kind: 'string' };
}

function body(answer) {
  return { value: answer.body, kind: 'string' };
}

// Bytes that are no UTF-8 come out of k6 as U+FFFD, and would be sent as that: a value that
// has some is none.
function legible(found, text = found && found.value) {
  return found && found.value.includes('\ufffd') && text.includes('\ufffd') ? null : found;
}

// What an expression finds in it: its one group.
function match(found, expression) {
  const groups = found && expression.exec(found.value);
  return groups && groups[1] !== undefined ? { value: groups[1], kind: 'string' } : null;
}

// Everything that an expression finds, as a JSON array.
function allMatches(found, expression) {
  if (!found) return null;
  const groups = [];
  for (const m of found.value.matchAll(expression)) {
    if (m[1] !== undefined) groups.push(`"${jsonText(m[1])}"`);
  }
  return { value: `[${groups}]`, kind: 'array' };
}
