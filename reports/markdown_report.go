package reports

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"waarborg/internal/assess"
)

// MarkdownReport writes a whole report for a wiki or a merge request: what it is about, the state, clause by clause, what
// is not met, what could not be evaluated, waivers, attestations and where it comes from. Like the HTML page it is not
// signed. Names of the outside can make no link, image, mention or HTML of their own.
func MarkdownReport(w io.Writer, d Document, r assess.Results) error {
	m := table{bufio.NewWriter(w), wordsIn(d.Language), TableOptions{}, ServedBy(r)}
	listed := ClausesOf(d, r)
	r.Results = slices.Clone(r.Results)
	for i := range r.Results {
		r.Results[i].Clauses = listed.List(r.Results[i].Clauses)
	}
	m.reportHead(d, r)
	m.reportChanges(d.Since)
	m.reportClauses(d, listed)
	m.reportFindings(r)
	m.reportUnread(r)
	m.reportWaivers(d, r)
	m.reportAttestations(d.Attestations, listed)
	m.line("\n## %s\n", m.pick("How this was made, and what it does not show", "Hoe dit tot stand kwam, en wat het niet toont"))
	for _, p := range Method(m.lang, d.Customer != nil) {
		m.line("**%s.** %s\n", p.Head, p.Text)
	}
	m.reportProvenance(d, r)
	return m.Flush()
}

// markdownText does for a sentence what markdownSafe does for a name, which is shorter.
func markdownText(s string) string {
	return markdownSpecial.Replace(safeText(strings.Join(strings.Fields(s), " ")))
}

// columns begins a table.
func (t table) columns(heads ...string) {
	t.line("\n| %s |\n|%s", strings.Join(heads, " | "), strings.Repeat("---|", len(heads)))
}

func (t table) reportHead(d Document, r assess.Results) {
	t.line("# %s\n", t.pick("Assessment report", "Beoordelingsrapport"))
	if d.Draft() {
		t.line("**%s**\n", t.pick("DRAFT: this report has not been released. Two people must sign it: one who prepared it, and another who releases it.",
			"CONCEPT: dit rapport is niet vrijgegeven. Twee personen moeten het ondertekenen: wie het opstelde, en een ander die het vrijgeeft."))
	}
	t.line("%s\n", t.pick("This text is not signed. The evidence is the signed PDF beside it, which anyone can verify.",
		"Deze tekst is niet ondertekend. Het bewijs is de ondertekende pdf die erbij hoort. Iedereen kan die controleren."))
	t.line("- %s: %s", t.pick("Processor", "Verwerker"), markdownSafe(d.Processor.Name))
	customer := t.pick("all customers: for internal use only", "alle klanten: alleen voor intern gebruik")
	if d.Customer != nil {
		customer = markdownSafe(d.Customer.Name)
	}
	t.line("- %s: %s", t.pick("Customer", "Klant"), customer)
	for _, a := range d.Agreements {
		own := a.OwnText(t.lang)
		if own != "" {
			own = "; " + own
		}
		t.line("- %s: %s, %s %s, %s %s%s", t.pick("Agreement", "Overeenkomst"), markdownSafe(a.Title), t.pick("version", "versie"), markdownSafe(a.Version),
			t.pick("in force since", "geldt sinds"), markdownSafe(t.date(a.InForce)), own)
	}
	t.line("- %s: %s", t.pick("Assessed", "Beoordeeld"), t.time(r.At))
	t.line("- %s: %s\n", t.pick("Evidence collected", "Bewijs verzameld"), t.time(r.Evidence.CollectedAt))
	t.notice(d.CatalogueNotice())
	t.line("**%s**", t.overall(r.Summary))
	t.columns(t.pick("area", "onderwerp"), t.state[assess.Fail], t.state[assess.Unknown], t.state[assess.Waived], t.state[assess.Pass])
	for _, area := range assess.Areas {
		if c, ok := r.Summary.Areas[area]; ok {
			t.line("| %s | %d | %d | %d | %d |", t.words.area[area], c.Fail, c.Unknown, c.Waived, c.Pass)
		}
	}
}

func (t table) reportChanges(since *Comparison) {
	if since == nil {
		return
	}
	t.line("\n## %s\n\n%s", t.pick("What changed", "Wat er is veranderd"), ChangesText(*since, t.lang))
	state := func(s assess.Status) string {
		if s == "" {
			return t.pick("not judged", "niet beoordeeld")
		}
		return marks[s] + " " + t.state[s]
	}
	for _, k := range ChangeKinds(since.Changes, t.lang) {
		t.line("\n### %s (%d)", k.Title, len(k.List))
		t.columns(t.pick("rule", "regel"), t.pick("resource", "object"), "was", "is", t.pick("what", "wat"))
		for _, c := range k.List {
			duty := ""
			if c.Duty != "" {
				duty = t.pick(" (the customer's own duty)", " (plicht van de klant zelf)")
			}
			t.line("| %s %s%s | %s | %s | %s | %s |", markdownSafe(c.Rule), markdownSafe(c.Title), duty, markdownSafe(c.Resource), state(c.Was), state(c.Is), markdownText(DatesIn(c.Message, t.lang)))
		}
	}
}

func (t table) reportClauses(d Document, listed Clauses) {
	t.line("\n## %s\n", t.pick("Clause by clause", "Bepaling voor bepaling"))
	t.notice(d.CatalogueNotice())
	t.line("%s", coverageCounts(t, d.Coverage))
	if text := listed.NotTaken(); text != "" {
		t.line("\n%s", markdownText(text))
	}
	part, first := "", true
	for _, r := range d.Coverage {
		if !listed.Shown(r) {
			continue
		}
		if first || r.Part != part {
			part, first = r.Part, false
			t.line("\n### %s", markdownSafe(t.partName(part)))
			t.columns(t.pick("clause", "bepaling"), t.pick("what it says", "wat er staat"), t.pick("who", "wie"), t.pick("state", "stand"), t.pick("proof", "bewijs"))
		}
		t.line("| %s | %s | %s | %s %s | %s |", markdownSafe(r.Clause), markdownText(r.Text), t.holder(r.DutyHolder), coverageMarks[r.State],
			listed.State(r), markdownText(DatesIn(proofText(t.words, r), t.lang)))
	}
}

func (t table) reportFindings(r assess.Results) {
	t.line("\n## %s", t.pick("Findings", "Bevindingen"))
	for _, area := range assess.Areas {
		var found []Group
		for _, g := range Groups(r.Results, area, false) {
			if !g.Unread() {
				found = append(found, g)
			}
		}
		t.reportGroups(area, found)
	}
}

func (t table) reportGroups(area string, list []Group) {
	if len(list) == 0 {
		return
	}
	t.line("\n### %s", t.words.area[area])
	t.columns("", t.pick("rule", "regel"), t.pick("clauses", "bepalingen"), t.pick("resource", "object"), t.pick("what", "wat"))
	for _, g := range list {
		g.escape()
		t.rows(g)
	}
	var todo []string
	for _, g := range list {
		line := fmt.Sprintf("- %s: %s", markdownSafe(g.Rule.Rule), markdownText(g.Rule.Remediation))
		if g.Rule.Remediation != "" && g.Rule.Status != assess.Waived && !slices.Contains(todo, line) {
			todo = append(todo, line)
		}
	}
	if len(todo) > 0 {
		t.line("\n%s\n\n%s", t.pick("What to do:", "Wat te doen:"), strings.Join(todo, "\n"))
	}
}

// escape makes harmless what rows of a table take for their own words: ids of rules and clauses.
func (g Group) escape() {
	for i := range g.Results {
		r := &g.Results[i]
		r.Rule = markdownSafe(r.Rule)
		clauses := slices.Clone(r.Clauses)
		for j, c := range clauses {
			clauses[j] = markdownSafe(c)
		}
		r.Clauses = clauses
	}
}

func (t table) reportUnread(r assess.Results) {
	t.line("\n## %s", t.pick("Could not be evaluated", "Kon niet worden beoordeeld"))
	for _, s := range r.Sources {
		if s.Status != "complete" {
			t.line("\n- %s **%s**: %s. %s", t.pick("source", "bron"), markdownSafe(s.ID), markdownSafe(t.sourceStatus(s.Status)), markdownText(s.Message))
		}
	}
	if n := r.Summary.NotLooked; len(n) > 0 {
		t.line("\n%s: %s", t.pick("Rules that met no resource", "Regels die geen object troffen"), markdownText(strings.Join(n, ", ")))
	}
	for _, area := range assess.Areas {
		var unread []Group
		for _, g := range Groups(r.Results, area, false) {
			if g.Unread() {
				unread = append(unread, g)
			}
		}
		t.reportGroups(area, unread)
	}
}

func (t table) reportWaivers(d Document, r assess.Results) {
	t.line("\n## %s", t.pick("Waivers", "Acceptaties"))
	if len(r.Waivers) == 0 {
		if d.Customer != nil {
			t.line("\n%s", t.pick("A customer's report names a waiver only where the customer agreed to it, with the finding.",
				"Een rapport voor een klant noemt een acceptatie alleen als de klant ermee instemde, bij de bevinding."))
			return
		}
		t.line("\n%s", t.pick("There are none.", "Die zijn er niet."))
		return
	}
	t.columns(t.pick("waiver", "acceptatie"), t.pick("rule", "regel"), t.pick("reason", "reden"), t.pick("until", "tot en met"), t.pick("effect", "werking"))
	for _, u := range r.Waivers {
		t.line("| %s | %s | %s | %s | %s |", markdownSafe(u.ID), markdownSafe(u.Rule), markdownText(u.Reason), markdownSafe(t.date(u.Expires)), markdownText(t.waiver(u)))
	}
}

func (t table) reportAttestations(list []Attestation, listed Clauses) {
	t.line("\n## %s", t.pick("Attestations", "Verklaringen"))
	if len(list) == 0 {
		t.line("\n%s", t.pick("There are none.", "Die zijn er niet."))
		return
	}
	t.columns(t.pick("statement", "verklaring"), t.pick("clauses", "bepalingen"), t.pick("by", "door"), t.pick("until", "tot en met"), t.pick("state", "stand"), "SHA-256")
	for _, a := range list {
		t.line("| %s | %s | %s, %s | %s | %s | %s |", markdownText(a.Statement), markdownSafe(strings.Join(listed.List(a.Clauses), ", ")), markdownSafe(a.Role), t.time(a.MadeAt),
			markdownSafe(t.date(a.ValidUntil)), markdownSafe(a.State), markdownSafe(a.SHA256))
	}
}

func (t table) reportProvenance(d Document, r assess.Results) {
	t.line("## %s\n", t.pick("Provenance", "Herkomst"))
	add := func(en, nl, value string) {
		if value != "" {
			t.line("- %s: %s", t.pick(en, nl), markdownSafe(value))
		}
	}
	add("Drawn by Waarborg", "Gemaakt met Waarborg", d.Version)
	add("Assessed by Waarborg", "Beoordeeld met Waarborg", r.Version)
	add("Fingerprint of the rules", "Vingerafdruk van de regels", r.Evidence.Rules)
	add("Fingerprint of the workspace", "Vingerafdruk van de werkmap", r.Evidence.Workspace)
	add("Fingerprint of the evidence", "Vingerafdruk van het bewijs", r.Evidence.Root)
	add("Sealed by key", "Verzegeld met sleutel", r.Evidence.SealedBy)
	if r.Evidence.SealedBy == "" {
		t.line("- %s", t.pick("The evidence was not sealed", "Het bewijs is niet verzegeld"))
	}
	if d.Release != nil {
		add("Fingerprint to release", "Vingerafdruk voor vrijgave", d.Release.Digest)
		add("Prepared by", "Opgesteld door", t.step(d.Release.Prepared))
		add("Released by", "Vrijgegeven door", t.step(d.Release.Released))
	}
	for _, name := range slices.Sorted(maps.Keys(d.Files)) {
		t.line("- %s: SHA-256 %s, %d bytes", markdownSafe(name), markdownSafe(d.Files[name].SHA256), d.Files[name].Size)
	}
}

func (t table) step(s *Step) string {
	if s == nil {
		return ""
	}
	return s.Role + ", " + t.time(s.At.In(time.UTC))
}
