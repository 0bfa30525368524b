// Package pdf draws reports and letters as PDF: pages for people, with what they rest on attached.
//
// The bytes are a function of the input alone: no clock, no order of maps, nothing of the machine. So whoever holds a
// report's attachments can draw its pages again and compare. This package makes no signature; it leaves a place for one.
package pdf
