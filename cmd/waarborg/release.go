package main

import (
	"bytes"
	"context"

	"waarborg/internal/assess"
	"waarborg/internal/evidence"
	"waarborg/internal/verify"
	"waarborg/policies"
	"waarborg/reports"
)

// releasable looks at a draft as the second person: whatever the first could have put in is made again from this workspace,
// and compared.
func (a *app) releasable(ctx context.Context, s *space, c verify.Content, since string) error {
	d, x := c.Document, c.Assessment
	again := a.pick("have a new draft made", "laat een nieuw concept maken")
	switch {
	case d.Version != versionString():
		return failf(a.pick("use the same version for both steps", "gebruik voor beide stappen dezelfde versie"), a.pick("Waarborg %s made the draft, and this is %s", "Waarborg %s maakte het concept, en dit is %s"), reports.Plain(d.Version), versionString())
	case a.now().Sub(x.Header.CreatedAt) > maxEvidenceAge:
		return failf(again, "%s", a.pick("the evidence of the draft is older than 31 days", "het bewijs van het concept is ouder dan 31 dagen"))
	case s.changed(x.Header.WorkspaceDigest):
		return failf(again, "%s", a.pick("the agreement, register, data map or role matrix is another than when the draft was made", "de overeenkomst, het register, de gegevenskaart of de rollenmatrix is anders dan toen het concept werd gemaakt"))
	}
	p, err := assess.Load(policies.FS)
	if err != nil {
		return err
	}
	in, err := s.inputs(p, x.At)
	if err != nil {
		return err
	}
	if err := x.MadeOf(in); err != nil {
		return failf(again, "%s", a.pick("the draft rests on other rules or terms than this workspace has", "het concept rust op andere regels of voorwaarden dan deze werkmap heeft"))
	}
	if err := a.sameDocument(ctx, s, c, since); err != nil {
		return err
	}
	return a.sameSlice(ctx, s, p, c)
}

// sameDocument makes what the pages say again.
func (a *app) sameDocument(ctx context.Context, s *space, c verify.Content, since string) error {
	mine, err := a.document(s, c.Results)
	if err != nil {
		return err
	}
	if since != "" {
		if mine.Since, err = a.since(ctx, s, since, nil, c.Results); err != nil {
			return err
		}
	}
	theirs := c.Document
	mine.Release, theirs.Release, mine.Files = nil, nil, theirs.Files
	x, err1 := reports.Canonical(mine)
	y, err2 := reports.Canonical(theirs)
	if err1 == nil && err2 == nil && bytes.Equal(x, y) {
		return nil
	}
	hint := a.pick("have a new draft made", "laat een nieuw concept maken")
	if theirs.Since != nil && since == "" {
		hint = a.pick("the draft says what changed: name the earlier report with --since", "het concept zegt wat er is veranderd: noem het eerdere rapport met --since")
	}
	return failf(hint, "%s", a.pick("the draft says other things than this workspace gives: about clauses, attestations, parties or changes", "het concept zegt andere dingen dan deze werkmap oplevert: over bepalingen, verklaringen, partijen of wijzigingen"))
}

// sameSlice cuts the customer's part again from the assessment that is kept here, so that nothing was left out.
func (a *app) sameSlice(ctx context.Context, s *space, p *assess.Policies, c verify.Content) error {
	archive := s.archive()
	list, err := archive.List()
	if err != nil {
		return err
	}
	for _, e := range list {
		if !e.Evidence || !e.At.Equal(c.Assessment.At.Truncate(1e9)) {
			continue
		}
		whole, err := archive.Load(e)
		if err != nil || whole.Header.Root != c.Assessment.Header.Root {
			continue
		}
		var mine evidence.Assessment
		if mine, err = whole.Slice(ctx, p, c.Assessment.Customer); err != nil {
			return err
		}
		packed, err := mine.EncodePacked()
		if err != nil {
			return err
		}
		if !bytes.Equal(packed, c.Files[verify.EvidenceFile]) {
			return failf(a.pick("have a new draft made", "laat een nieuw concept maken"), "%s", a.pick("the draft does not hold all that the assessment has of this customer", "het concept bevat niet alles wat de beoordeling van deze klant heeft"))
		}
		return nil
	}
	a.note("%s\n", a.pick("note: the assessment is not kept on this machine, so whether the draft holds all of it was not checked", "let op: de beoordeling is niet op deze machine bewaard, dus of het concept alles ervan bevat is niet gecontroleerd"))
	return nil
}
