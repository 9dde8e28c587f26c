-- Single steps are counted as steps.
local function count_journey() end
