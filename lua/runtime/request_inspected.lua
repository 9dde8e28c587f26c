local function request_step_json(_, late)
  return step_json(1, records, nil, late)
end
