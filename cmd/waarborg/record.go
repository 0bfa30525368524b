package main

import (
	"bytes"
	"context"
	"io"

	"github.com/spf13/cobra"

	"waarborg/dpa"
	"waarborg/internal/verify"
	"waarborg/policies"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

func (a *app) recordCommand() *cobra.Command {
	var customer, out string
	cmd := &cobra.Command{Use: "record", Short: "Make the record of processing activities (GDPR 30(2))", Args: cobra.NoArgs,
		Long: `Make the processor's record of processing activities (GDPR 30(2), register van verwerkingsactiviteiten) from the workspace: who
processes for whom, which categories of processing, transfers to countries outside the EEA and their grounds, and the
security measures that are agreed. What the law asks for and the workspace does not say is listed, with where to add it.

With --customer it is the record for that customer alone: nothing of any other customer.

Exit status: 0 complete; 2 the command could not do its work; 3 something that the law asks for is missing.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.record(c.Context(), customer, out) }}
	cmd.Flags().StringVar(&customer, "customer", "", "make the record for one customer")
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write instead of standard output; a PDF needs one, and is signed")
	a.formatFlag(cmd, "table", "md", "json", "pdf")
	return cmd
}

func (a *app) record(ctx context.Context, customer, out string) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	r, err := a.processingRecord(s, customer)
	if err != nil {
		return err
	}
	if len(r.Missing) > 0 {
		a.code = exitUnknown
	}
	if a.format == "pdf" {
		return a.recordPDF(ctx, s, r, out)
	}
	var b bytes.Buffer
	switch a.format {
	case "json":
		err = reports.JSON(&b, r)
	case "md":
		err = reports.RecordMarkdown(&b, r)
	default:
		err = reports.RecordTable(&b, r, reports.TableOptions{Color: a.color && out == "", Width: a.width})
	}
	if err != nil {
		return err
	}
	if out != "" && out != "-" {
		return a.save(out, b.Bytes())
	}
	_, err = a.out.Write(b.Bytes())
	return err
}

// recordPDF writes the record as a signed PDF with its data inside.
func (a *app) recordPDF(ctx context.Context, s *space, r dpa.ProcessingRecord, out string) error {
	if out == "" {
		out = "waarborg-record-" + string(r.Day)
		if r.Customer != "" {
			out += "-" + r.Customer
		}
		out += ".pdf"
	}
	raw, err := reports.Canonical(r)
	if err != nil {
		return err
	}
	return a.signPDF(ctx, s, toSign{out: out, lang: r.Language, reason: a.pick("Record of processing activities", "Register van verwerkingsactiviteiten"),
		attachments: verify.RecordRelationships(), draw: func(w io.Writer) error {
			return pdf.Record(w, r, verify.RecordAttachments(raw, r.Language))
		}}, a.out)
}

// processingRecord makes the record of today, of one customer or of all.
func (a *app) processingRecord(s *space, customer string) (dpa.ProcessingRecord, error) {
	if customer != "" {
		if err := s.customer(customer); err != nil {
			return dpa.ProcessingRecord{}, err
		}
	}
	regions := map[string]map[string]string{}
	for _, r := range s.Config.Regions {
		if regions[r.Provider] == nil {
			regions[r.Provider] = map[string]string{}
		}
		regions[r.Provider][r.Region] = r.Country
	}
	reference, err := dpa.ReadReference(policies.FS, regions)
	if err != nil {
		return dpa.ProcessingRecord{}, err
	}
	p := s.Config.Processor
	r, err := dpa.RecordOf(dpa.RecordInput{
		Processor: dpa.Party{Name: p.Name, Register: p.Register, PostalAddress: p.PostalAddress, Country: p.Country, Contact: p.Contact,
			Officer: p.DPO, Representative: p.Representative},
		Book: s.Book, DataMap: s.DataMap, Customer: customer, Day: dpa.DateOf(a.now()), Language: a.lang, Reference: reference})
	if err != nil {
		return r, shown(err)
	}
	r.Version = versionString()
	return r, nil
}
