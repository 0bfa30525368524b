//go:build linux

package ci

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// stages splits the Dockerfile at FROM; instructions are without comments, on one line each.
func stages(t *testing.T) (head []string, out [][]string) {
	t.Helper()
	text := strings.ReplaceAll(read(t, filepath.Join(root, "Dockerfile")), "\\\n", " ")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "FROM "):
			out = append(out, []string{line})
		case len(out) == 0:
			head = append(head, line)
		default:
			out[len(out)-1] = append(out[len(out)-1], line)
		}
	}
	return head, out
}

func TestDockerfile(t *testing.T) {
	head, all := stages(t)
	for _, line := range head {
		if !regexp.MustCompile(`^ARG [A-Z_]+=[a-z/.]+:[a-z0-9.-]+$`).MatchString(line) || strings.HasSuffix(line, ":latest") {
			t.Errorf("an image without a tag of its own: %s", line)
		}
	}
	last := strings.Join(all[len(all)-1], "\n") + "\n"
	if !strings.HasPrefix(last, "FROM scratch\n") || strings.Contains(last, "\nRUN ") {
		t.Errorf("the image is not the program alone:\n%s", last)
	}
	if !strings.Contains(last, `ENTRYPOINT ["/usr/local/bin/waarborg"]`) {
		t.Errorf("the image does not start the program without a shell:\n%s", last)
	}
	for _, stage := range all[1:] {
		text := strings.Join(stage, "\n")
		if !regexp.MustCompile(`(?m)^USER 65532:65532$`).MatchString(text) {
			t.Errorf("runs as root:\n%s", text)
		}
		if regexp.MustCompile(`(?im)^ADD |curl|wget|:latest|(PASSPHRASE|TOKEN|SECRET)=`).MatchString(text) {
			t.Errorf("fetches something, or has a secret:\n%s", text)
		}
	}
	ignored := strings.Fields(read(t, filepath.Join(root, ".dockerignore")))
	for _, want := range []string{".git", "**/.waarborg", "**/*.pem", "**/.env"} {
		if !strings.Contains(" "+strings.Join(ignored, " ")+" ", " "+want+" ") {
			t.Errorf(".dockerignore does not keep %s out", want)
		}
	}
}

// TestDockerfileBuilds runs the very commands of the Dockerfile on this source, with another root, and then the program in it.
func TestDockerfileBuilds(t *testing.T) {
	_, all := stages(t)
	target := filepath.Join(t.TempDir(), "root-fs")
	ran := 0
	for _, line := range all[0] {
		command, is := strings.CutPrefix(line, "RUN ")
		if !is || command == "go mod download" {
			continue
		}
		// The toolchain of the image is the one of go.mod; here the go command may have to fetch it.
		command = strings.ReplaceAll(strings.ReplaceAll(command, "/root-fs", target), "GOTOOLCHAIN=local", "GOTOOLCHAIN=auto")
		command = strings.ReplaceAll(command, "${VERSION}", "v0.0.0-docker")
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
		ran++
	}
	if ran != 2 {
		t.Fatalf("%d commands were run", ran)
	}
	file := filepath.Join(target, "usr/local/bin/waarborg")
	bin, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer bin.Close()
	for _, p := range bin.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("the program is not static: it has %v", p.Type)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(root)
	if err == nil && bytes.Contains(raw, []byte(here+"/cmd")) {
		t.Error("the program has paths of the machine in it")
	}
	cmd := exec.Command(file, "version")
	if os.Geteuid() == 0 { // as in the image: nothing around it, and not as root
		cmd = exec.Command("/usr/local/bin/waarborg", "version")
		cmd.Dir, cmd.Env = "/work", []string{}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: target, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "v0.0.0-docker") {
		t.Errorf("waarborg version: %v\n%s", err, out)
	}
	if info, err := os.Stat(filepath.Join(target, "tmp")); err != nil || info.Mode().Perm() != 0o777 || info.Mode()&os.ModeSticky == 0 {
		t.Errorf("/tmp cannot be written by everybody: %v %v", info, err)
	}
}

// TestScriptsWithTheProgram runs each script with the program itself: it knows the options and forms that they use.
func TestScriptsWithTheProgram(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "waarborg")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", bin, "./cmd/waarborg")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command(bin, "init", filepath.Join(dir, "ws")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	plan := filepath.Join(dir, "plan.json")
	write(t, plan, `{"format_version":"1.2","terraform_version":"1.9.8","planned_values":{},"resource_changes":[]}`, 0o644)
	for _, s := range scripts(t) {
		// The scripts find the program by the name that the stand-in has.
		s.text = s.env["binary"] + "='" + bin + "'\n" + s.text
		got := run(t, s, "0", map[string]string{"workspace": filepath.Join(dir, "ws"), "": plan})
		if got.code != 3 { // nothing to judge
			t.Errorf("%s: status %d\n%s%s", s.name, got.code, got.stdout, got.stderr)
		}
		var written []string
		for _, pattern := range []string{"*.json", "*.xml", "*/*.json", "*/*.xml", "*/*.sarif", "*/*.md"} {
			found, _ := filepath.Glob(filepath.Join(got.dir, pattern))
			written = append(written, found...)
		}
		if len(written) != 3 {
			t.Errorf("%s wrote %q", s.name, written)
		}
	}
}
