package testvault

import "testing"

func TestStart(t *testing.T) {
	s := Start(t)
	s.Write(t, "sys/mounts/secret", map[string]any{"type": "kv"})
	s.Write(t, "secret/a", map[string]any{"k": "v"})
	if got := s.Read(t, "secret/a")["data"].(map[string]any)["k"]; got != "v" {
		t.Errorf("read back %v, wrote v", got)
	}
	s.Delete(t, "secret/a")
	if _, err := s.call(t.Context(), "GET", "secret/a", nil); err == nil {
		t.Error("a deleted secret was read")
	}
}

func TestStartSealed(t *testing.T) {
	s := StartSealed(t)
	if sealed := s.Read(t, "sys/seal-status")["sealed"]; sealed != true {
		t.Errorf("sealed: %v, want true", sealed)
	}
	if err := s.Unseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sealed := s.Read(t, "sys/seal-status")["sealed"]; sealed != false {
		t.Errorf("sealed after Unseal: %v, want false", sealed)
	}
}
