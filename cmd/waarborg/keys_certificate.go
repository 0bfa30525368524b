package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/sign/vaultkey"
	"waarborg/reports"
)

func (a *app) certificateCommand() *cobra.Command {
	var file, pki string
	var request bool
	cmd := &cobra.Command{Use: "certificate", Short: "Show, request or import the certificate of the evidence key", Args: cobra.NoArgs,
		Long: `Show the certificate of the evidence key: who signs, according to whom, and until when.

` + "`waarborg keys init`" + ` makes one that the key signs itself; readers trust it because they got it from you. To have one of an
issuer that your readers know: print a request with --request, and take what the issuer sends back with --import. Where
the evidence key is in Vault, --vault-pki does both with the PKI engine of that Vault.

Exit status: 0 it is shown or imported; 2 there is none, or it cannot be used; 3 it has expired, or ends within 60 days.`,
		RunE: func(c *cobra.Command, _ []string) error {
			given := 0
			for _, name := range []string{"request", "import", "vault-pki"} {
				if c.Flags().Changed(name) {
					given++
				}
			}
			switch {
			case given > 1:
				return fails(say.Both("--request, --import and --vault-pki are different things to do",
					"--request, --import en --vault-pki zijn verschillende dingen"),
					say.Both("give one of them", "geef er een van"))
			case request:
				return a.certificateRequest(c.Context())
			case c.Flags().Changed("import"):
				return a.certificateImport(file)
			case c.Flags().Changed("vault-pki"):
				return a.certificateFromVault(c.Context(), pki)
			}
			return a.certificateShow()
		}}
	cmd.Flags().BoolVar(&request, "request", false, "print a certificate signing request for the evidence key")
	cmd.Flags().StringVar(&file, "import", "", "take the chain in this file (PEM, the key's own certificate first)")
	cmd.Flags().StringVar(&pki, "vault-pki", "", "have the PKI engine make one, as MOUNT/ROLE")
	return cmd
}

func (a *app) certificateShow() error {
	s, err := a.load()
	if err != nil {
		return err
	}
	public, err := sign.LoadPublic(s.keys(), sign.Evidence)
	if err != nil {
		return err
	}
	chain, err := sign.LoadCertificate(s.keys(), public)
	if err != nil {
		return err
	}
	a.showChain(chain, public)
	if a.endingCertificate(s) {
		a.code = exitUnknown
	}
	return nil
}

func (a *app) showChain(chain []*x509.Certificate, key sign.Public) {
	leaf := chain[0]
	issuer := reports.Plain(leaf.Issuer.String())
	if selfMade(leaf) {
		issuer = a.pick("the key itself", "de sleutel zelf")
	}
	const form = "2006-01-02 15:04 UTC"
	for _, row := range [][2]string{
		{a.pick("subject", "houder"), reports.Plain(leaf.Subject.String())},
		{a.pick("issuer", "uitgever"), issuer},
		{a.pick("serial", "nummer"), leaf.SerialNumber.Text(16)},
		{a.pick("valid", "geldig"), leaf.NotBefore.UTC().Format(form) + a.pick(" to ", " tot en met ") + leaf.NotAfter.UTC().Format(form)},
		{"SHA-256", sign.Fingerprint(leaf)},
		{a.pick("key", "sleutel"), key.ID},
	} {
		fmt.Fprintf(a.out, "%-8s %s\n", row[0]+":", row[1])
	}
}

// selfMade tells whether a key signed its own certificate.
func selfMade(c *x509.Certificate) bool {
	return c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

func (a *app) certificateRequest(ctx context.Context) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	key, done, err := a.evidenceKey(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	text, err := a.request(s, key)
	if err != nil {
		return err
	}
	_, err = a.out.Write(text)
	return err
}

func (a *app) request(s *space, key sign.Signer) ([]byte, error) {
	signer, err := key.CryptoSigner()
	if err != nil {
		return nil, err
	}
	return sign.Request(signer, subject(s), rand.Reader)
}

const maxChainFile = 256 << 10 // bytes, far above any chain

func (a *app) certificateImport(file string) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return fails(say.Both("%s cannot be read", "%s is niet te lezen", file),
			say.Both("check the name of the file, and that you may read it",
				"controleer de naam van het bestand, en of u het mag lezen"))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxChainFile+1))
	if err != nil || len(text) > maxChainFile {
		return fails(say.Both("%s is not a file of certificates", "%s is geen bestand met certificaten", file),
			say.Both("give the file with the certificates that the issuer sent, in PEM",
				"geef het bestand met certificaten dat de uitgever stuurde, in PEM"))
	}
	return a.takeChain(s, text)
}

func (a *app) takeChain(s *space, text []byte) error {
	public, err := sign.LoadPublic(s.keys(), sign.Evidence)
	if err != nil {
		return err
	}
	chain, err := sign.ImportCertificate(s.keys(), public, text, a.now())
	if err != nil {
		return err
	}
	a.showChain(chain, public)
	fmt.Fprintln(a.out, a.pick("imported; the one before is kept in the folder `retired` beside the keys", "overgenomen; het vorige staat in de map `retired` bij de sleutels"))
	if a.endingCertificate(s) {
		a.code = exitUnknown
	}
	return nil
}

func (a *app) certificateFromVault(ctx context.Context, pki string) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	at := strings.LastIndexByte(pki, '/')
	if at <= 0 || at == len(pki)-1 {
		return fails(say.Both("--vault-pki %q is not MOUNT/ROLE", "--vault-pki %q is geen MOUNT/ROL", pki),
			say.Both("write the mount of the PKI engine and the name of the role, such as pki/waarborg",
				"schrijf de mount van de PKI-engine en de naam van de rol, zoals pki/waarborg"))
	}
	key, done, err := a.evidenceKey(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	inVault, ok := key.(*vaultkey.Key)
	if !ok {
		return fails(say.Both("the evidence key is in a file, so the workspace names no Vault to ask",
			"de evidence-sleutel staat in een bestand, dus de werkmap noemt geen Vault om te vragen"),
			say.Both("use --request and --import; or keep the key in Vault: `keys.evidence.vault` in waarborg.yaml",
				"gebruik --request en --import; of bewaar de sleutel in Vault: `keys.evidence.vault` in waarborg.yaml"))
	}
	request, err := a.request(s, key)
	if err != nil {
		return err
	}
	text, err := inVault.Certify(pki[:at], pki[at+1:], request)
	if err != nil {
		return err
	}
	return a.takeChain(s, text)
}
