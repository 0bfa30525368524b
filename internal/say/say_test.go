package say

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestBoth(t *testing.T) {
	inner := &Error{Msg: Text{EN: "no key", NL: "geen sleutel"}}
	for _, c := range []struct {
		got    Text
		en, nl string
	}{
		{Both("%d of %s", "%[2]s: %[1]d", 3, "x"), "3 of x", "x: 3"},
		{Both("read %s", "lees %s", Text{EN: "the file", NL: "het bestand"}), "read the file", "lees het bestand"},
		{Both("stopped: %s", "gestopt: %s", inner), "stopped: no key", "gestopt: geen sleutel"},
		{Both("stopped: %v", "gestopt (%v)", fmt.Errorf("outer: %w", inner)), "stopped: no key", "gestopt (geen sleutel)"},
		{Both("stopped: %s", "gestopt (%s)", fs.ErrNotExist), "stopped: file does not exist", "gestopt (file does not exist)"},
		{Both("100%% full", "100%% vol"), "100% full", "100% vol"},
		{Same("SELECT 1"), "SELECT 1", "SELECT 1"},
	} {
		if c.got.In("en") != c.en || c.got.In("nl") != c.nl || c.got.In("fr") != c.en {
			t.Errorf("%+v, want %q and %q", c.got, c.en, c.nl)
		}
	}
	if !(Text{}).IsZero() || Same("x").IsZero() {
		t.Error("IsZero")
	}
}

func TestErrors(t *testing.T) {
	e := &Error{Msg: Text{EN: "no key", NL: "geen sleutel"}, Hint: Text{EN: "make one", NL: "maak er een"}, Err: fs.ErrNotExist}
	wrapped := fmt.Errorf("outer: %w", e)
	if msg, hint, ok := In(wrapped, "nl"); msg != "geen sleutel" || hint != "maak er een" || !ok {
		t.Errorf("%q %q %v", msg, hint, ok)
	}
	if e.Error() != "no key; make one" || (&Error{Msg: e.Msg}).Error() != "no key" || !errors.Is(wrapped, fs.ErrNotExist) {
		t.Errorf("%q", e.Error())
	}
	if Of(wrapped) != e.Msg || HintOf(wrapped) != e.Hint || Of(fs.ErrNotExist) != Same("file does not exist") || !HintOf(fs.ErrNotExist).IsZero() {
		t.Error("Of or HintOf")
	}
	if _, _, ok := In(fs.ErrNotExist, "nl"); ok {
		t.Error("any error is taken for one that speaks Dutch")
	}
}
