package kubernetes

import (
	"regexp"
	"strings"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

// class is what a StorageClass says of the disks or shares it makes.
type class struct {
	engine     string // file_share, or empty for disks
	encrypted  bool   // certainly, at rest
	custody    string // platform, customer; empty if it does not say
	redundancy string // none, zone, region; empty if it does not say
	location   inventory.Fact[inventory.Location]
}

var (
	skus       = map[string]string{"lrs": "none", "zrs": "zone", "grs": "region", "ragrs": "region", "gzrs": "region", "ragzrs": "region"}
	regionForm = regexp.MustCompile(`^[a-z]{2,24}[0-9]?[a-z]{0,8}$`)
)

// readClass reads the parameters of the provisioners that we know; of others nothing is known.
func readClass(o *object) (c class) {
	given := map[string]string{} // the drivers do not tell parameters apart by case
	for k, v := range o.at("parameters").tree {
		if s, ok := v.(string); ok {
			given[strings.ToLower(k)] = s
		}
	}
	// The provisioner stands beside the parameters, not under spec.
	switch o.text("provisioner") {
	case "disk.csi.azure.com", "kubernetes.io/azure-disk":
		// Managed disks are encrypted at rest, and that cannot be turned off.
		c.encrypted, c.custody = true, custody(given["diskencryptionsetid"])
		c.redundancy = azureRedundancy(given)
	case "file.csi.azure.com", "kubernetes.io/azure-file":
		c.engine = "file_share"
		c.encrypted = true // as every storage account
		if given["storageaccount"] == "" {
			c.custody = "platform" // an account that the driver makes has no key of the customer
			c.redundancy = azureRedundancy(given)
		}
		if region := strings.ToLower(strings.ReplaceAll(given["location"], " ", "")); regionForm.MatchString(region) {
			c.location = inventory.Known(inventory.Location{Provider: "azure", Region: region})
		}
	case "ebs.csi.aws.com", "kubernetes.io/aws-ebs":
		if strings.EqualFold(given["encrypted"], "true") { // without it, the account decides
			c.encrypted, c.custody = true, custody(given["kmskeyid"])
		}
	case "efs.csi.aws.com":
		c.engine = "file_share"
	case "pd.csi.storage.gke.io", "kubernetes.io/gce-pd":
		c.encrypted, c.custody = true, custody(given["disk-encryption-kms-key"])
		if given["replication-type"] == "regional-pd" {
			c.redundancy = "zone"
		}
	}
	return c
}

func custody(key string) string {
	if key == "" {
		return "platform"
	}
	return "customer"
}

func azureRedundancy(given map[string]string) string {
	for _, name := range []string{"skuname", "storageaccounttype"} {
		if _, sku, ok := strings.Cut(strings.ToLower(given[name]), "_"); ok {
			return skus[sku]
		}
	}
	return ""
}

// classOf is the class of a claim, if the input has it. A claim on a volume that is there already says nothing by its class.
func (w *world) classOf(spec block) (class, bool) {
	if spec.has("volumeName") || spec.has("selector") {
		return class{}, false
	}
	c, ok := w.classes[spec.text("storageClassName")]
	return c, ok
}

var claimTells = []string{"data_categories", "environment", "personal_data"}

// claim makes a datastore of a disk or share, unless it is part of one.
func (w *world) claim(o *object) unit {
	if w.mounted[o.namespace+"/"+o.name] {
		w.info.Skipped["part-of-another"]++
		return nil
	}
	return func() []gate.Subject {
		d := &inventory.Datastore{}
		w.described(o, d)
		w.encryptedBy(d, []block{o.at("spec")})
		if c, ok := w.classOf(o.at("spec")); ok {
			if c.engine != "" {
				d.Engine = inventory.Known(c.engine)
			}
			if c.redundancy != "" {
				d.Redundancy = inventory.Known(c.redundancy)
			}
			d.Location = c.location
			if region, known := c.location.Value(); known && c.redundancy == "region" {
				d.Copies = inventory.Known([]inventory.Copy{{Role: "paired", Location: region}})
			}
		}
		return one(w.subject(o, d, claimTells))
	}
}
