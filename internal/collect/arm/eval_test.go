package arm

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

// evaluated evaluates one expression in a template with some parameters and variables.
func evaluated(t testing.TB, expression string) any {
	t.Helper()
	doc, err := decode([]byte(`{
		"parameters": {"given": {"type": "string"}, "free": {"type": "string"}, "list": {"type": "array", "defaultValue": [1, 2, 3]},
			"default": {"type": "string", "defaultValue": "[concat('a', 'b')]"}, "hidden": {"type": "securestring", "defaultValue": "canary-5c1e"},
			"none": {"type": "string", "nullable": true}, "self": {"type": "string", "defaultValue": "[parameters('self')]"}},
		"variables": {"object": {"Name": "x", "deep": {"list": ["p", "q"]}}, "other": {"name": "y", "deep": {"more": true}}, "escaped": "[[not an expression]",
			"loop": "[variables('loop')]", "copy": [{"name": "made", "count": 3, "input": "[format('n{0}', copyIndex('made'))]"}]},
		"functions": [{"namespace": "own", "members": {"twice": {"parameters": [{"name": "s", "type": "string"}], "output": {"type": "string", "value": "[concat(parameters('s'), parameters('s'))]"}}}}]
	}`), "t")
	if err != nil {
		t.Fatal(err)
	}
	d := newDeployment(doc, rootScope(""), newEvaluator())
	d.given = map[string]any{"given": "value"}
	return d.inner.value(expression)
}

func TestExpressionsHaveAzuresMeaning(t *testing.T) {
	l := func(v ...any) []any { return v }
	for expression, want := range map[string]any{
		"plain": "plain", "[[x]": "[x]", "[not closed": "[not closed",
		"[parameters('given')]": "value", "[Parameters('GIVEN')]": "value", "[parameters('default')]": "ab",
		"[variables('escaped')]": "[not an expression]", "[variables('made')]": l("n0", "n1", "n2"), "[variables('made')[1]]": "n1",
		"[variables('object').name]": "x", "[variables('object')['deep'].list[1]]": "q",
		"[variables('object').?absent]": nil, "[tryGet(variables('object'), 'deep', 'nothing')]": nil,
		"[concat('a', 1, true())]": "a1true", "[concat(createArray(1), createArray(2, 'x'))]": l(1.0, 2.0, "x"),
		"[format('{0}-{1}-{0} {{}}', 'a', 2)]": "a-2-a {}", "[toLower('AbC')]": "abc", "[toUpper('AbC')]": "ABC",
		"[string(createObject('b', 1, 'a', createArray(true())))]": `{"a":[true],"b":1}`, "[string(true())]": "True",
		"[bool('True')]": true, "[int('12')]": 12.0, "[json('{\"a\": [1.5]}').a[0]]": 1.5,
		"[if(equals('a', 'a'), 'yes', parameters('free'))]": "yes", "[if(equals('a', 'A'), 1, 2)]": 2.0,
		"[not(false())]": true, "[and(true(), false())]": false, "[or(false(), true())]": true,
		"[and(equals(parameters('free'), 'x'), false())]": false, "[or(equals(parameters('free'), 'x'), true())]": true,
		"[empty('')]": true, "[empty(createArray())]": true, "[empty(null())]": true, "[length(parameters('list'))]": 3.0,
		"[contains('abc', 'b')]": true, "[contains(createArray('a'), 'b')]": false, "[contains(variables('object'), 'NAME')]": true,
		"[union(variables('object'), variables('other'))]":     map[string]any{"Name": "y", "deep": map[string]any{"list": l("p", "q"), "more": true}},
		"[union(createArray(1, 2), createArray(2, 3))]":        l(1.0, 2.0, 3.0),
		"[intersection(createArray(1, 2), createArray(2, 3))]": l(2.0),
		"[coalesce(null(), 'x')]":                              "x", "[first(parameters('list'))]": 1.0, "[last('abc')]": "c",
		"[take('abcdef', 2)]": "ab", "[skip(parameters('list'), 2)]": l(3.0), "[take('ab', 9)]": "ab",
		"[replace('a-b-c', '-', '')]": "abc", "[split('a/b', '/')]": l("a", "b"), "[join(createArray('a', 'b'), ';')]": "a;b",
		"[substring('abcdef', 1, 2)]": "bc", "[indexOf('abc', 'C')]": 2.0, "[lastIndexOf('aXa', 'a')]": 2.0, "[trim('  a ')]": "a",
		"[startsWith('Abc', 'a')]": true, "[endsWith('abc', 'x')]": false, "[padLeft('7', 3, '0')]": "007",
		"[add(1, 2)]": 3.0, "[sub(1, 2)]": -1.0, "[mul(3, 4)]": 12.0, "[div(7, 2)]": 3.0, "[mod(7, 2)]": 1.0, "[min(3, 1, 2)]": 1.0, "[max(createArray(3, 1))]": 3.0,
		"[less(1, 2)]": true, "[greaterOrEquals('b', 'a')]": true, "[range(2, 3)]": l(2.0, 3.0, 4.0), "[-5]": -5.0, "['it''s']": "it's",
		"[flatten(createArray(createArray(1), createArray(2)))]": l(1.0, 2.0), "[array('x')]": l("x"),
		"[items(createObject('b', 1, 'a', 2))]":                                                              l(map[string]any{"key": "a", "value": 2.0}, map[string]any{"key": "b", "value": 1.0}),
		"[objectKeys(createObject('b', 1, 'a', 2))]":                                                         l("a", "b"),
		"[map(parameters('list'), lambda('n', add(lambdaVariables('n'), 1)))]":                               l(2.0, 3.0, 4.0),
		"[filter(parameters('list'), lambda('n', greater(lambdaVariables('n'), 1)))]":                        l(2.0, 3.0),
		"[reduce(parameters('list'), 0, lambda('a', 'b', add(lambdaVariables('a'), lambdaVariables('b'))))]": 6.0,
		"[toObject(createArray('k'), lambda('s', lambdaVariables('s')), lambda('s', 1))]":                    map[string]any{"k": 1.0},
		"[shallowMerge(createArray(createObject('a', 1), createObject('a', 2)))]":                            map[string]any{"a": 2.0},
		"[own.twice('ab')]": "abab",
		"[resourceId('sub', 'rg', 'Microsoft.Sql/servers/databases', 's', 'd')]":      "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Sql/servers/s/databases/d",
		"[tenantResourceId('Microsoft.Authorization/roleDefinitions', 'r')]":          "/providers/Microsoft.Authorization/roleDefinitions/r",
		"[extensionResourceId('/a/b', 'Microsoft.Insights/diagnosticSettings', 'd')]": "/a/b/providers/Microsoft.Insights/diagnosticSettings/d",
	} {
		if got := evaluated(t, expression); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %#v, want %#v", expression, got, want)
		}
	}
}

func TestWhatIsNotKnownIsNotGuessed(t *testing.T) {
	for _, expression := range []string{
		"[parameters('free')]", "[parameters('none')]", "[resourceGroup().location]", "[subscription().subscriptionId]", "[tenant().tenantId]",
		"[uniqueString('a')]", "[guid('a')]", "[newGuid()]", "[utcNow()]", "[reference('x').y]", "[reference('x', '2020-01-01', 'full').location]",
		"[unheardOf('a')]", "[deployment().name]", "[environment().suffixes.storage]", "[concat('a', parameters('free'))]",
		"[if(equals(parameters('free'), 'a'), 'x', 'x')]", "[equals(parameters('free'), 'a')]", "[not(equals(parameters('free'), 'a'))]",
		"[length(parameters('free'))]", "[contains(createArray(parameters('free')), 'a')]", "[coalesce(parameters('free'), 'a')]",
		"[take(parameters('free'), 3)]", "[toLower(parameters('free'))]", "[filter(createArray(parameters('free')), lambda('x', equals(lambdaVariables('x'), 1)))]",
		"[variables('object').absent]", "[resourceId('Microsoft.Sql/servers', 'a')]", "[format('{0:N2}', 1)]", "[int(parameters('free'))]", "[pickZones('a', 'b', 'c')]",
	} {
		if got, ok := evaluated(t, expression).(after); !ok {
			t.Errorf("%s: got %#v, want a value known after apply", expression, got)
		}
	}
	for _, expression := range []string{"[listKeys('x', '2020-01-01').keys[0].value]", "[listAccountSas('x', 'y', 'z')]", "[parameters('hidden')]",
		"[concat('a', parameters('hidden'))]", "[format('{0}', parameters('hidden'))]", "[toLower(parameters('hidden'))]", "[length(parameters('hidden'))]",
		"[substring(parameters('hidden'), 0, 3)]", "[if(equals(parameters('hidden'), 'a'), 'x', 'y')]", "[contains(parameters('hidden'), 'a')]",
		"[uniqueString(parameters('hidden'))]", "[string(createArray(parameters('hidden')))]", "[base64(parameters('hidden'))]"} {
		got := evaluated(t, expression)
		if strings.Contains(fmt.Sprintf("%#v", got), "5c1e") {
			t.Errorf("%s shows a secret", expression)
		}
		if _, ok := got.(secret); !ok && !strings.Contains(expression, "base64") {
			t.Errorf("%s: got %#v, want a secret", expression, got)
		}
	}
	for _, expression := range []string{"[concat('a'", "[]", "[concat('a')x]", "['open]", "[parameters('self')]", "[variables('loop')]", "[bool('perhaps')]",
		"[div(1, 0)]", "[substring('abc', 2, 5)]", "[parameters('absent')]", "[format('{1}', 'a')]", "[copyIndex()]", "[if('a', 1, 2)]"} {
		switch got := evaluated(t, expression); got.(type) {
		case broken, string:
			if got == "[concat('a'" {
				continue // not closed, so plain text
			}
			if _, isText := got.(string); isText {
				t.Errorf("%s: got %#v", expression, got)
			}
		default:
			t.Errorf("%s: got %#v, want a value of no form", expression, got)
		}
	}
}

func TestStandInsTellValuesApart(t *testing.T) {
	same := [][2]string{
		{"[uniqueString(resourceGroup().id)]", "[uniqueString(resourceGroup().id)]"},
		{"[concat('st', parameters('free'))]", "[format('st{0}', parameters('free'))]"},
		{"[resourceId('Microsoft.Sql/servers', 's')]", "[concat(resourceGroup().id, '/providers/Microsoft.Sql/servers/s')]"},
		{"[toLower(take(uniqueString('a'), 5))]", "[take(uniqueString('a'), 5)]"},
	}
	for _, c := range same {
		if a, b := evaluated(t, c[0]), evaluated(t, c[1]); a != b || a == (after{}) {
			t.Errorf("%s is %#v and %s is %#v", c[0], a, c[1], b)
		}
	}
	if a, b := evaluated(t, "[uniqueString('a')]"), evaluated(t, "[uniqueString('b')]"); a == b {
		t.Error("two unique strings of different text have one stand-in")
	}
	if a := evaluated(t, "[newGuid()]"); a != (after{}) {
		t.Errorf("newGuid has a stand-in: %#v", a)
	}
}

// TestHostileTemplatesEnd holds that what multiplies is refused rather than made.
func TestHostileTemplatesEnd(t *testing.T) {
	double := func(start, form string, n int) string {
		var b strings.Builder
		fmt.Fprintf(&b, `"v0": %s`, start)
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, `, "v%d": "[%s]"`, i, strings.ReplaceAll(form, "V", fmt.Sprintf("variables('v%d')", i-1)))
		}
		return b.String()
	}
	storage := func(value string) string {
		return `{"type":"Microsoft.Storage/storageAccounts","apiVersion":"x","name":"a","kind":"` + value + `","properties":{}}`
	}
	nested := strings.Repeat(`{"type":"Microsoft.Resources/deployments","apiVersion":"x","name":"n","copy":{"name":"c","count":800},"properties":{"template":{"resources":[`, 4) +
		storage("a") + strings.Repeat(`]}}}`, 4)
	for name, doc := range map[string]string{
		"text doubled":     `"variables": {` + double(`"0123456789"`, "concat(V, V)", 60) + `}, "resources": [` + storage("[variables('v60')]") + `]`,
		"lists doubled":    `"variables": {` + double(`["a"]`, "concat(V, V)", 60) + `}, "resources": [` + storage("[variables('v60')]") + `]`,
		"lists of lists":   `"variables": {` + double(`["a"]`, "createArray(V, V)", 60) + `}, "resources": [` + storage("[variables('v60')]") + `]`,
		"objects":          `"variables": {` + double(`{"a": 1}`, "createObject('a', V, 'b', V)", 60) + `}, "resources": [` + storage("[string(variables('v60'))]") + `]`,
		"replaced":         `"variables": {` + double(`"aaaaaaaaaa"`, "replace(V, 'a', V)", 12) + `}, "resources": [` + storage("[variables('v12')]") + `]`,
		"chain":            `"variables": {` + double(`["a"]`, "createArray(V)", 5000) + `}, "resources": [` + storage("[variables('v5000')]") + `]`,
		"loops in modules": `"resources": [` + nested + `]`,
		"padded":           `"variables": {` + double(`"a"`, "padLeft(concat(V, V), 1000000)", 60) + `}, "resources": [` + storage("[variables('v60')]") + `]`,
		"function calls itself": `"functions": [{"namespace": "f", "members": {"g": {"parameters": [{"name": "x", "type": "int"}], "output": {"value": "[concat(f.g(1), f.g(1))]"}}}}], "resources": [` +
			storage("[f.g(1)]") + `]`,
	} {
		doc = `{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1",` + doc + `}`
		_, err := Open(Config{File: "t.json", Input: strings.NewReader(doc)}, testEnv(t))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if c := code(t, err); c != inventory.Malformed {
			t.Errorf("%s: code %s", name, c)
		}
	}
}

// FuzzExpression holds that no expression panics, takes long or shows a secret.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{"concat('a', parameters('free'), parameters('hidden'))", "variables('object').deep.list[1]", "format('{0}{1}', 'a', 1)",
		"map(parameters('list'), lambda('n', add(lambdaVariables('n'), 1)))", "resourceId('Microsoft.Sql/servers/databases', 's', 'd')",
		"if(equals(1, 2), reference('x').y[0], own.twice('a'))", "union(variables('object'), variables('other'))", "take(uniqueString('a'), 5)", "json('[1]')[0]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := evaluated(t, "["+s+"]")
		if !strings.Contains(s, "5c1e") && strings.Contains(fmt.Sprintf("%#v", v), "5c1e") {
			t.Errorf("%q shows a secret: %#v", s, v)
		}
	})
}
