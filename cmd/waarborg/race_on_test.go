//go:build race

package main

// underRace: the race detector makes a run some ten times slower, so tests that repeat one thing repeat it less.
const underRace = true
