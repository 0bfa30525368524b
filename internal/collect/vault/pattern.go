package vault

import "strings"

// pattern is a path of a policy, as Vault reads it: `+` for one whole segment, `*` at the end for anything, slashes
// included.
type pattern struct {
	segs []string // without the `*`
	star bool     // the last segment is the beginning of what follows
}

func parsePattern(s string) pattern {
	star := strings.HasSuffix(s, "*")
	return pattern{segs: strings.Split(strings.TrimSuffix(s, "*"), "/"), star: star}
}

func (p pattern) String() string {
	s := strings.Join(p.segs, "/")
	if p.star {
		s += "*"
	}
	return s
}

// wild is where the first `+` stands among the characters of the pattern, or -1.
func (p pattern) wild() int {
	at := 0
	for _, s := range p.segs {
		if s == "+" {
			return at
		}
		at += len(s) + 1
	}
	return -1
}

func (p pattern) plusses() int {
	n := 0
	for _, s := range p.segs {
		if s == "+" {
			n++
		}
	}
	return n
}

func (p pattern) matches(path string) bool {
	parts := strings.Split(path, "/")
	if len(parts) < len(p.segs) || !p.star && len(parts) != len(p.segs) {
		return false
	}
	for i, s := range p.segs {
		last := p.star && i == len(p.segs)-1
		switch {
		case last && strings.HasPrefix(parts[i], s):
		case s == "+" && !last, s == parts[i]:
		default:
			return false
		}
	}
	return true
}

// meet returns a pattern of paths that both match, and whether there are any. Where a `+` meets the beginning of a
// segment, one stand-in segment takes the place of all that would do.
func meet(a, b pattern) (pattern, bool) {
	var segs []string
	for i := 0; ; i++ {
		switch {
		case i == len(a.segs) && i == len(b.segs):
			return pattern{segs: segs}, !a.star && !b.star
		case i == len(a.segs) || i == len(b.segs):
			return pattern{}, false
		}
		aLast, bLast := a.star && i == len(a.segs)-1, b.star && i == len(b.segs)-1
		x, y := a.segs[i], b.segs[i]
		switch {
		case aLast && bLast:
			if len(x) < len(y) {
				x, y = y, x
			}
			return pattern{segs: append(segs, x), star: true}, strings.HasPrefix(x, y)
		case aLast:
			return rest(segs, x, b, i)
		case bLast:
			return rest(segs, y, a, i)
		case x == "+":
			segs = append(segs, y)
		case y == "+" || x == y:
			segs = append(segs, x)
		default:
			return pattern{}, false
		}
	}
}

// rest goes on where one pattern ends in start*: all that follows in the other is within it.
func rest(segs []string, start string, other pattern, i int) (pattern, bool) {
	first := other.segs[i]
	switch {
	case first == "+" && start != "":
		first = start + standIn
	case first == "+":
	case !strings.HasPrefix(first, start):
		return pattern{}, false
	}
	segs = append(append(segs, first), other.segs[i+1:]...)
	return pattern{segs: segs, star: other.star}, true
}

// standIn is a segment that no pattern names.
const standIn = "\x01"

// witnesses returns paths that the pattern matches and that no literal of another pattern matches by chance, down to
// depth segments: enough to see whatever a policy's rules can do to the pattern's paths.
func (p pattern) witnesses(depth int) []string {
	segs := make([]string, len(p.segs))
	for i, s := range p.segs {
		if s == "+" && !(p.star && i == len(p.segs)-1) {
			s = standIn
		}
		segs[i] = s
	}
	path := strings.Join(segs, "/")
	if !p.star {
		return []string{path}
	}
	out := []string{path, path + standIn}
	for n := len(segs); n < depth; n++ {
		path += standIn + "/"
		out = append(out, path, path+standIn)
	}
	return out
}
