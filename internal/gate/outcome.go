package gate

import (
	"iter"
	"time"

	"waarborg/internal/assess"
)

// Class says what an outcome means for the deploy.
type Class string

// The classes of outcomes that are not met. What is met is only counted.
const (
	Failing  Class = "failing"       // not met
	Accepted Class = "accepted"      // not met, and an approved waiver covers it
	Known    Class = "known"         // not met, and on the baseline: neither new nor worse
	ToProve  Class = "to-prove"      // what is missing is known only after apply
	Unclear  Class = "unclear"       // could not be judged
	LeftOver Class = "left-to-check" // the input never shows what the rule needs; counted per rule, never an outcome of its own
)

// Schema names the form of a gate's results in JSON. It is not that of an assessment: nothing live was looked at.
const Schema = "waarborg.gate/v1"

// Outcome is one rule's outcome for one subject, if it is not met.
type Outcome struct {
	assess.Result
	Class       Class  `json:"class"`
	Input       string `json:"input"`              // name of the input
	Address     string `json:"address"`            // in the tool's words
	Was         string `json:"was,omitempty"`      // before a move
	Type        string `json:"type"`               // in the tool's words
	Change      Change `json:"change"`             //
	Fingerprint string `json:"fingerprint"`        // the same in every run for this rule and resource; hex
	Compared    string `json:"compared,omitempty"` // where there is a baseline: new, or worse than its entry
	Reason      string `json:"reason,omitempty"`   // of the waiver or the baseline entry
	Until       string `json:"until,omitempty"`    // last day of the waiver or the baseline entry
}

// Outcomes ranges over outcomes in the order of the inputs, and within a resource by rule. It may be ranged over more than
// once. After an error nothing follows.
type Outcomes = iter.Seq2[Outcome, error]

// Report is all that a run found but the outcomes themselves.
type Report struct {
	Schema      string             `json:"schema"`
	Version     string             `json:"version"` // of Waarborg
	At          time.Time          `json:"judged_at"`
	Language    string             `json:"language"`
	Status      assess.Status      `json:"status"` // fail, unknown or pass
	Inputs      []Info             `json:"inputs"`
	Rules       string             `json:"rules"`                // digest of the rules
	TeamRules   string             `json:"team_rules,omitempty"` // digest of the team's own rules
	Workspace   string             `json:"workspace"`            // digest of the workspace's files
	Subjects    int                `json:"subjects"`             // resources judged
	Counts      Counts             `json:"counts"`
	Blocks      []Block            `json:"blocks,omitzero"` // other reasons why the deploy may not go on
	Left        []Left             `json:"left_to_check,omitzero"`
	Mended      []Mended           `json:"mended,omitzero"`                 // entries of the baseline that are met now
	Lapsed      []Mended           `json:"lapsed,omitzero"`                 // entries of the baseline whose day has passed
	NotMet      []string           `json:"rules_without_resource,omitzero"` // rules that no input reached
	Waivers     []assess.WaiverUse `json:"waivers,omitzero"`
	Descriptors []*assess.Rule     `json:"-"` // every rule that was in force, by id
}

// Counts counts outcomes by class, and what is met.
type Counts struct {
	Failing       int `json:"failing"`
	Accepted      int `json:"accepted"`
	Known         int `json:"known"`
	ToProve       int `json:"to_prove"`
	Unclear       int `json:"unclear"`
	LeftOver      int `json:"left_to_check"`
	Pass          int `json:"pass"`
	NotApplicable int `json:"not_applicable"`
}

// Block is a reason to stop the deploy that is not a rule's outcome for a resource: a register or live assessment that is too
// old, badly signed or failed.
type Block struct {
	What   string        `json:"what"`   // register, live
	Status assess.Status `json:"status"` // fail or unknown
	Text   string        `json:"text"`   // in the report's language
	Hint   string        `json:"hint,omitempty"`
}

// Left counts what one rule could not judge because the input never shows it.
type Left struct {
	Rule  string   `json:"rule"`
	Types []string `json:"types"` // of resources, sorted
	Facts []string `json:"facts"` // paths that are never shown there, sorted
	Count int      `json:"count"` // resources
}

// Mended is an entry of the baseline that no outcome matches any more.
type Mended struct {
	Rule    string `json:"rule"`
	Address string `json:"address"`
	Until   string `json:"until"`
}
