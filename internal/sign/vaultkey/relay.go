package vaultkey

import (
	"context"
	"encoding/json/v2"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"waarborg/internal/say"
)

const maxRequest = 64 << 10 // bytes; a request to sign has some hundred

// relay is the only "Vault" that the library sees: a socket in a folder that only we can enter. Two calls go through, to read
// the key and to sign with it, each with our own client's token, namespace and TLS.
type relay struct {
	ctx     context.Context
	client  *client
	reads   string // path of the key
	signs   string // path to sign at
	address string
	dir     string
	server  *http.Server

	mu     sync.Mutex // guards what follows
	status int        // of the last call
	said   string     // what Vault said of it; it may quote what was sent, so it is looked at and never shown
	err    error
}

func startRelay(ctx context.Context, c *client, mount, key string) (*relay, error) {
	dir, err := os.MkdirTemp("", "waarborg-")
	if err != nil {
		return nil, noSocket(err)
	}
	socket := filepath.Join(dir, "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, noSocket(errors.Join(err, os.RemoveAll(dir)))
	}
	r := &relay{ctx: ctx, client: c, reads: mount + "/keys/" + key, signs: mount + "/sign/" + key + "/sha2-256", address: "unix://" + socket, dir: dir}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = r.server.Serve(listener) }() // ends with close, and says only that
	return r, nil
}

func noSocket(err error) error {
	return &say.Error{Msg: say.Both("there is no place for a socket in the folder for temporary files",
		"er is geen plaats voor een socket in de map voor tijdelijke bestanden"),
		Hint: say.Both("set TMPDIR to a folder that can be written to and has a short path",
			"zet TMPDIR op een map waarin te schrijven is, met een kort pad"), Err: err}
}

func (r *relay) close() error {
	return errors.Join(r.server.Close(), os.RemoveAll(r.dir))
}

// ServeHTTP passes on the two calls. What is no plain success goes back as 400: the library stumbles over empty answers.
func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	called := strings.TrimPrefix(path.Clean(req.URL.Path), "/v1/")
	method := ""
	switch {
	case req.Method == http.MethodGet && called == r.reads:
		method = http.MethodGet
	case (req.Method == http.MethodPut || req.Method == http.MethodPost) && called == r.signs:
		method = http.MethodPost
	default:
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxRequest))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	status, raw, err := r.client.do(r.ctx, method, called, body)
	r.keep(status, raw, err)
	if err != nil || status != http.StatusOK || len(raw) == 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(raw) // the library is gone: it will not miss the answer
}

func (r *relay) keep(status int, raw []byte, err error) {
	var answer struct {
		Errors []string `json:"errors"`
	}
	_ = json.Unmarshal(raw, &answer) // an answer without errors has none to keep
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.said, r.err = status, strings.Join(answer.Errors, "; "), err
}

func (r *relay) last() (status int, said string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status, r.said, r.err
}
