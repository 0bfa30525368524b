package arm

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

func TestIs(t *testing.T) {
	schema := func(s string) string { return `{"$schema": "https://schema.management.azure.com/schemas/` + s + `"` }
	for _, c := range []struct {
		head, format string
	}{
		{schema("2019-04-01/deploymentTemplate.json#") + `, "resources": [`, Template},
		{schema("2018-05-01/subscriptionDeploymentTemplate.json#"), Template},
		{schema("2019-08-01/tenantDeploymentTemplate.json#"), Template},
		{"\uFEFF" + schema("2019-04-01/deploymentTemplate.json"), Template},
		{schema("2019-04-01/deploymentParameters.json#") + `, "parameters": {}}`, ""},
		{`{"contentVersion": "1.0.0.0", "resources": []}`, Template},
		{`{"contentVersion": "1.0.0.0", "resources": [`, Template},
		{`{"changes": [{"after": {"id": "`, WhatIf},
		{`{"changes": [{"changeType": "Create", "resourceId": "/x"`, WhatIf},
		{`{"changes": [], "error": null, "status": "Succeeded"}`, WhatIf},
		{`{"status": "Succeeded", "properties": {"correlationId": "x", "changes": [{"resourceId": "/x", "changeType": "Create"}]}}`, WhatIf},
		{`{"changes": ["a"]}`, ""}, {`{"changes": [{"title": "a"}]}`, ""}, {`{"changes": []}`, ""},
		{`{"format_version": "1.2", "resource_changes": []}`, ""}, {`{"kind": "List", "items": []}`, ""},
		{`{"properties": {"a": 1}}`, ""}, {`[]`, ""}, {``, ""}, {`{`, ""}, {`not json`, ""},
	} {
		format, ok := Is([]byte(c.head))
		if ok != (c.format != "") || ok && format != c.format {
			t.Errorf("%s: got %q %v, want %q", c.head, format, ok, c.format)
		}
	}
	for file, want := range map[string]string{"workload.json": Template, "modules.json": Template, "what-if.json": WhatIf, "modules.parameters.json": ""} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, head := range [][]byte{data, data[:150]} {
			if format, _ := Is(head); format != want {
				t.Errorf("%s: %q, want %q", file, format, want)
			}
		}
	}
}

func TestBadInputIsRefusedWithAHint(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	start := `{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1",`
	good := file("good.json", start+`"resources":[]}`)
	for name, c := range map[string]struct {
		cfg  Config
		code string
		hint string
	}{
		"absent":             {Config{File: filepath.Join(folder, "absent.json")}, inventory.SourceError, "make the file"},
		"comment":            {Config{File: file("a.json", start+"\n  // the resources\n\"resources\":[]}")}, inventory.Malformed, "comments are not JSON"},
		"block comment":      {Config{File: file("b.json", start+"\n  /* x */\"resources\":[]}")}, inventory.Malformed, "comments are not JSON"},
		"cut off":            {Config{File: file("c.json", start+`"resources":[{"type"`)}, inventory.Malformed, "cut off"},
		"twice":              {Config{File: file("d.json", start+`"resources":[],"resources":[]}`)}, inventory.Malformed, "remove one"},
		"utf":                {Config{File: file("e.json", start+"\"a\": \"\xff\",\"resources\":[]}")}, inventory.Malformed, "UTF-8"},
		"too deep":           {Config{File: file("f.json", start+`"resources":`+strings.Repeat("[", 200)+strings.Repeat("]", 200)+`}`)}, inventory.Malformed, "deep"},
		"too big":            {Config{File: good, Size: 20}, inventory.Malformed, "limit"},
		"number":             {Config{File: file("g.json", start+`"a": 1e400,"resources":[]}`)}, inventory.Malformed, "az bicep"},
		"another file":       {Config{File: file("h.json", `{"a": 1}`)}, inventory.Malformed, "az bicep"},
		"a list":             {Config{File: file("i.json", `[1]`)}, inventory.Malformed, "az bicep"},
		"resources":          {Config{File: file("j.json", start+`"resources":"x"}`)}, inventory.Malformed, "az bicep build"},
		"a resource":         {Config{File: file("k.json", start+`"resources":["x"]}`)}, inventory.Malformed, "az bicep build"},
		"without a type":     {Config{File: file("l.json", start+`"resources":[{"name":"x"}]}`)}, inventory.Malformed, "az bicep build"},
		"parameters absent":  {Config{File: good, Parameters: filepath.Join(folder, "p.json")}, inventory.SourceError, "make the file"},
		"parameters":         {Config{File: good, Parameters: good}, inventory.Malformed, "build-params"},
		"what-if failed":     {Config{File: file("m.json", `{"changes":[],"error":{"code":"x"},"status":"Failed"}`)}, inventory.SourceError, "mend the error"},
		"what-if broken":     {Config{File: file("n.json", `{"changes":[{"resourceId":"/x","changeType":1}],"status":"Succeeded"}`)}, inventory.Malformed, "what-if"},
		"what-if parameters": {Config{File: filepath.Join("testdata", "what-if.json"), Parameters: good}, inventory.Malformed, "parameters file"},
	} {
		_, err := Open(c.cfg, testEnv(t))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if got := code(t, err); got != c.code {
			t.Errorf("%s: code %s, want %s", name, got, c.code)
		}
		if hint := hintOf(err); !strings.Contains(hint, c.hint) {
			t.Errorf("%s: hint %q does not say %q", name, hint, c.hint)
		}
	}
}

func TestInfo(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "what-if.json"))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(data); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"some/folder/w.json": data, "w.json.gz": packed.Bytes()} {
		_, list, info := opened(t, Config{File: name, Input: bytes.NewReader(raw)})
		sum := sha256.Sum256(raw)
		if info.Digest != "sha256:"+hex.EncodeToString(sum[:]) || info.Size != int64(len(raw)) || info.Format != WhatIf || strings.Contains(info.Name, "/") {
			t.Errorf("%s: %+v", name, info)
		}
		if len(list) == 0 {
			t.Errorf("%s: no subjects", name)
		}
	}
}

// TestCutOffFilesAreRefused cuts a template at many places.
func TestCutOffFilesAreRefused(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "workload.json"))
	if err != nil {
		t.Fatal(err)
	}
	whole := len(bytes.TrimSpace(data))
	for i := range 200 {
		if _, err := Open(Config{File: "t.json", Input: bytes.NewReader(data[:whole*i/200])}, testEnv(t)); err == nil {
			t.Errorf("cut at %d of 200: no error", i)
		}
	}
}

// FuzzOpen holds that no input makes the reader panic or gives drafts that cannot be encoded, and that it ends.
func FuzzOpen(f *testing.F) {
	for _, file := range []string{"workload.json", "modules.json", "what-if.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"contentVersion":"1","resources":[{"type":"Microsoft.KeyVault/vaults","name":"[parameters('a')]","copy":{"name":"c","count":2}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Open(Config{File: "f.json", Input: bytes.NewReader(data), RawTypes: []string{"Microsoft.Web/serverfarms"}}, testEnv(t))
		if err != nil {
			return
		}
		defer r.Close()
		list, err := r.Read(t.Context(), 0, r.Units(), nil)
		if err != nil {
			return
		}
		for _, s := range list {
			if s.Draft.Attributes != nil {
				encoded(t, s)
			}
			if s.Raw != nil {
				s.Raw.Attribute([]string{"properties"})
			}
		}
	})
}
