// Paths hold nothing but what is encoded, or was looked at when the script was made.
function oddPath() {
  return '';
}
