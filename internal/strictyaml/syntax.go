package strictyaml

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"

	"waarborg/internal/say"
)

// syntaxTexts puts the parser's messages that people meet most into plain words, by a part of the message.
func syntaxTexts() []syntaxText {
	tab := say.Both("a tab is used for indentation", "er is met een tab ingesprongen")
	spaces := say.Both("use spaces", "gebruik spaties")
	quotes := say.Both("put the value in quotes", "zet de waarde tussen aanhalingstekens")
	keyAndValue := say.Both("write `key: value`", "schrijf `veld: waarde`")
	return []syntaxText{
		{"'\t' that cannot start any token", tab, spaces},
		{"tab character cannot", tab, spaces},
		{"']' not found", say.Both("a list that starts with [ is not closed", "een lijst die met [ begint is niet gesloten"), missing("]")},
		{"'}' not found", say.Both("a mapping that starts with { is not closed", "een groep die met { begint is niet gesloten"), missing("}")},
		{"end character of double-quoted", notClosed(`"`), missing(`"`)},
		{"end character of single-quoted", notClosed("'"), missing("'")},
		{"mapping value is not allowed", say.Both("a second `: ` on one line", "een tweede `: ` op één regel"), quotes},
		{"value is not allowed in this context",
			say.Both("the indentation does not fit the lines above", "het inspringen past niet bij de regels erboven"),
			say.Both("line it up with the keys or dashes it belongs to",
				"laat het gelijk beginnen met de velden of streepjes waar het bij hoort")},
		{"non-map value is specified", say.Both("a key without `: ` and a value", "een veld zonder `: ` en een waarde"), keyAndValue},
		{"is a reserved character",
			say.Both("a value cannot start with @ or a backtick", "een waarde kan niet met @ of een backtick beginnen"), quotes},
		{"invalid key for this map", say.Both("a key must be plain text", "de naam van een veld moet gewone tekst zijn"), keyAndValue},
	}
}

type syntaxText struct {
	part       string
	what, hint say.Text
}

func notClosed(mark string) say.Text {
	return say.Both("a text that starts with %s is not closed", "een tekst die met %s begint is niet gesloten", mark)
}

func missing(mark string) say.Text {
	return say.Both("add the missing %s", "zet de ontbrekende %s erbij", mark)
}

func syntaxProblem(doc *Document, err error) *Problem {
	var ye yaml.Error
	if !errors.As(err, &ye) {
		return invalid(doc)
	}
	what := say.Both("not valid YAML", "geen geldige YAML")
	hint := say.Both("check the quotes and indentation here and on the line above",
		"controleer de aanhalingstekens en het inspringen, hier en op de regel erboven")
	for _, s := range syntaxTexts() {
		if strings.Contains(ye.GetMessage(), s.part) {
			what, hint = s.what, s.hint
			break
		}
	}
	p := doc.atToken(ye.GetToken(), what, hint)
	return &p
}
