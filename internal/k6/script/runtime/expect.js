// What may be expected of what was read.
function exists(found) {
  return found !== null;
}

function absent(found) {
  return found === null;
}

function contains(found, text) {
  return found !== null && found.value.includes(text);
}

function matches(found, expression) {
  return found !== null && expression.test(found.value);
}

function isKind(found, kind) {
  return found !== null && found.kind === kind;
}

function isText(found, text) {
  return isKind(found, 'string') && found.value === text;
}

function isBoolean(found, text) {
  return isKind(found, 'boolean') && found.value === text;
}

// As it is written, or as a number.
function isNumber(found, text) {
  return isKind(found, 'number') && (found.value === text || Number(found.value) === Number(text));
}
