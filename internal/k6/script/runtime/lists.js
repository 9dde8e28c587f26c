// Lists that for_each goes through: each element is cut into the values that its step
// sends, written the way their places need them; null where one has not all of them.
function listOf(values) {
  const read = (text) =>
    values.map((value) => {
      const found = value.read({ body: text });
      return found && !(value.text && found.kind === 'null') ? value.write(found.value, found.kind) : null;
    });
  return (text) => {
    if (text[behindSpace(text, 0)] !== '[') return null;
    const list = elementsOf(text, behindSpace(text, 0)).map((at) => (valueEnd(text, at) < 0 ? [null] : read(text.slice(at, valueEnd(text, at)))));
    return list.every((element) => element.every((value) => value !== null)) ? list : null;
  };
}
