# taskbench with the wrk it drives: docker run --rm --network host -v "$PWD:/work" taskbench run
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=docker
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X taskbench/internal/cli/console.release=$VERSION" -o /taskbench .

FROM debian:bookworm-slim
# Debian's releases fix the version of wrk: 4.1.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends wrk ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 1000 bench
COPY --from=build /taskbench /usr/local/bin/taskbench
USER 1000
WORKDIR /work
ENTRYPOINT ["taskbench"]
CMD ["--help"]
