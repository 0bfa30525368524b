package timestamp_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	digitorus "github.com/digitorus/timestamp"

	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/signtest"
	"waarborg/internal/sign/timestamp"
	"waarborg/internal/testtool"
)

var value = []byte("a signature's value")

func client(url string, roots *x509.CertPool) *timestamp.Client {
	return &timestamp.Client{URL: url, HTTP: &http.Client{Timeout: 10 * time.Second}, Roots: roots, Now: time.Now, Rand: rand.Reader}
}

func stamp(t testing.TB, a *signtest.Authority) []byte {
	t.Helper()
	token, err := client(a.Serve(t), a.CA.Roots()).Stamp(t.Context(), value)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func authority(t testing.TB) *signtest.Authority {
	return signtest.NewAuthority(t, signtest.NewCA(t, "Test TSA"), signtest.TimestampTemplate("Test TSA 1"))
}

func TestStampAndVerify(t *testing.T) {
	a := authority(t)
	token := stamp(t, a)
	got, err := timestamp.Verify(token, value, a.CA.Roots())
	if err != nil {
		t.Fatal(err)
	}
	if got.Authority != "Test TSA 1" || got.Policy != "1.2.3.4" || time.Since(got.Time).Abs() > time.Minute || len(got.Certificates()) != 3 {
		t.Errorf("%+v", got)
	}
	for name, roots := range map[string]*x509.CertPool{"nobody": nil, "another": signtest.NewCA(t, "Other").Roots()} {
		got, err := timestamp.Verify(token, value, roots)
		if !errors.Is(err, timestamp.ErrUntrusted) || errors.Is(err, timestamp.ErrBroken) || got.Time.IsZero() {
			t.Errorf("trusting %s: %v, %v", name, err, got.Time)
		}
	}
	if _, err := timestamp.Verify(token, []byte("another value"), a.CA.Roots()); !errors.Is(err, timestamp.ErrBroken) {
		t.Errorf("another value: %v", err)
	}
}

// TestEveryChangedByteOfAToken: also in what the authority's signature does not cover, and for a reader who trusts nobody.
func TestEveryChangedByteOfAToken(t *testing.T) {
	token := stamp(t, authority(t))
	for i := range token {
		for _, mask := range []byte{0x01, 0x04, 0x0a, 0x20, 0x80} {
			token[i] ^= mask
			if _, err := timestamp.Verify(token, value, nil); !errors.Is(err, timestamp.ErrBroken) {
				t.Fatalf("byte %d xor %x: %v", i, mask, err)
			}
			token[i] ^= mask
		}
	}
	for n := range token {
		if _, err := timestamp.Verify(token[:n], value, nil); !errors.Is(err, timestamp.ErrBroken) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	if _, err := timestamp.Verify(append(bytes.Clone(token), 0), value, nil); !errors.Is(err, timestamp.ErrBroken) {
		t.Errorf("a byte more: %v", err)
	}
}

// TestTheUnsignedPartsOfATokenAreFixed: other certificates than the authority's chain, or fewer.
func TestTheUnsignedPartsOfATokenAreFixed(t *testing.T) {
	a := authority(t)
	token := stamp(t, a)
	got, err := timestamp.Verify(token, value, a.CA.Roots())
	if err != nil {
		t.Fatal(err)
	}
	chain := got.Certificates()
	d, err := cms.Decode(token)
	if err != nil {
		t.Fatal(err)
	}
	stranger := signtest.NewCA(t, "Stranger").Root
	for name, certs := range map[string][]*x509.Certificate{
		"one more": append(chain[:3:3], stranger), "no root": chain[:2], "alone": chain[:1], "one twice": append(chain[:3:3], chain[1]),
		"another root": {chain[0], chain[1], stranger},
	} {
		other, err := d.Normal(certs)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := timestamp.Verify(other, value, a.CA.Roots()); !errors.Is(err, timestamp.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHostileAuthorities(t *testing.T) {
	ca := signtest.NewCA(t, "Test TSA")
	good := signtest.TimestampTemplate("TSA")
	other := func(f func(*x509.Certificate)) *x509.Certificate {
		c := signtest.TimestampTemplate("TSA")
		f(c)
		return c
	}
	two, _ := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}, {1, 3, 6, 1, 5, 5, 7, 3, 1}})
	for _, c := range []struct {
		name string
		cert *x509.Certificate
		do   func(*digitorus.Timestamp)
		want string
		is   error
	}{
		{"another nonce", good, func(ts *digitorus.Timestamp) { ts.Nonce = big.NewInt(1) }, "nonce", timestamp.ErrBroken},
		{"no nonce", good, func(ts *digitorus.Timestamp) { ts.Nonce = nil }, "nonce", timestamp.ErrBroken},
		{"another imprint", good, func(ts *digitorus.Timestamp) { ts.HashedMessage = make([]byte, 32) }, "of another signature", timestamp.ErrBroken},
		{"another policy", good, func(ts *digitorus.Timestamp) { ts.Policy = asn1.ObjectIdentifier{1, 2, 9} }, "other rules", timestamp.ErrBroken},
		{"yesterday", good, func(ts *digitorus.Timestamp) { ts.Time = ts.Time.Add(-time.Hour) }, "clocks", timestamp.ErrBroken},
		{"no certificate", good, func(ts *digitorus.Timestamp) { ts.AddTSACertificate = false }, "certificate is missing", timestamp.ErrBroken},
		{"for all purposes", signtest.Template("TSA"), nil, "not for timestamps alone", timestamp.ErrBroken},
		{"purpose not critical", other(func(c *x509.Certificate) { c.ExtraExtensions[0].Critical = false }), nil, "not for timestamps alone", timestamp.ErrBroken},
		{"two purposes", other(func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: c.ExtraExtensions[0].Id, Critical: true, Value: two}}
		}), nil, "not for timestamps alone", timestamp.ErrBroken},
		{"expired", other(func(c *x509.Certificate) { c.NotAfter = signtest.Now().Add(-time.Hour) }), nil, "not trusted", timestamp.ErrUntrusted},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := signtest.NewAuthority(t, ca, c.cert)
			a.Change = c.do
			cl := client(a.Serve(t), ca.Roots())
			cl.Policy = asn1.ObjectIdentifier{1, 2, 3}
			_, err := cl.Stamp(t.Context(), value)
			if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, c.is) {
				t.Errorf("want %q: %v", c.want, err)
			}
		})
	}
	t.Run("untrusted", func(t *testing.T) {
		a := signtest.NewAuthority(t, signtest.NewCA(t, "Other"), good)
		if _, err := client(a.Serve(t), ca.Roots()).Stamp(t.Context(), value); !errors.Is(err, timestamp.ErrUntrusted) {
			t.Errorf("%v", err)
		}
	})
	t.Run("only its own certificate", func(t *testing.T) {
		a := signtest.NewAuthority(t, ca, good)
		a.Chain = nil
		cl := client(a.Serve(t), ca.Roots())
		if _, err := cl.Stamp(t.Context(), value); !errors.Is(err, timestamp.ErrUntrusted) {
			t.Errorf("%v", err)
		}
		cl.Others = []*x509.Certificate{ca.Middle}
		token, err := cl.Stamp(t.Context(), value)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := timestamp.Verify(token, value, ca.Roots()); err != nil {
			t.Error(err)
		}
	})
	t.Run("more certificates than needed", func(t *testing.T) {
		a := signtest.NewAuthority(t, ca, good)
		a.Chain = []*x509.Certificate{ca.Middle, ca.Root}
		a.Extra = []*x509.Certificate{signtest.NewCA(t, "Stranger").Root}
		got, err := timestamp.Verify(stamp(t, a), value, ca.Roots())
		if err != nil || len(got.Certificates()) != 3 {
			t.Errorf("%d certificates: %v", len(got.Certificates()), err)
		}
	})
	t.Run("nobody trusted", func(t *testing.T) {
		if _, err := client("http://localhost", nil).Stamp(t.Context(), value); err == nil || !strings.Contains(err.Error(), "no root certificate") {
			t.Errorf("%v", err)
		}
	})
}

func TestHostileServers(t *testing.T) {
	a := authority(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the other host was asked") }))
	defer elsewhere.Close()
	reply := func(w http.ResponseWriter, body []byte) {
		w.Header().Set("Content-Type", "application/timestamp-reply")
		_, _ = w.Write(body)
	}
	answer := func(r *http.Request) []byte {
		query, _ := io.ReadAll(r.Body)
		body, err := a.Answer(query)
		if err != nil {
			t.Error(err)
		}
		return body
	}
	for _, c := range []struct {
		name string
		h    http.HandlerFunc
		want string
		is   error
	}{
		{"rejection", func(w http.ResponseWriter, _ *http.Request) {
			body, _ := digitorus.CreateErrorResponse(digitorus.Rejection, digitorus.BadRequest)
			reply(w, body)
		}, "it refused (status 2)", timestamp.ErrNoAnswer},
		{"huge", func(w http.ResponseWriter, _ *http.Request) { reply(w, make([]byte, 10<<20)) }, "too large", timestamp.ErrNoAnswer},
		{"slow", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body) // else the server does not see that the client left
			<-r.Context().Done()
		}, "took too long", timestamp.ErrNoAnswer},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, "sends us elsewhere", timestamp.ErrNoAnswer},
		{"redirect to GET", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/x", http.StatusSeeOther)
		}, "sends us elsewhere", timestamp.ErrNoAnswer},
		{"truncated", func(w http.ResponseWriter, r *http.Request) { body := answer(r); reply(w, body[:len(body)/2]) }, "not an answer", timestamp.ErrBroken},
		{"cut off", func(w http.ResponseWriter, r *http.Request) {
			body := answer(r)
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			reply(w, body[:100])
		}, "unexpected EOF", timestamp.ErrNoAnswer},
		{"a byte more", func(w http.ResponseWriter, r *http.Request) { reply(w, append(answer(r), 0)) }, "not an answer", timestamp.ErrBroken},
		{"a page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "does not answer as", timestamp.ErrNoAnswer},
		{"empty", func(w http.ResponseWriter, _ *http.Request) { reply(w, nil) }, "not an answer", timestamp.ErrBroken},
		{"an error", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) }, "HTTP status 503", timestamp.ErrNoAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := httptest.NewServer(c.h)
			defer srv.Close()
			cl := client(srv.URL, a.CA.Roots())
			if c.name == "slow" {
				cl.HTTP.Timeout = 50 * time.Millisecond
			}
			_, err := cl.Stamp(t.Context(), value)
			if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, c.is) {
				t.Errorf("want %q: %v", c.want, err)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		if _, err := client("http://127.0.0.1:1", a.CA.Roots()).Stamp(t.Context(), value); !errors.Is(err, timestamp.ErrNoAnswer) {
			t.Errorf("%v", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := client(a.Serve(t), a.CA.Roots()).Stamp(ctx, value); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

// TestWithARealAuthority runs sigstore's timestamp server.
func TestWithARealAuthority(t *testing.T) {
	bin := testtool.Built(t, "github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server@v2.1.3")
	for _, chain := range []string{"true", "false"} {
		t.Run("chain in the answer: "+chain, func(t *testing.T) {
			url, certs := serve(t, bin, "--include-chain-in-response="+chain)
			roots := x509.NewCertPool()
			roots.AddCert(certs[len(certs)-1])
			cl := client(url+"/api/v1/timestamp", roots)
			if chain == "false" {
				cl.Others = certs[1:]
			}
			token, err := cl.Stamp(t.Context(), value)
			if err != nil {
				t.Fatal(err)
			}
			got, err := timestamp.Verify(token, value, roots)
			if err != nil || time.Since(got.Time).Abs() > time.Minute {
				t.Fatalf("%+v, %v", got, err)
			}
			t.Logf("a token of %d bytes with %d certificates, from %s", len(token), len(got.Certificates()), got.Authority)
			if _, err := timestamp.Verify(token, value, nil); !errors.Is(err, timestamp.ErrUntrusted) {
				t.Error(err)
			}
			if ts, err := digitorus.Parse(token); err != nil || !ts.Time.Equal(got.Time) {
				t.Errorf("another reader: %v", err)
			}
		})
	}
}

func serve(t *testing.T, bin string, args ...string) (string, []*x509.Certificate) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	var log bytes.Buffer
	cmd := exec.CommandContext(t.Context(), bin, append([]string{"serve", "--timestamp-signer", "memory", "--host", "127.0.0.1", "--port", port, "--disable-ntp-monitoring"}, args...)...)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	url := "http://127.0.0.1:" + port
	for range 200 {
		resp, err := http.Get(url + "/api/v1/timestamp/certchain")
		if err != nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return url, signtest.Certificates(t, text)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	t.Fatalf("the timestamp server did not start\n%s", log.String())
	return "", nil
}

// old is a token that was made once. Files stamped long ago must go on to verify, also after certificates expired.
const old = "testdata/token.der"

var update = flag.Bool("update", false, "make the files in testdata again")

func TestAnOldTokenVerifies(t *testing.T) {
	if *update {
		if err := os.WriteFile(old, stamp(t, authority(t)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	token, err := os.ReadFile(old)
	if err != nil {
		t.Fatal(err)
	}
	got, err := timestamp.Verify(token, value, nil)
	if !errors.Is(err, timestamp.ErrUntrusted) || got.Authority != "Test TSA 1" {
		t.Errorf("%+v, %v", got, err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(got.Certificates()[2])
	if _, err := timestamp.Verify(token, value, roots); err != nil {
		t.Error(err)
	}
}

func FuzzVerify(f *testing.F) {
	token, err := os.ReadFile(old)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Fuzz(func(t *testing.T, in []byte) {
		if _, err := timestamp.Verify(in, value, nil); errors.Is(err, timestamp.ErrUntrusted) && !bytes.Equal(in, token) {
			t.Errorf("%x verifies", in)
		}
	})
}
