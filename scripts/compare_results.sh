#!/bin/sh
# Prints the newest stored results side by side.
exec "${TASKBENCH:-taskbench}" compare "$@"
