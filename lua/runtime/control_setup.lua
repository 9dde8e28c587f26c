-- A setup with such steps.
do
  local ask_step, begun = setup_request, false

  function setup_request()
    if not begun then begun, current = true, following(1, SETUP_STEPS) end
    return ask_step()
  end

  next_setup_step = function()
    if once_more(true) then return true end
    local k = following(current + 1, SETUP_STEPS)
    current = k or current
    return k ~= nil
  end
end
