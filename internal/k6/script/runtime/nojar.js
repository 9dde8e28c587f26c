// No cookie is sent but those that a step writes: those that servers set are forgotten.
function headersOf(asked) {
  return asked.headers;
}

function keepCookies() {
  noCookies = null;
}
