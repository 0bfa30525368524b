package main

import (
	"os"
	"path/filepath"
	"testing"
)

// files is a workspace, or a part of one: contents by name.
type files map[string]string

// with returns a copy with other files added or replaced.
func (f files) with(more files) files {
	out := files{}
	for _, part := range []files{f, more} {
		for name, text := range part {
			out[name] = text
		}
	}
	return out
}

// write makes the files below a folder.
func (f files) write(dir string) error {
	for name, text := range f {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// in writes the files to a folder of the test and returns it.
func (f files) in(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := f.write(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// small is a workspace of one export with two stores, of which one lies abroad: exactly one thing is not met, TRF-001 on
// cloud/abroad, and that store serves the customer north alone.
func small() files {
	return files{
		"waarborg.yaml": `processor: {name: Small Processor, country: NL, contact: privacy@small.example}
keys: {dir: .waarborg/keys, passphrase: env:WAARBORG_PASSPHRASE}
people:
  - id: anna
    role: Security officer
  - id: bram
    role: Privacy officer
sources:
  - id: cloud
    type: file
    settings: {file: export.json, mapping: mapping.yaml}
`,
		"export.json": `{"stores": [
  {"name": "files", "region": "westeurope", "tls": "1.2"},
  {"name": "abroad", "region": "uksouth", "tls": "1.2"}
]}
`,
		"mapping.yaml": `kind: datastore
permission: reader
items: /stores
id: /name
facts:
  engine: {const: blob}
  location: {pointer: /region, region: azure}
  encryption.min_tls: {pointer: /tls}
  encryption.tls_required: {const: true}
`,
		"agreements/standard.yaml": `id: standard
title: {en: Agreement, nl: Overeenkomst}
version: "1"
in_force: 2024-01-01
processor: Small Processor
applications:
  - {id: crm, en: a, nl: b, subjects: [tenants], categories: [name, email], source: {document: Annex A, clause: BA-5.2.basic}}
  - {id: portal, en: a, nl: b, subjects: [tenants], categories: [name, email], source: {document: Annex A, clause: BA-5.4.basic}}
purposes:
  - {id: deliver, en: a, nl: b, source: {document: Annex A, clause: BA-4.a}}
terms:
  - {path: regions.eea_only, value: true, source: {document: Annex C, clause: BC-0}}
  - {path: encryption.min_tls, value: "1.2", basis: processor, source: {document: Agreement, clause: VWO-2.1.2}}
`,
		"agreements/customers/north.yaml": `id: north
name: Northern Homes
agreement: standard
applications: [crm, portal]
contract: {document: Contract N, start: 2024-02-01}
`,
		"agreements/customers/south.yaml": `id: south
name: Southern Homes
agreement: standard
applications: [crm]
contract: {document: Contract S, start: 2024-02-01}
`,
		"subprocessors.yaml": `subprocessors:
  - id: azure
    name: Azure
    purpose: {en: hosting, nl: hosting}
    categories: [name, email]
    eea: true
    countries: [NL]
    access_countries: [NL]
    agreement: 2023-11-01
    announced: 2024-01-01
    effective: 2024-01-01
    source: {document: Annex C, clause: BC-1}
`,
		"datamap.yaml": `stores:
  - id: files
    applications: [crm]
    source: cloud
    match: files
    provider: azure
    environment: production
    categories: [name]
  - id: abroad
    applications: [portal]
    source: cloud
    match: abroad
    provider: azure
    environment: production
    categories: [name]
`,
		"access.yaml":  "needs: []\n",
		"waivers.yaml": "waivers: []\n",
	}
}

// planned is small with a Terraform plan in place of the export.
func planned() files {
	return small().with(files{
		"waarborg.yaml": `processor: {name: Small Processor, country: NL, contact: privacy@small.example}
keys: {dir: .waarborg/keys, passphrase: env:WAARBORG_PASSPHRASE}
sources:
  - id: cloud
    type: terraform
    settings: {file: plan.json}
`,
		"plan.json": `{"format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": [
` + storageAccount("files", "westeurope") + `,
` + storageAccount("abroad", "uksouth") + `
]}
`,
		"datamap.yaml": `stores:
  - id: files
    applications: [crm]
    source: cloud
    match: azurerm_storage_account.files
    provider: azure
    environment: production
    categories: [name]
  - id: abroad
    applications: [portal]
    source: cloud
    match: azurerm_storage_account.abroad
    provider: azure
    environment: production
    categories: [name]
`})
}

// storageAccount is an element of a plan's resource_changes.
func storageAccount(name, region string) string {
	return `  {"address": "azurerm_storage_account.` + name + `", "mode": "managed", "type": "azurerm_storage_account", "name": "` + name + `",
   "change": {"actions": ["create"], "after_unknown": {}, "after_sensitive": {}, "after": {"location": "` + region + `",
    "account_replication_type": "ZRS", "min_tls_version": "TLS1_2", "https_traffic_only_enabled": true}}}`
}
