#!/bin/sh
# Measures everything there is to measure, then prints it side by side.
"${TASKBENCH:-taskbench}" run "$@" && exec "${TASKBENCH:-taskbench}" compare
