// Package assess judges collected resources by rules. It is the only package that knows OPA.
//
// A rule's input is the facts it needs and the terms it names, so a verdict is a function of that input and is computed
// once per distinct input, however many resources share it. What is unknown can fail (if the known part does) but never
// pass. See docs/design/spine.md.
package assess
