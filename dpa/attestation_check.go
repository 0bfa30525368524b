package dpa

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

var (
	idForm     = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)
	clauseForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.()_-]{0,62}$`)
	sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)
	digestForm = regexp.MustCompile(`^` + digestPrefix + `[0-9a-f]{64}$`)
	// A mail address is the likeliest of personal data to slip into a statement, and the surest to be found.
	mailForm = regexp.MustCompile(`[^\s@]@[^\s@]+\.[^\s@]`)
)

// Check returns what is wrong with a statement, whoever signed it.
func (s Statement) Check() []Issue {
	var issues []Issue
	add := func(bad bool, path, what, hint string) {
		if bad {
			issues = append(issues, Issue{Path: path, What: what, Hint: hint})
		}
	}
	const idHint = "use lower case letters, digits, dots, dashes and underscores"
	add(!idForm.MatchString(s.ID), "id", "is not an id", idHint)
	add(!idForm.MatchString(s.By), "by", "is not the id of a person", "use the id in `people` of waarborg.yaml")
	add(len(s.Clauses) == 0, "clauses", "is empty", "name the clauses it speaks of, such as VWO-7.1")
	for i, c := range s.Clauses {
		add(!clauseForm.MatchString(c) || slices.Contains(s.Clauses[:i], c), fmt.Sprintf("clauses[%d]", i), "is not an id, or is there twice", "see `waarborg coverage` for the ids")
	}
	for i, c := range s.Customers {
		add(!idForm.MatchString(c) || slices.Contains(s.Customers[:i], c), fmt.Sprintf("customers[%d]", i), "is not an id, or is there twice", idHint)
	}
	issues = append(issues, checkText("statement_en", s.StatementEN, 2000)...)
	issues = append(issues, checkText("statement_nl", s.StatementNL, 2000)...)
	issues = append(issues, checkText("role", s.Role, 100)...)
	issues = append(issues, s.Evidence.check()...)
	return append(issues, s.checkDates()...)
}

func checkText(path, text string, most int) []Issue {
	switch {
	case strings.TrimSpace(text) == "":
		return []Issue{{Path: path, What: "is empty", Hint: "say it in a plain sentence"}}
	case !utf8.ValidString(text) || utf8.RuneCountInString(text) > most:
		return []Issue{{Path: path, What: fmt.Sprintf("is longer than %d characters, or not UTF-8", most), Hint: "shorten it; details belong in the evidence"}}
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }):
		return []Issue{{Path: path, What: "has a character that cannot be seen", Hint: "write it on one line, without control characters"}}
	case mailForm.MatchString(text):
		return []Issue{{Path: path, What: "holds a mail address", Hint: "leave personal data out; name the role instead"}}
	}
	return nil
}

func (e Evidence) check() []Issue {
	var issues []Issue
	if strings.ContainsAny(e.File, `/\`) || strings.HasPrefix(e.File, ".") {
		issues = append(issues, Issue{Path: "evidence.file", What: "is not the plain name of a file", Hint: "leave folders out"})
	} else {
		issues = append(issues, checkText("evidence.file", e.File, 200)...)
	}
	if !sha256Form.MatchString(e.SHA256) {
		issues = append(issues, Issue{Path: "evidence.sha256", What: "is not a SHA-256 digest", Hint: "take what `sha256sum` prints for the document"})
	}
	if e.Size <= 0 {
		issues = append(issues, Issue{Path: "evidence.size", What: "is not a size in bytes", Hint: "an empty document is no evidence"})
	}
	return issues
}

func (s Statement) checkDates() []Issue {
	made := s.MadeAt.UTC()
	last := s.ValidUntil.Time()
	switch {
	case s.MadeAt.IsZero() || made.Year() < 2000 || made.Year() > 9000:
		return []Issue{{Path: "made_at", What: "is not a time", Hint: "write it as 2026-01-31T09:00:00Z"}}
	case last.IsZero():
		return []Issue{{Path: "valid_until", What: "is not a date", Hint: "write it as 2026-01-31; nothing holds for ever"}}
	case s.ValidUntil < DateOf(made):
		return []Issue{{Path: "valid_until", What: "lies before made_at", Hint: "name the last day it holds"}}
	case s.ValidUntil > DateOf(made.AddDate(MaxAttestationYears, 0, 0)):
		return []Issue{{Path: "valid_until", What: fmt.Sprintf("is more than %d years after made_at", MaxAttestationYears), Hint: "look again before that, and attest anew"}}
	}
	return nil
}

// AttestationState says what an attestation is worth on a day.
type AttestationState string

// The states of an attestation. Only the first two prove anything.
const (
	AttestationValid         AttestationState = "valid"
	AttestationExpiresSoon   AttestationState = "expires-soon" // valid, with FirstNotice days to go or fewer
	AttestationExpired       AttestationState = "expired"
	AttestationNotSigned     AttestationState = "not-signed"     // a declaration
	AttestationBroken        AttestationState = "broken"         // a signature that does not fit
	AttestationUnknownSigner AttestationState = "unknown-signer" // a signature by someone or with a key that is not enrolled
	AttestationNotYetValid   AttestationState = "not-yet-valid"
)

// Proves tells whether an attestation in this state proves what it states.
func (s AttestationState) Proves() bool {
	return s == AttestationValid || s == AttestationExpiresSoon
}

// Text names the state for people.
func (s AttestationState) Text() Text {
	switch s {
	case AttestationValid:
		return Text{EN: "valid", NL: "geldig"}
	case AttestationExpiresSoon:
		return Text{EN: "expires soon", NL: "verloopt binnenkort"}
	case AttestationExpired:
		return Text{EN: "expired", NL: "verlopen"}
	case AttestationNotSigned:
		return Text{EN: "declared, not signed", NL: "opgegeven, niet ondertekend"}
	case AttestationUnknownSigner:
		return Text{EN: "signed by someone unknown", NL: "ondertekend door een onbekende"}
	case AttestationNotYetValid:
		return Text{EN: "not valid yet", NL: "nog niet geldig"}
	}
	return Text{EN: "the signature does not fit", NL: "de ondertekening klopt niet"}
}

// AttestationStatus is a state with the time that is left.
type AttestationStatus struct {
	State    AttestationState
	DaysLeft int // until the last day, which is 0; negative once expired; only meaningful if the signature is good
	Notice   int // FirstNotice or LastNotice, once that many days are left or fewer; else 0
}

// State judges the attestation at a moment. now decides the day by its own time zone. Every signature must be good, and
// that of the person it names must be among them.
func (a Attestation) State(now time.Time, people People, v Verifier) AttestationStatus {
	if state := a.signed(people, v); state != AttestationValid {
		return AttestationStatus{State: state}
	}
	st := AttestationStatus{State: AttestationValid, DaysLeft: int(a.ValidUntil.Time().Sub(DateOf(now).Time()).Hours() / 24)}
	switch {
	case now.Before(a.MadeAt.Truncate(time.Second)):
		st.State = AttestationNotYetValid
	case st.DaysLeft < 0:
		st.State = AttestationExpired
	case st.DaysLeft <= LastNotice:
		st.State, st.Notice = AttestationExpiresSoon, LastNotice
	case st.DaysLeft <= FirstNotice:
		st.State, st.Notice = AttestationExpiresSoon, FirstNotice
	}
	return st
}

func (a Attestation) signed(people People, v Verifier) AttestationState {
	message, err := a.Message()
	if err != nil || len(a.Check()) > 0 {
		return AttestationBroken
	}
	byItself := false
	state := AttestationValid
	for _, s := range a.Signatures {
		switch _, verdict := s.verify(ContextAttestation, message, people, v); verdict {
		case signatureBroken:
			return AttestationBroken
		case signatureUnknown:
			state = AttestationUnknownSigner
		case signatureGood:
			byItself = byItself || s.By == a.By
		}
	}
	if state == AttestationValid && !byItself {
		return AttestationNotSigned
	}
	return state
}
