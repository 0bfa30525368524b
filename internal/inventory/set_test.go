package inventory

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
)

// TestSetEveryPath sets each fact of each kind to a zero value of its type, to absent and to unknown, so that no field
// can be added that the reflection does not reach.
func TestSetEveryPath(t *testing.T) {
	for _, a := range Kinds() {
		for _, path := range Paths(a) {
			zero, ok := Element(a, path)
			if !ok {
				t.Fatalf("%s %s: no element", a.Kind(), path)
			}
			if err := SetKnown(a, path, zero); err != nil {
				t.Fatalf("%s %s: %v", a.Kind(), path, err)
			}
			if err := SetKnown(a, path, struct{}{}); !errors.Is(err, ErrWrongType) {
				t.Fatalf("%s %s took a value of another type: %v", a.Kind(), path, err)
			}
		}
		r := encoded(t, a)
		if len(r.Unknown) != 0 {
			t.Errorf("%s: unknown after all were set: %v", a.Kind(), r.Unknown)
		}
		for _, path := range Paths(a) {
			if err := SetReason(a, path, Reason{Code: Malformed}); err != nil {
				t.Fatal(err)
			}
		}
		if r := encoded(t, a); string(r.Attributes) != "{}" || len(r.Unknown) != len(Paths(a)) {
			t.Errorf("%s: %s, %d unknown", a.Kind(), r.Attributes, len(r.Unknown))
		}
	}
}

func encoded(t *testing.T, a Attributes) Resource {
	t.Helper()
	r, err := Draft{ID: "s/x", Attributes: a}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSetConverts(t *testing.T) {
	e := &Endpoint{}
	for _, ok := range []any{5, int64(5), 5.0, json.Number("5")} {
		if err := SetKnown(e, "screen_lock_minutes", ok); err != nil {
			t.Errorf("%T: %v", ok, err)
		}
		if v, _ := e.ScreenLock.Value(); v != 5 {
			t.Errorf("%T became %d", ok, v)
		}
	}
	for _, bad := range []any{5.5, "5", json.Number("5.5"), json.Number("1e400"), true, nil, math.NaN(), math.Inf(1), 1e300} {
		if err := SetKnown(e, "screen_lock_minutes", bad); !errors.Is(err, ErrWrongType) {
			t.Errorf("%T %v was taken: %v", bad, bad, err)
		}
	}
	d := &Deployment{}
	if err := SetKnown(d, "stages", []any{"test", "acceptance"}); err != nil {
		t.Error(err)
	}
	if err := SetKnown(d, "stages", []any{"test", 1}); !errors.Is(err, ErrWrongType) {
		t.Errorf("a list with a number was taken: %v", err)
	}
	if v, _ := d.Stages.Value(); len(v) != 2 {
		t.Errorf("stages: %v", v)
	}
	if err := SetAbsent(d, "stages"); err != nil || !d.Stages.IsAbsent() {
		t.Errorf("not absent: %v", err)
	}
}

func TestSetNoSuchFact(t *testing.T) {
	for _, path := range []string{"", ".", "form", "password", "password.", "password.min_length.x", "password.nothing", "Password"} {
		s := &SignIn{}
		if err := SetKnown(s, path, true); !errors.Is(err, ErrNoFact) {
			t.Errorf("SetKnown(%q): %v", path, err)
		}
		if err := SetAbsent(s, path); !errors.Is(err, ErrNoFact) {
			t.Errorf("SetAbsent(%q): %v", path, err)
		}
		if err := SetReason(s, path, Reason{}); !errors.Is(err, ErrNoFact) {
			t.Errorf("SetReason(%q): %v", path, err)
		}
		if _, ok := Element(s, path); ok {
			t.Errorf("Element(%q)", path)
		}
	}
}
