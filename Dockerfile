# Three targets: the last is the default, `docker build -t waarborg .`: the program alone. It has no shell and no git, so
# `waarborg gate --ref` does not work in it: mount the trusted workspace and name it with -w. For pipelines that run jobs in
# an image and need a shell: `docker build --target pipeline -t waarborg-pipeline .`
#
# Tags below can be moved by whoever owns them. For production pin each as NAME:TAG@sha256:DIGEST, and let a bot raise them.
ARG GO_IMAGE=golang:1.27-bookworm
ARG SHELL_IMAGE=debian:bookworm-slim

FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
# As `make build`: no C, no paths of this machine; nothing of the clock, so that the same source gives the same bytes.
RUN CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /root-fs/usr/local/bin/waarborg ./cmd/waarborg
# What the program needs around it: a folder for temporary files, and whom to trust when it collects over TLS.
RUN mkdir -p /root-fs/etc/ssl/certs /root-fs/work && mkdir -m 1777 /root-fs/tmp && cp /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/

FROM ${SHELL_IMAGE} AS pipeline
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git && rm -rf /var/lib/apt/lists/*
COPY --from=build /root-fs/usr/local/bin/waarborg /usr/local/bin/waarborg
USER 65532:65532
WORKDIR /work

FROM scratch
COPY --from=build /root-fs/ /
ENV PATH=/usr/local/bin
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/waarborg"]
