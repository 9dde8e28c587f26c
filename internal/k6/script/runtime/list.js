// Arrays, kept as JSON text, and their elements. Those of a name are found once for as
// long as its array stays the same.
const lists = {};

function elements(name, text) {
  if (!lists[name] || lists[name].text !== text) {
    const starts = text[0] === '[' ? elementsOf(text, 0) : [];
    lists[name] = { text, items: starts.map((at) => valueAt(text, at) || { value: '' }) };
  }
  return lists[name].items;
}

// An element; which is its index, or draws one.
function item(name, text, which) {
  const items = elements(name, text);
  if (typeof which === 'function') return items[which(1, items.length) - 1] || null;
  return items[which < 0 ? items.length + which : which] || null;
}

function itemOf(name, found, which) {
  return found && item(name, found.value, which);
}

function textOfItem(found) {
  return found ? found.value : '';
}

function literalOf(found) {
  return found ? jsonLiteral(found.value, found.kind) : '""';
}

function itemAsText(text, kind) {
  return kind === 'null' ? null : text;
}

// The array, if it has so many elements and each of them is fit for its uses.
function asList(name, found, least, fits) {
  if (found.kind !== 'array') return null;
  const items = elements(name, found.value);
  const fit = items.length >= least && items.every((it) => fits.every((as) => as(it.value, it.kind) !== null));
  return fit ? found.value : null;
}
