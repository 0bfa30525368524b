resource "azurerm_storage_account" "photos" {
  name                            = "stembracephotos"
  resource_group_name             = azurerm_resource_group.social.name
  location                        = azurerm_resource_group.social.location
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_0"
  shared_access_key_enabled       = false
  allow_nested_items_to_be_public = false
  tags                            = merge(local.tags, { data = "personal" })

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 14
    }

    container_delete_retention_policy {
      days = 14
    }
  }

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }
}

resource "azurerm_storage_management_policy" "photos" {
  storage_account_id = azurerm_storage_account.photos.id

  rule {
    name    = "delete-old"
    enabled = true

    filters {
      blob_types = ["blockBlob"]
    }

    actions {
      base_blob {
        delete_after_days_since_modification_greater_than = 90
      }
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "photos" {
  name                       = "to-main"
  target_resource_id         = "${azurerm_storage_account.photos.id}/blobServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

  enabled_log {
    category_group = "audit"
  }
}

resource "azurerm_role_assignment" "photos_app" {
  scope                = azurerm_storage_account.photos.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = var.app_principal_id
  principal_type       = "ServicePrincipal"
}
