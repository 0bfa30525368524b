package attest

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"waarborg/internal/assess"
	"waarborg/internal/say"
	"waarborg/internal/sign"
)

// Why an attestation that is intact does not do, for errors.Is. Read and sign.Trust have their own.
var (
	// ErrOtherInput says that other files were judged than those that are wanted.
	ErrOtherInput = errors.New("the attestation is of other files")
	// ErrNotMet says that what was judged may not go on.
	ErrNotMet = errors.New("the attestation says that it is not met")
	// ErrNotKnown says that not everything could be judged, or that nothing was; it does not say that something failed.
	ErrNotKnown = errors.New("the attestation says that it is not known")
	// ErrOtherBasis says that it was judged by other rules, another workspace or another baseline.
	ErrOtherBasis = errors.New("the attestation was made with other rules")
	// ErrStale says that the attestation is too old, or dated in the future.
	ErrStale = errors.New("the attestation is too old")
)

// skew is how far the clock of whoever judged may be ahead.
const skew = 5 * time.Minute

// Input is a file that must have been judged.
type Input struct {
	Name   string // for messages alone
	Digest string // sha256:… of its bytes
	Format string // that it must have been read in; empty: any
}

// Want is what an attestation must say. The zero value wants nothing but that it still is valid.
type Want struct {
	Inputs []Input
	Alone  bool          // nothing but Inputs was judged: a verdict can rest on what another file says
	Met    bool          // the deploy may go on
	Allow  Softened      // with Met: what else is fine; a baseline that is named must be the one that was used
	Basis  *Basis        // nil: any
	MaxAge time.Duration // since it was judged; 0: as long as it is valid
}

// Signed is an attestation with who signed it.
type Signed struct {
	Statement
	By sign.SignedBy
}

// Verify reads an attestation and holds it to what is wanted, offline. Errors for errors.Is are those of Read, of
// sign.Trust.Key at the moment of judging, and of Check, in that order.
func Verify(raw []byte, trust sign.Trust, now time.Time, want Want) (Signed, error) {
	s, key, err := Read(raw, trust.Keys())
	if err != nil {
		return Signed{}, err
	}
	by, err := trust.Key(key, s.Predicate.JudgedAt, false)
	if err != nil {
		return Signed{}, err
	}
	return Signed{s, by}, s.Check(now, want)
}

// Check holds an attestation, whose signature was verified, to what is wanted. The error is one of this package's for
// errors.Is, and says all that a user needs.
func (s Statement) Check(now time.Time, want Want) error {
	for _, check := range []func() error{
		func() error { return s.judged(want) },
		func() error {
			if want.Met {
				return s.met(want.Allow)
			}
			return nil
		},
		func() error { return s.by(want) },
		func() error { return s.fresh(now, want.MaxAge) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (s Statement) judged(want Want) error {
	again := say.Both("judge the files that are to be deployed with `waarborg gate --attest`, and hand on exactly those files",
		"beoordeel met `waarborg gate --attest` de bestanden die worden uitgerold, en geef precies die bestanden door")
	covered := make([]bool, len(s.Subject))
	for _, in := range want.Inputs {
		found := false
		for i, x := range s.Subject {
			if digestPrefix+x.Digest.SHA256 == in.Digest && (in.Format == "" || in.Format == x.Annotations.Format) {
				found, covered[i] = true, true
			}
		}
		if !found {
			return &say.Error{Msg: say.Both("the attestation does not speak of %s as it is now: another file was judged, or it was read otherwise",
				"het attest gaat niet over %s zoals het nu is: een ander bestand is beoordeeld, of het is anders gelezen", printable(in.Name)), Hint: again, Err: ErrOtherInput}
		}
	}
	if i := slices.Index(covered, false); want.Alone && i >= 0 {
		return &say.Error{Msg: say.Both("the attestation is of %s too, which is not there now; the verdict may rest on it",
			"het attest gaat ook over %s, dat er nu niet bij is; het oordeel kan daarop rusten", printable(s.Subject[i].Name)), Hint: again, Err: ErrOtherInput}
	}
	return nil
}

// met looks at the counts as well as at the status: a status that was softened is worth no more than what is allowed here.
func (s Statement) met(allow Softened) error {
	p := s.Predicate
	mend := say.Both("see the gate's own output for what to mend", "zie de uitvoer van de gate voor wat te herstellen is")
	failed := slices.IndexFunc(p.Blocks, func(b Block) bool { return b.Status == assess.Fail })
	switch {
	case p.Status == assess.Fail || p.Counts.Failing > 0 || failed >= 0:
		return &say.Error{Msg: say.Both("the attestation says that the deploy does not meet the agreement: failing %d, other reasons to stop %d",
			"volgens het attest voldoet de uitrol niet aan de overeenkomst: niet voldaan %d, andere redenen om te stoppen %d", p.Counts.Failing, len(p.Blocks)), Hint: mend, Err: ErrNotMet}
	case p.Counts.Unclear > 0 || len(p.Blocks) > 0:
		return &say.Error{Msg: say.Both("the attestation says that not everything could be judged: unknown %d, other reasons to stop %d",
			"volgens het attest kon niet alles worden beoordeeld: onbekend %d, andere redenen om te stoppen %d", p.Counts.Unclear, len(p.Blocks)), Hint: mend, Err: ErrNotKnown}
	case p.Counts.ToProve > 0 && !allow.AllowUnproved:
		return &say.Error{Msg: say.Both("the attestation leaves %d outcomes to be proved after apply",
			"het attest laat %d uitkomsten open die pas na apply te bewijzen zijn", p.Counts.ToProve),
			Hint: say.Both("if that is fine here, add --allow-unproved, and close them afterwards with `waarborg check --prove`",
				"is dat hier goed, voeg dan --allow-unproved toe, en sluit ze daarna met `waarborg check --prove`"), Err: ErrNotKnown}
	case p.Resources == 0 && !allow.AllowEmpty:
		return &say.Error{Msg: say.Both("the attestation is of a deploy in which nothing was judged",
			"het attest gaat over een uitrol waarin niets is beoordeeld"),
			Hint: say.Both("if that is fine here, add --allow-empty", "is dat hier goed, voeg dan --allow-empty toe"), Err: ErrNotKnown}
	case p.Status != assess.Pass && p.Counts.ToProve == 0 && p.Resources > 0:
		return &say.Error{Msg: say.Both("the attestation says that it is not known whether the deploy meets the agreement",
			"volgens het attest is niet bekend of de uitrol aan de overeenkomst voldoet"), Hint: mend, Err: ErrNotKnown}
	}
	return nil
}

func (s Statement) by(want Want) error {
	p := s.Predicate
	what := say.Text{}
	switch {
	case want.Met && want.Allow.Baseline != p.Softened.Baseline && (want.Allow.Baseline != "" || p.Counts.Known > 0):
		what = say.Both("another baseline", "een andere baseline")
	case want.Basis == nil:
	case want.Basis.Rules != p.Rules:
		what = say.Both("other rules", "andere regels")
	case want.Basis.TeamRules != p.TeamRules:
		what = say.Both("other rules of the team", "andere regels van het team")
	case want.Basis.Workspace != p.Workspace:
		what = say.Both("another workspace", "een andere werkmap")
	}
	if what.IsZero() {
		return nil
	}
	return &say.Error{Msg: say.Both("the attestation was made with %s than are in force now", "het attest is gemaakt met %s dan nu gelden", what),
		Hint: say.Both("judge again, with the same version of Waarborg and the same workspace in both stages",
			"beoordeel opnieuw, met dezelfde versie van Waarborg en dezelfde werkmap in beide stappen"), Err: ErrOtherBasis}
}

func (s Statement) fresh(now time.Time, maxAge time.Duration) error {
	p := s.Predicate
	again := say.Both("judge again with `waarborg gate --attest`", "beoordeel opnieuw met `waarborg gate --attest`")
	switch age := now.Sub(p.JudgedAt); {
	case age < -skew:
		return &say.Error{Msg: say.Both("the attestation is dated in the future, %s: a clock is wrong, or was set otherwise",
			"het attest heeft een datum in de toekomst, %s: een klok loopt verkeerd, of is verzet", stamp(p.JudgedAt)),
			Hint: say.Both("set the clocks of both machines right, and judge again", "zet de klok van beide machines goed, en beoordeel opnieuw"), Err: ErrStale}
	case !now.Before(p.ValidUntil):
		return &say.Error{Msg: say.Both("the attestation was valid until %s", "het attest was geldig tot %s", stamp(p.ValidUntil)), Hint: again, Err: ErrStale}
	case maxAge > 0 && age > maxAge:
		return &say.Error{Msg: say.Both("the attestation is of %s, which is more than %s ago", "het attest is van %s, en dat is meer dan %s geleden",
			stamp(p.JudgedAt), short(maxAge)), Hint: again, Err: ErrStale}
	}
	return nil
}

// printable keeps a message on one line, whatever a file is called.
func printable(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") + " UTC" }

// short writes a duration as a flag takes it: 1h rather than 1h0m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
