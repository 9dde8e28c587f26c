// JSON: values are found in the text, and kept as they are written there. A value is
// { value, kind }: a string's content, or the text of anything else; null: there is none.
const KINDS = { '"': 'string', '{': 'object', '[': 'array', t: 'boolean', f: 'boolean', n: 'null', '-': 'number' };
for (const digit of '0123456789') KINDS[digit] = 'number';

const ESCAPES = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function jsonUnescape(raw) {
  if (!raw.includes('\\')) return raw;
  const pairs = /\\(?:u(d[89ab][\da-f]{2})\\u(d[c-f][\da-f]{2})|u([\da-f]{4})|([^]))/giu;
  return raw.replace(pairs, (_, high, low, code, letter) => {
    if (high) return String.fromCharCode(parseInt(high, 16), parseInt(low, 16));
    if (code) return /^d[89a-f]/i.test(code) ? '\ufffd' : String.fromCharCode(parseInt(code, 16)); // half a pair is no character
    return letter === 'u' ? '\ufffd' : ESCAPES[letter] || letter;
  });
}

// Where a string ends whose content begins at i; -1: nowhere.
function stringEnd(text, i) {
  for (let end = i; ; end++) {
    end = text.indexOf('"', end);
    let slashes = end;
    while (slashes > i && text[slashes - 1] === '\\') slashes--;
    if (end < 0 || (end - slashes) % 2 === 0) return end;
  }
}

function behindSpace(text, i) {
  for (;;) {
    const c = text.charCodeAt(i);
    if (c !== 32 && c !== 9 && c !== 10 && c !== 13) return i;
    i++;
  }
}

function behindComma(text, i) {
  i = behindSpace(text, i);
  return text[i] === ',' ? behindSpace(text, i + 1) : i;
}

// The position behind the value that begins at i; -1 where it does not end.
function valueEnd(text, i) {
  if (text[i] === '"') return stringEnd(text, i + 1) + 1 || -1;
  if (text[i] !== '{' && text[i] !== '[') {
    const word = /[\w+.-]+/y;
    word.lastIndex = i;
    return word.test(text) ? word.lastIndex : -1;
  }
  const mark = /["[\]{}]/g;
  mark.lastIndex = i;
  for (let depth = 0; ; ) {
    const found = mark.exec(text);
    if (!found) return -1;
    const c = found[0];
    if (c === '"') {
      mark.lastIndex = stringEnd(text, mark.lastIndex) + 1;
      if (mark.lastIndex === 0) return -1;
    } else if (c === '{' || c === '[') {
      depth++;
    } else if (--depth === 0) {
      return mark.lastIndex;
    }
  }
}

// Where the members of an array begin, up to one of them.
function elementsOf(text, at, upTo = Infinity) {
  const starts = [];
  at = behindSpace(text, at + 1);
  while (at < text.length && text[at] !== ']') {
    starts.push(at);
    if (starts.length > upTo) break;
    const end = valueEnd(text, at);
    if (end < 0) break;
    at = behindComma(text, end);
  }
  return starts;
}

// Where the value of a key begins in the object or array at a position; -1: nowhere.
function member(text, at, key) {
  if (text[at] === '[') {
    if (String(Number(key)) !== key) return -1;
    const found = elementsOf(text, at, Number(key))[Number(key)];
    return found === undefined ? -1 : found;
  }
  if (text[at] !== '{') return -1;
  at = behindSpace(text, at + 1);
  while (text[at] === '"') {
    const end = stringEnd(text, at + 1);
    if (end < 0) return -1;
    const name = text.slice(at + 1, end);
    at = behindSpace(text, end + 1);
    if (text[at] !== ':') return -1;
    at = behindSpace(text, at + 1);
    if (jsonUnescape(name) === key) return at;
    const behind = valueEnd(text, at);
    if (behind < 0) return -1;
    at = behindComma(text, behind);
  }
  return -1;
}

// The value that begins at a position.
function valueAt(text, at) {
  const kind = KINDS[text[at]];
  if (!kind) return null;
  if (kind === 'string') {
    const end = stringEnd(text, at + 1);
    return end < 0 ? null : { value: jsonUnescape(text.slice(at + 1, end)), kind };
  }
  const end = valueEnd(text, at);
  return end < 0 ? null : { value: text.slice(at, end), kind };
}

// The value at a path in an answer.
function json(answer, path) {
  const text = answer.body;
  let at = behindSpace(text, 0);
  for (let depth = 0; depth < path.length; depth++) {
    if (path[depth] === '#' && depth === path.length - 1 && text[at] === '[') {
      return { value: String(elementsOf(text, at).length), kind: 'number' };
    }
    at = member(text, at, path[depth]);
    if (at < 0) return null;
  }
  return valueAt(text, at);
}
