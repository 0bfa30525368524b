package ci

import (
	"bytes"
	"encoding/json/v2"
	"encoding/xml"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEscapes(t *testing.T) {
	for _, c := range []struct{ what, got, want string }{
		{"a name", name("a\x1b[31m\u202eb\u009b"), "a\uFFFD[31m\uFFFDb\uFFFD"},
		{"a long name", name(strings.Repeat("€", 400)), strings.Repeat("€", 300) + "…"},
		{"a line of a log", inLog("::error::x ::y ##[z] ##vso[q] a::b"), ": :error::x : :y # #[z] # #vso[q] a::b"},
		{"Markdown", markdown("a|b `c` <d> [e](f) @g ::h"), "a\\|b \\`c\\` &lt;d&gt; \\[e\\](f) &#64;g &#58;:h"},
		{"a value of GitHub", githubData.Replace("50% a:b,c\n"), "50%25 a:b,c%0A"},
		{"a property of GitHub", githubProperty.Replace("50% a:b,c\n"), "50%25 a%3Ab%2Cc%0A"},
		{"a property of Azure", azureProperty.Replace("a]b;c%d\r"), "a%5Db%3Bc%AZP25d%0D"},
		{"XML", xmlText(`<a b="c">]]>`), "&lt;a b=&#34;c&#34;&gt;]]&gt;"},
		{"a path", relative("../../a/./b//c"), "a/b/c"},
		{"a path of Windows", relative(`C:\a\b.tf`), "a/b.tf"},
		{"a uri", uri("infra/my files/ü%:?#.tf"), "infra/my%20files/%C3%BC%25%3A%3F%23.tf"},
		{"a token", token("9 AV-12.2/é"), "_9_AV-12.2_é"},
		{"no token", token(""), "_"},
		{"a link", noLink("[a](b)"), "[a] (b)"},
		{"a uuid", uuid("a", "b"), uuid("a", "b")},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if uuid("a", "b") == uuid("ab") || uuid("a", "b") == uuid("b", "a") || !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(uuid("a")) {
		t.Errorf("uuid %s", uuid("a"))
	}
}

func FuzzEscapes(f *testing.F) {
	for _, s := range []string{"", "a", "\x1b[31m", "::x", " ::x", "##vso[", "###[", "[a](b)", "\u202e", "\ufffe", "../..", `\\host\x`, "C:", "]]>", "%0A", "é", "\U000e0041", "a\nb"} {
		f.Add(s, 3)
	}
	link := regexp.MustCompile(`(^|[^\\])\]\(`)
	word := regexp.MustCompile(`^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$`)
	f.Fuzz(func(t *testing.T, s string, cut int) {
		if !utf8.ValidString(s) {
			return
		}
		p := name(s)
		if strings.ContainsFunc(p, func(r rune) bool { return hidden(r) && r != utf8.RuneError }) || utf8.RuneCountInString(p) > mostOfName+1 {
			t.Errorf("name %q", p)
		}
		if l := inLog(p); strings.HasPrefix(strings.TrimSpace(l), "::") || strings.Contains(l, "##[") || strings.Contains(l, "##vso[") {
			t.Errorf("log %q", l)
		}
		if m := markdown(p); strings.ContainsAny(m, "<>@") || link.MatchString(m) || strings.Contains(m, "://") {
			t.Errorf("Markdown %q", m)
		}
		if g := githubProperty.Replace(s); strings.ContainsAny(g, ":,\r\n") {
			t.Errorf("GitHub %q", g)
		}
		if a := azureProperty.Replace(s); strings.ContainsAny(a, "];\r\n") {
			t.Errorf("Azure %q", a)
		}
		if strings.Contains(noLink(s), "](") {
			t.Errorf("link %q", noLink(s))
		}
		u, err := url.Parse(uri(s))
		if err != nil || u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "/") || u.Path != relative(s) || u.Path == ".." || strings.HasPrefix(u.Path, "../") || strings.Contains(u.Path, "/../") {
			t.Errorf("uri %q of %q: %v", uri(s), s, err)
		}
		if w := token(s); !word.MatchString(w) {
			t.Errorf("token %q", w)
		}
		var text struct {
			Text string `xml:",chardata"`
		}
		if err := xml.Unmarshal([]byte("<a>"+xmlText(p)+"</a>"), &text); err != nil || text.Text != p {
			t.Errorf("XML %q: %q, %v", p, text.Text, err)
		}
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		v := &visible{w: &b}
		cut = max(0, min(cut, len(raw))) // a character may come in two pieces
		_, _ = v.Write(raw[:cut])
		_, _ = v.Write(raw[cut:])
		var back string
		if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != s {
			t.Errorf("%q becomes %q: %v", s, back, err)
		}
		if strings.ContainsFunc(b.String(), func(r rune) bool { return hidden(r) && r != utf8.RuneError }) {
			t.Errorf("JSON %q", b.String())
		}
	})
}
