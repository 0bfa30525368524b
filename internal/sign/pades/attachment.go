package pades

import (
	"bytes"
	"compress/zlib"
	"io"

	"waarborg/internal/say"
)

// Attachment is a file within the PDF.
type Attachment struct {
	Name         string // letters, digits, dots, dashes and underscores; at most 100
	Relationship string // Data or Source
	Description  string // as the PDF has it: show it as outside text
	Content      []byte
}

// Limits are what Verify reads at most; 0 stands for the default. Sizes are in bytes.
type Limits struct {
	File       int64 // the whole PDF: 256 MiB
	Attachment int64 // one attachment, unpacked: 256 MiB
	All        int64 // all attachments, unpacked: 512 MiB
	Ratio      int64 // unpacked to packed, for an attachment over 1 MiB: 300
}

func (l Limits) orDefault() Limits {
	for _, d := range []struct {
		limit *int64
		value int64
	}{{&l.File, 256 << 20}, {&l.Attachment, 256 << 20}, {&l.All, 512 << 20}, {&l.Ratio, 300}} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
	return l
}

// anyRatio is the size under which a file may be packed as tightly as it likes.
const anyRatio = 1 << 20

// attachments unpacks the files of a base. Their relations are not in a base.
func (b *base) attachments(limits Limits) ([]Attachment, error) {
	var out []Attachment
	names := map[string]bool{}
	left := limits.All
	for _, n := range b.files {
		f := b.objects[n].value
		file, _ := f.get("UF")
		about, _ := f.get("Desc")
		embedded, _ := f.get("EF")
		where, _ := embedded.get("F")
		a := Attachment{Name: decoded(file.text), Description: decoded(about.text)}
		if !fileForm.MatchString(a.Name) || names[a.Name] {
			return nil, because(say.Both("the name of an attachment is there twice, or has other characters than letters, digits, dots, dashes and underscores",
				"de naam van een bijlage komt twee keer voor, of heeft andere tekens dan letters, cijfers, punten, streepjes en onderstrepingstekens"))
		}
		names[a.Name] = true
		packed := b.objects[where.n]
		params, _ := packed.value.get("Params")
		size, _ := params.get("Size")
		most := min(left, limits.Attachment, max(anyRatio, limits.Ratio*int64(len(packed.stream))))
		if !size.whole || size.n < 0 || int64(size.n) > most {
			return nil, tooLarge(a.Name)
		}
		var err error
		if a.Content, err = inflate(packed.stream, size.n); err != nil {
			return nil, because(say.Both("attachment %s cannot be unpacked: %s", "bijlage %s is niet uit te pakken (%s)", a.Name, err))
		}
		left -= int64(size.n)
		out = append(out, a)
	}
	return out, nil
}

// inflate unpacks exactly size bytes.
func inflate(packed []byte, size int) ([]byte, error) {
	in := bytes.NewReader(packed)
	r, err := zlib.NewReader(in)
	if err != nil {
		return nil, err
	}
	// Memory is taken as bytes come, not as the size says.
	var out bytes.Buffer
	if _, err := io.Copy(&out, io.LimitReader(r, int64(size)+1)); err != nil {
		return nil, err
	}
	if out.Len() != size || in.Len() > 0 {
		return nil, because(say.Both("it has another size than it says", "de grootte is een andere dan opgegeven"))
	}
	return out.Bytes(), nil
}

func tooLarge(name string) error {
	return &say.Error{Msg: say.Both("attachment %s of the PDF is too large, or unpacks to too much",
		"bijlage %s van de PDF is te groot, of pakt uit tot te veel", name),
		Hint: say.Both("check where the file comes from", "controleer waar het bestand vandaan komt"), Err: ErrTooLarge}
}
