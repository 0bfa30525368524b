package pdf

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func faceOf(t testing.TB, ttf []byte) *face {
	t.Helper()
	f, err := readFace(ttf)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFontsHaveWhatPagesShow(t *testing.T) {
	for i, ttf := range [fonts][]byte{regularTTF, boldTTF, condensedTTF} {
		f := faceOf(t, ttf)
		for r := rune(' '); r < 0x250; r++ {
			if want := r < 0x7F || r >= 0xA0 && r != 0xAD; (f.width(r) > 0) != want {
				t.Errorf("font %d: %U is there: %v, want %v", i, r, !want, want)
			}
		}
		for _, r := range "‘’“”–—…•·€×≥≤≈−\uFFFD" {
			if f.width(r) == 0 {
				t.Errorf("font %d lacks %c", i, r)
			}
		}
		for r := rune(0); r < 0x2300; r++ {
			if f.width(r) > 0 && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.M, r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Errorf("font %d has %U, which hides or reorders", i, r)
			}
		}
		for r := '1'; r <= '9'; r++ {
			if f.width(r) != f.width('0') {
				t.Errorf("font %d: the digits differ in width", i)
			}
		}
		if len(ttf) > 70_000 {
			t.Errorf("font %d has %d bytes", i, len(ttf))
		}
	}
}

// gofpdf measures for itself; what it would say must be what wrap counts with.
func TestWidthsAreThoseOfGofpdf(t *testing.T) {
	s, err := newSheet(time.Unix(0, 0), metadata{})
	if err != nil {
		t.Fatal(err)
	}
	s.page()
	for f := range fonts {
		s.loadFont(font(f))
		s.f.SetFont(faceNames[f][0], faceNames[f][1], 10)
		for _, text := range []string{"Persoonsgegevens staan in de EER", "WAVE–éü€ß", "0123456789abcdef"} {
			if got, want := measure(s.faces[f], text), s.f.GetStringSymbolWidth(text); got != want {
				t.Errorf("font %d: %q is %d wide, gofpdf says %d", f, text, got, want)
			}
		}
	}
}

func TestCleanShowsWhatItReplaces(t *testing.T) {
	f := faceOf(t, regularTTF)
	for in, want := range map[string]string{"gewoon – ‘ja’ €5": "gewoon – ‘ja’ €5", "a\x1bb\nc": "a\uFFFDb\uFFFDc", "\u202eexe": "\uFFFDexe", "a\u00adb": "a\uFFFDb", "\xff": "\uFFFD", "a\xef": "a\uFFFD",
		"漢": "\uFFFD", "a → b": "a › b", "": ""} {
		if got := clean(f, in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCutCountsCharacters(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "abc…"}, {"éé", 2, "éé"}, {"ééé", 2, "éé…"}, {"", 3, ""}} {
		if got := cut(c.in, c.most); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.in, c.most, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	f := faceOf(t, regularTTF)
	for _, c := range []struct {
		in   string
		most int
		want []string
	}{
		{"", 1000, []string{""}}, {"een", 10_000, []string{"een"}}, {"een twee drie", measure(f, "een twee"), []string{"een twee", "drie"}},
		{"  een   twee  ", measure(f, "twee"), []string{"een", "twee"}}, {"aaaa/bbbb", measure(f, "aaaa/bb"), []string{"aaaa/", "bbbb"}},
		{"x aaaaaaaa", measure(f, "aaaa"), []string{"x", "aaaa", "aaaa"}}, {"WW", 1, []string{"W", "W"}},
	} {
		if got := wrap(f, c.in, c.most); strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("wrap(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("een twee drie/vier.vijf", 3000)
	f.Add("  WWWWWWWWWW  w ", 1)
	f.Add(strings.Repeat("ab-", 50)+" "+strings.Repeat("x", 80), 5000)
	face := faceOf(f, regularTTF)
	f.Fuzz(func(t *testing.T, s string, most int) {
		s = clean(face, cut(s, 500))
		if !utf8.ValidString(s) {
			t.Fatalf("clean left %q", s)
		}
		most = max(1, most%100_000)
		lines := wrap(face, s, most)
		for _, l := range lines {
			if measure(face, l) > most && utf8.RuneCountInString(l) > 1 {
				t.Errorf("line %q is wider than %d", l, most)
			}
		}
		if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(s, " ", ""); got != want {
			t.Errorf("wrap lost or added something: %q, want %q", got, want)
		}
		if got := fit(face, s, most); measure(face, got) > most && got != "…" {
			t.Errorf("fit gave %q, wider than %d", got, most)
		}
	})
}

func TestMendRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, raw := range []string{"", "no table", "startxref\n99\n%%EOF\n", "9999999999 00000 n \nstartxref\n0\n%%EOF\n"} {
		if err := mendDestinations([]byte(raw), 2); err == nil {
			t.Errorf("%q is taken for a drawn file", raw)
		}
	}
	if err := mendDestinations([]byte("anything"), 0); err != nil {
		t.Errorf("without attachments there is nothing to mend: %v", err)
	}
}

func TestReadFaceRefusesWhatIsNoFont(t *testing.T) {
	for n := range 200 {
		if _, err := readFace(regularTTF[:n*7]); err == nil {
			t.Fatalf("the first %d bytes are taken for a font", n*7)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.000", 1234567: "1.234.567", -1234: "-1.234"} {
		if got := number(n, "nl"); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
}
