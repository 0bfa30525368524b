// Package ci tests what pipelines use: the GitHub action, the templates of GitLab and Azure, the hooks of pre-commit, the
// Dockerfile, and the examples in docs/pipelines.md. It has no code of its own.
package ci
