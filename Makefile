# taskbench: `make bench` does everything a new user wants, `make test` everything a maintainer does.
.DEFAULT_GOAL := help
GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)
LDFLAGS := -s -w -X taskbench/internal/cli/console.release=$(VERSION)
FUZZTIME ?= 10s

PREFIX    ?= /usr/local
DIST      ?= dist
PLATFORMS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64
SOURCES   := $(shell find go.mod go.sum main.go scenarios lua wrk parse results compare internal -type f -not -path '*/testdata/*' -not -name '*_test.go')
SHA256    := $(shell command -v sha256sum >/dev/null && echo sha256sum || echo shasum -a 256)

.PHONY: help bench build install uninstall dist test check lint fuzz bench-lua bench-truth bench-verdicts bench-aa bench-scoreboard bench-precision bench-gate bench-taskflow bench-leak bench-capacity bench-faults bench-kills bench-ledger bench-rate bench-hosts bench-streams bench-store wrk golden clean

## help: list the targets
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST) | awk -F': ' '{printf "  make %-15s %s\n", $$1, $$2}'

## bench: install wrk if missing, build, run every built-in scenario against two reference servers
bench: wrk build
	./taskbench demo

## build: build ./taskbench
build:
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o taskbench .

taskbench: $(SOURCES)
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o taskbench .

# It builds what is not built yet, so that `make build && sudo make install`
# needs no Go where root has none.
## install: put taskbench, its manual and completions below PREFIX (default /usr/local)
install: taskbench
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/man/man1' '$(DESTDIR)$(PREFIX)/share/bash-completion/completions' \
	  '$(DESTDIR)$(PREFIX)/share/zsh/site-functions' '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d'
	install -m 755 taskbench '$(DESTDIR)$(PREFIX)/bin/taskbench'
	./taskbench man > '$(DESTDIR)$(PREFIX)/share/man/man1/taskbench.1'
	./taskbench completion bash > '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/taskbench'
	./taskbench completion zsh > '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_taskbench'
	./taskbench completion fish > '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/taskbench.fish'

## uninstall: remove what install put there
uninstall:
	rm -f '$(DESTDIR)$(PREFIX)/bin/taskbench' '$(DESTDIR)$(PREFIX)/share/man/man1/taskbench.1' \
	  '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/taskbench' '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_taskbench' \
	  '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/taskbench.fish'

# Nothing of the machine, the folder or the time is in them: the same commit and
# the same Go give the same bytes anywhere.
## dist: static binaries for Linux and macOS, amd64 and arm64, with checksums, in dist/
dist:
	rm -rf '$(DIST)' && mkdir -p '$(DIST)'
	@set -e; for platform in $(PLATFORMS); do \
	  out='$(DIST)'/taskbench-$${platform%/*}-$${platform#*/}; echo "$$out"; \
	  CGO_ENABLED=0 GOFLAGS= GOAMD64=v1 GOARM64=v8.0 GOOS=$${platform%/*} GOARCH=$${platform#*/} \
	    $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS) -buildid=' -o "$$out" .; \
	done
	cd '$(DIST)' && $(SHA256) taskbench-* > SHA256SUMS

# Ten minutes, go's default, are too few for one package on a busy machine.
## test: all tests, with the race detector and the real wrk
test: wrk check
	$(GO) test -race -timeout 30m ./...

## check: formatting, vet and the linter
check:
	@files=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')); \
	  if [ -n "$$files" ]; then echo "gofmt would change:"; echo "$$files"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

## fuzz: every fuzz test for FUZZTIME (default 10s) each
fuzz:
	@for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$pkg || exit 1; \
	  done; done

## bench-lua: what generated scripts cost against bare wrk (ratios, instructions a request)
bench-lua: wrk
	$(GO) run ./internal/cmd/luabench

## bench-truth: our figures, in turn and in slots, against what the server saw itself do
bench-truth: wrk
	TASKBENCH_STRICT=1 $(GO) test -count 1 -v ./internal/cmd/truth

## bench-verdicts: simulate the verdict rules through the real code, whole runs too (3 minutes)
bench-verdicts:
	$(GO) run ./internal/cmd/verdictbench

# Sent by two processes, and without the slower server: make bench-aa AA="-hosts 2 -slow 0"
AA ?=
## bench-aa: the reference server against itself and against a slower one, for real (15 minutes; AA="-hosts 2": sent by two)
bench-aa: wrk
	$(GO) run ./internal/cmd/aabench $(AA)

# It goes on with the tally that it finds: stop it when you like.
RUNS  ?= 200
TALLY ?= scoreboard.jsonl
## bench-scoreboard: false statements, false gate failures and losses found, in RUNS (200) real runs of a server against itself beside a neighbour, kept in TALLY (a night)
bench-scoreboard: wrk
	$(GO) run ./internal/cmd/aabench -tally '$(TALLY)' -aa $(RUNS) -pin=false -slots -warmup 800ms

# The short form takes three minutes, the whole one a night:
# make bench-precision PRECISION="-repeats 20" takes some three hours.
PRECISION ?= -parts scatter -only 'slow 0%' -repeats 3 -duration 1s -warmup 500ms
## bench-precision: how much sharper slots are than trials in turn (3 minutes; PRECISION="-repeats 20": hours)
bench-precision: wrk
	$(GO) run ./internal/cmd/precision $(PRECISION)

## bench-gate: the gate on the reference server against itself, all built-in scenarios: it must exit 0 (5 minutes)
bench-gate: wrk build
	sh scripts/gate_aa.sh

## bench-taskflow: TaskFlow's suite from init to gate, two copies with PostgreSQL behind them and bcrypt at 12 (6 minutes; needs PostgreSQL)
bench-taskflow: wrk build
	sh scripts/bench_taskflow.sh

## bench-leak: leak verdicts on servers that leak, and that do not (8 minutes)
bench-leak: wrk
	$(GO) run ./internal/cmd/leakbench

## bench-capacity: searches for the capacity of servers with known ceilings, one alone and two 10 % apart (50 minutes)
bench-capacity: wrk
	$(GO) run ./internal/cmd/searchbench

## bench-faults: errors counted against a faulty server's own count, every kind in every mode (2 minutes)
bench-faults: wrk
	$(GO) run ./internal/cmd/faultbench

## bench-kills: a hundred runs killed at random moments, each gone on with (8 minutes)
bench-kills: wrk
	$(GO) run ./internal/cmd/killbench

## bench-hosts: what one generator can send, wrk and k6, in one process and in two (7 minutes)
bench-hosts: wrk
	$(GO) run ./internal/cmd/hostbench

## bench-rate: load at a rate against the server's own arrival clock: mean rate, lateness, stalls, Poisson (1 minute)
bench-rate: wrk
	$(GO) run ./internal/cmd/ratebench $(RATE)

## bench-ledger: known costs added to small servers: how often a ledger and why find them
bench-ledger:
	$(GO) run ./internal/cmd/ledgerbench

## bench-streams: memory that recordings of 100 MB by perf, heaptrack and callgrind take to read
bench-streams:
	$(GO) test -run '^$$' -bench Streams -benchtime 1x ./internal/profile ./internal/callgrind

## bench-store: compare over a store of 10,000 documents
bench-store:
	$(GO) test -run '^$$' -bench Store -benchmem ./results ./compare

## golden: rewrite the golden files, docs/output.md and docs/findings.md (look at the diff)
golden:
	$(GO) test ./lua ./compare ./compare/sentences ./scenarios ./internal/export -update
	$(GO) test ./internal/cli -run TestOutputDocumentation -update

wrk:
	@sh scripts/install_wrk.sh

## clean: remove what was built (results are kept)
clean:
	rm -f taskbench
	rm -rf '$(DIST)'
