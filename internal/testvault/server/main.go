// Command server runs a Vault server with its data in memory, for tests alone: it is built from Vault's own source so
// that the tests need no installed binary. It is a module of its own because Vault is licensed under BUSL-1.1 and has
// hundreds of dependencies: nothing of it is ever part of what is shipped.
//
// It prints "listening ADDRESS" once it accepts connections, uninitialised, and ends when its standard input ends, so
// that it never outlives the test that started it.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	log "github.com/hashicorp/go-hclog"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/audit"
	auditfile "github.com/hashicorp/vault/builtin/audit/file"
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/builtin/credential/userpass"
	"github.com/hashicorp/vault/builtin/logical/pki"
	"github.com/hashicorp/vault/builtin/logical/transit"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "loopback address to listen on")
	flag.Parse()
	if err := serve(*addr); err != nil {
		fmt.Fprintln(os.Stderr, "test vault:", err)
		os.Exit(1)
	}
}

func serve(addr string) error {
	core, err := newCore()
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	server := &http.Server{
		Handler:           vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core}),
		ReadHeaderTimeout: 10 * time.Second,
	}
	ended := make(chan error, 2)
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		ended <- err
	}()
	go func() { ended <- server.Serve(ln) }()
	fmt.Println("listening", ln.Addr())
	return <-ended
}

func newCore() (*vault.Core, error) {
	logger := log.New(&log.LoggerOptions{Level: log.Warn, Output: os.Stderr})
	storage, err := inmem.NewInmem(nil, logger)
	if err != nil {
		return nil, fmt.Errorf("making the storage: %w", err)
	}
	secrets := map[string]logical.Factory{"transit": transit.Factory, "pki": pki.Factory, "kv": kv.Factory}
	logins := map[string]logical.Factory{"approle": approle.Factory, "userpass": userpass.Factory}
	plugins := registry{}
	for name, f := range secrets {
		plugins[plugin{name, consts.PluginTypeSecrets}] = f
	}
	for name, f := range logins {
		plugins[plugin{name, consts.PluginTypeCredential}] = f
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical: storage, StorageType: "inmem", DisableMlock: true, Logger: logger,
		LogicalBackends: secrets, CredentialBackends: logins, BuiltinRegistry: plugins,
		AuditBackends: map[string]audit.Factory{"file": auditfile.Factory},
	})
	if err != nil {
		return nil, fmt.Errorf("making the core: %w", err)
	}
	return core, nil
}

// plugin is the key of a built-in plugin.
type plugin struct {
	name string
	kind consts.PluginType
}

// registry offers only the built-in plugins that the tests use; Vault's own would link all of them.
type registry map[plugin]logical.Factory

func (r registry) Contains(name string, kind consts.PluginType) bool {
	_, ok := r[plugin{name, kind}]
	return ok
}

func (r registry) Get(name string, kind consts.PluginType) (func() (any, error), bool) {
	f, ok := r[plugin{name, kind}]
	return func() (any, error) { return f, nil }, ok
}

func (r registry) Keys(consts.PluginType) []string { return nil }

func (r registry) DeprecationStatus(string, consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, true
}

func (r registry) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
