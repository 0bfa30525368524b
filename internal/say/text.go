package say

import "fmt"

// Text is a text for people in English and Dutch.
type Text struct {
	EN string `json:"en" yaml:"en" validate:"required"`
	NL string `json:"nl" yaml:"nl" validate:"required"`
}

// Both makes a text from a format in each language, as fmt.Sprintf does. Both get the same arguments, an argument that is a
// Text in the language of the format, and an error as [Of] has it in that language. Where the order differs, write %[2]s.
func Both(en, nl string, args ...any) Text {
	return Text{EN: fmt.Sprintf(en, in("en", args)...), NL: fmt.Sprintf(nl, in("nl", args)...)}
}

// Same is a text that has no words to translate, such as a path or a statement of SQL.
func Same(text string) Text { return Text{EN: text, NL: text} }

// In returns the text in a language: nl, or English for any other.
func (t Text) In(lang string) string {
	if lang == "nl" {
		return t.NL
	}
	return t.EN
}

// IsZero tells whether there is no text.
func (t Text) IsZero() bool { return t == Text{} }

// in returns the arguments with those that are texts or errors of this package in one language.
func in(lang string, args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		switch x := arg.(type) {
		case Text:
			out[i] = x.In(lang)
		case error:
			out[i] = Of(x).In(lang)
		default:
			out[i] = arg
		}
	}
	return out
}
