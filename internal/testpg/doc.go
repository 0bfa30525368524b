// Package testpg starts a real PostgreSQL server for tests, from the binaries of the machine, and removes it after.
//
// It looks for initdb and postgres in the folder WAARBORG_PG_BIN, else in /usr/lib/postgresql/*/bin (the newest, or the
// major version in WAARBORG_PG_VERSION), else in PATH. A machine without them skips the test, but fails it under
// CI=true: a test that never runs proves nothing.
//
// The server listens on 127.0.0.1 and on a Unix socket, speaks TLS with a certificate made for the run, and runs as an
// unprivileged user when the tests run as root, because PostgreSQL refuses root. It does not sync to disk.
package testpg
