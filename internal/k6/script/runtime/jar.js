// The cookies of a virtual user: what servers set is sent back, in all iterations. A
// cookie is kept by its name and path, as text: when it expires (seconds since 1970, or
// 0), its value.
const jar = {};

function pathOf(asked) {
  return asked.path.replace(/\?[^]*/, '');
}

function within(path, of) {
  return path === of || (path.startsWith(of) && (of.endsWith('/') || path[of.length] === '/'));
}

// Longer paths first, as browsers do; of equal ones by name, so that a run is repeated exactly.
function cookiesFor(path) {
  const all = Object.keys(jar).map((key) => {
    const [, name, of] = /^([^;]*);([^]*)$/.exec(key);
    const [, expires, value] = /^(\d+);([^]*)$/.exec(jar[key]);
    return { path: of, expires: Number(expires), text: `${name}=${value}` };
  });
  all.sort((a, b) => b.path.length - a.path.length || (a.path + a.text < b.path + b.text ? -1 : 1));
  const live = all.filter((c) => within(path, c.path) && (c.expires === 0 || c.expires > Date.now() / 1000));
  return live.map((c) => c.text).join('; ');
}

function headersOf(asked) {
  const kept = cookiesFor(pathOf(asked));
  if (kept === '') return asked.headers;
  const own = Object.keys(asked.headers).find((name) => name.toLowerCase() === 'cookie');
  return own ? { ...asked.headers, [own]: `${kept}; ${asked.headers[own]}` } : { ...asked.headers, Cookie: kept };
}

function expiry(set) {
  const second = Math.floor(Date.now() / 1000);
  if (set.max_age !== 0) return set.max_age > 0 ? second + set.max_age : 1;
  return set.expires < -1e12 ? 0 : Math.max(1, Math.floor(set.expires / 1000)); // no date is one long ago
}

// k6 takes the quotes off a value, which clients send back, and leaves a space before it.
function asSet(set, lines) {
  const quoted = `"${set.value}"`;
  return `, ${lines}`.includes(`, ${set.name}=${quoted}`) ? quoted : set.value.trim();
}

function keepCookies(asked, res) {
  noCookies = null;
  for (const set of Object.values(res.cookies).flat()) {
    const own = /^(.*)\//.exec(pathOf(asked))[1] || '/';
    const key = `${set.name};${set.path[0] === '/' ? set.path : own}`;
    const expires = expiry(set);
    if (expires !== 0 && expires <= Date.now() / 1000) delete jar[key];
    else jar[key] = `${expires};${asSet(set, res.headers['Set-Cookie'])}`;
  }
}
