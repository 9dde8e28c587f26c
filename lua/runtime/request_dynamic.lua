function init()
  begin()
  seed_random(user)
end

function request()
  record.asked = record.asked + 1
  draw_rows()
  return ask[1]()
end
