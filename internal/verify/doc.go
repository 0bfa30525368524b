// Package verify judges what Waarborg gives out, without trusting whoever handed it over: reports as PDF, sigstore bundles,
// snapshots, assessments and results. It needs no network and no store: the file, and keys that the reader knows.
//
// A verdict is made of checks, each a sentence for a layperson. Unknown is never fine: what could not be checked is open,
// and a file with an open check that matters is not trusted.
package verify
