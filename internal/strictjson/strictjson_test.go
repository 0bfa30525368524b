package strictjson_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json/jsontext"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"waarborg/internal/strictjson"
)

func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func utf16be(s string) string {
	b := []byte(utf16le(s))
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

func packed(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadAccepts(t *testing.T) {
	deep := strings.Repeat("[", 64) + strings.Repeat("]", 64)
	for name, c := range map[string]struct {
		file, in, want string
		limits         strictjson.Limits
	}{
		"object":               {"a.json", `{"a":[1,"é\n",null]}`, `{"a":[1,"é\n",null]}`, strictjson.Limits{}},
		"blanks around":        {"a.json", " \r\n\t1 \n", " \r\n\t1 \n", strictjson.Limits{}},
		"UTF-8 mark dropped":   {"a.json", "\xEF\xBB\xBF{}", "{}", strictjson.Limits{}},
		"same key, two places": {"a.json", `{"a":{"a":1},"b":{"a":1}}`, `{"a":{"a":1},"b":{"a":1}}`, strictjson.Limits{}},
		"depth at the limit":   {"a.json", deep, deep, strictjson.Limits{}},
		"deeper by a limit":    {"a.json", "[" + deep + "]", "[" + deep + "]", strictjson.Limits{Depth: 65}},
		"size at the limit":    {"a.json", `{"a":1}`, `{"a":1}`, strictjson.Limits{Size: 7}},
		"gzip":                 {"a.json.gz", packed(t, `{"a":1}`), `{"a":1}`, strictjson.Limits{}},
		"gzip in capitals":     {"A.JSON.GZ", packed(t, "\xEF\xBB\xBF[]"), `[]`, strictjson.Limits{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := strictjson.Read(strings.NewReader(c.in), c.file, c.limits)
			if err != nil || string(got) != c.want {
				t.Fatalf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	doc := `{"secret":"hunter2"}`
	gz := packed(t, strings.Repeat(doc, 100))
	for name, c := range map[string]struct {
		file, in string
		limits   strictjson.Limits
		want     string // part of the message
		at       [2]int
	}{
		"empty":                   {file: "a.json", in: "", want: "is empty"},
		"only blanks":             {file: "a.json", in: "\xEF\xBB\xBF \n", want: "is empty"},
		"UTF-16 mark LE":          {file: "a.json", in: "\xFF\xFE" + utf16le(doc), want: "UTF-16"},
		"UTF-16 mark BE":          {file: "a.json", in: "\xFE\xFF" + utf16be(doc), want: "UTF-16"},
		"UTF-16 LE no mark":       {file: "a.json", in: utf16le(doc), want: "UTF-16"},
		"UTF-16 BE no mark":       {file: "a.json", in: utf16be(doc), want: "UTF-16"},
		"UTF-32 mark LE":          {file: "a.json", in: "\xFF\xFE\x00\x00{\x00\x00\x00", want: "is UTF-32"},
		"UTF-32 mark BE":          {file: "a.json", in: "\x00\x00\xFE\xFF\x00\x00\x00{", want: "is UTF-32"},
		"UTF-32 LE no mark":       {file: "a.json", in: "1\x00\x00\x00", want: "UTF-32"},
		"Latin-1":                 {file: "a.json", in: "{\n\"a\":\"caf\xE9\"}", want: "is not UTF-8", at: [2]int{2, 9}},
		"half surrogate":          {file: "a.json", in: `["\ud800"]`, want: "is not valid JSON here", at: [2]int{1, 3}},
		"zero byte inside":        {file: "a.json", in: "[1,2,\x003]", want: "is not valid JSON here", at: [2]int{1, 6}},
		"same key":                {file: "a.json", in: "{\"é\":1,\n  \"é\":2}", want: "the same key twice", at: [2]int{2, 3}},
		"same key by escape":      {file: "a.json", in: `{"a":1,"\u0061":2}`, want: "the same key twice", at: [2]int{1, 8}},
		"two values":              {file: "a.json", in: doc + "\n" + doc, want: "something follows", at: [2]int{2, 1}},
		"warning before":          {file: "a.json", in: "Warning: x\n{}", want: "is not valid JSON here", at: [2]int{1, 1}},
		"warning after":           {file: "a.json", in: "{}\nWarning", want: "something follows", at: [2]int{2, 1}},
		"cut in a string":         {file: "a.json", in: doc[:12], want: "ends in the middle", at: [2]int{1, 13}},
		"cut after a value":       {file: "a.json", in: `{"a":1`, want: "ends in the middle", at: [2]int{1, 7}},
		"cut in a literal":        {file: "a.json", in: `[tru`, want: "ends in the middle", at: [2]int{1, 5}},
		"trailing comma":          {file: "a.json", in: `[1,]`, want: "is not valid JSON here", at: [2]int{1, 3}},
		"comment":                 {file: "a.json", in: `[1 /* x */]`, want: "is not valid JSON here", at: [2]int{1, 4}},
		"NaN":                     {file: "a.json", in: `[NaN]`, want: "is not valid JSON here", at: [2]int{1, 2}},
		"too deep":                {file: "a.json", in: strings.Repeat("[", 65) + strings.Repeat("]", 65), want: "deeper than 64", at: [2]int{1, 65}},
		"far too deep":            {file: "a.json", in: strings.Repeat("[", 1<<20), limits: strictjson.Limits{Depth: 1 << 20}, want: "deeper than 9999"},
		"deep objects":            {file: "a.json", in: `{"a":{"a":{}}}`, limits: strictjson.Limits{Depth: 2}, want: "deeper than 2", at: [2]int{1, 11}},
		"too large":               {file: "a.json", in: doc, limits: strictjson.Limits{Size: 19}, want: "larger than"},
		"gzip bomb":               {file: "a.json.gz", in: gz, limits: strictjson.Limits{Size: 500}, want: "larger than"},
		"gzip cut":                {file: "a.json.gz", in: gz[:len(gz)-9], want: "ends in the middle"},
		"gzip checksum":           {file: "a.json.gz", in: gz[:len(gz)-8] + "\x00\x00\x00\x00" + gz[len(gz)-4:], want: "damaged gzip"},
		"gzip with garbage after": {file: "a.json.gz", in: packed(t, doc) + "0123456789", want: "damaged gzip"},
		"not gzip":                {file: "a.json.gz", in: doc, want: "not gzip"},
		"name with a line break":  {file: "a\n\x1b[31m.json", in: "", want: `"a\n\x1b[31m.json": is empty`},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := strictjson.Read(strings.NewReader(c.in), c.file, c.limits)
			var e *strictjson.Error
			if !errors.As(err, &e) {
				t.Fatalf("accepted, or another type of error: %q, %v", data, err)
			}
			if !strings.Contains(e.Msg.EN, c.want) || e.Hint.IsZero() || strings.Contains(e.Error(), "\n") {
				t.Errorf("message %q hint %q, want %q", e.Msg, e.Hint, c.want)
			}
			if e.Msg.NL == "" || e.Msg.NL == e.Msg.EN || e.Hint.NL == "" || e.Hint.NL == e.Hint.EN {
				t.Errorf("not in Dutch: message %q hint %q", e.Msg.NL, e.Hint.NL)
			}
			if strings.Contains(e.Error(), "hunter2") || strings.Contains(e.Error(), "secret") {
				t.Errorf("the error quotes the input: %s", e)
			}
			if c.at != [2]int{} && c.at != [2]int{e.Line, e.Column} {
				t.Errorf("at %d:%d, want %v", e.Line, e.Column, c.at)
			}
		})
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.json")
	if err := os.WriteFile(path, []byte(`{"a":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := strictjson.ReadFile(path, strictjson.Limits{}); err != nil || string(got) != `{"a":1}` {
		t.Fatalf("%q, %v", got, err)
	}
	if _, err := strictjson.ReadFile(dir, strictjson.Limits{}); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder: %v", err)
	}
	_, err := strictjson.ReadFile(filepath.Join(dir, "none.json"), strictjson.Limits{})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("a missing file: %v", err)
	}
}

// FuzzRead holds that what is accepted is one valid, shallow JSON value without double keys, and what is refused is
// refused in one line.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"", `{"a":[1,2,{"b":null}]}`, "\xEF\xBB\xBF1", "\xFF\xFE1\x00", `{"a":1,"a":2}`, `[[[[[[[[[]]]]]]]]]`, `"\ud800"`, "1 2", `{"a`} {
		f.Add([]byte(s), false)
		f.Add([]byte(packed(f, s)), true)
	}
	f.Fuzz(func(t *testing.T, in []byte, gz bool) {
		name := "f.json"
		if gz {
			name = "f.json.gz"
		}
		got, err := strictjson.Read(bytes.NewReader(in), name, strictjson.Limits{Size: 1 << 20, Depth: 8})
		if err != nil {
			var e *strictjson.Error
			if !errors.As(err, &e) || e.Msg.IsZero() || e.Hint.IsZero() || strings.ContainsRune(e.Error(), '\n') {
				t.Fatalf("a poor error: %#v", err)
			}
			return
		}
		if !jsontext.Value(got).IsValid() || !utf8.Valid(got) || len(got) > 1<<20 {
			t.Fatalf("accepted %q", got)
		}
		depth, deepest, inString := 0, 0, false
		for i := 0; i < len(got); i++ {
			switch c := got[i]; {
			case inString && c == '\\':
				i++
			case c == '"':
				inString = !inString
			case inString:
			case c == '[' || c == '{':
				depth++
				deepest = max(deepest, depth)
			case c == ']' || c == '}':
				depth--
			}
		}
		if deepest > 8 || depth != 0 {
			t.Fatalf("accepted depth %d: %q", deepest, got)
		}
	})
}
