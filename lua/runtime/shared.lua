-- What all virtual users share: one struct, whose address is handed to each.
ffi.cdef((string.gsub([[
typedef struct {
  double users;
  double last;
  double go;
  double told_to;
  double over;
  double told;
  double ready_at[LIMIT];
  double setup_sent[LIMIT];
} taskbench_shared;
]], "%u+", { LIMIT = 10000 })))

local shared

local function share(thread)
  shared = shared or ffi.new("taskbench_shared")
  thread:set("taskbench_shared", address("taskbench_shared*", shared))
end

local function take_shared()
  shared = ffi.cast("taskbench_shared*", taskbench_shared)
end
