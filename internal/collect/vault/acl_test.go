package vault

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/testvault"
)

func mustParse(t testing.TB, name, text string) policy {
	t.Helper()
	p, err := parsePolicy(name, text)
	if err != nil {
		t.Fatalf("policy %s: %v\n%s", name, err, text)
	}
	return p
}

func TestReach(t *testing.T) {
	const target = "secret/data/prod/*"
	for _, c := range []struct {
		name, text string
		target     string
		want       string
	}{
		{"exact", `path "secret/data/prod/db" { capabilities = ["read"] }`, target, "[read] named"},
		{"the same glob", `path "secret/data/prod/*" { capabilities = ["read","list"] }`, target, "[read] named"},
		{"broader glob", `path "secret/*" { capabilities = ["create","delete"] }`, target, "[delete write] wildcard"},
		{"everything", `path "*" { capabilities = ["sudo","read"] }`, target, "[administer read] wildcard"},
		{"segment", `path "secret/data/+/db" { capabilities = ["patch"] }`, target, "[write] wildcard"},
		{"segment below the target", `path "secret/data/prod/+/db" { capabilities = ["read"] }`, target, "[read] named"},
		{"another place", `path "secret/data/test/*" { capabilities = ["read"] }`, target, "[] named"},
		{"longer name that begins the same", `path "secret/data/production/*" { capabilities = ["read"] }`, target, "[] named"},
		{"folder of metadata", `path "secret/metadata/prod/*" { capabilities = ["list"] }`, target, "[] named"},
		{"leading slash", `path "/secret/data/prod/a" { capabilities = ["read"] }`, target, "[read] named"},
		{"old word", `path "secret/data/prod/a" { policy = "write" }`, target, "[delete read write] named"},
		{"JSON", `{"path": {"secret/data/prod/a": {"capabilities": ["read"]}}}`, target, "[read] named"},
		{"deny of the whole target wins over a glob", `path "secret/*" { capabilities = ["read"] }
			path "secret/data/prod/*" { capabilities = ["deny"] }`, target, "[] named"},
		{"deny of a part leaves the rest", `path "secret/*" { capabilities = ["read"] }
			path "secret/data/prod/a/*" { capabilities = ["deny"] }`, target, "[read] wildcard"},
		{"deny of one level leaves the deeper", `path "secret/data/prod/*" { capabilities = ["read"] }
			path "secret/data/prod/+" { capabilities = ["deny"] }`, target, "[read] named"},
		{"deny elsewhere changes nothing", `path "secret/data/prod/a" { capabilities = ["read"] }
			path "secret/data/*" { capabilities = ["deny"] }`, target, "[read] named"},
		{"deny among capabilities", `path "secret/data/prod/*" { capabilities = ["read","deny"] }`, target, "[] named"},
		{"same path twice", `path "secret/data/prod/a" { capabilities = ["read"] }
			path "secret/data/prod/a" { capabilities = ["update"] }`, target, "[read write] named"},
		{"the narrower decides alone", `path "database/*" { capabilities = ["update"] }
			path "database/creds/app" { capabilities = ["read"] }`, "database/creds/app", "[read] named"},
		{"templated", `path "secret/data/{{identity.entity.id}}/*" { capabilities = ["read"] }`, target, "[] named templated"},
		{"templated deny does not hide", `path "secret/data/prod/*" { capabilities = ["read"] }
			path "secret/data/prod/{{identity.entity.name}}" { capabilities = ["deny"] }`, target, "[read] named"},
		{"templated elsewhere", `path "cubbyhole/{{identity.entity.id}}/*" { capabilities = ["read"] }`, target, "[] named"},
		{"events are no secrets", `path "secret/data/prod/*" { capabilities = ["subscribe"] }`, target, "[] named"},
	} {
		got := newACL(mustParse(t, "p", c.text)).over(parsePattern(c.target))
		if s := describe(got); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

func describe(r reach) string {
	s := fmt.Sprintf("%v named", r.caps.rights())
	if r.wildcard {
		s = strings.Replace(s, "named", "wildcard", 1)
	}
	if r.templated {
		s += " templated"
	}
	return s
}

func TestDenyOfAnotherPolicyWins(t *testing.T) {
	allow := mustParse(t, "allow", `path "secret/data/prod/*" { capabilities = ["read"] }`)
	deny := mustParse(t, "deny", `path "secret/data/prod/*" { capabilities = ["deny"] }`)
	if got := newACL(allow, deny).over(parsePattern("secret/data/prod/*")); got.any() {
		t.Errorf("a denied target is reached: %s", describe(got))
	}
	root := newACL(policy{name: "root"}).over(parsePattern("secret/data/prod/*"))
	if describe(root) != "[administer delete read write] wildcard" {
		t.Errorf("root reaches %s", describe(root))
	}
}

func TestParsePolicyRefuses(t *testing.T) {
	for _, text := range []string{
		`path "a" {`, `path "a" { capabilities = ["fly"] }`, `path "a" { policy = "fly" }`, `path "a" { capabilities = "read" capabilities = {} }`,
		`path "a" { capabilities = [["read"]] }`, strings.Repeat(" ", maxPolicy+1),
		`{"\00`, `path "a" { x = ` + strings.Repeat("[", maxPolicy/2), "path \"a\" { # ]\n x = " + strings.Repeat("[ # ]\n", maxPolicy/16),
		`path "a" { x = ` + strings.Repeat(`["]", `, maxPolicy/16), "path \"a\" { /*/ \" */ x = " + strings.Repeat("[", maxPolicy/2), "path \"a\" { x = <<E\n]\nE\n }", `path "a" { x = "${"]"}" }`,
	} {
		if p, err := parsePolicy("p", text); err == nil {
			t.Errorf("accepted %.60q as %+v", text, p)
		}
	}
}

func TestCommentsAndBracketsInStrings(t *testing.T) {
	p := mustParse(t, "p", "# [[[[ it's \"open\n/* {{{{ \" */ // \"\npath \"a/]}\" { capabilities = [\"read\"] }\n"+strings.Repeat(`path "b" { capabilities = ["list"] }`+"\n", 100))
	if len(p.rules) != 101 || p.rules[0].path.String() != "a/]}" {
		t.Errorf("rules: %+v", p.rules)
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add(`path "secret/data/+/x*" { capabilities = ["read"] policy = "sudo" }`)
	f.Add(`{"path": {"a/{{identity.entity.id}}/*": {"capabilities": ["deny"]}}}`)
	f.Add(`path "{{a" { capabilities = [] } # comment`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePolicy("p", text)
		if err != nil {
			return
		}
		got := newACL(p).over(parsePattern("secret/data/prod/*"))
		if got.caps&capDeny != 0 {
			t.Errorf("a denial counts as a right: %q", text)
		}
	})
}

// randomPolicies makes policies over a few segments, so that rules often meet.
func randomPolicies(rnd *rand.Rand, n int) []string {
	words := []string{"a", "ab", "b"}
	caps := []string{"read", "update", "delete", "sudo", "deny"}
	var out []string
	for range n {
		var b strings.Builder
		for range 1 + rnd.IntN(3) {
			segs := []string{"kv"}
			for range 1 + rnd.IntN(3) {
				segs = append(segs, append(words, "+")[rnd.IntN(4)])
			}
			path := strings.Join(segs, "/")
			if rnd.IntN(2) == 0 {
				if strings.HasSuffix(path, "+") {
					path += "/"
				}
				path += "*"
			}
			fmt.Fprintf(&b, "path %q { capabilities = [%q] }\n", path, caps[rnd.IntN(len(caps))])
		}
		out = append(out, b.String())
	}
	return out
}

// allPaths are the paths of up to three segments below kv, and one segment that no rule names.
func allPaths() []string {
	paths, level := []string{}, []string{"kv"}
	for range 4 {
		var next []string
		for _, p := range level {
			for _, w := range []string{"a", "ab", "b", "z", "az", "abz", "bz"} {
				next = append(next, p+"/"+w)
			}
		}
		paths, level = append(paths, next...), next
	}
	return paths
}

// What over finds must be what a search of all paths finds.
func TestReachAgainstSearch(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	paths := allPaths()
	targets := []string{"kv/a", "kv/a/b", "kv/a/*", "kv/ab*", "kv/+/a", "kv/*", "kv/+/b/*", "kv/a/+/b"}
	for i := range 1500 {
		text := strings.Join(randomPolicies(rnd, 2), "")
		rules := newACL(mustParse(t, "p", text))
		target := parsePattern(targets[i%len(targets)])
		var want capability
		for _, p := range paths {
			if r := rules.at(p); target.matches(p) && r != nil && r.caps&capDeny == 0 {
				want |= r.caps
			}
		}
		// A path that ends in a slash is a folder, which the search leaves out: more may be found, never less.
		if got := rules.over(target); got.caps&want != want {
			t.Fatalf("%s reaches %v by search and %v by over:\n%s", target, want.rights(), got.caps.rights(), text)
		} else if got.caps != want && !foldersGive(rules, target, got.caps&^want) {
			t.Fatalf("%s reaches %v by search and %v by over:\n%s", target, want.rights(), got.caps.rights(), text)
		}
	}
}

// foldersGive tells whether some folder, or a path deeper than the search, gives the capabilities.
func foldersGive(rules acl, target pattern, missing capability) bool {
	var found capability
	for _, p := range append(allPaths(), "kv") {
		for _, q := range []string{p + "/", p + "/z/z", p + "/z/z/"} {
			if r := rules.at(q); target.matches(q) && r != nil && r.caps&capDeny == 0 {
				found |= r.caps
			}
		}
	}
	return found&missing == missing
}

// What at decides must be what Vault itself decides.
func TestDecisionAgainstVault(t *testing.T) {
	s := testvault.Start(t)
	rnd := rand.New(rand.NewPCG(3, 4))
	all := allPaths()
	for range 60 {
		texts := randomPolicies(rnd, 2)
		var held []policy
		for i, text := range texts {
			name := fmt.Sprint("p", i)
			s.Write(t, "sys/policies/acl/"+name, map[string]any{"policy": text})
			held = append(held, mustParse(t, name, text))
		}
		made := s.Write(t, "auth/token/create", map[string]any{"policies": []string{"p0", "p1"}, "no_default_policy": true})
		token := made["auth"].(map[string]any)["client_token"]
		paths := make([]any, 40)
		for i := range paths {
			paths[i] = all[rnd.IntN(len(all))]
		}
		answer := s.Write(t, "sys/capabilities", map[string]any{"token": token, "paths": paths})
		rules := newACL(held...)
		for _, p := range paths {
			var want capability
			for _, word := range answer[p.(string)].([]any) {
				want |= capabilities[word.(string)]
			}
			got := capDeny
			if r := rules.at(p.(string)); r != nil && r.caps != 0 {
				got = r.caps
			}
			if got != want {
				t.Fatalf("%s: %v, and Vault says %v, with\n%s", p, got.rights(), answer[p.(string)], strings.Join(texts, "--\n"))
			}
		}
	}
}

func TestGlobMatches(t *testing.T) {
	for _, c := range []struct {
		glob, name string
		want       bool
	}{{"a", "a", true}, {"a", "ab", false}, {"a*", "ab", true}, {"*", "", true}, {"a*b*c", "axbxc", true}, {"a*b*c", "axc", false},
		{"ab*ba", "aba", false}, {"*b", "ab", true}, {"*b", "ba", false}} {
		if got := globMatches(c.glob, c.name); got != c.want {
			t.Errorf("globMatches(%q, %q) = %v", c.glob, c.name, got)
		}
	}
}

func TestUntemplate(t *testing.T) {
	for in, want := range map[string]string{
		"a/{{identity.entity.id}}/b": "a/+/b", "a/x-{{y}}-z": "a/+", "a/{{y}}*": "a/*", "{{y}}": "+", "a/{{open": "a/+",
		"a/{{identity.groups.names.x/y.id}}/*": "a/+/*",
	} {
		if got := untemplate(in); got != want {
			t.Errorf("untemplate(%q) = %q, want %q", in, got, want)
		}
	}
	if slices.Contains(parsePattern(untemplate("a/{{y}}*")).segs, "+*") {
		t.Error("a pattern that Vault forbids")
	}
}
