-- Every answer is looked at.
local start = init
local content_length = header("Content-Length")

-- A broken answer leaves its remains in front of the next body of its
-- connection, and nobody knows which that is: an answer that is not right is
-- looked at once more without what is beyond its length.
local function own_part(headers, body)
  local text = content_length(headers)
  local length = text and tonumber(text)
  return length and length < #body and sub(body, #body - length + 1) or body
end

function init()
  start()
  step_record[1] = record.steps[0]
end

function response(status, headers, body)
  if is_interim(status) then
    record.surplus = record.surplus + 1
    return
  end
  counting, failed = false, false
  judge[1](status, headers, body)
  if failed then
    counting, failed, body = true, false, own_part(headers, body)
    judge[1](status, headers, body)
  end
  count_answer(step_record[1], status, body)
end
