package say

import "errors"

// Error is a failure that the user can do something about. It never holds a secret, a key or personal data.
type Error struct {
	Msg  Text  // what failed, on what
	Hint Text  // what to do; empty where nothing helps
	Err  error // the cause, for errors.Is and errors.As; its text is not for users
}

// Error is the English text, for logs and tests. What users see is made by [In].
func (e *Error) Error() string {
	if e.Hint.EN == "" {
		return e.Msg.EN
	}
	return e.Msg.EN + "; " + e.Hint.EN
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Of is what an error says: its message if it is of this package or wraps one that is, else its own words, which are those
// of the operating system or of a library.
func Of(err error) Text {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Msg
	}
	return Same(err.Error())
}

// HintOf is what an error says to do, for an error that is said within another; empty if it is none of this package.
func HintOf(err error) Text {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Hint
	}
	return Text{}
}

// In returns what an error says to its user in a language, and what to do about it. ok is false for an error that is not
// of this package, nor wraps one that is.
func In(err error, lang string) (msg, hint string, ok bool) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return "", "", false
	}
	return e.Msg.In(lang), e.Hint.In(lang), true
}
