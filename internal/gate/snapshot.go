package gate

import (
	"context"

	"waarborg/internal/inventory"
)

// snapshotReader reads a snapshot of live systems: every resource in it is there, and its facts are encoded already.
type snapshotReader struct {
	info Info
	list []inventory.Resource
}

// Snapshot makes a reader of a snapshot that was read and verified. info has its name, digest and size.
func Snapshot(info Info, snap inventory.Snapshot) Reader {
	info.Format = "snapshot"
	return &snapshotReader{info, snap.Resources}
}

func (r *snapshotReader) Info() Info   { return r.info }
func (r *snapshotReader) Units() int   { return len(r.list) }
func (r *snapshotReader) Close() error { return nil }

func (r *snapshotReader) Read(_ context.Context, from, to int, out []Subject) ([]Subject, error) {
	for i := from; i < to; i++ {
		res := &r.list[i]
		out = append(out, Subject{Address: res.ID, Type: string(res.Kind), Change: Present, Resource: res})
	}
	return out, nil
}
