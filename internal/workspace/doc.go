// Package workspace reads a workspace: the folder, kept in git, that holds the agreements, the register of
// sub-processors, the data map, who needs access, waivers, and the sources to read. It reports every problem of every
// file in one go, and holds references between files against each other: a name that dangles would silently take a
// promise out of every check.
package workspace
