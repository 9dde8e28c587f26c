// What is put into a path as it is: its fragment is not sent, and what a request line
// cannot hold is percent-encoded.
function asRaw(text) {
  return text.replace(/#[^]*/, '').replace(/[^!-~]+/gu, (c) => encodeURIComponent(c));
}


function hostOf(text) {
  return text.toLowerCase().replace(/:80$/, '').replace(/:443$/, '');
}

// A whole path: one from the root of the server, or the URL of one. null where it is
// neither, or of another server, unless any will do.
function asPath(text, any) {
  const [, host, path] = /^(?:https?:)?\/\/([^/?#]*)([^]*)$/i.exec(text) || [];
  if (host !== undefined) {
    if (!any && hostOf(host) !== hostOf(HOST) && !OWN_HOSTS.includes(host.toLowerCase())) return null;
    text = path[0] === '/' ? path : `/${path}`;
  }
  return text[0] === '/' ? asRaw(text) : null;
}
