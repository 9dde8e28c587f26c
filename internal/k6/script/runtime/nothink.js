// Nobody thinks between requests.
function thinkTime() {
  return 0;
}
