//go:build !race

package pades_test

// masks are what each byte is changed by.
var masks = []byte{0x01, 0x04, 0x20, 0x80, 0xff}
