// The same value as one that a row of data has as JSON.
function isJson(found, cell) {
  const wanted = valueAt(cell, 0);
  if (!found || !wanted || found.kind !== wanted.kind) return false;
  return found.value === wanted.value || (found.kind === 'number' && Number(found.value) === Number(wanted.value));
}
