// Package policies carries Waarborg's rules: Rego, one folder a rule, with the reference data and the schemas of the
// kinds of resource. The same files run under plain `opa test policies`, `opa check` and `opa eval`.
package policies

import "embed"

// FS holds the rules (`<area>/<rule>/`), the library (`lib/`), reference data (`reference/*.json`) and schemas.
//
//go:embed all:access all:reference all:lib all:processings all:retention all:schemas all:security all:subprocessors all:transfers
var FS embed.FS
