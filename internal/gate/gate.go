// Package gate judges what a deploy would make, before it is made: inputs of several formats are read side by side and in
// bounded memory, and outcomes come out in the order of the inputs. See docs/design/gate.md.
package gate

import (
	"context"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Change says what a deploy does with a resource.
type Change string

// The changes that are judged. Resources that go, and those that stay as they are with all that is joined to them, are not.
const (
	Create  Change = "create"
	Update  Change = "update"
	Replace Change = "replace"
	Move    Change = "move"
	Import  Change = "import"
	Forget  Change = "forget"  // goes on existing, out of the tool's care
	Joined  Change = "joined"  // stays as it is, but something joined to it changes
	Present Change = "present" // of an input that says what is there, not what changes
)

// Subject is one resource of an input, ready to judge.
type Subject struct {
	Draft   inventory.Draft
	Address string   // as the tool that made the input writes it; instance keys that can name people are pseudonyms
	Was     string   // its address before a move; empty otherwise
	Type    string   // in the tool's words: azurerm_storage_account, Microsoft.Storage/storageAccounts, v1/Service
	Change  Change   //
	Tells   []string // fact paths that this kind of input can show for this type; shared, not to be changed
	Raw     Raw      // for rules that ask for the resource itself; nil if there is none
	// Resource is set, and Draft has neither facts nor scope, where the input has facts that are encoded already: a snapshot.
	Resource *inventory.Resource
}

// Raw gives attributes of a resource as the input has them.
type Raw interface {
	// Attribute decodes the attribute at a path of names. ok is false if it is not there. A value that is secret or known
	// only after apply has the reason instead, and is never decoded.
	Attribute(path []string) (value any, why inventory.Reason, ok bool)
}

// Reader reads one input. Its methods may be called from several goroutines.
type Reader interface {
	Info() Info
	// Units is how many units there are; the number is not that of the subjects, for a unit may have none.
	Units() int
	// Read appends the subjects of units from (inclusive) to (exclusive), in order. It uses nothing but the input.
	Read(ctx context.Context, from, to int, out []Subject) ([]Subject, error)
	// Close gives back what the reader holds.
	Close() error
}

// Info is what is known of an input once it is opened.
type Info struct {
	Name     string         `json:"name"`             // as given, without folders of this machine
	Format   string         `json:"format"`           // terraform-plan, terraform-state, arm-template, arm-what-if, kubernetes, snapshot, mapped
	Digest   string         `json:"digest"`           // sha256:… of the file's bytes
	Size     int64          `json:"size"`             // bytes
	Skipped  map[string]int `json:"skipped,omitzero"` // resources that are not judged, by why: delete, no-op, data
	Drift    []Drift        `json:"drift,omitzero"`   // what was changed outside the tool
	Problems []Problem      `json:"problems,omitzero"`
}

// Drift is a resource that differs from what the tool last made.
type Drift struct {
	Address string   `json:"address"`
	Type    string   `json:"type"`
	Change  string   `json:"change"`              // update, delete
	Fields  []string `json:"attributes,omitzero"` // names of top-level attributes that differ, sorted
}

// Problem is something of an input that could not be read.
type Problem struct {
	What   say.Text         `json:"what"`
	Reason inventory.Reason `json:"reason"`
	Hint   say.Text         `json:"hint"`
}
