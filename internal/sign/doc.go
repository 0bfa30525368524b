// Package sign makes, keeps and uses keys. Each use has a key of its own, so that one that leaks or is erased touches
// nothing else:
//
//   - evidence, ECDSA P-256: seals snapshots, reports and bundles.
//   - checkpoint, Ed25519: signs the heads of the journal.
//   - a person's, Ed25519: one for each enrolled person, who signs attestations and approvals.
//   - pseudonym, 32 random bytes: turns names of people into tokens. Erasing it erases the names.
//
// Private keys lie in files of mode 0600, encrypted with a passphrase (scrypt and NaCl secretbox in cosign's PEM form;
// age for the pseudonym key). A key is only decrypted when it signs: deriving the key of a passphrase takes a good
// hundred milliseconds by design, which commands that merely look must not pay.
//
// What is signed says what it is for. The signed bytes are
//
//	"waarborg " + context + " v1" + one zero byte + SHA-256 of the message
//
// so a signature of one context never fits another. The evidence key also signs in forms that others define, over bytes
// that never begin like that: certificates, PDF signatures, and bundles (package bundle).
//
// Beside the evidence key lies its certificate, `evidence.crt`. What keys were replaced, and until when they count, lies in
// the folder `retired`. Trust is that of a reader: keys and certificates, each with the time until which it counts.
package sign
