package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

var (
	errNoTable   = errors.New("the drawn file has no table of objects; this is a fault of Waarborg")
	destination  = regexp.MustCompile(`/Dest \[(\d+) 0 R /XYZ `)
	startOfTable = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n?$`)
)

// mendDestinations makes links and bookmarks lead to the pages that they name. gofpdf counts pages from object 3 on, but
// writes attachments there first, so that each page stands `ahead` objects further. The file keeps its length, so that its
// table of objects still holds: where a number takes a digit more, the space behind it goes.
func mendDestinations(raw []byte, ahead int) error {
	if ahead == 0 {
		return nil
	}
	m := startOfTable.FindSubmatch(raw[max(0, len(raw)-64):])
	if m == nil {
		return errNoTable
	}
	at, err := strconv.Atoi(string(m[1]))
	if err != nil || at >= len(raw) {
		return errNoTable
	}
	for line := range bytes.Lines(raw[at:]) {
		if len(line) != len("0000000000 00000 n \n") || line[17] != 'n' {
			continue
		}
		from, err := strconv.Atoi(string(line[:10]))
		if err != nil || from >= at {
			return errNoTable
		}
		if err := mendObject(raw[from:at], ahead); err != nil {
			return err
		}
	}
	return nil
}

// mendObject mends one object if it is a page or a bookmark. Nothing of the outside can look like a destination in these:
// titles are in UTF-16.
func mendObject(object []byte, ahead int) error {
	_, rest, ok := bytes.Cut(object, []byte(" 0 obj\n"))
	if !ok || !bytes.HasPrefix(rest, []byte("<</Type /Page\n")) && !bytes.HasPrefix(rest, []byte("<</Title ")) {
		return nil
	}
	end := bytes.Index(rest, []byte("endobj"))
	if end < 0 {
		return errNoTable
	}
	for _, m := range destination.FindAllSubmatchIndex(rest[:end], -1) {
		page, err := strconv.Atoi(string(rest[m[2]:m[3]]))
		if err != nil {
			return errNoTable
		}
		mended := fmt.Sprintf("/Dest [%d 0 R", page+ahead)
		switch m[1] - m[0] - len(mended) {
		case len(" /XYZ "):
			mended += " /XYZ "
		case len("/XYZ "):
			mended += "/XYZ "
		default:
			return fmt.Errorf("a report with so many attachments cannot be drawn: %d", ahead/2)
		}
		copy(rest[m[0]:m[1]], mended)
	}
	return nil
}
