# What taskbench asks of a host. It is read from standard input and never stored.
# Each line that comes behind it is a command of its own, which sets q to its
# number; each answer is a line that begins with the word $t, which keeps it apart
# from what else is printed, and that number.
# When standard input ends, taskbench is gone, or the way to it is.
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/bin:/opt/homebrew/bin:/usr/sbin:/sbin
umask 077

say() { printf '%s %s %s\n' "$t" "$q" "$*"; }

# Ends whatever was started, removes the folder, and then this shell, too: all of
# it is one process group, which nobody else is in.
leave() {
  trap '' HUP INT TERM PIPE
  kill -TERM 0
  [ -z "$d" ] || rm -rf "$d" || { sleep 1; rm -rf "$d"; }
  kill -KILL 0
}

# A connection that breaks without a word does not end standard input: where no
# beat comes for half a minute, or this shell was killed, its guard leaves for it.
guard() {
  (
    trap 'n=0' USR1
    trap '' INT
    n=0
    while [ "$n" -lt 6 ] && kill -0 $$ 2>/dev/null; do
      sleep 5 &
      wait $!
      n=$((n + 1))
    done
    leave
  ) </dev/null >/dev/null 2>&1 &
  g=$!
}

beat() { kill -USR1 "$g"; }

free() { df -Pk "${d:-${TMPDIR:-/tmp}}" 2>/dev/null | awk 'NR > 1 { n = $4 } END { print n }'; }

load() { (cat /proc/loadavg || sysctl -n vm.loadavg) 2>/dev/null | tr -d '{}' | awk '{ print $1; exit }'; }

# A fact is a name and a value; the last has none.
facts() {
  say fact system "$(uname -s)"
  say fact kernel "$(uname -r)"
  say fact arch "$(uname -m)"
  say fact boot "$( (cat /proc/sys/kernel/random/boot_id || sysctl -n kern.bootsessionuuid) 2>/dev/null)"
  say fact cores "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null)"
  say fact load "$(load)"
  say fact model "$( (sed -n 's/^model name[^:]*: //p' /proc/cpuinfo || sysctl -n machdep.cpu.brand_string) 2>/dev/null | head -n 1)"
  say fact free "$(free)"
  say fact files "$(ulimit -H -n)"
  say fact taskset "$(command -v taskset)"
  w=$(command -v "$1")
  say fact wrk "$w"
  [ -z "$w" ] || "$w" -v </dev/null 2>&1 | while IFS= read -r l; do say fact version "$l"; done
  say facts
}

now() { say now "$(date +%s%N)"; }

# The same from wrk's own Lua, where date knows whole seconds only.
wrknow() { say now "$("$1" -t 1 -c 1 -d 1s -s "$d/clock.lua" http://127.0.0.1:1/ 2>/dev/null </dev/null)"; }

# start VARIABLES WORDS…: a program in the background. When it is ready to begin is
# told, and its end.
start() {
  (
    e=$1
    shift
    trap - HUP TERM
    ulimit -c 0
    ulimit -S -n "$(ulimit -H -n)" 2>/dev/null
    (eval "$e"; exec "$@") </dev/null >"$d/stdout" 2>"$d/stderr" &
    p=$!
    say started "$p"
    while [ ! -f "$d/go.ready" ] && kill -0 "$p" 2>/dev/null; do sleep 0.01 2>/dev/null || sleep 1; done
    [ ! -f "$d/go.ready" ] || say waits
    wait "$p"
    c=$?
    times >"$d/times" 2>/dev/null # in a pipe it would be another shell's
    say ended "$c" "$(sed -n 2p "$d/times" 2>/dev/null)"
  ) &
}

# send FILE MOST: so many bytes of it at most, behind a line with their number and
# that of all.
send() {
  if [ -f "$d/$1" ]; then
    a=$(($(wc -c <"$d/$1")))
    n=$a
    [ "$n" -le "$2" ] || n=$2
    say file "$n" "$a"
    head -c "$n" "$d/$1"
  else
    say file 0 -1
  fi
}

clear() {
  rm -f "$d"/*
  say cleared
}

# tidy FOLDER: what a shell before this one left that was killed with its guard. Its
# folder's name is nobody else's, and stands among wrk's arguments. Nothing else is
# touched, whatever is asked for.
tidy() {
  case $1 in
    */taskbench-host-????????) ;;
    *) say tidy; return ;;
  esac
  ps -A -o pid= -o args= 2>/dev/null | while read -r p a; do
    case $a in *" $1/"*) kill -KILL "$p" 2>/dev/null ;; esac
  done
  rm -rf "$1"
  say tidy
}

trap leave HUP INT TERM PIPE
d=$(mktemp -d "${TMPDIR:-/tmp}/taskbench-host-XXXXXXXX") || d=
guard
say ready "$d"
while IFS= read -r l; do eval "$l"; done
leave
