#!/bin/sh
# The reference server against itself, in both dialects, over all built-in
# scenarios: there is nothing to find, so the gate must exit with 0.
# RUNS such runs (default 1) of PAIRS pairs (6), with windows of WINDOW (2s).
set -eu
taskbench=${TASKBENCH:-./taskbench}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/taskbench.yaml" <<CONFIG
targets:
  windjammer: {url: "http://127.0.0.1:${PORT:-18300}", start: "'$(realpath "$taskbench")' serve --addr 127.0.0.1:${PORT:-18300} --dialect windjammer"}
  rust: {url: "http://127.0.0.1:$((${PORT:-18300} + 1))", start: "'$(realpath "$taskbench")' serve --addr 127.0.0.1:$((${PORT:-18300} + 1)) --dialect rust"}
baseline: rust
CONFIG
failed=0
for run in $(seq "${RUNS:-1}"); do
  "$taskbench" run --config "$dir/taskbench.yaml" --results "$dir/results" --pairs "${PAIRS:-6}" --duration "${WINDOW:-2s}" --warmup 1s > "$dir/run.txt" 2> "$dir/progress.txt" || { cat "$dir/progress.txt"; exit 1; }
  if ! "$taskbench" gate --results "$dir/results"; then failed=$((failed + 1)); fi
  echo "run $run: $failed failed so far"
done
[ "$failed" = 0 ]
