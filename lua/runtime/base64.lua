-- Base64 (RFC 4648, section 4).
local base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(text)
  text = tostring(text)
  local out = {}
  for i = 1, #text, 3 do
    local a, b, c = byte(text, i, i + 2)
    local n = a * 65536 + (b or 0) * 256 + (c or 0)
    for k = 1, 4 do
      local digit = math.floor(n / 64 ^ (4 - k)) % 64 + 1
      out[#out + 1] = (k == 3 and not b or k == 4 and not c) and "=" or sub(base64_digits, digit, digit)
    end
  end
  return table.concat(out)
end
