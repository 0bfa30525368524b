variable "name" {
  type = string
}

variable "location" {
  type = string
}

variable "days" {
  type        = number
  description = "After how many days answers are deleted."
}

variable "resource_group_name" {
  type = string
}

variable "workspace_id" {
  type = string
}

variable "tags" {
  type = map(string)
}

resource "azurerm_storage_account" "surveys" {
  name                            = "stembrace${var.name}"
  resource_group_name             = var.resource_group_name
  location                        = var.location
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  public_network_access_enabled   = false
  shared_access_key_enabled       = false
  allow_nested_items_to_be_public = false
  tags                            = merge(var.tags, { data = "personal" })

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 14
    }

    container_delete_retention_policy {
      days = 14
    }
  }
}

resource "azurerm_storage_management_policy" "surveys" {
  storage_account_id = azurerm_storage_account.surveys.id

  rule {
    name    = "delete-old"
    enabled = true

    filters {
      blob_types = ["blockBlob"]
    }

    actions {
      base_blob {
        delete_after_days_since_modification_greater_than = var.days
      }
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "surveys" {
  name                       = "to-main"
  target_resource_id         = "${azurerm_storage_account.surveys.id}/blobServices/default"
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category_group = "audit"
  }
}
