// A path that holds what was found while running, as it is: why k6 would send another one.
function oddPath(path) {
  return /^[^?]*?[^\w\-.~!$&'()*+,;=:@[\]/%?]/.test(path) ? `k6 would encode the path ${path} anew` : '';
}
