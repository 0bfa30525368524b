// Package evidence holds what an assessment rests on in one value: the resources as they were sealed, the terms and waivers
// in force, the time. Results are what it replays to. A slice of it holds what one customer may see, with proofs that it is
// of the sealed snapshot.
package evidence
