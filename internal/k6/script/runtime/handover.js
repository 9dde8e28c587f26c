// Who was set up elsewhere is handed over: a line for each virtual user, with how many
// iterations it has had, and what its setup left behind: TABLE.KEY=VALUE …, percent-encoded.
function take(line) {
  const tables = made();
  iteration = Number(/^\d+/.exec(line)[0]);
  for (const part of line.split(' ').slice(1)) {
    const [, table, key, value] = /^(\w+)\.([^=]*)=(.*)$/.exec(part) || [];
    if (tables[table]) tables[table][decodeURIComponent(key)] = decodeURIComponent(value);
  }
}
