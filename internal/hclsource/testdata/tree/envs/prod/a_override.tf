resource "azurerm_log_analytics_workspace" "main" {
  location = "eastus" # by the override
}
