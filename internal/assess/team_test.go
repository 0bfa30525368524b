package assess_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

// teamHeader is an annotation with an id, kinds and a line for what a test adds.
func teamHeader(id, more string) string {
	return `# METADATA
# title: A team's test
# description: A test rule.
# custom:
#   id: ` + id + `
#   severity: high
#   title_nl: Test van een team
#   description_nl: Een testregel.
#   remediation: Mend it.
#   remediation_nl: Herstel het.
#   messages: {default: {en: "{value} below {limit}", nl: "{value} onder {limit}"}}
` + more
}

const (
	signIn  = "#   kind: sign_in\n#   needs: [password.min_length]\n#   scope: [audience]\n#   terms: [password.min_length]\n"
	account = "#   kinds: [terraform.azurerm_storage_account]\n#   needs: [account_replication_type, network_rules, blob.days]\n#   scope: [access_tier]\n"
)

func loadTeam(t *testing.T, files map[string]string) (*assess.Policies, []assess.Problem) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	p, problems, err := assess.LoadTeam(fsys, "policy")
	if err != nil {
		t.Fatal(err)
	}
	if (p == nil) == (len(problems) == 0) {
		t.Fatalf("policies %v and problems %v", p != nil, problems)
	}
	return p, problems
}

func one(t *testing.T, rego string) *assess.Policies {
	t.Helper()
	p, problems := loadTeam(t, map[string]string{"rule.rego": rego})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return p
}

func TestATeamsRuleJudgesFacts(t *testing.T) {
	p := one(t, teamHeader("TEAM-001", signIn)+"package team.security.length\n"+body)
	if r := p.Rules[0]; r.ID != "TEAM-001" || r.Area != "security" || r.Package != "team.security.length" || !r.Waivable {
		t.Errorf("%+v", r)
	}
	rs := []inventory.Resource{
		resource(t, "short", &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(8)}}, inventory.Scope{}),
		resource(t, "good", &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(20)}}, inventory.Scope{}),
		resource(t, "unknown", &inventory.SignIn{Audience: inventory.Known("staff")}, inventory.Scope{}),
		resource(t, "other", &inventory.SignIn{Audience: inventory.Known("customer")}, inventory.Scope{}),
	}
	got := verdictsOf(t, p, rs, min(16))
	if want := []assess.Status{assess.Fail, assess.Pass, assess.Unknown, assess.NotApplicable}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func verdictsOf(t *testing.T, p *assess.Policies, rs []inventory.Resource, terms map[string]any) (out []assess.Status) {
	t.Helper()
	judged, _, err := p.Assess(t.Context(), assess.Input{Resources: rs, Customers: []assess.Customer{{Terms: terms}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range judged {
		for _, j := range list {
			out = append(out, j.Status)
		}
	}
	return out
}

// Two rules of a folder share a library, and both see the reference data and the time.
func TestWhatATeamsRuleSees(t *testing.T) {
	p, problems := loadTeam(t, map[string]string{
		"lib/words.rego": "package team.lib.words\n\nshort(n) if n < 10\n",
		"a.rego": teamHeader("TEAM-001", signIn) + `package team.a
import data.team.lib.words
applies if input.audience == "staff"
deny contains {"path": "password.min_length", "value": data.now.date, "limit": data.reference.categories["absence"].nl} if words.short(input.password.min_length)
`,
		"deep/er/b.rego":      teamHeader("TEAM-002", signIn) + "package team.b\n" + body,
		"deep/b_test.rego":    "package team.b_test\nthis is not even Rego",
		"README.md":           "# Rules",
		".git/hooks/bad.rego": "not Rego",
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if len(p.Rules) != 2 || p.Rules[0].Area != "team" {
		t.Errorf("%d rules, area %s", len(p.Rules), p.Rules[0].Area)
	}
	r := resource(t, "short", &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(8)}}, inventory.Scope{})
	judged, _, err := p.Assess(t.Context(), assess.Input{Resources: []inventory.Resource{r}, Customers: []assess.Customer{{Terms: min(1)}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if v := judged[0][0]; v.Status != assess.Fail || string(v.Findings[0].Value) != now.Format(`"2006-01-02"`) || len(v.Findings[0].Limit) < 5 {
		t.Errorf("%s %s", v.Status, v.Findings)
	}
}

// Each of these would be passed over in silence, or reach further than a team's rule may.
func TestTeamRulesThatAreRefused(t *testing.T) {
	good := teamHeader("TEAM-001", signIn) + "package team.a\n" + body
	with := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the rule", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for name, c := range map[string]struct{ rego, want string }{
		"no annotation":                   {"package team.a\ndeny contains {\"path\": \"x\"} if true\n", "no METADATA"},
		"an annotation of a rule":         {"package team.a\n" + teamHeader("TEAM-001", signIn) + body[1:], "no METADATA"},
		"a key misspelt":                  {with("severity: high", "severty: high"), `unknown key "severty"`},
		"a key in the wrong place":        {with("# custom:", "# waivable: false\n# custom:"), `unknown key "waivable"`},
		"a key in quotes":                 {with("# custom:", "# \"waivable\": false\n# custom:"), `unknown key "waivable"`},
		"a text that is a list":           {with("title_nl: Test van een team", "title_nl: [a]"), "another form"},
		"a list that is a text":           {with("needs: [password.min_length]", "needs: password.min_length"), "another form"},
		"a message in a third language":   {with("{en: \"{value} below {limit}\",", "{fr: x, en: \"{value} below {limit}\","), "another form"},
		"no Dutch title":                  {with("title_nl: Test van een team", "title_nl: \"\""), "lacks or misspells: title_nl"},
		"no Dutch message":                {with(", nl: \"{value} onder {limit}\"", ""), "messages.default.nl"},
		"a severity that is none":         {with("severity: high", "severity: huge"), "severity"},
		"no kind":                         {with("#   kind: sign_in\n", ""), "kind"},
		"an empty list of kinds":          {with("kind: sign_in", "kinds: []"), "kind"},
		"a kind twice":                    {with("kind: sign_in", "kinds: [sign_in, sign_in]"), "twice"},
		"a kind that does not exist":      {with("kind: sign_in", "kind: signin"), `no kind of resource "signin"`},
		"a raw kind misspelt":             {with("kind: sign_in", "kind: terraforms.azurerm_x"), "no kind of resource"},
		"a fact that does not exist":      {with("needs: [password.min_length]", "needs: [password.min_lenght]"), "has no fact"},
		"a need in another":               {with("kind: sign_in\n#   needs: [password.min_length]", "kind: terraform.x\n#   needs: [password, password.min_length]"), "lies in \"password\""},
		"a need that is no path":          {with("kind: sign_in\n#   needs: [password.min_length]", "kind: terraform.x\n#   needs: [password.min_length, .a]"), "is not a path of names"},
		"a need that hides terms":         {with("kind: sign_in\n#   needs: [password.min_length]", "kind: terraform.x\n#   needs: [password.min_length, terms]"), "is not a path of names"},
		"a title for a terminal":          {with("title_nl: Test van een team", `title_nl: "Test \e[2J"`), "cannot be seen"},
		"a title that turns around":       {with("title_nl: Test van een team", `title_nl: "Test \u202e"`), "cannot be seen"},
		"an id of ours":                   {with("TEAM-001", "TRF-001"), "form of Waarborg's own"},
		"an id that ours may get":         {with("TEAM-001", "ABC-999"), "form of Waarborg's own"},
		"an id with blanks":               {with("id: TEAM-001", "id: \"TEAM 1\""), "capitals"},
		"an id to escape with":            {with("id: TEAM-001", `id: "TEAM-\e[1m"`), "capitals"},
		"our package":                     {with("package team.a", "package waarborg.security.password_length"), "not a team's"},
		"our root":                        {with("package team.a", "package waarborg"), "not a team's"},
		"package system":                  {with("package team.a", "package system"), "not a team's"},
		"package system.main":             {with("package team.a", "package system.main"), "not a team's"},
		"package main":                    {with("package team.a", "package main"), "not a team's"},
		"package reference":               {with("package team.a", "package reference.geo"), "not a team's"},
		"package team alone":              {with("package team.a", "package team"), "not a team's"},
		"package team.lib alone":          {with("package team.a", "package team.lib"), "not a team's"},
		"a package too deep":              {with("package team.a", "package team.a.b.c"), "not a team's"},
		"a package with a strange name":   {with("package team.a", `package team["a b"]`), "not a team's"},
		"our data":                        {good + "deny contains {\"path\": \"x\"} if data.waarborg.security.password_length.deny\n", "may not read data.waarborg"},
		"our data by import":              {with("package team.a\n", "package team.a\nimport data.waarborg.lib.region\n") + "deny contains {\"path\": \"x\"} if region.x\n", "may not read data.waarborg"},
		"all data":                        {good + "deny contains {\"path\": \"x\"} if count(data) > 0\n", "may not read data"},
		"data by a key that it builds":    {good + "deny contains {\"path\": \"x\"} if { some k; data[k].x }\n", "may not read data"},
		"all data by import":              {with("package team.a\n", "package team.a\nimport data as d\n") + "deny contains {\"path\": \"x\"} if d.waarborg\n", "may not read data"},
		"another rule of the team":        {good + "deny contains {\"path\": \"x\"} if data.team.b.deny\n", "may not read data.team.b"},
		"package team's other":            {good + "deny contains {\"path\": \"x\"} if data.team.ab.deny\n", "may not read data.team.ab"},
		"something of the store":          {good + "deny contains {\"path\": \"x\"} if data.secrets.x\n", "may not read data.secrets"},
		"another input":                   {good + "deny contains {\"path\": \"x\"} if helper with input as {}\nhelper if input.password.min_length\n", "`with` is for tests"},
		"another builtin":                 {good + "deny contains {\"path\": \"x\"} if count([1]) == 2 with count as 2\n", "`with` is for tests"},
		"the network":                     {good + "deny contains {\"path\": \"x\"} if http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1\"})\n", "undefined function http.send"},
		"a schema from the network":       {good + "deny contains {\"path\": \"x\"} if json.match_schema({}, {\"$ref\": \"http://127.0.0.1/\"})\n", "undefined function json.match_schema"},
		"a schema in the annotation":      {with("# custom:", "# schemas:\n#   - input: {\"$ref\": \"http://127.0.0.1/\"}\n# custom:"), "schema written out"},
		"the clock":                       {good + "deny contains {\"path\": \"x\"} if time.now_ns() > 0\n", "undefined function time.now_ns"},
		"the environment":                 {good + "deny contains {\"path\": \"x\"} if opa.runtime().env\n", "undefined function opa.runtime"},
		"a regular expression":            {good + "deny contains {\"path\": \"x\"} if regex.match(\"a\", \"a\")\n", "undefined function regex.match"},
		"a name lookup":                   {good + "deny contains {\"path\": \"x\"} if net.lookup_ip_addr(\"example.com\")\n", "undefined function net.lookup_ip_addr"},
		"chance":                          {good + "deny contains {\"path\": \"x\"} if rand.intn(\"a\", 2) == 1\n", "undefined function rand.intn"},
		"its own annotation":              {good + "deny contains {\"path\": \"x\"} if rego.metadata.rule().title\n", "undefined function rego.metadata.rule"},
		"a fact it did not declare":       {good + "deny contains {\"path\": \"x\"} if input.mfa.required == false\n", "input.mfa.required, which is not"},
		"the whole input":                 {good + "deny contains {\"path\": \"x\"} if count(input) > 100\n", "reads input, which is not"},
		"input under another name":        {with("package team.a\n", "package team.a\nimport input as i\n") + "deny contains {\"path\": \"x\"} if i.mfa\n", "reads input, which is not"},
		"applies by a need":               {with("applies if input.audience", "applies if input.password.min_length > 0\napplies if input.audience"), "`applies` depends on"},
		"applies by a need, through data": {with("applies if input.audience", "long if input.password.min_length > 0\napplies if data.team.a.long\napplies if input.audience"), "`applies` depends on"},
		"conftest's warn":                 {good + "warn contains \"x\" if input.password.min_length < 9\n", "nothing asks for `warn`"},
		"conftest's violation":            {good + "violation contains {\"msg\": \"x\"} if input.password.min_length < 9\n", "nothing asks for `violation`"},
		"conftest's deny_name":            {good + "deny_short contains \"x\" if input.password.min_length < 9\n", "nothing asks for `deny_short`"},
		"OPA's allow":                     {good + "default allow := false\nallow if input.password.min_length < 9\n", "nothing asks for `allow`"},
		"a helper that is not used":       {good + "helper if input.password.min_length < 9\n", "nothing asks for `helper`"},
		"deny that is a value":            {strings.Replace(good, "deny contains {", "deny := {", 1), "`deny` has a form"},
		"deny that is a function":         {strings.Replace(good, "deny contains {", "deny(x) := {", 1), "`deny` has a form"},
		"deny by key":                     {good + "deny.short contains {\"path\": \"x\"} if true\n", "`deny` has a form"},
		"deny as an object":               {strings.Replace(good, "deny contains {\"path\"", "deny[\"x\"] := {\"path\"", 1), "`deny` has a form"},
		"a default deny":                  {with("applies if", "default deny := false\napplies if"), "`deny` has a form"},
		"unsure that is a value":          {good + "unsure := {{\"path\": \"x\"}}\n", "`unsure` has a form"},
		"applies that is a set":           {good + "applies contains \"x\"\n", "`applies` has a form"},
		"no deny at all":                  {teamHeader("TEAM-001", signIn) + "package team.a\napplies if input.audience == \"staff\"\n", "`deny`/`unsure`"},
		"not Rego":                        {"package team.a\nthis is not Rego", "not Rego"},
		"no text":                         {"", "not Rego"},
		"Rego of before 1.0":              {strings.Replace(good, "deny contains {\"path\": \"password.min_length\", \"value\": input.password.min_length, \"limit\": input.terms.password.min_length} if {", "deny[msg] {", 1), "not Rego"},
		"not UTF-8":                       {good + "# \xff\n", "UTF-8"},
		"a megabyte too much":             {good + strings.Repeat("#\n", 1<<19), "1 MiB"},
		"terms that nest":                 {good + "deny contains {\"path\": \"x\"} if " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "\n", "nest deeper"},
		"parentheses that nest":           {good + "deny contains {\"path\": \"x\"} if " + strings.Repeat("(", 400_000) + "\n", "nest deeper"},
		"an annotation that nests":        {with("# custom:", "# title: "+strings.Repeat("[", 100_000)+"\n# custom:"), "not Rego"},
		"an annotation that explodes": {"# METADATA\n# custom:\n#   a: &a [x,x,x,x,x,x,x,x,x]\n#   b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n#   c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" +
			"#   d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n#   e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n#   f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n#   g: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\npackage team.a\n" + body, ""},
		"a library that reads input": {"package team.lib.x\nf if input.password\n", "library reads `input`"},
		"a library that denies":      {"package team.lib.x\ndeny contains 1\n", "never asked for"},
	} {
		p, problems, err := assess.LoadTeam(fstest.MapFS{"rule.rego": {Data: []byte(c.rego)}}, "policy")
		if err != nil || p != nil || len(problems) == 0 {
			t.Errorf("%s: accepted, or %v", name, err)
			continue
		}
		if !slices.ContainsFunc(problems, func(x assess.Problem) bool { return strings.Contains(x.Text.EN, c.want) }) {
			t.Errorf("%s: %v, want %q", name, problems, c.want)
		}
		for _, x := range problems {
			if x.File != "rule.rego" || x.Text.NL == "" || x.Text.NL == x.Text.EN || (x.Hint.EN == "") != (x.Hint.NL == "") {
				t.Errorf("%s: %+v", name, x)
			}
		}
	}
	if _, problems := loadTeam(t, map[string]string{"rule.rego": good}); len(problems) > 0 {
		t.Errorf("the rule that all of these are made of: %v", problems)
	}
}

func TestTeamFoldersThatAreRefused(t *testing.T) {
	good := func(id, pkg string) string { return teamHeader(id, signIn) + "package " + pkg + "\n" + body }
	many := map[string]string{}
	for i := range 501 {
		many[strings.Repeat("a", i+1)+".rego"] = "package team.lib.x\n"
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"nothing":             {nil, []string{"no rule in this folder"}},
		"tests alone":         {map[string]string{"a_test.rego": good("TEAM-001", "team.a")}, []string{"no rule in this folder"}},
		"a library alone":     {map[string]string{"a.rego": "package team.lib.a\nf(x) := x\n"}, []string{"no rule in this folder"}},
		"an id twice":         {map[string]string{"a.rego": good("TEAM-001", "team.a"), "b.rego": good("TEAM-001", "team.b")}, []string{"is that of a.rego too"}},
		"a package twice":     {map[string]string{"a.rego": good("TEAM-001", "team.a"), "b.rego": good("TEAM-002", "team.a")}, []string{"is in a.rego too"}},
		"two faulty files":    {map[string]string{"a.rego": "package team.a\nx", "b.rego": good("TRF-001", "team.b")}, []string{"not Rego", "form of Waarborg's own"}},
		"a package in a rule": {map[string]string{"a.rego": good("TEAM-001", "team.a"), "b.rego": good("TEAM-002", "team.a.deny")}, []string{"does not compile"}},
		"too many":            {many, []string{"more than 500"}},
	} {
		_, problems := loadTeam(t, c.files)
		for _, want := range c.want {
			if !slices.ContainsFunc(problems, func(x assess.Problem) bool { return strings.Contains(x.Text.EN, want) }) {
				t.Errorf("%s: %v, want %q", name, problems, want)
			}
		}
	}
}

func TestProblemsSayTheLine(t *testing.T) {
	rego := teamHeader("TEAM-001", signIn) + "package team.a\n" + body + "\nwarn contains 1\n"
	_, problems := loadTeam(t, map[string]string{"x/rule.rego": rego})
	if len(problems) != 1 || problems[0].File != "x/rule.rego" || problems[0].Line != strings.Count(rego, "\n") || !strings.Contains(problems[0].Hint.EN, "deny contains") {
		t.Errorf("%+v", problems)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "a.rego"), []byte(teamHeader("TEAM-001", signIn)+"package team.a\n"+body), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{outside, filepath.Join(outside, "a.rego")} {
		link := filepath.Join(dir, "a.rego")
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		_, problems, err := assess.LoadTeam(root.FS(), "policy")
		if err != nil || len(problems) != 1 || !strings.Contains(problems[0].Text.EN, "link") {
			t.Errorf("%v %v", problems, err)
		}
		if err := root.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(link); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := assess.LoadTeam(os.DirFS(filepath.Join(dir, "missing")), "missing"); err == nil {
		t.Error("a folder that is not there was read")
	}
}

// The digest changes with every rule, and with nothing else.
func TestTheDigestOfTeamRules(t *testing.T) {
	text := teamHeader("TEAM-001", signIn) + "package team.a\n" + body
	a := one(t, text).Digest
	if b := one(t, text+"\n# a word\n").Digest; a == b {
		t.Error("another rule has the same digest")
	}
	p, problems := loadTeam(t, map[string]string{"rule.rego": text, "rule_test.rego": "package team.a_test\n", "notes.md": "x"})
	if len(problems) > 0 || p.Digest != a {
		t.Errorf("a test changed the digest: %v", problems)
	}
}

// A rule of several kinds is one rule for people, and judges each kind by itself.
func TestARuleOfSeveralKinds(t *testing.T) {
	p := one(t, teamHeader("TEAM-001", "#   kinds: [terraform.azurerm_storage_account, terraform.azurerm_key_vault, datastore]\n#   needs: [location]\n")+`package team.a
deny contains {"path": "location", "value": input.location} if input.location == "eastus"
`)
	if len(p.Rules) != 3 || len(p.Described()) != 1 || len(p.RawKinds()) != 2 {
		t.Fatalf("%d rules, %d described, raw kinds %v", len(p.Rules), len(p.Described()), p.RawKinds())
	}
	var rs []inventory.Resource
	for _, k := range p.RawKinds() {
		rs = append(rs, inventory.Resource{ID: string(k), Kind: k, Attributes: []byte(`{"location":"eastus"}`)})
	}
	judged, _, err := p.Assess(t.Context(), assess.Input{Resources: rs, Customers: []assess.Customer{{}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for i, list := range judged {
		if len(list) != 1 || list[0].Status != assess.Fail || list[0].Rule.Kind != rs[i].Kind {
			t.Errorf("%s: %+v", rs[i].ID, list)
		}
	}
}

func TestRawKinds(t *testing.T) {
	for k, want := range map[inventory.Kind]bool{
		"terraform.azurerm_storage_account": true, "arm.Microsoft.Storage/storageAccounts": true,
		"arm.Microsoft.Storage/storageAccounts/blobServices": true, "kubernetes.apps/v1 Deployment": true, "kubernetes.v1 Service": true,
		"kubernetes.networking.k8s.io/v1 Ingress": true, "datastore": false, "terraform": false, "terraform.": false, "terraform.azurerm storage": false,
		"arm.storageAccounts": false, "kubernetes.Deployment": false, "kubernetes.apps/v1": false, "helm.x": false, "": false,
	} {
		if assess.IsRaw(k) != want {
			t.Errorf("%q: %v", k, !want)
		}
	}
	rule := func(id, pkg, kind, need string) string {
		return teamHeader(id, "#   kinds: [\""+kind+"\"]\n#   needs: ["+need+"]\n") + "package " + pkg + "\ndeny contains {\"path\": \"x\"} if input." + need + " == 1\n"
	}
	p, problems := loadTeam(t, map[string]string{
		"a.rego": rule("TEAM-001", "team.a", "arm.Microsoft.Storage/storageAccounts", "properties.b"),
		"b.rego": rule("TEAM-002", "team.b", "arm.microsoft.storage/storageaccounts", "properties.a"),
		"c.rego": rule("TEAM-003", "team.c", "kubernetes.apps/v1 Deployment", "spec.replicas"),
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := p.RawKinds(); !slices.Equal(got, []inventory.Kind{"arm.Microsoft.Storage/storageAccounts", "kubernetes.apps/v1 Deployment"}) {
		t.Errorf("%v", got)
	}
	kind, paths := p.RawOf("arm", "MICROSOFT.STORAGE/STORAGEACCOUNTS")
	if kind != "arm.Microsoft.Storage/storageAccounts" || len(paths) != 2 || !slices.Equal(paths[0], []string{"properties", "a"}) {
		t.Errorf("%s %v", kind, paths)
	}
	if _, paths := p.RawOf("kubernetes", "apps/v1 deployment"); paths != nil {
		t.Error("kinds of Kubernetes differ by case")
	}
	if got := p.RawPaths("kubernetes.apps/v1 Deployment"); len(got) != 1 || !slices.Equal(got[0], []string{"spec", "replicas"}) {
		t.Errorf("%v", got)
	}
}

// What a resource itself has not is absent; what is known only after apply, or secret, never passes.
func TestTheResourceItselfIsThreeValued(t *testing.T) {
	p := one(t, teamHeader("TEAM-001", account)+`package team.a
applies if input.access_tier != "Cool"
deny contains {"path": "account_replication_type", "value": input.account_replication_type} if input.account_replication_type == "LRS"
deny contains {"path": "network_rules", "value": null} if is_null(input.network_rules)
deny contains {"path": "blob.days", "value": input.blob.days} if input.blob.days < 7
`)
	const kind = "terraform.azurerm_storage_account"
	after := func(path string) map[string]inventory.Reason {
		return map[string]inventory.Reason{path: {Code: inventory.AfterApply}}
	}
	for name, c := range map[string]struct {
		attributes string
		unknown    map[string]inventory.Reason
		want       assess.Status
	}{
		"all known":                   {`{"access_tier":"Hot","account_replication_type":"GRS","network_rules":[{}],"blob":{"days":9}}`, nil, assess.Pass},
		"one wrong":                   {`{"access_tier":"Hot","account_replication_type":"LRS","network_rules":[{}],"blob":{"days":9}}`, nil, assess.Fail},
		"absent and missed":           {`{"access_tier":"Hot","account_replication_type":"GRS","blob":{"days":9}}`, nil, assess.Fail},
		"absent, a null":              {`{"access_tier":"Hot","account_replication_type":"GRS","network_rules":null,"blob":{"days":9}}`, nil, assess.Fail},
		"absent and not missed":       {`{"access_tier":"Hot","network_rules":[{}],"blob":{"days":9}}`, nil, assess.Pass},
		"after apply":                 {`{"access_tier":"Hot","network_rules":[{}],"blob":{"days":9}}`, after("account_replication_type"), assess.Unknown},
		"after apply, one wrong":      {`{"access_tier":"Hot","network_rules":[{}],"blob":{"days":1}}`, after("account_replication_type"), assess.Fail},
		"a part known only later":     {`{"access_tier":"Hot","account_replication_type":"GRS","network_rules":[{}],"blob":{"days":9}}`, after("network_rules"), assess.Unknown},
		"above it known only later":   {`{"access_tier":"Hot","account_replication_type":"GRS","network_rules":[{}]}`, after("blob"), assess.Unknown},
		"not applicable":              {`{"access_tier":"Cool"}`, nil, assess.NotApplicable},
		"unknown whether it applies":  {`{"account_replication_type":"GRS","network_rules":[{}],"blob":{"days":9}}`, after("access_tier"), assess.Unknown},
		"absent scope, so it applies": {`{"account_replication_type":"LRS","network_rules":[{}],"blob":{"days":9}}`, nil, assess.Fail},
	} {
		r := inventory.Resource{ID: "a", Kind: kind, Attributes: []byte(c.attributes), Unknown: c.unknown}
		if got := verdictsOf(t, p, []inventory.Resource{r}, nil); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func TestATeamsTestsAndExamples(t *testing.T) {
	files := fstest.MapFS{
		"a.rego":      {Data: []byte(teamHeader("TEAM-001", account) + "package team.a\ndeny contains {\"path\": \"blob.days\", \"value\": input.blob.days} if input.blob.days < 7\napplies if input.access_tier\n")},
		"a_test.rego": {Data: []byte("package team.a_test\nimport data.team.a\ntest_few if a.deny == {{\"path\": \"blob.days\", \"value\": 1}} with input as {\"blob\": {\"days\": 1}}\ntest_wrong if false\n")},
		"examples.yaml": {Data: []byte(`examples:
  TEAM-001:
    - {name: enough, verdict: pass, input: {access_tier: Hot, blob: {days: 9}}}
    - {name: later, verdict: unknown, input: {access_tier: Hot}, unknown: [blob.days]}
  TEAM-002:
    - {name: of no rule, verdict: pass}
`)},
	}
	p, problems, err := assess.LoadTeam(files, "policy")
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	results, _, err := p.Test(context.Background(), files)
	if err != nil || len(results) != 2 {
		t.Fatal(results, err)
	}
	for _, r := range results {
		if r.Failed != (r.Name == "test_wrong") {
			t.Errorf("%+v", r)
		}
	}
	list, err := assess.Examples(files, p.Rules[0])
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	for _, x := range list {
		if v, err := p.Try(t.Context(), p.Rules[0], x); err != nil || v.Status != x.Want {
			t.Errorf("%s: %v %v", x.Name, v, err)
		}
	}
	if got, err := p.StrayExamples(files); err != nil || !slices.Equal(got, []string{"examples.yaml: TEAM-002"}) {
		t.Errorf("%v %v", got, err)
	}
	delete(files, "examples.yaml")
	if list, err := assess.Examples(files, p.Rules[0]); err != nil || list != nil {
		t.Errorf("%v %v", list, err)
	}
}
