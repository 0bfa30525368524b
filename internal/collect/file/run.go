package file

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// run is one reading of an export.
type run struct {
	env      collect.Env
	m        *Mapping
	file     string
	made     time.Time // when the export was made, or else when it is read
	now      time.Time // that ages are counted back from
	facts    []string  // paths, sorted
	drafts   []inventory.Draft
	byID     map[string]int // index in drafts
	items    int
	selected int
	noID     int             // items without a usable id
	twice    map[string]bool // ids that several items have
	gaps     map[gap]int     // facts that stayed unknown, and in how many items
}

// gap is a fact that could not be read from an item.
type gap struct {
	path, pointer, code string
	null                bool // the export has null there
}

func newRun(env collect.Env, m *Mapping, file string) *run {
	now := env.Now()
	r := &run{env: env, m: m, file: file, made: now, now: now, byID: map[string]int{}, twice: map[string]bool{}, gaps: map[gap]int{}}
	r.facts = slices.Sorted(maps.Keys(m.Facts))
	return r
}

// dated reads when the export was made; what is no time in the past leaves every age malformed.
func (r *run) dated(value any) {
	text, _ := value.(string)
	t, ok := instant.parse(text)
	at, err := time.Parse(time.RFC3339, t)
	if !ok || err != nil {
		r.made = r.env.MadeUnknown(r.file, say.Both("point `exported` of the mapping to a time such as 2026-11-20T08:00:00Z in the whole file, or leave it out",
			"laat `exported` van de mapping wijzen naar een tijd zoals 2026-11-20T08:00:00Z in het hele bestand, of laat het weg"))
		r.now = time.Time{}
		return
	}
	r.made, ok = r.env.Made(r.file, at, say.Both("make a new export", "maak een nieuwe export"))
	r.now = r.made
	if !ok {
		r.now = time.Time{}
	}
}

// item makes a draft of one item, unless the filter leaves it out.
func (r *run) item(value any, line int) {
	r.items++
	if w := r.m.Where; w != nil {
		v, found := w.Pointer.find(value)
		if found && !same(v, w.Equals.Value) {
			return
		}
		if !found { // it may belong to those that are asked for
			r.gaps[gap{path: "where", pointer: w.Pointer.String(), code: inventory.NotReported}]++
		}
	}
	r.selected++
	id, ok := r.m.ID.read(value)
	if !ok || id == "" {
		r.noID++
		return
	}
	id = r.publicID(id)
	full := r.env.ID(id)
	if i, double := r.byID[full]; double {
		r.blur(i, full)
		return
	}
	a := newAttributes(r.m.Kind)
	for _, path := range r.facts {
		r.fact(a, path, value)
	}
	d := inventory.Draft{ID: full, Name: id, Attributes: a, Scope: r.scope(value), Provenance: r.env.Provenance("file", cmp.Or(r.m.Items.String(), "/"), r.m.Permission)}
	d.Provenance.At, d.Provenance.File, d.Provenance.Line = r.made, r.file, line
	if name, ok := r.m.Name.read(value); ok && nameForm.MatchString(name) && !r.m.IDPseudonym {
		d.Name = name
	}
	r.byID[full] = len(r.drafts)
	r.drafts = append(r.drafts, d)
}

var (
	idForm   = regexp.MustCompile(`^[A-Za-z0-9/][A-Za-z0-9._:/-]{0,199}$`)
	nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$`) // no blanks: people's names have them
)

// publicID is the id as it may be shown. One with other characters, such as a mail address, could name a person.
func (r *run) publicID(id string) string {
	if r.m.IDPseudonym {
		return r.env.Pseudonyms.Token(id)
	}
	if idForm.MatchString(id) {
		return id
	}
	r.gaps[gap{path: "id", pointer: r.m.ID.String(), code: inventory.Malformed}]++
	return r.env.Pseudonyms.Token(id)
}

// blur makes every fact of a resource unknown: which of the items with its id it is cannot be told.
func (r *run) blur(i int, id string) {
	r.twice[id] = true
	a := newAttributes(r.m.Kind)
	inventory.SetUnknown(a, inventory.Reason{Code: inventory.Malformed, Detail: "id"})
	r.drafts[i].Attributes = a
	r.drafts[i].Scope = inventory.Scope{}
}

// scope says whom an item serves. What cannot be read leaves it wide, which is safe.
func (r *run) scope(value any) inventory.Scope {
	s := inventory.Scope{}
	for _, part := range []struct {
		key  string
		from Texts
		to   *[]string
	}{{"applications", r.m.Applications, &s.Applications}, {"customers", r.m.Customers, &s.Customers}} {
		for _, t := range part.from {
			list, code := t.readList(value)
			if code != "" {
				r.gaps[gap{path: part.key, pointer: t.String(), code: code}]++
				*part.to = nil
				break
			}
			*part.to = append(*part.to, list...)
		}
		slices.Sort(*part.to)
		*part.to = slices.Compact(*part.to)
	}
	return s
}

// fact reads one fact of an item into a.
func (r *run) fact(a inventory.Attributes, path string, value any) {
	s, _ := shapeOf(a, path)
	f := r.m.Facts[path]
	got := f.read(value, s, means{r.env.Pseudonyms, r.now})
	if got.bad == "" && !got.absent && inventory.SetKnown(a, path, got.value) != nil {
		got.bad = inventory.Malformed
	}
	// The path was checked with the mapping, so setting it cannot fail.
	switch {
	case got.bad != "":
		r.gaps[gap{path, f.where(), got.bad, got.null}]++
		_ = inventory.SetReason(a, path, inventory.Reason{Code: got.bad, Detail: f.where()})
	case got.absent:
		_ = inventory.SetAbsent(a, path)
	}
}

// finish reports what stayed unknown.
func (r *run) finish() ([]inventory.Draft, error) {
	for g, n := range r.gaps {
		if (g.path == "applications" || g.path == "customers") && g.code == inventory.NotReported && n < r.selected {
			continue // some items serve everybody; that all do points to a wrong pointer
		}
		r.env.Problem(collect.Problem{What: g.what(n, r.selected), Reason: inventory.Reason{Code: g.code, Detail: g.pointer}, Hint: r.hint(g)})
	}
	switch {
	case r.items == 0:
		return nil, &collect.Error{Code: inventory.NotReported,
			Msg: say.Both("%s has no items", "%s heeft geen items", r.file),
			Hint: say.Both("check that the account that made the export may see them, and `items` of the mapping; remove the source if there are none",
				"controleer of het account dat de export maakte ze mag zien, en `items` van de mapping; haal de bron weg als er geen zijn")}
	case r.selected == 0:
		return nil, &collect.Error{Code: inventory.NotReported,
			Msg: say.Both("`where` of the mapping leaves out all %d items of %s",
				"`where` van de mapping laat alle %d items van %s weg", r.items, r.file),
			Hint: say.Both("check `where`; remove the source if there are none",
				"controleer `where`; haal de bron weg als er geen zijn")}
	case r.noID > 0:
		return r.drafts, &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("%d of %d items of %s have no id at %s",
				"%d van de %d items van %s hebben geen id op %s", r.noID, r.selected, r.file, r.m.ID),
			Hint: say.Both("point `id` of the mapping to something that every item has",
				"laat `id` van de mapping wijzen naar iets dat elk item heeft")}
	case len(r.twice) > 0:
		return r.drafts, &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("%d ids at %s of %s are of more than one item",
				"%d id's op %s van %s zijn van meer dan één item", len(r.twice), r.m.ID, r.file),
			Hint: say.Both("point `id` of the mapping to something that differs for each item; their facts are unknown meanwhile",
				"laat `id` van de mapping wijzen naar iets dat voor elk item anders is; zolang zijn hun feiten onbekend")}
	}
	return r.drafts, nil
}

func (g gap) what(n, all int) say.Text {
	return say.Both("%s at %s, in %d of %d items", "%s op %s, in %d van de %d items", g.path, g.pointer, n, all)
}

// hint says what would make the fact known. What is said of absence holds only where absence has a meaning.
func (r *run) hint(g gap) say.Text {
	s, _ := shapeOf(newAttributes(r.m.Kind), g.path)
	mayBeAbsent := s.absence != say.Text{}
	switch {
	case g.path == "where":
		return say.Both("items without it are read as if they were asked for; filter by something that every item has",
			"items zonder dit worden gelezen alsof erom is gevraagd; filter op iets dat elk item heeft")
	case g.path == "id":
		return say.Both("ids with other characters than letters, digits and . _ : / - were replaced by pseudonyms; set `id_pseudonym: true`, or choose another id",
			"id's met andere tekens dan letters, cijfers en . _ : / - zijn door pseudoniemen vervangen; zet `id_pseudonym: true`, of kies een ander id")
	case g.path == "applications" || g.path == "customers":
		return say.Both("items without it count for everybody; it must be an id or a list of ids",
			"items zonder dit tellen voor iedereen; het moet een id zijn of een lijst van id's")
	case g.code == inventory.Malformed && mayBeAbsent:
		return say.Both("the value has another form than the fact; use `map`, `unit` or `date`, or list under `absent` what stands for: %s",
			"de waarde heeft een andere vorm dan het feit; gebruik `map`, `unit` of `date`, of noem onder `absent` wat staat voor: %s", s.absence)
	case g.code == inventory.Malformed:
		return say.Both("the value has another form than the fact; use `map`, `unit` or `date`",
			"de waarde heeft een andere vorm dan het feit; gebruik `map`, `unit` of `date`")
	case g.null && mayBeAbsent:
		return say.Both("the export says null; list null under `absent` if that stands for: %s",
			"de export zegt null; noem null onder `absent` als dat staat voor: %s", s.absence)
	case g.null:
		return say.Both("the export says null; export more, or say by a line \"null\" of `map` what that stands for",
			"de export zegt null; exporteer meer, of zeg met een regel \"null\" van `map` waar dat voor staat")
	case mayBeAbsent:
		return say.Both("the export does not have it; export more, or correct the pointer; if the key is left out for: %s, let the export write null there and list null under `absent`",
			"de export heeft het niet; exporteer meer, of verbeter de pointer; als de sleutel wegblijft bij: %s, laat de export daar null schrijven en noem null onder `absent`", s.absence)
	}
	return say.Both("the export does not have it; export more, or correct the pointer",
		"de export heeft het niet; exporteer meer, of verbeter de pointer")
}
