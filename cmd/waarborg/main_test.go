package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run this program as `waarborg`. In scripts alone, WAARBORG_TEST_NOW sets the clock: the program
// itself has no such switch, for it would let anybody revive an expired waiver.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"waarborg": func() {
			o := system()
			if s, ok := os.LookupEnv("WAARBORG_TEST_NOW"); ok {
				t, err := time.Parse(time.RFC3339, s)
				if err != nil {
					panic("WAARBORG_TEST_NOW: " + err.Error())
				}
				o.now = func() time.Time { return t }
			}
			os.Exit(run(context.Background(), os.Args[1:], o))
		},
		"waarborg-signals": main, // as it is, with its signals and the real clock
	})
}

// scripts lists what TestScripts runs. Under the race detector that is not those that only sign, judge and print, one
// thing after another: they would take minutes there, and the in-process tests race the same code.
func scripts(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(all) < 10 {
		t.Fatalf("only %d scripts in testdata: %v", len(all), err)
	}
	if !underRace {
		return all
	}
	sequential := []string{"attest", "customer", "doctor", "four_eyes", "keys", "keys_certificate", "keys_rotate", "rules", "report", "report_customer",
		"report_release"}
	return slices.DeleteFunc(all, func(file string) bool {
		return slices.Contains(sequential, strings.TrimSuffix(filepath.Base(file), ".txtar"))
	})
}

// TestScripts drives the program as a user types. Each script has a folder of its own, with the example workspace in
// embrace/, the workspaces of workspaces_test.go in small/ and planned/, and a clock at noon on 23 November 2026.
func TestScripts(t *testing.T) {
	example, err := filepath.Abs("../../examples/embrace")
	if err != nil {
		t.Fatal(err)
	}
	keys := premadeKeys(t)
	testscript.Run(t, testscript.Params{
		Files:               scripts(t),
		RequireExplicitExec: false,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		ContinueOnError:     true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("WAARBORG_TEST_NOW", "2026-11-23T12:00:00Z")
			env.Setenv("WAARBORG_PASSPHRASE", "a passphrase for tests only")
			env.Setenv("LANG", "en_GB.UTF-8")
			env.Setenv("LC_ALL", "")
			if err := small().write(filepath.Join(env.WorkDir, "small")); err != nil {
				return err
			}
			if err := planned().write(filepath.Join(env.WorkDir, "planned")); err != nil {
				return err
			}
			return os.CopyFS(filepath.Join(env.WorkDir, "embrace"), os.DirFS(example))
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status": expectStatus,
			"dutch":  expectDutch,
			"sed1":   replaceOnce,
			"insert": insertLine,
			"damage": damage,
			"rezip":  rezip,
			"mode":   wantMode,
			"deep":   deepPlan,
			"keyed":  keyed(keys),
			"plain":  noEscapes,
		},
	})
}
