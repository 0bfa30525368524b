package file

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

func openInput(t testing.TB, name, text, kind, mapping string) (gate.Reader, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "m.yaml")
	if err := os.WriteFile(path, []byte(mapping), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := OpenInput(t.Context(), Input{Name: name, Data: strings.NewReader(text), Kind: kind, Mapping: path}, testEnv(t, nil))
	var known *collect.Error
	if err != nil && (!errors.As(err, &known) || known.Code == "" || !bothSaid(known.Msg, known.Hint)) {
		t.Fatalf("not an error that can be shown in both languages: %v", err)
	}
	return r, err
}

const devices = `kind: endpoint
items: /value
id: /serial
facts:
  form: {const: laptop}
  disk_encrypted: {pointer: /encrypted}
  managed: {pointer: /managed}
`

func TestMappedInput(t *testing.T) {
	text := `{"value": [{"serial": "A1", "encrypted": true, "owner": "Anna Canary"}, {"serial": "B2", "encrypted": "soon", "managed": false}]}`
	yaml := "value:\n  - {serial: A1, encrypted: true, owner: Anna Canary}\n  - {serial: B2, encrypted: soon, managed: false}\n"
	var first []string
	for name, text := range map[string]string{"d.json": text, "-": text, "d.yaml": yaml, "stdin": yaml, "d.json.gz": text} {
		r, err := openInput(t, name, text, "endpoint", devices)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Units() != 2 || r.Info().Format != "mapped" || r.Info().Name != name || r.Info().Size != int64(len(text)) || len(r.Info().Digest) != 71 {
			t.Errorf("%s: %d units, %+v", name, r.Units(), r.Info())
		}
		if p := r.Info().Problems; len(p) != 2 || !strings.HasPrefix(p[0].What.EN, "disk_encrypted") || p[1].Reason.Code != inventory.NotReported {
			t.Errorf("%s: problems %+v", name, p)
		}
		var got []string
		for i := range 2 {
			list, err := r.Read(t.Context(), i, i+1, nil)
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			s := list[0]
			if s.Type != "endpoint" || s.Change != gate.Present || !slices.Equal(s.Tells, []string{"disk_encrypted", "form", "managed"}) {
				t.Errorf("%s: %+v", name, s)
			}
			res, err := s.Draft.Encode()
			if err != nil {
				t.Fatal(err)
			}
			why, err := json.Marshal(res.Unknown)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, s.Address, string(res.Attributes), string(why))
			inventory.SetUnknown(s.Draft.Attributes, inventory.Reason{Code: inventory.SourceError})
			s.Draft.Attributes.(*inventory.Endpoint).Form = inventory.Known("changed")
		}
		again, err := r.Read(t.Context(), 0, 2, nil)
		if form, _ := again[0].Draft.Attributes.(*inventory.Endpoint).Form.Value(); err != nil || form != "laptop" {
			t.Errorf("%s: what one reading changed shows in the next: %s", name, form)
		}
		if first == nil {
			first = got
		}
		if !slices.Equal(got, first) {
			t.Errorf("%s: %v, want %v", name, got, first)
		}
	}
	want := []string{"A1", `{"disk_encrypted":true,"form":"laptop"}`, `{"managed":{"code":"not-reported","detail":"/managed"}}`,
		"B2", `{"form":"laptop","managed":false}`, `{"disk_encrypted":{"code":"malformed","detail":"/encrypted"}}`}
	if !slices.Equal(first, want) {
		t.Errorf("%v", first)
	}
}

func TestMappedInputThatIsRefused(t *testing.T) {
	laughs := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'h'; c++ {
		laughs += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(c-1)+", ", 10), ", ") + "]\n"
	}
	for name, c := range map[string]struct{ file, text, kind, mapping, says string }{
		"another kind": {"d.json", `{"value":[{"serial":"A"}]}`, "grant", devices, "makes objects of kind endpoint, not grant"},
		"no items":     {"d.json", `{"value":[]}`, "", devices, "has no items"},
		"no id":        {"d.json", `{"value":[{"x":1}]}`, "", devices, "have no id"},
		"twice":        {"d.json", `{"value":[{"serial":"A"},{"serial":"A"}]}`, "", devices, "more than one item"},
		"double key":   {"d.json", `{"value":[],"value":[]}`, "", devices, "same key twice"},
		"cut off":      {"d.json", `{"value":[`, "", devices, "ends in the middle"},
		"brackets":     {"d.yaml", strings.Repeat("[", 100_000), "", devices, "not YAML"},
		"laughs":       {"d.yaml", laughs, "", devices, "not YAML"},
		"documents":    {"d.yaml", strings.Repeat("---\na: 1\n", 10_000), "", devices, "not YAML"},
		"long YAML":    {"d.yaml", strings.Repeat("# a comment\n", 400_000), "", devices, "not YAML"},
		"long JSON":    {"d.json", `{"value":"` + strings.Repeat("x", maxSize) + `"}`, "", devices, "larger than the limit"},
		"not UTF-8":    {"d.json", "{\"value\": \"\xff\"}", "", devices, "UTF-8"},
		"empty":        {"-", "", "", devices, "empty"},
		"bad mapping":  {"d.json", `{}`, "", "kind: laptop\nid: /a\nfacts: {form: {const: x}}\n", "there is no kind"},
	} {
		_, err := openInput(t, c.file, c.text, c.kind, c.mapping)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := OpenInput(t.Context(), Input{Name: "d.json", Data: strings.NewReader("{}"), Mapping: filepath.Join(t.TempDir(), "none.yaml")}, testEnv(t, nil))
	var known *collect.Error
	if !errors.As(err, &known) || !strings.Contains(known.Hint.EN, "--as") || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a mapping that is not there: %v", err)
	}
}
