// Redirects: the request that follows one is made of the one before it.
function redirect(step, answer, hand) {
  const status = answer.status;
  if (status < 301 || status > 308 || (status > 303 && status < 307)) return '';
  const to = header(answer, 'Location');
  if (!to) return '';
  const follows = hand.hops < step.redirects && legible(to) ? following(hand.asked, status, to.value) : null;
  if (!follows) {
    unmet(step.astray);
    return 'astray';
  }
  hand.hops++;
  hand.follows = follows;
  wait = 0;
  return 'redirected';
}

// As clients do: 307 and 308 are asked with the same method and body, others with GET.
function following(asked, status, to) {
  const path = leads(to, asked.path);
  if (path === null) return null;
  if (status === 307 || status === 308 || asked.method === 'GET') return { ...asked, path };
  const headers = { ...asked.headers };
  for (const name of Object.keys(headers)) {
    if (name.toLowerCase().startsWith('content-')) delete headers[name];
  }
  return { method: 'GET', path, headers };
}

// A path without its "." and ".." (RFC 3986, section 5.2.4).
function withoutDots(path) {
  const out = [];
  for (const part of path.split('/').slice(1)) {
    if (part === '..') out.pop();
    else if (part !== '.') out.push(part);
  }
  return `/${out.join('/')}${out.length > 0 && /\/\.\.?$/.test(path) ? '/' : ''}`;
}

// Where a Location leads from a path: a path with its query, or null where that is
// another server's.
function leads(to, from) {
  to = to.trim().replace(/#[^]*$/, '');
  const scheme = /^([a-z][\w+.-]*):/i.exec(to);
  if (scheme) {
    if (scheme[1].toLowerCase() !== SCHEME) return null;
    to = to.slice(scheme[0].length);
  }
  if (to.startsWith('//')) {
    const [, host, path] = /^\/\/([^/?]*)([^]*)$/.exec(to);
    const bare = (text) => text.toLowerCase().replace(SCHEME === 'https' ? /:443$/ : /:80$/, '');
    if (bare(host) !== bare(HOST)) return null;
    to = path[0] === '/' ? path : `/${path}`;
  }
  let [, path, query] = /^([^?]*)([^]*)$/.exec(to);
  if (path === '') {
    path = /^[^?]*/.exec(from)[0];
    query = query || (/\?[^]*$/.exec(from) || [''])[0];
  } else if (path[0] !== '/') {
    path = /^([^?]*\/)/.exec(from)[1] + path;
  }
  return (withoutDots(path) + query).replace(/[^!-~]+/gu, (c) => encodeURIComponent(c));
}
