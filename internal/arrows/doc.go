// Package arrows holds the import rules of docs/design/layout.md by a test. It has no code of its own.
package arrows
