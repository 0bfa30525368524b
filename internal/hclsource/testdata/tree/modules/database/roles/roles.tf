resource "azurerm_role_assignment" "r" {
  scope = "/"
}
