#!/bin/sh
# Measures both implementations with every built-in scenario (or those named).
exec "${TASKBENCH:-taskbench}" run "$@"
