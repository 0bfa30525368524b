// Package pades signs the PDF files that gofpdf writes (PAdES baseline: B-B, or B-T with a timestamp) and verifies them.
//
// Sign adds one incremental update: the signature over the whole file, a visible field on the first page, the document's
// language and what each attachment is. Verify accepts exactly what Sign writes and nothing else:
//
//   - the signature fits, and covers every byte of the file but its own;
//   - the base is one body with one table of objects, without gaps, unused objects, or any construct that reports never have
//     (scripts, actions, forms, layers, encryption, links other than within the document and to https);
//   - the update, made again from what was read in it, has the same bytes.
//
// So there is no room for a file that shows one thing to its signer and another to its reader. Who signed is not decided
// here: the caller compares the chain with the keys and certificates that it trusts.
package pades

import (
	"errors"

	"waarborg/internal/say"
)

// Why a file is refused, for errors.Is.
var (
	// ErrChanged says that the file is not as it was signed.
	ErrChanged = errors.New("the file was changed after signing")
	// ErrNotSigned says that there is no signature in the file.
	ErrNotSigned = errors.New("the file is not signed")
	// ErrProfile says that the file is another one than Sign writes: of another program, or with things added.
	ErrProfile = errors.New("the file is not of the form that is signed here")
	// ErrTooLarge says that the file, or an attachment once unpacked, is over the Limits.
	ErrTooLarge = errors.New("the file is too large")
)

func changed(why say.Text) error {
	return &say.Error{Msg: say.Both("the PDF is not as it was signed: %s", "de PDF is niet zoals die is ondertekend: %s", why),
		Hint: say.Both("get the original file again", "haal het originele bestand opnieuw op"), Err: ErrChanged}
}

func notOurs(why say.Text) error {
	return &say.Error{Msg: say.Both("the PDF is not of the form that is signed here: %s",
		"de PDF heeft niet de vorm die hier wordt ondertekend: %s", why),
		Hint: say.Both("another program made or changed it; get the original file",
			"een ander programma heeft die gemaakt of gewijzigd; haal het originele bestand op"), Err: ErrProfile}
}

// because is why something is refused, to be said within another error.
func because(why say.Text) error { return &say.Error{Msg: why} }
