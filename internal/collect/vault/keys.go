package vault

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"strconv"
	"time"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// transitKey is what is read of a key: never the key itself.
type transitKey struct {
	Type            string                    `json:"type"`
	Latest          int                       `json:"latest_version"`
	Versions        map[string]jsontext.Value `json:"keys"` // by number: seconds since 1970, or an object with creation_time
	AutoRotate      *int64                    `json:"auto_rotate_period"`
	Exportable      *bool                     `json:"exportable"`
	DeletionAllowed *bool                     `json:"deletion_allowed"`
}

// readKeys reports the keys of the transit engines.
func (r *run) readKeys(ctx context.Context, m mounts) {
	if m.secretReason != nil {
		r.unknownKeys("all", *m.secretReason)
	}
	for _, s := range m.secret {
		if s.Type == "transit" {
			r.readKeysOf(ctx, s)
		}
	}
}

func (r *run) readKeysOf(ctx context.Context, s mount) {
	what := listCall(s.path + "/keys").as(s.shown + "/keys")
	subject := say.Both("the keys of %s", "de sleutels van %s", s.shown)
	found, err := list[struct{}](ctx, r.client, what)
	if err != nil {
		r.unknownKeys(s.shown, r.problem(subject, what, err))
		return
	}
	names := found.Keys
	if len(names) > maxItems {
		names = names[:maxItems]
		r.unknownKeys(s.shown, r.cut(subject, what))
	}
	for _, name := range names {
		one := item(what, name)
		got, err := get[transitKey](ctx, r.client, one)
		key := &inventory.CryptoKey{}
		if err != nil {
			inventory.SetUnknown(key, r.problem(subject, one, err))
		} else {
			key = got.attributes()
		}
		shown := r.name(name)
		r.add("key "+shown+" of "+s.shown, key, one.shown, "read", "key", s.shown, shown)
	}
}

func (r *run) unknownKeys(of string, reason inventory.Reason) {
	key := &inventory.CryptoKey{}
	inventory.SetUnknown(key, reason)
	r.add("keys that could not be read", key, "not read", "", "keys", "unread", of)
}

func (k transitKey) attributes() *inventory.CryptoKey {
	return &inventory.CryptoKey{
		Type:            word(k.Type),
		RotatedAt:       k.rotated(),
		AutoRotate:      k.autoRotate(),
		Exportable:      known(k.Exportable),
		DeletionAllowed: known(k.DeletionAllowed),
		Expires:         inventory.Absent[string](), // transit keys have no end
	}
}

// rotated is when the latest version was made, which is when the key was made if it was never rotated.
func (k transitKey) rotated() inventory.Fact[string] {
	raw := k.Versions[strconv.Itoa(k.Latest)]
	var seconds int64
	var object struct {
		Created string `json:"creation_time"`
	}
	switch {
	case json.Unmarshal(raw, &seconds) == nil && seconds > 0:
		return inventory.Known(time.Unix(seconds, 0).UTC().Format(time.RFC3339))
	case json.Unmarshal(raw, &object) == nil && object.Created != "":
		return utc(object.Created)
	}
	return inventory.Unknown[string](inventory.Malformed, "keys")
}

// autoRotate is in days, rounded up.
func (k transitKey) autoRotate() inventory.Fact[int] {
	switch {
	case k.AutoRotate == nil:
		return inventory.Unknown[int](inventory.NotReported, "auto_rotate_period")
	case *k.AutoRotate == 0:
		return inventory.Absent[int]()
	}
	const day = 24 * 3600
	return inventory.Known(int((*k.AutoRotate + day - 1) / day))
}

func known[T any](v *T) inventory.Fact[T] {
	if v == nil {
		return inventory.Unknown[T](inventory.NotReported, "transit")
	}
	return inventory.Known(*v)
}
