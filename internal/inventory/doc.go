// Package inventory holds what was seen of live systems: resources of a few kinds in the agreement's language, their
// three-valued facts, where each was read, and the snapshot that seals them.
//
// Redaction is by construction: a resource has typed fields and no free map, so a collector cannot carry over what
// nobody asked for; principals enter only as pseudonyms.
package inventory
