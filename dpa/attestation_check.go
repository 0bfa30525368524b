package dpa

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"waarborg/internal/say"
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
	add := func(bad bool, path string, what, hint Text) {
		if bad {
			issues = append(issues, Issue{path, what, hint})
		}
	}
	idHint := say.Both("use lower case letters, digits, dots, dashes and underscores",
		"gebruik kleine letters, cijfers, punten, koppeltekens en liggende streepjes")
	twice := say.Both("is not an id, or is there twice", "is geen id, of staat er twee keer")
	add(!idForm.MatchString(s.ID), "id", say.Both("is not an id", "is geen id"), idHint)
	add(!idForm.MatchString(s.By), "by", say.Both("is not the id of a person", "is niet het id van een persoon"),
		say.Both("use the id in `people` of waarborg.yaml", "gebruik het id uit `people` van waarborg.yaml"))
	add(len(s.Clauses) == 0, "clauses", say.Both("is empty", "is leeg"),
		say.Both("name the clauses it speaks of, such as VWO-7.1", "noem de bepalingen waar de verklaring over gaat, zoals VWO-7.1"))
	for i, c := range s.Clauses {
		add(!clauseForm.MatchString(c) || slices.Contains(s.Clauses[:i], c), fmt.Sprintf("clauses[%d]", i), twice,
			say.Both("see `waarborg coverage` for the ids", "`waarborg coverage` toont de ids"))
	}
	for i, c := range s.Customers {
		add(!idForm.MatchString(c) || slices.Contains(s.Customers[:i], c), fmt.Sprintf("customers[%d]", i), twice, idHint)
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
		return []Issue{{path, say.Both("is empty", "is leeg"), say.Both("say it in a plain sentence", "zeg het in een gewone zin")}}
	case !utf8.ValidString(text) || utf8.RuneCountInString(text) > most:
		return []Issue{{path, say.Both("is longer than %d characters, or not UTF-8", "is langer dan %d tekens, of geen UTF-8", most),
			say.Both("shorten it; details belong in the evidence", "maak het korter; details horen in het bewijs")}}
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }):
		return []Issue{{path, say.Both("has a character that cannot be seen", "heeft een teken dat niet te zien is"),
			say.Both("write it on one line, without control characters", "schrijf het op één regel, zonder stuurtekens")}}
	case mailForm.MatchString(text):
		return []Issue{{path, say.Both("holds a mail address", "bevat een e-mailadres"),
			say.Both("leave personal data out; name the role instead", "laat persoonsgegevens weg; noem de functie")}}
	}
	return nil
}

func (e Evidence) check() []Issue {
	var issues []Issue
	if strings.ContainsAny(e.File, `/\`) || strings.HasPrefix(e.File, ".") {
		issues = append(issues, Issue{"evidence.file", say.Both("is not the plain name of a file", "is niet alleen de naam van een bestand"),
			say.Both("leave folders out", "laat mappen weg")})
	} else {
		issues = append(issues, checkText("evidence.file", e.File, 200)...)
	}
	if !sha256Form.MatchString(e.SHA256) {
		issues = append(issues, Issue{"evidence.sha256", say.Both("is not a SHA-256 digest", "is geen SHA-256-waarde"),
			say.Both("take what `sha256sum` prints for the document", "neem wat `sha256sum` voor het document toont")})
	}
	if e.Size <= 0 {
		issues = append(issues, Issue{"evidence.size", say.Both("is not a size in bytes", "is geen grootte in bytes"),
			say.Both("an empty document is no evidence", "een leeg document is geen bewijs")})
	}
	return issues
}

func (s Statement) checkDates() []Issue {
	made := s.MadeAt.UTC()
	last := s.ValidUntil.Time()
	switch {
	case s.MadeAt.IsZero() || made.Year() < 2000 || made.Year() > 9000:
		return []Issue{{"made_at", say.Both("is not a time", "is geen tijdstip"),
			say.Both("write it as 2026-01-31T09:00:00Z", "schrijf het als 2026-01-31T09:00:00Z")}}
	case last.IsZero():
		return []Issue{{"valid_until", say.Both("is not a date", "is geen datum"),
			say.Both("write it as 2026-01-31; nothing holds for ever", "schrijf hem als 2026-01-31; niets geldt voor altijd")}}
	case s.ValidUntil < DateOf(made):
		return []Issue{{"valid_until", say.Both("lies before made_at", "ligt voor made_at"),
			say.Both("name the last day it holds", "noem de laatste dag waarop de verklaring geldt")}}
	case s.ValidUntil > DateOf(made.AddDate(MaxAttestationYears, 0, 0)):
		return []Issue{{"valid_until", say.Both("is more than %d years after made_at", "ligt meer dan %d jaar na made_at", MaxAttestationYears),
			say.Both("look again before that, and attest anew", "kijk voor die tijd opnieuw, en leg een nieuwe verklaring af")}}
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
