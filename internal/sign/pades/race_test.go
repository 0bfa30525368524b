//go:build race

package pades_test

// masks are few here: reading is some forty times slower with the race detector.
var masks = []byte{0x01}
