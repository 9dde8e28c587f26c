local function request_step_json(_, count)
  return step_json(1, records, nil, count)
end
