package pdf

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"math"
)

// The fonts hold all that pages can show; font/subset.sh makes them.
var (
	//go:embed font/regular.ttf
	regularTTF []byte
	//go:embed font/bold.ttf
	boldTTF []byte
	//go:embed font/condensed.ttf
	condensedTTF []byte
)

// font picks a face.
type font uint8

const (
	regular font = iota
	bold
	condensed
	fonts int = iota
)

// faceNames are family and style by which gofpdf knows each face.
var faceNames = [fonts][2]string{{"roboto", ""}, {"roboto", "B"}, {"condensed", ""}}

// lastRune is one past the last character below U+FFFD that the fonts can hold.
const lastRune = 0x2300

// face has the widths of a font's characters, in thousandths of the font's size as gofpdf rounds them; 0: not there.
// gofpdf's own measuring makes a slice of every text and looks up each character twice.
type face struct {
	widths  [lastRune]uint16
	replace uint16 // of U+FFFD
}

func (f *face) width(r rune) uint16 {
	switch {
	case r >= 0 && r < lastRune:
		return f.widths[r]
	case r == replacement:
		return f.replace
	default:
		return 0
	}
}

var errFont = errors.New("a font of the report cannot be read; this is a fault of this build of Waarborg")

// readFace reads the widths from a TrueType font with a character map in format 4.
func readFace(ttf []byte) (*face, error) {
	tables := map[string][]byte{}
	if len(ttf) < 12 {
		return nil, errFont
	}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		entry := 12 + 16*i
		if entry+16 > len(ttf) {
			return nil, errFont
		}
		from, size := int(binary.BigEndian.Uint32(ttf[entry+8:])), int(binary.BigEndian.Uint32(ttf[entry+12:]))
		if from+size > len(ttf) {
			return nil, errFont
		}
		tables[string(ttf[entry:entry+4])] = ttf[from : from+size]
	}
	head, hhea, hmtx := tables["head"], tables["hhea"], tables["hmtx"]
	segments := characterMap(tables["cmap"])
	if len(head) < 54 || len(hhea) < 36 || segments == nil {
		return nil, errFont
	}
	unit, metrics := float64(binary.BigEndian.Uint16(head[18:])), int(binary.BigEndian.Uint16(hhea[34:]))
	if metrics == 0 || len(hmtx) < 4*metrics {
		return nil, errFont
	}
	f := &face{}
	eachGlyph(segments, func(r rune, glyph int) {
		w := uint16(math.Round(float64(binary.BigEndian.Uint16(hmtx[4*min(glyph, metrics-1):])) * 1000 / unit))
		if r == replacement {
			f.replace = w
		} else if r < lastRune {
			f.widths[r] = w
		}
	})
	if f.replace == 0 || f.widths[' '] == 0 {
		return nil, errFont
	}
	return f, nil
}

// characterMap finds the subtable in format 4, or nil.
func characterMap(cmap []byte) []byte {
	if len(cmap) < 4 {
		return nil
	}
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		if 4+8*i+8 > len(cmap) {
			return nil
		}
		at := int(binary.BigEndian.Uint32(cmap[4+8*i+4:]))
		if at+16 <= len(cmap) && binary.BigEndian.Uint16(cmap[at:]) == 4 {
			return cmap[at:]
		}
	}
	return nil
}

// eachGlyph calls found for each character that has a glyph.
func eachGlyph(t []byte, found func(r rune, glyph int)) {
	u16 := func(at int) int {
		if at+2 > len(t) {
			return 0
		}
		return int(binary.BigEndian.Uint16(t[at:]))
	}
	n := u16(6) // twice the number of segments
	for i := 0; i < n; i += 2 {
		last, first, delta, offset := u16(14+i), u16(16+n+i), u16(16+2*n+i), u16(16+3*n+i)
		for c := first; c <= last && c < 0xFFFF; c++ {
			glyph := (c + delta) & 0xFFFF
			if offset != 0 {
				if glyph = u16(16 + 3*n + i + offset + 2*(c-first)); glyph != 0 {
					glyph = (glyph + delta) & 0xFFFF
				}
			}
			if glyph != 0 {
				found(rune(c), glyph)
			}
		}
	}
}
