-- This server is measured alone: every connection has a request open at the end.
local OPEN_AT_END = USERS
local function slots_json() end
