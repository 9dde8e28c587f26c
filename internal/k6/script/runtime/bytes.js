// A body that is not all text: parts are text, or bytes.
function bytes(parts) {
  const buffers = parts.map((part) => new Uint8Array(typeof part === 'string' ? encoding.b64decode(encoding.b64encode(part)) : part));
  const whole = new Uint8Array(buffers.reduce((sum, buffer) => sum + buffer.length, 0));
  let at = 0;
  for (const buffer of buffers) {
    whole.set(buffer, at);
    at += buffer.length;
  }
  return whole.buffer;
}
