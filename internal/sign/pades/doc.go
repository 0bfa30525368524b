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
	"fmt"

	"waarborg/internal/sign/cms"
)

// Error is a failure that the user can do something about.
type Error = cms.Error

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

func changed(format string, args ...any) error {
	return &Error{Msg: "the PDF is not as it was signed: " + fmt.Sprintf(format, args...),
		Hint: "get the original file again", Err: ErrChanged}
}

func notOurs(format string, args ...any) error {
	return &Error{Msg: "the PDF is not of the form that is signed here: " + fmt.Sprintf(format, args...),
		Hint: "another program made or changed it; get the original file", Err: ErrProfile}
}

// short is what an error says, without what to do: for use within another error.
func short(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Msg
	}
	return err.Error()
}
