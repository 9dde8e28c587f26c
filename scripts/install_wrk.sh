#!/bin/sh
# Installs wrk where it is missing: apt-get on Debian and Ubuntu, brew on macOS.
# Without the right to install it says what to type.
set -eu
command -v wrk >/dev/null 2>&1 && exit 0

say() { printf '%s\n' "$*" >&2; }
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then root="sudo"
  else say "wrk is missing. Type: sudo apt-get install wrk"; exit 1
  fi
  say "installing wrk (apt-get)"
  $root apt-get update -qq
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq wrk >/dev/null
elif command -v brew >/dev/null 2>&1; then
  say "installing wrk (brew)"
  brew install wrk
else
  say "wrk is missing. Install it with your package manager, or from https://github.com/wg/wrk"
  exit 1
fi
