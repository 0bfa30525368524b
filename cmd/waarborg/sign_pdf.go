package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"time"

	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/timestamp"
	"waarborg/internal/verify"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

// toSign is a PDF that is about to be signed.
type toSign struct {
	out, lang, reason string
	state             string            // said behind the message that it was written
	attachments       map[string]string // what each is to the pages
	draw              func(io.Writer) error
}

// signPDF draws a PDF, signs it, and writes it and its bundle, both under names that are free.
func (a *app) signPDF(ctx context.Context, s *space, t toSign, notes io.Writer) error {
	if t.out == "-" {
		return failf(a.pick("name a file with -o", "noem een bestand met -o"), "%s", a.pick("a PDF is not written to standard output", "een PDF gaat niet naar de standaarduitvoer"))
	}
	if err := a.free(t.out); err != nil { // before the key is asked for; save decides in the end
		return err
	}
	var base bytes.Buffer
	if err := t.draw(&base); err != nil {
		return err
	}
	key, done, err := a.evidenceKey(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	chain, err := a.evidenceChain(s, key)
	if err != nil {
		return err
	}
	signer, err := key.CryptoSigner()
	if err != nil {
		return err
	}
	stamp, err := a.stamper(s)
	if err != nil {
		return err
	}
	at := a.now().UTC().Truncate(time.Second)
	signed, err := pades.Sign(ctx, base.Bytes(), cms.Identity{Signer: signer, Chain: chain}, pades.Options{At: at, Name: s.Config.Processor.Name,
		Reason: t.reason, Contact: s.Config.Processor.Contact, Field: a.field(s, key, at),
		Language: map[string]string{"nl": "nl-NL", "en": "en-GB"}[t.lang], Attachments: t.attachments, Stamp: stamp})
	if err != nil {
		return err
	}
	proof, err := bundle.Make(ctx, signed, signer, key.Public())
	if err != nil {
		return err
	}
	if err := a.save(t.out, signed); err != nil {
		return err
	}
	if err := a.save(t.out+verify.BundleSuffix, proof); err != nil {
		// Half of a pair would stand in the way of making it again. It is the file that this run made: save writes over none.
		return errors.Join(err, os.Remove(t.out))
	}
	fmt.Fprintf(notes, "%s: %s %s%s\n", t.out, a.pick("signed with key", "ondertekend met sleutel"), key.Public().ID, t.state)
	return nil
}

// free tells whether a PDF and its bundle can be written under a name.
func (a *app) free(out string) error {
	for _, file := range []string{out, out + verify.BundleSuffix} {
		if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
			return a.taken(file)
		}
	}
	return nil
}

// field is what the visible signature says.
func (a *app) field(s *space, key sign.Signer, at time.Time) pades.Field {
	box := pdf.SignatureBox()
	const pad = 8 // points inside the frame
	return pades.Field{X: box.X + pad, Y: box.Y + pad, W: box.Width - 2*pad, H: box.Height - 2*pad, Lines: []string{
		a.pick("Signed by ", "Ondertekend door ") + s.Config.Processor.Name,
		reports.TimeText(at, a.lang),
		a.pick("key ", "sleutel ") + key.Public().ID,
		a.pick("verify: waarborg verify FILE", "controle: waarborg verify BESTAND"),
	}}
}

// stamper asks the configured authority for timestamps; nil where there is none.
func (a *app) stamper(s *space) (cms.Stamp, error) {
	set := s.Config.Keys.Timestamp
	if set == nil {
		return nil, nil
	}
	roots, err := rootsOf([]string{s.path(set.Roots)})
	if err != nil {
		return nil, err
	}
	client := &timestamp.Client{URL: string(set.URL), HTTP: &http.Client{Timeout: 30 * time.Second}, Roots: roots, Now: a.now, Rand: rand.Reader}
	return client.Stamp, nil
}
