package assess

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"
)

// A team's rules run under limits besides the time: OPA looks at the clock between steps, and one step can double a text, make
// a billion numbers, or pad to any width. So every builtin that gives a value is called through a guard.
const (
	mostText  = 1 << 20  // bytes of one text that a builtin makes
	mostItems = 100_000  // items of one collection that a builtin makes
	mostBytes = 64 << 20 // bytes that all builtins make for one evaluation, items counted as itemBytes
	itemBytes = 32
	mostDigit = 400 // characters of one number, and its exponent
)

// guard is what calls of a guarded builtin are renamed to: OPA always takes its own function for a name of its own.
const guard = "guarded."

// errTooMuch ends an evaluation that makes more than it may.
var errTooMuch = errors.New("the rule makes more data than it may")

// limited makes a compiler send calls of builtins through guards, after all else is done and checked.
func limited(c *ast.Compiler) *ast.Compiler {
	return c.WithStageAfterID(ast.StageBuildRequiredCapabilities, ast.CompilerStageDefinition{
		Name: "GuardBuiltins", MetricName: "guard_builtins", Stage: func(c *ast.Compiler) *ast.Error {
			for _, m := range c.Modules {
				ast.WalkExprs(m, func(e *ast.Expr) bool {
					if terms, ok := e.Terms.([]*ast.Term); ok && guards(terms[0].String()) {
						terms[0] = ast.NewTerm((&ast.Builtin{Name: guard + terms[0].String()}).Ref()).SetLocation(terms[0].Location)
					}
					return false
				})
			}
			return nil
		}})
}

// guards tells whether a builtin is called through a guard: one that gives a value which can grow.
func guards(name string) bool {
	b := ast.BuiltinMap[name]
	return b != nil && name != ast.Equality.Name && name != ast.Assign.Name && b.Decl.Result() != nil && types.Compare(b.Decl.Result(), types.B) != 0
}

// guarded are the options with which a query finds the guards.
func guarded() (out []func(*rego.Rego)) {
	for _, name := range allowed {
		if guards(name) {
			call := topdown.GetBuiltin(name)
			out = append(out, rego.FunctionDyn(&rego.Function{Name: guard + name, Decl: ast.BuiltinMap[name].Decl},
				func(b rego.BuiltinContext, operands []*ast.Term) (*ast.Term, error) {
					return guardCall(name, call, b, operands)
				}))
		}
	}
	return out
}

func guardCall(name string, call topdown.BuiltinFunc, b rego.BuiltinContext, operands []*ast.Term) (out *ast.Term, err error) {
	if err := checkOperands(name, operands); err != nil {
		return nil, err
	}
	if err := call(b, operands, func(t *ast.Term) error { out = t; return nil }); err != nil || out == nil {
		return nil, err
	}
	size, err := sizeOf(out.Value)
	if err != nil {
		return nil, err
	}
	if left, ok := b.Context.Value(budget{}).(*int); ok {
		if *left -= size; *left < 0 {
			return nil, rego.NewHaltError(errTooMuch)
		}
	}
	return out, nil
}

// budget is the key of what an evaluation may still make, in bytes.
type budget struct{}

func withBudget(ctx context.Context) context.Context {
	left := mostBytes
	return context.WithValue(ctx, budget{}, &left)
}

// sizeOf is about how many bytes a value takes that a builtin made, not counting what it made of its operands' items.
func sizeOf(v ast.Value) (int, error) {
	n := 16
	switch v := v.(type) {
	case ast.String:
		n += len(v)
	case ast.Number:
		return n + len(v), checkNumber(v)
	case *ast.Array:
		n += itemBytes * v.Len()
	case ast.Set:
		n += itemBytes * v.Len()
	case ast.Object:
		n += 2 * itemBytes * v.Len()
	}
	return n, nil
}

// checkNumber refuses numbers that a computer of 64 bits does not know: turning one into digits can take for ever.
func checkNumber(n ast.Number) error {
	if len(n) <= mostDigit {
		i := strings.IndexAny(string(n), "eE")
		if i < 0 {
			return nil
		}
		if e, err := strconv.Atoi(string(n[i+1:])); err == nil && -mostDigit <= e && e <= mostDigit {
			return nil
		}
	}
	return fmt.Errorf("a number is too large")
}

// checkOperands refuses calls whose result would be too large, before it is made.
func checkOperands(name string, operands []*ast.Term) error {
	text := func(i int) string { s, _ := operands[i].Value.(ast.String); return string(s) }
	var size, items int
	switch name {
	case "numbers.range":
		from, ok1 := operands[0].Value.(ast.Number)
		to, ok2 := operands[1].Value.(ast.Number)
		a, ok3 := from.Int()
		b, ok4 := to.Int()
		if ok1 && ok2 && (!ok3 || !ok4 || max(a-b, b-a) < 0) { // not whole, or more than a machine's word
			return fmt.Errorf("a range of more than %d numbers", mostItems)
		}
		items = max(a-b, b-a)
	case "concat":
		size = len(text(0)) * itemCount(operands[1])
		eachItem(operands[1], func(t *ast.Term) {
			s, _ := t.Value.(ast.String)
			size += len(s)
		})
	case "replace":
		if old := text(1); old != "" {
			size = len(text(0)) + strings.Count(text(0), old)*len(text(2))
		} else {
			size = (len(text(0)) + 1) * (len(text(2)) + 1)
		}
	case "sprintf":
		return checkFormat(text(0), operands[1])
	case "split":
		items = strings.Count(text(0), text(1))
	case "array.concat", "object.union":
		items = itemCount(operands[0]) + itemCount(operands[1])
	}
	if size > mostText || items > mostItems {
		return errTooMuch
	}
	for _, o := range operands {
		if n, ok := o.Value.(ast.Number); ok {
			if err := checkNumber(n); err != nil {
				return err
			}
		}
		if name == "sum" || name == "max" || name == "min" || name == "sort" {
			var bad error
			eachItem(o, func(t *ast.Term) {
				if n, ok := t.Value.(ast.Number); ok && bad == nil {
					bad = checkNumber(n)
				}
			})
			if bad != nil {
				return bad
			}
		}
	}
	return nil
}

// checkFormat refuses what sprintf would blow up: widths, and texts that come many times.
func checkFormat(format string, args *ast.Term) error {
	size, verbs := 0, strings.Count(format, "%")
	for rest := format; ; {
		_, after, found := strings.Cut(rest, "%")
		if !found {
			break
		}
		rest = after
		if n := len(rest) - len(strings.TrimLeft(rest, "0123456789+-# .[]*")); strings.Contains(rest[:n], "*") || manyDigits.MatchString(rest[:n]) {
			return fmt.Errorf("a format with a width of more than three digits, or with *")
		}
	}
	eachItem(args, func(t *ast.Term) { size = max(size, 64+8*mostText-weigh(t, 8*mostText)) })
	if len(format)+verbs*(size+1000) > 8*mostText {
		return errTooMuch
	}
	return nil
}

// weigh takes the length of a value as text from what is left, and stops where nothing is: values can hold others many times.
func weigh(t *ast.Term, left int) int {
	switch v := t.Value.(type) {
	case ast.String:
		left -= len(v)
	case ast.Object:
		v.Until(func(k, x *ast.Term) bool {
			left = weigh(x, weigh(k, left))
			return left < 0
		})
	case *ast.Array:
		v.Until(func(x *ast.Term) bool { left = weigh(x, left); return left < 0 })
	case ast.Set:
		v.Until(func(x *ast.Term) bool { left = weigh(x, left); return left < 0 })
	}
	return left - 8
}

var manyDigits = regexp.MustCompile(`[0-9]{4}`)

func itemCount(t *ast.Term) int {
	switch v := t.Value.(type) {
	case *ast.Array:
		return v.Len()
	case ast.Set:
		return v.Len()
	case ast.Object:
		return v.Len()
	}
	return 0
}

func eachItem(t *ast.Term, f func(*ast.Term)) {
	switch v := t.Value.(type) {
	case *ast.Array:
		v.Foreach(f)
	case ast.Set:
		v.Foreach(f)
	}
}

// mostOverruns is how often a rule may run out of its time before it is no longer tried: a rule that is too slow for most
// inputs would else take its limit once for each of 100,000 of them.
const mostOverruns = 20

// eval evaluates a query of a rule. With a deadline it returns soon after it, also if OPA is busy with one step and does not
// look at the clock; that step then goes on unheard, and the rule is not tried again.
func (q *prepared) eval(ctx context.Context, query rego.PreparedEvalQuery, input ast.Value) (rego.ResultSet, error) {
	deadline, has := ctx.Deadline()
	if !has {
		return query.Eval(ctx, rego.EvalParsedInput(input))
	}
	if q.overruns.Load() >= mostOverruns {
		return nil, context.DeadlineExceeded
	}
	type result struct {
		set rego.ResultSet
		err error
	}
	done := make(chan result, 1)
	go func() {
		set, err := query.Eval(ctx, rego.EvalParsedInput(input))
		done <- result{set, err}
	}()
	late := time.NewTimer(time.Until(deadline) + grace)
	defer late.Stop()
	select {
	case r := <-done:
		if r.err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			q.overruns.Add(1)
			return nil, context.DeadlineExceeded
		}
		return r.set, r.err
	case <-late.C:
		q.overruns.Store(mostOverruns)
		return nil, context.DeadlineExceeded
	}
}

// grace is how long after the deadline an evaluation may take to notice it.
const grace = 250 * time.Millisecond
