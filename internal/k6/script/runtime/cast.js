// Types that captured values are asked to have: ${int(x)}, ${number(x)}, ${bool(x)},
// ${json(x)}. null where one is not.
function asInt(text) {
  return /^-?(0|[1-9]\d*)$/.test(text) ? text : null;
}

function asNumber(text) {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : null;
}

function asBool(text) {
  return text === 'true' || text === 'false' ? text : null;
}

function asAny(text) {
  if (text !== '' && '"[{'.includes(text[0])) return valueEnd(text, 0) === text.length ? text : null;
  return text === 'null' ? text : asNumber(text) || asBool(text);
}
