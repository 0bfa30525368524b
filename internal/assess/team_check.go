package assess

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/open-policy-agent/opa/v1/ast"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// teamAnnotation is the `custom` block of a team's rule: ours, and a list of kinds.
type teamAnnotation struct {
	annotation
	Kinds []inventory.Kind `json:"kinds"`
}

// teamLib is what packages start with that rules share.
const teamLib = "team.lib."

// parseTeam parses a file, with a limit on how deep terms may nest: OPA's own would let the stack grow by a gigabyte.
func parseTeam(name, text string) (*ast.Module, []fault) {
	_, _, errs := ast.NewParser().WithFilename(name).WithReader(strings.NewReader(text)).WithRegoVersion(ast.RegoV1).WithMaxRecursionDepth(teamNesting).Parse()
	if len(errs) > 0 {
		return nil, parseFaults(errs)
	}
	m, err := ast.ParseModuleWithOpts(name, text, ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, parseFaults(err)
	}
	return m, nil
}

func parseFaults(err error) (faults []fault) {
	list, ok := errors.AsType[ast.Errors](err)
	if !ok {
		if one, is := errors.AsType[*ast.Error](err); is {
			list = ast.Errors{one}
		} else {
			return []fault{{text: say.Both("this is not Rego: %s", "dit is geen Rego: %s", err)}}
		}
	}
	for _, e := range list {
		if errors.Is(e, ast.ErrMaxParsingRecursionDepthExceeded) || e.Message == ast.ErrMaxParsingRecursionDepthExceeded.Error() {
			return []fault{{line: line(e.Location), text: say.Both("terms nest deeper than %d", "termen zitten dieper dan %d in elkaar", teamNesting),
				hint: say.Both("write the rule simpler", "schrijf de regel eenvoudiger")}}
		}
		faults = append(faults, fault{line: line(e.Location), text: say.Both("this is not Rego: %s", "dit is geen Rego: %s", e.Message)})
	}
	return faults
}

var packagePart = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

// badPackage tells whether a package is a team's; if not, what is wrong with it.
func badPackage(m *ast.Module) (f fault, ok bool) {
	parts := constants(m.Package.Path)
	good := len(parts) == len(m.Package.Path)-1 && (len(parts) == 2 || len(parts) == 3) && parts[0] == "team" && !(len(parts) == 2 && parts[1] == "lib")
	for _, p := range parts {
		good = good && packagePart.MatchString(p)
	}
	return fault{line: line(m.Package.Location),
		text: say.Both("package %s is not a team's", "package %s is niet van een team", packageName(m)),
		hint: say.Both("call it team.<rule> or team.<area>.<rule>, in small letters; what rules share goes into team.lib.<name>",
			"noem het team.<regel> of team.<gebied>.<regel>, in kleine letters; wat regels delen komt in team.lib.<naam>")}, good
}

// teamSees are the parts of data that a team's rule may read besides its own package and libraries.
var teamSees = []string{"now", "reference", "team_regions"}

// checkSight holds a module to what a team's rule may look at.
func checkSight(m *ast.Module) (faults []fault) {
	own := packageName(m)
	ast.WalkRefs(m, func(r ast.Ref) bool {
		if !r[0].Equal(ast.DefaultRootDocument) {
			return false
		}
		parts := constants(r)
		name := strings.Join(parts, ".")
		switch {
		case r.Equal(m.Package.Path), len(parts) > 0 && slices.Contains(teamSees, parts[0]), strings.HasPrefix(name+".", own+"."), strings.HasPrefix(name, teamLib):
			return false
		}
		faults = append(faults, fault{line: line(r[0].Location), text: say.Both("a team's rule may not read %s", "een regel van een team mag %s niet lezen", strings.TrimSuffix("data."+name, ".")),
			hint: say.Both("it sees data.now, data.reference, data.team_regions and data.team.lib.<name>", "hij ziet data.now, data.reference, data.team_regions en data.team.lib.<naam>")})
		return false
	})
	ast.WalkExprs(m, func(e *ast.Expr) bool {
		if len(e.With) > 0 {
			faults = append(faults, fault{line: line(e.Location), text: say.Both("`with` is for tests: a rule sees its own input", "`with` is voor tests: een regel ziet zijn eigen invoer"),
				hint: say.Both("give what differs to a function as an argument", "geef wat verschilt als argument aan een functie")})
		}
		return false
	})
	return faults
}

// checkLib holds a library to taking arguments.
func checkLib(m *ast.Module) (faults []fault) {
	for _, r := range inputRefs(m) {
		faults = append(faults, fault{line: r.line, text: say.Both("a library reads `input`", "een bibliotheek leest `input`"),
			hint: say.Both("give it arguments: the rule that calls it says what it needs", "geef argumenten: de regel die hem gebruikt zegt wat hij nodig heeft")})
	}
	for _, x := range m.Rules {
		if name := ruleName(x); slices.Contains(entries, name) {
			faults = append(faults, fault{line: line(x.Location), text: say.Both("`%s` in a library is never asked for", "naar `%s` in een bibliotheek wordt nooit gevraagd", name),
				hint: say.Both("give the rule a package outside team.lib", "geef de regel een package buiten team.lib")})
		}
	}
	return faults
}

// entries are what is asked of a rule.
var entries = []string{"applies", "deny", "unsure"}

var (
	ourID       = regexp.MustCompile(`^[A-Z]{3}-[0-9]{3}$`)
	teamID      = regexp.MustCompile(`^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$`)
	elsewhere   = regexp.MustCompile(`^(deny|warn|violation|exception)(_[a-zA-Z0-9_]+)?$|^(allow|main)$`) // entries of conftest and OPA
	attribute   = regexp.MustCompile(`^[^.\s]+(\.[^.\s]+)*$`)
	topLevelKey = regexp.MustCompile(`^#\s?["']?([A-Za-z_][\w-]*)["']?\s*:`)
)

// checkTeamRule holds a rule to the form.
func checkTeamRule(r *Rule, a *ast.Annotations, m *ast.Module) (faults []fault) {
	at := line(a.Location)
	if missing := r.lacks(); len(missing) > 0 {
		faults = append(faults, fault{line: at, text: say.Both("the rule lacks or misspells: %s", "de regel mist of schrijft verkeerd: %s", strings.Join(missing, ", ")),
			hint: say.Both("docs/writing-rules.md says what each is for", "docs/writing-rules.md zegt waar elk voor is")})
	}
	switch {
	case r.ID == "": // said above
	case ourID.MatchString(r.ID):
		faults = append(faults, fault{line: at, text: say.Both("id %s has the form of Waarborg's own rules", "id %s heeft de vorm van Waarborgs eigen regels", r.ID),
			hint: say.Both("give it a longer one, such as TEAM-001", "geef een langer id, zoals TEAM-001")})
	case !teamID.MatchString(r.ID) || len(r.ID) > teamNameLength:
		faults = append(faults, fault{line: at, text: say.Both("id %q is not made of capitals, digits and hyphens", "id %q bestaat niet uit hoofdletters, cijfers en streepjes", r.ID),
			hint: say.Both("such as TEAM-001", "zoals TEAM-001")})
	}
	texts := map[string]Text{"title": r.Title, "description": r.Description, "remediation": r.Remediation}
	for code, text := range r.Messages {
		texts["messages."+code] = text
	}
	for _, key := range sortedKeys(texts) {
		if strings.ContainsFunc(key+texts[key].EN+texts[key].NL, unseen) {
			faults = append(faults, fault{line: at, text: say.Both("%q holds characters that cannot be seen", "%q bevat tekens die niet te zien zijn", key),
				hint: say.Both("use letters, digits and punctuation alone", "gebruik alleen letters, cijfers en leestekens")})
		}
	}
	for _, need := range r.facts() {
		if !attribute.MatchString(need) || need == "terms" || strings.HasPrefix(need, "terms.") {
			faults = append(faults, fault{line: at, text: say.Both("%q is not a path of names with dots", "%q is geen pad van namen met punten", need)})
		}
	}
	for i, need := range r.facts() { // sorted, so what lies in another comes after it
		if j := slices.IndexFunc(r.facts()[:i], func(above string) bool { return strings.HasPrefix(need, above+".") }); j >= 0 && IsRaw(r.Kind) {
			faults = append(faults, fault{line: at, text: say.Both("%q lies in %q, which the rule asks for already", "%q ligt in %q, waar de regel al om vraagt", need, r.facts()[j]),
				hint: say.Both("leave out one of the two", "laat een van de twee weg")})
		}
	}
	if r.Kind != "" {
		for _, f := range checkReads(r, m) {
			if f.line == 0 {
				f.line = at
			}
			faults = append(faults, f)
		}
	}
	return append(append(faults, checkApplies(r, m)...), checkEntries(m)...)
}

// unseen tells whether a character controls a terminal or the order of text.
func unseen(c rune) bool {
	return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && c != '\n' && c != '\t'
}

// checkEntries finds what nothing would ask for, and entries in a form that would be read as silence.
func checkEntries(m *ast.Module) (faults []fault) {
	used := reached(m, entries...)
	said := map[string]bool{}
	for _, x := range m.Rules {
		name := ruleName(x)
		if slices.Contains(entries, name) {
			if want, ok := entryForm(name, x); !ok {
				faults = append(faults, fault{line: line(x.Location), text: say.Both("`%s` has a form that would never be heard", "`%s` heeft een vorm die nooit gehoord wordt", name),
					hint: say.Both("write `%s`", "schrijf `%s`", want)})
			}
			continue
		}
		if slices.Contains(used, name) || said[name] {
			continue
		}
		said[name] = true
		hint := say.Both("call it from deny, unsure or applies, or take it out", "gebruik hem in deny, unsure of applies, of haal hem weg")
		if elsewhere.MatchString(name) {
			hint = say.Both("other tools ask for this; here it is `deny contains {…}` for what is not met, `unsure contains {…}` for what a person must decide, and `applies`",
				"andere programma's vragen hiernaar; hier is het `deny contains {…}` voor wat niet klopt, `unsure contains {…}` voor wat een mens moet beslissen, en `applies`")
		}
		faults = append(faults, fault{line: line(x.Location), text: say.Both("nothing asks for `%s`", "niets vraagt naar `%s`", name), hint: hint})
	}
	return faults
}

// entryForm tells whether an entry is written as it is asked for, and how it should be.
func entryForm(name string, x *ast.Rule) (want string, ok bool) {
	plain := len(x.Head.Ref()) == 1 && len(x.Head.Args) == 0
	if name == "applies" {
		return "applies if …", plain && x.Head.RuleKind() == ast.SingleValue && x.Head.Key == nil
	}
	return name + ` contains {"path": …, "value": …, "limit": …} if …`, plain && !x.Default && x.Head.RuleKind() == ast.MultiValue
}

// shapes says what each key of a `custom` block holds.
var shapes = map[string]string{
	"id": "text", "kind": "text", "severity": "text", "title_nl": "text", "description_nl": "text", "remediation": "text", "remediation_nl": "text",
	"kinds": "list", "needs": "list", "scope": "list", "terms": "list", "clauses": "list", "gdpr": "list", "waivable": "yes/no", "messages": "messages",
}

// annotationKeys may stand beside `custom`.
var annotationKeys = []string{"scope", "title", "description", "related_resources", "authors", "organizations", "schemas", "custom"}

// checkAnnotation finds keys that would be passed over: a misspelt `waivable: false` is no small thing.
func checkAnnotation(a *ast.Annotations, text string) (faults []fault) {
	at := line(a.Location)
	unknown := func(line int, key string) {
		faults = append(faults, fault{line: line, text: say.Both("the annotation has an unknown key %q", "de annotatie heeft een onbekende sleutel %q", key),
			hint: say.Both("check the spelling, and whether it belongs under `custom`", "controleer de spelling, en of het onder `custom` hoort")})
	}
	lines := strings.Split(text, "\n")
	for i := at; i < len(lines) && strings.HasPrefix(lines[i], "#"); i++ { // the line after `# METADATA` has index at
		if found := topLevelKey.FindStringSubmatch(lines[i]); found != nil && !slices.Contains(annotationKeys, found[1]) {
			unknown(i+1, found[1])
		}
	}
	for _, s := range a.Schemas {
		if s.Definition != nil {
			faults = append(faults, fault{line: at, text: say.Both("a schema written out in the annotation is not read", "een schema dat in de annotatie zelf staat, wordt niet gelezen"),
				hint: say.Both("name one: `- input: schema.datastore`", "noem er een: `- input: schema.datastore`")})
		}
	}
	for _, key := range sortedKeys(a.Custom) {
		shape, known := shapes[key]
		if !known {
			unknown(at, key)
		} else if !hasShape(shape, a.Custom[key]) {
			faults = append(faults, fault{line: at, text: say.Both("`%s` in the annotation has another form than it needs", "`%s` in de annotatie heeft een andere vorm dan nodig", key),
				hint: shapeHint(key, shape)})
		}
	}
	return faults
}

func hasShape(shape string, x any) bool {
	switch shape {
	case "text":
		_, ok := x.(string)
		return ok
	case "yes/no":
		_, ok := x.(bool)
		return ok
	case "list":
		list, ok := x.([]any)
		return ok && !slices.ContainsFunc(list, func(e any) bool { s, is := e.(string); return !is || s == "" })
	}
	codes, ok := x.(map[string]any)
	for _, texts := range codes {
		m, is := texts.(map[string]any)
		ok = ok && is
		for lang, text := range m {
			_, is := text.(string)
			ok = ok && is && (lang == "en" || lang == "nl")
		}
	}
	return ok
}

func shapeHint(key, shape string) say.Text {
	switch shape {
	case "text":
		return say.Both("write one text after `%s:`, in quotes if it holds a colon", "schrijf een tekst achter `%s:`, tussen aanhalingstekens als er een dubbele punt in staat", key)
	case "yes/no":
		return say.Both("write true or false", "schrijf true of false")
	case "list":
		return say.Both("write a list of texts: %s", "schrijf een lijst van teksten: %s", fmt.Sprintf("`%s: [one, \"two\"]`", key))
	}
	return say.Both("write `code: {en: \"…\", nl: \"…\"}` for each code", "schrijf `code: {en: \"…\", nl: \"…\"}` voor elke code")
}
