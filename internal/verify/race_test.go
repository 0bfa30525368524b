//go:build race

package verify_test

// every: under the race detector, which makes a run some ten times slower, a sample of the bytes is changed.
const every = 101
