package testvault

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// Unseal unseals a sealed server and waits until it serves requests.
func (s *Server) Unseal(ctx context.Context) error {
	if _, err := s.call(ctx, http.MethodPut, "sys/unseal", map[string]any{"key": s.UnsealKey}); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		_, err := s.call(ctx, http.MethodGet, "sys/health", nil)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it is not ready: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Server) initialise(ctx context.Context) error {
	raw, err := s.call(ctx, http.MethodPut, "sys/init", map[string]any{"secret_shares": 1, "secret_threshold": 1})
	if err != nil {
		return err
	}
	var keys struct {
		Keys      []string `json:"keys"`
		RootToken string   `json:"root_token"`
	}
	if err := json.Unmarshal(raw, &keys); err != nil || len(keys.Keys) != 1 {
		return fmt.Errorf("sys/init gave no key: %w", err)
	}
	s.UnsealKey, s.RootToken = keys.Keys[0], keys.RootToken
	return nil
}

// Write sends body to a path with the root token and returns the answer, which is empty for 204. It fails the test on
// any other status than 200 and 204.
func (s *Server) Write(t testing.TB, path string, body map[string]any) map[string]any {
	t.Helper()
	return s.do(t, http.MethodPost, path, body)
}

// Read reads a path with the root token, as Write does.
func (s *Server) Read(t testing.TB, path string) map[string]any {
	t.Helper()
	return s.do(t, http.MethodGet, path, nil)
}

// Delete deletes a path with the root token, as Write does.
func (s *Server) Delete(t testing.TB, path string) {
	t.Helper()
	s.do(t, http.MethodDelete, path, nil)
}

func (s *Server) do(t testing.TB, method, path string, body map[string]any) map[string]any {
	t.Helper()
	raw, err := s.call(t.Context(), method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) == 0 {
		return nil
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return out
}

func (s *Server) call(ctx context.Context, method, path string, body map[string]any) ([]byte, error) {
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.Addr+"/v1/"+path, bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Vault-Token", s.RootToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNoContent {
		return nil, fmt.Errorf("%s %s: status %d: %s", method, path, resp.StatusCode, bytes.TrimSpace(raw))
	}
	return raw, nil
}
