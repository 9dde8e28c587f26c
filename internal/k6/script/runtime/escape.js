// How a value is written at its place.
function percent(c) {
  return `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

// In paths, queries and forms (RFC 3986).
function url(text) {
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text).replace(/[!'()*]/g, percent);
}

// In a header: no line may end early.
function line(text) {
  return text.replace(/[\0\r\n]/g, '');
}

// Inside a JSON string.
function jsonText(text) {
  if (!/[\0-\x1f\x7f"\\]/.test(text)) return text;
  return text.replace(/[\0-\x1f\x7f"\\]/g, (c) => (c === '"' || c === '\\' ? `\\${c}` : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

// As a whole JSON value: numbers, booleans and null stay what they are. kind is known for
// values that came out of JSON.
function jsonLiteral(text, kind) {
  if (kind === undefined ? /^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null)$/.test(text) : kind !== 'string') return text;
  return `"${jsonText(text)}"`;
}
