-- The request never changes: it is built once.
local text

function init()
  begin()
  text = ask[1]()
end

function request()
  record.asked = record.asked + 1
  return text
end
