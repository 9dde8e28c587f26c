#!/bin/sh
# What a newcomer does with TaskFlow's two servers, from nothing to a gate: init,
# doctor, check --live, run, gate; on two copies of the reference server that has
# PostgreSQL behind it (internal/cmd/taskflowdb), a cluster of its own beside, and
# passwords that cost what they cost the real servers. Nothing is edited. It prints
# what each command took and its exit code, and of run what each scenario took.
#
# Arguments are run's: sh scripts/bench_taskflow.sh projects workflow --connections 500 --pairs 1
# COST (12) is bcrypt's, PORT (3000) the first of two, which configurations have.
set -eu
taskbench=$(realpath "${TASKBENCH:-./taskbench}")
cost=${COST:-12}
port=${PORT:-3000}

dir=$(mktemp -d)
cluster=$dir/cluster
postgres=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
for bin in /usr/lib/postgresql/*/bin; do
  [ ! -x "$bin/initdb" ] || postgres=$bin
done
[ -x "$postgres/initdb" ] || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 1; }

# PostgreSQL refuses to be root.
as() {
  if [ "$(id -u)" = 0 ]; then
    (cd "$cluster" && setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
  else
    "$@"
  fi
}
finish() {
  as "$postgres/pg_ctl" --pgdata "$cluster/data" --mode immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

mkdir "$cluster"
chmod 755 "$dir"
[ "$(id -u)" != 0 ] || chown postgres "$cluster"
as "$postgres/initdb" --pgdata "$cluster/data" --username postgres --auth trust --encoding UTF8 --locale C >/dev/null
as "$postgres/pg_ctl" --pgdata "$cluster/data" --log "$cluster/log" --options "-k $cluster -c listen_addresses='' -c max_connections=50" --wait start >/dev/null

# The folders as the published repository has them.
servers=$dir/checkout/examples/taskflow
mkdir -p "$servers/rust/target/release" "$servers/windjammer/build/target/release"
go build -o "$dir/taskflowdb" ./internal/cmd/taskflowdb
printf '[package]\nname = "taskflow-api"\n' | tee "$servers/rust/Cargo.toml" > "$servers/windjammer/wj.toml"
for program in rust/target/release windjammer/build/target/release; do
  printf '#!/bin/sh\nexec %s --bcrypt-cost %s --dialect %s\n' "$dir/taskflowdb" "$cost" "${program%%/*}" > "$servers/$program/taskflow-api"
  chmod 755 "$servers/$program/taskflow-api"
done
cd "$dir/checkout"
export TASKFLOW_SCHEMA=none DATABASE_URL="postgresql://postgres@/taskflow?host=$cluster"

# timed COMMAND… runs it, and says how long it took and how it ended.
timed() {
  began=$(date +%s)
  code=0
  "$@" > out.txt 2> err.txt || code=$?
  shift
  echo "$1: exit code $code after $(($(date +%s) - began)) s"
  if [ "$code" != 0 ]; then
    cat out.txt err.txt
    exit "$code"
  fi
}
echo "load average of the machine: $(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo unknown)"
timed "$taskbench" init --suite taskflow
[ "$port" = 3000 ] || sed -i "s/3000/$port/; s/3001/$((port + 1))/" taskbench.yaml
timed "$taskbench" doctor
timed "$taskbench" check --live

# What a run says of each trial, with the time.
run() {
  { "$taskbench" run "$@" 2>&1 >run.txt; echo "exit $?"; } | while read -r line; do echo "$(date +%s) $line"; done > progress.txt
  code=$(sed -n 's/^[0-9]* exit //p' progress.txt)
}
began=$(date +%s)
run "$@"
echo "run: exit code $code after $(($(date +%s) - began)) s"
awk '$2 ~ /^[0-9]+\/[0-9]+$/ { took[$3] += $1 - last; trials[$3]++ }
  { last = $1 }
  END { for (s in took) printf "  %-18s %4d s, %d trials\n", s, took[s], trials[s] }' progress.txt | sort
for who in rust windjammer; do
  echo "  setups of $who, in s: $("$taskbench" results query "$who" 'scenarios.#.trials.#.setup.seconds')"
done
cat run.txt
sed -n 's/^[0-9]* //p' progress.txt | grep -v -e '^[0-9]' -e '^exit ' | tail -n 4
[ "$code" = 0 ] || exit "$code"
timed "$taskbench" gate
tail -n 3 out.txt
