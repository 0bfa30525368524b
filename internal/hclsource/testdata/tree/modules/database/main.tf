resource "azurerm_postgresql_flexible_server" "db" {
  name = "psql"
  authentication {
    password_auth_enabled = true
  }
}

module "roles" {
  source   = "./roles"
  for_each = toset(["a]b.c", "d"])
}
