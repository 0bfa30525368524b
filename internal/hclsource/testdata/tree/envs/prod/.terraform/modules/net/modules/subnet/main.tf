resource "azurerm_subnet" "this" {
  name = "subnet"
}
