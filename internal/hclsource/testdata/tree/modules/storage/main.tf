variable "name" { type = string }
variable "location" {
  type    = string
  default = "westeurope"
}

resource "azurerm_storage_account" "this" {
  name                     = var.name
  location                 = var.location
  account_replication_type = "ZRS"
  min_tls_version          = "TLS1_0"

  blob_properties {
    versioning_enabled = true
    delete_retention_policy {
      days = 14
    }
  }

  network_rules { default_action = "Deny" }
}

resource "azurerm_storage_container" "c" {
  count = 2
  name  = "c${count.index}"
}
