package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Canaries of an input: none may come out of the gate, in whatever form. Those in names have the form of a credential, as a name
// is shown otherwise.
const (
	canaryMarked   = "canary-marked-as-sensitive"
	canaryProvider = "canary-of-a-provider"
	canaryVariable = "canary-of-a-variable"
	canaryOutput   = "canary-of-an-output"
	canaryPrior    = "canary-of-the-prior-state"
	canaryGiven    = "Canary0fAPassword" // an attribute that is a password, and is not marked
	canaryConnect  = "AccountKey=Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5"
	canaryToken    = "ghp_Canary0123456789Canary0123456789"
	canaryAWS      = "AKIACANARY0123456789"
	canaryVault    = "hvs.CanaryCanaryCanaryCanary01"
	canaryKeyBody  = "MIICanaryCanaryCanaryCanary"
	canaryPrivate  = `-----BEGIN PRIVATE KEY-----\n` + canaryKeyBody + `\n-----END PRIVATE KEY-----`
)

// canaries are the parts that would tell.
var canaries = []string{canaryMarked, canaryProvider, canaryVariable, canaryOutput, canaryPrior, canaryGiven, "Q2FuYXJ5", "ghp_Can", "AKIACAN", "hvs.Can", "MIICanary"}

// withCanaries are inputs of each kind, with faults so that much is said of them. abroad is where a store may not stand.
func withCanaries() files {
	const abroad = `"location": "uksouth", "tags": {"data": "personal", "note": "` + canaryConnect + `", "app": "` + canaryToken + `", "owner": "` + canaryVault + `"}`
	after := abroad + `, "name": "` + canaryAWS + `", "min_tls_version": "` + canaryToken + `", "primary_access_key": "` + canaryMarked + `", "administrator_password": "` + canaryGiven +
		`", "private_key": "` + canaryPrivate + `", "connection_string": "` + canaryConnect + `", "identity": [{"type": "` + canaryMarked + `"}]`
	resource := func(address, name, values string) string {
		return `{"address": "` + address + `", "mode": "managed", "type": "azurerm_storage_account", "name": "` + name + `", "provider_name": "registry.terraform.io/hashicorp/azurerm", ` + values + `}`
	}
	const marks = `{"primary_access_key": true, "identity": true}`
	change := func(actions, more string) string {
		return `"change": {"actions": [` + actions + `], "before": {` + after + `}, "after": {` + after + `}, "after_unknown": {"id": true}, "before_sensitive": ` + marks + `, "after_sensitive": ` + marks + more + `}`
	}
	plan := `{"format_version": "1.2", "terraform_version": "1.9.8",
 "variables": {"secret": {"value": "` + canaryVariable + `"}},
 "planned_values": {"outputs": {"o": {"sensitive": true, "value": "` + canaryOutput + `"}, "p": {"sensitive": false, "value": "` + canaryOutput + `"}}, "root_module": {"resources": []}},
 "output_changes": {"o": {"actions": ["create"], "after": "` + canaryOutput + `"}},
 "prior_state": {"format_version": "1.0", "terraform_version": "1.9.8", "values": {"outputs": {"o": {"value": "` + canaryPrior + `"}}, "root_module": {"resources": [
  ` + resource("azurerm_storage_account.marked", "marked", `"values": {"primary_access_key": "`+canaryPrior+`", "location": "`+canaryPrior+`"}, "sensitive_values": {}`) + `]}}},
 "configuration": {"provider_config": {"azurerm": {"name": "azurerm", "expressions": {"client_secret": {"constant_value": "` + canaryProvider + `"}}}},
  "root_module": {"variables": {"secret": {"default": "` + canaryVariable + `"}}, "outputs": {"o": {"expression": {"constant_value": "` + canaryOutput + `"}}}, "resources": []}},
 "resource_drift": [` + resource(`azurerm_storage_account.drifted[\"`+canaryToken+`\"]`, "drifted", change(`"update"`, "")) + `],
 "resource_changes": [
  ` + resource("azurerm_storage_account.marked", "marked", change(`"create"`, "")) + `,
  ` + resource(`azurerm_storage_account.each[\"`+canaryToken+`\"]`, "each", change(`"create"`, "")) + `,
  ` + resource(`azurerm_storage_account.`+canaryAWS, canaryAWS, change(`"update"`, "")) + `,
  ` + resource(`module.m[\"`+canaryVault+`\"].azurerm_storage_account.moved`, "moved", `"previous_address": "azurerm_storage_account.was[\"`+canaryVault+`\"]", `+change(`"no-op"`, "")) + `,
  {"address": "` + canaryAWS + `.b", "mode": "managed", "type": "` + canaryAWS + `", "name": "b", ` + change(`"create"`, "") + `}]}`
	state := `{"format_version": "1.0", "terraform_version": "1.9.8", "values": {"outputs": {"o": {"sensitive": true, "value": "` + canaryOutput + `"}}, "root_module": {"resources": [
  ` + resource(`azurerm_storage_account.each[\"`+canaryToken+`\"]`, "each", `"values": {`+after+`}, "sensitive_values": `+marks) + `]}}}`
	template := `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
 "parameters": {"password": {"type": "securestring", "defaultValue": "` + canaryMarked + `"}, "plain": {"type": "string", "defaultValue": "` + canaryVariable + `"}},
 "variables": {"v": "` + canaryVariable + `"}, "outputs": {"o": {"type": "string", "value": "` + canaryOutput + `"}},
 "resources": [{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-05-01", "name": "` + canaryAWS + `", "kind": "StorageV2", ` + abroad + `,
   "sku": {"name": "Standard_ZRS"}, "properties": {"minimumTlsVersion": "TLS1_0", "password": "[parameters('password')]", "administratorLoginPassword": "` + canaryGiven + `", "privateKey": "` + canaryPrivate + `"}}]}`
	manifests := `apiVersion: v1
kind: Secret
metadata: {name: s, namespace: intake}
stringData: {password: ` + canaryGiven + `}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: abroad}
provisioner: file.csi.azure.com
parameters: {skuName: Standard_ZRS, location: uksouth, secret: ` + canaryProvider + `}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ` + canaryToken + `, namespace: ` + canaryAWS + `, labels: {waarborg/data: personal, note: ` + canaryToken + `}, annotations: {a: "` + canaryConnect + `"}}
spec: {accessModes: [ReadWriteMany], storageClassName: abroad, resources: {requests: {storage: 5Gi}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: intake}
spec: {template: {spec: {containers: [{name: ` + canaryToken + `, image: "x:1", env: [{name: PASSWORD, value: ` + canaryGiven + `}, {name: DB, value: "` + canaryConnect + `"}]}]}}}
`
	return files{"plan.json": plan, "state.json": state, "template.json": template, "manifests.yaml": manifests,
		"stores.json": `{"stores": [{"name": "` + canaryToken + `", "region": "uksouth", "password": "` + canaryGiven + `"}, {"name": "` + canaryAWS + `", "region": "` + canaryMarked + `"}]}`}
}

// prying are rules that ask for the very attributes that hold a secret, and say what they find.
const prying = `# METADATA
# title: It says what it sees
# description: It says all that it sees.
# custom:
#   id: TEAM-001
#   kinds: [%s]
#   needs: [%s]
#   clauses: [BB-LOG-4]
#   severity: high
#   title_nl: Het zegt wat het ziet
#   description_nl: Het zegt alles wat het ziet.
#   remediation: Do not look.
#   remediation_nl: Kijk niet.
#   messages: {default: {en: "seen {value} and {limit}", nl: "gezien {value} en {limit}"}}
package team.prying

%s`

func pryingFor(kind string, attributes ...string) string {
	var rules strings.Builder
	for _, a := range attributes {
		fmt.Fprintf(&rules, "deny contains {\"path\": %q, \"value\": input.%s, \"limit\": [input.%s, %q]} if not is_null(input.%s)\n\n", a, a, a, canaryConnect, a)
	}
	return fmt.Sprintf(prying, kind, strings.Join(attributes, ", "), rules.String())
}

const canaryMapping = `kind: datastore
permission: reader
items: /stores
id: /name
facts:
  engine: {const: blob}
  personal_data: {const: true}
  location: {pointer: /region, region: azure}
`

// noCanary wants none of the canaries in a text.
func noCanary(t *testing.T, where, text string) {
	t.Helper()
	for _, c := range canaries {
		if i := strings.Index(text, c); i >= 0 {
			t.Errorf("%s has %q: …%s…", where, c, text[max(0, i-120):min(len(text), i+80)])
		}
	}
}

// noCanaryIn looks at the names and contents of all files below a folder.
func noCanaryIn(t *testing.T, dir string) (found int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		found++
		noCanary(t, path, path+"\x00"+string(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestNoSecretLeavesTheGate runs every form of output over every kind of input, in both languages.
func TestNoSecretLeavesTheGate(t *testing.T) {
	s := newShell(t, planned())
	s.must(t, exitMet, "keys", "init")
	inputs := withCanaries().in(t)
	mapping := filepath.Join(files{"m.yaml": canaryMapping}.in(t), "m.yaml")
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	for name, policy := range map[string]string{
		"plan.json":      pryingFor("terraform.azurerm_storage_account", "primary_access_key", "administrator_password", "private_key", "connection_string", "identity", "tags", "name", "min_tls_version"),
		"state.json":     pryingFor("terraform.azurerm_storage_account", "primary_access_key", "administrator_password", "private_key", "connection_string", "identity", "tags", "name"),
		"template.json":  pryingFor("arm.Microsoft.Storage/storageAccounts", "properties", "tags", "name"),
		"manifests.yaml": pryingFor("kubernetes.apps/v1 Deployment", "spec", "metadata"),
		"stores.json":    "",
	} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			args := []string{"gate", filepath.Join(inputs, name), "--debug", "--as", "datastore=" + mapping}
			if policy != "" {
				args = append(args, "--policy", files{"prying.rego": policy}.in(t))
			}
			for _, lang := range []string{"nl", "en"} {
				var list []string
				for _, format := range gateFormats() {
					list = append(list, "-o", format+"="+filepath.Join(out, lang+"."+format))
				}
				run := append(append(slices.Clone(args), "--lang", lang, "--attest", filepath.Join(out, lang+".sigstore.json")), list...)
				code, stdout, stderr := s.run(t.Context(), run...)
				if code != exitNotMet || !strings.Contains(stdout, "TRF-001") || policy != "" && !strings.Contains(stdout, "TEAM-001") {
					t.Fatalf("exit status %d: nothing was found that could tell\n%s%s", code, stdout, stderr)
				}
				noCanary(t, "stdout", stdout)
				noCanary(t, "stderr", stderr)
				code, stdout, stderr = s.run(t.Context(), append(slices.Clone(args), "--lang", lang, "--update-baseline", "--baseline", filepath.Join(out, lang+"-baseline.json"),
					"--reason", "known", "--until", "2027-01-31")...)
				if code != exitMet {
					t.Fatalf("exit status %d\n%s%s", code, stdout, stderr)
				}
				noCanary(t, "stdout", stdout+stderr)
			}
			if n, want := noCanaryIn(t, out), 2*(len(gateFormats())+2); n != want {
				t.Errorf("%d files, want %d", n, want)
			}
		})
	}
	only(t, temp)
}

// TestNoSecretInWhatIsSaidOfABrokenInput: cut off anywhere, and with what does not belong anywhere, an error quotes nothing.
func TestNoSecretInWhatIsSaidOfABrokenInput(t *testing.T) {
	s := newShell(t, planned())
	a := s.app("en")
	from := loaded(t, a)
	mapping := filepath.Join(files{"m.yaml": canaryMapping}.in(t), "m.yaml")
	dir := t.TempDir()
	opened := 0
	for name, text := range withCanaries() {
		for i := range 60 {
			n := 1 + i*(len(text)-1)/60
			for how, broken := range map[string]string{"cut off": text[:n], "a quote": text[:n] + `"` + text[n:], "a brace": text[:n] + `}` + text[n:], "no UTF-8": text[:n] + "\xff" + text[n:],
				"a tab": text[:n] + "\n\t" + text[n:], "a colon": text[:n] + ": : " + text[n:]} {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
					t.Fatal(err)
				}
				said := openedAs(t, a, from, path, mapping)
				if said != "" {
					opened++
					noCanary(t, fmt.Sprintf("%s with %s at %d", name, how, n), said)
				}
			}
		}
	}
	if opened < 200 {
		t.Errorf("only %d broken inputs were refused", opened)
	}
}

// openedAs is all that is said of an input that cannot be opened, in both languages and to programmers.
func openedAs(t *testing.T, a *app, s *space, path, mapping string) string {
	t.Helper()
	names, _, err := a.gateNames(s)
	if err != nil {
		t.Fatal(err)
	}
	x, err := a.openInputs(t.Context(), s, []string{path}, gateOptions{as: []string{"datastore=" + mapping}}, names, nil)
	defer x.close()
	if err == nil {
		return ""
	}
	all := fmt.Sprintf("%v\n%+v\n", err, err)
	for _, lang := range []string{"nl", "en"} {
		b := *a
		var errs strings.Builder
		b.err, b.lang = &errs, lang
		b.report(err)
		all += errs.String()
	}
	return all
}
