package hclsource

import "strings"

const (
	maxName   = 64 // bytes of one name; the longest of azurerm has 62
	maxNested = 4  // blocks within blocks
)

// writer makes blocks of what a reader of files meets.
type writer struct {
	source *Source
	file   string
	add    func(block)
}

// kinds are the blocks that are kept, with how many labels they have.
var kinds = map[string]int{"resource": 2, "data": 2, "ephemeral": 2, "module": 1}

// start makes a block of one of the kinds.
func (w *writer) start(kind string, labels []string, line int) *block {
	key := strings.Join(labels, ".")
	if kind != "resource" {
		key = kind + "." + key
	}
	return &block{key: key, spot: spot{w.file, line}}
}

// note keeps the first line of an attribute or nested block, and returns its path. An empty path means that it is not kept,
// nor is what stands in it.
func (w *writer) note(b *block, within, name string, line int) string {
	s := w.source
	if len(name) > maxName || strings.Count(within, ".") >= maxNested-1 && within != "" {
		return ""
	}
	where := name
	if within != "" {
		where = within + "." + name
	}
	if _, twice := b.names[where]; twice {
		return where
	}
	kept, ok := s.names[where]
	if !ok {
		kept = strings.Clone(where)
		s.kept += int64(len(kept)) + 2*entry
	}
	if s.kept += entry; s.kept > s.limits.Names {
		return ""
	}
	s.names[kept] = kept
	if b.names == nil {
		b.names = map[string]spot{}
	}
	b.names[kept] = spot{w.file, line}
	return kept
}

// entry is about how much memory an entry of a map takes beside the text, in bytes.
const entry = 64
