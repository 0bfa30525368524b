resource "azurerm_postgresql_flexible_server" "social" {
  name                          = "psql-embrace-social"
  resource_group_name           = azurerm_resource_group.social.name
  location                      = azurerm_resource_group.social.location
  version                       = "16"
  sku_name                      = "GP_Standard_D4ds_v5"
  storage_mb                    = 131072
  zone                          = "1"
  backup_retention_days         = 21
  geo_redundant_backup_enabled  = false
  public_network_access_enabled = true
  tags                          = merge(local.tags, { data = "personal" })

  authentication {
    active_directory_auth_enabled = true
    password_auth_enabled         = false
    tenant_id                     = var.tenant_id
  }

  high_availability {
    mode                      = "ZoneRedundant"
    standby_availability_zone = "2"
  }
}

resource "azurerm_postgresql_flexible_server_configuration" "social" {
  for_each = {
    "require_secure_transport" = "on"
    "ssl_min_protocol_version" = "TLSv1.2"
    "password_encryption"      = "scram-sha-256"
    "shared_preload_libraries" = "pgaudit"
    "pgaudit.log"              = "read,write,ddl,role"
    "log_line_prefix"          = "%m [%p] user=%u,db=%d "
  }

  server_id = azurerm_postgresql_flexible_server.social.id
  name      = each.key
  value     = each.value
}

# Left over from a test: this lets in the whole internet.
resource "azurerm_postgresql_flexible_server_firewall_rule" "everybody" {
  name             = "everybody"
  server_id        = azurerm_postgresql_flexible_server.social.id
  start_ip_address = "0.0.0.0"
  end_ip_address   = "255.255.255.255"
}

resource "azurerm_monitor_diagnostic_setting" "social" {
  name                       = "to-main"
  target_resource_id         = azurerm_postgresql_flexible_server.social.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

  enabled_log {
    category = "PostgreSQLLogs"
  }
}
