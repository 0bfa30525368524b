package main

import (
	"fmt"
	"os"
	"time"

	"waarborg/dpa"
	"waarborg/internal/collect"
	"waarborg/internal/collect/file"
	"waarborg/internal/collect/postgres"
	"waarborg/internal/collect/terraform"
	"waarborg/internal/collect/vault"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/workspace"
)

// sources makes the collectors of a workspace. A source that cannot even be set up, say because its secret is missing,
// becomes a source that fails: it is reported like one that does not answer.
func (a *app) sources(s *space, annotator dpa.Annotator) []collect.Source {
	var out []collect.Source
	for _, c := range s.Config.Sources {
		collector, err := a.collector(s, c)
		if err != nil {
			collector = broken{err}
		}
		want := a.expected(s, annotator, c)
		if known, ok := collector.(interface {
			Expected(source string) []inventory.Draft
		}); ok {
			want = known.Expected(c.ID) // the same ids as when it can be read
		}
		out = append(out, collect.Source{ID: c.ID, Collector: collector, Timeout: c.Limit(), Expected: want})
	}
	return out
}

// expected stands for a source that fails: the data map's stores, and for a Vault the secret store itself.
func (a *app) expected(s *space, annotator dpa.Annotator, c workspace.Source) []inventory.Draft {
	out := annotator.Expected(c.ID)
	switch {
	case c.Type == "vault":
		out = append(out, inventory.Draft{ID: c.ID + "/store", Name: c.ID, Attributes: &inventory.SecretStore{}})
	case c.Type == "file":
		if kind := a.mappingKind(s, c); kind != nil && kind.Kind() != inventory.KindDatastore {
			out = append(out, unread(c.ID, kind))
		}
	case c.Type == "terraform":
		// What a plan may have besides datastores. Without these a plan that cannot be read would take its grants and networks
		// out of sight.
		out = append(out, unread(c.ID, &inventory.Grant{}), unread(c.ID, &inventory.Network{}), unread(c.ID, &inventory.SignIn{}))
	}
	if len(out) == 0 {
		out = append(out, unread(c.ID, &inventory.Datastore{}))
	}
	return out
}

// unread stands for all resources of a kind that a source would have reported.
func unread(source string, a inventory.Attributes) inventory.Draft {
	return inventory.Draft{ID: source + "/unread/" + string(a.Kind()), Name: source, Attributes: a}
}

// mappingKind is the kind of resource that a file source reports; nil where its mapping cannot be read either.
func (a *app) mappingKind(s *space, c workspace.Source) inventory.Attributes {
	set, ok := c.Settings.(*workspace.FileSettings)
	if !ok {
		return nil
	}
	raw, err := os.ReadFile(s.path(set.Mapping))
	if err != nil {
		return nil
	}
	m, problems := file.ReadMapping(set.Mapping, raw)
	if m == nil || len(problems) > 0 {
		return nil
	}
	for _, k := range inventory.Kinds() {
		if string(k.Kind()) == m.Kind {
			return k
		}
	}
	return nil
}

func (a *app) collector(s *space, c workspace.Source) (collect.Collector, error) {
	switch set := c.Settings.(type) {
	case *workspace.TerraformSettings:
		return terraform.New(terraform.Config{File: s.path(set.File)}), nil
	case *workspace.PostgresSettings:
		return a.postgres(s, c.ID, set)
	case *workspace.VaultSettings:
		return a.vault(s, set)
	case *workspace.FileSettings:
		return file.New(file.Config{File: s.path(set.File), Mapping: s.path(set.Mapping)}), nil
	}
	return nil, fmt.Errorf("a source of type %s has no collector", c.Type)
}

func (a *app) postgres(s *space, id string, set *workspace.PostgresSettings) (collect.Collector, error) {
	dsn, err := a.sourceSecret(s, set.DSN)
	if err != nil {
		return nil, err
	}
	cfg := postgres.Config{DSN: dsn, Database: set.Database, Location: location(set.Location), StatementTimeout: time.Duration(set.StatementTimeout),
		ServiceRoles: globs(set.ServiceRoles), PersonRoles: globs(set.PersonRoles), SharedRoles: globs(set.SharedRoles),
		AppRoles: globs(set.AppRoles), AllowPlaintext: set.AllowPlaintext}
	for _, c := range set.Copies {
		at, _ := location(&c.Location).Value()
		cfg.Copies = append(cfg.Copies, inventory.Copy{Role: c.Role, Location: at})
	}
	for _, store := range s.DataMap.Stores {
		if !sees(store, id) {
			continue
		}
		tenants := map[string]string{} // of this store alone: another on the same server may number customers differently
		for _, c := range s.Book.Customers {
			for _, key := range c.Tenants[store.ID] {
				tenants[key] = c.ID
			}
		}
		for _, t := range store.Tables {
			schema, name := cut(t.Table)
			cfg.Tables = append(cfg.Tables, postgres.Table{Schema: schema, Name: name, Class: t.Class, Application: t.ApplicationIn(store),
				Store: store.ID, TenantColumn: t.TenantColumn, TriggerColumn: t.Trigger.Column, Trigger: t.Trigger.Meaning,
				Tenants: tenants})
		}
	}
	return postgres.New(cfg)
}

func sees(store dpa.Store, source string) bool {
	for _, at := range store.Sightings() {
		if at.Source == source {
			return true
		}
	}
	return false
}

func (a *app) vault(s *space, set *workspace.VaultSettings) (collect.Collector, error) {
	cfg := vault.Config{Address: string(set.Address), Namespace: set.Namespace, Sensitive: set.Sensitive, Location: location(set.Location),
		PersonalData: map[string]string{}}
	if set.CA != "" {
		cfg.CACertFile = s.path(set.CA)
	}
	for _, p := range s.DataMap.Secrets {
		cfg.PersonalData[string(p.Path)] = p.Store
	}
	var err error
	cfg.Login, err = a.vaultLogin(s, set.Login)
	if err != nil {
		return nil, err
	}
	return vault.New(cfg)
}

func (a *app) vaultLogin(s *space, l workspace.VaultLogin) (out vault.Login, err error) {
	switch l.Method {
	case "token":
		out.Token, err = a.sourceSecret(s, l.Token)
	case "approle":
		out.AppRole = &vault.AppRole{Mount: l.Mount}
		if out.AppRole.RoleID, err = a.sourceSecret(s, l.RoleID); err != nil {
			return out, err
		}
		out.AppRole.SecretID, err = a.sourceSecret(s, l.SecretID)
	case "kubernetes":
		ref, ok := fileOf(l.JWT)
		if !ok {
			return out, &collect.Error{Code: inventory.SourceError,
				Msg: say.Both("the token of a service account must be a file: the kubelet replaces it",
					"het token van een serviceaccount moet een bestand zijn: de kubelet vervangt het"),
				Hint: say.Both("write jwt: file:/var/run/secrets/kubernetes.io/serviceaccount/token",
					"schrijf jwt: file:/var/run/secrets/kubernetes.io/serviceaccount/token")}
		}
		out.Kubernetes = &vault.Kubernetes{Role: l.Role, JWTFile: s.path(ref), Mount: l.Mount}
	}
	return out, err
}

// sourceSecret resolves a reference of a source. What fails lands in the snapshot, so it is said in both languages; it shows
// the reference, never the secret.
func (a *app) sourceSecret(s *space, ref workspace.SecretRef) (string, error) {
	v, err := a.secret(s, ref)
	if err != nil {
		err = &collect.Error{Code: inventory.SourceError, Msg: say.Of(err), Hint: say.HintOf(err), Err: err}
	}
	return v, err
}

func fileOf(ref workspace.SecretRef) (string, bool) {
	const prefix = "file:"
	if len(ref) > len(prefix) && ref[:len(prefix)] == prefix {
		return string(ref[len(prefix):]), true
	}
	return "", false
}

func location(l *dpa.Location) inventory.Fact[inventory.Location] {
	if l == nil {
		return inventory.Unknown[inventory.Location](inventory.Undeclared, "location")
	}
	return inventory.Known(inventory.Location{Provider: l.Provider, Region: l.Region, Country: l.Country})
}
