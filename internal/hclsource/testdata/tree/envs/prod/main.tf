# The root module. Its comments and texts hold what looks like blocks: resource "azurerm_x" "comment" {
terraform {
  required_version = ">= 1.9"
  backend "azurerm" {}
}

/* resource "azurerm_x" "commented_out" {
} */
locals {
  places = { west = "westeurope", north = "northeurope" }
  note   = <<-EOT
    resource "azurerm_x" "heredoc" {
      location = "nowhere"
    }
  EOT
}

module "storage" {
  for_each = local.places
  source   = "../../modules/storage"
  name     = "st${each.key}"
  location = each.value
}

module "database" {
  count  = 2
  source = "../../modules/database"
}

module "net" {
  source  = "Azure/network/azurerm//modules/subnet"
  version = "5.3.0"
}

module "not_fetched" { source = "example.com/none/none" }

module "outside" {
  source = "../../../../../../../../etc"
}

data "azurerm_client_config" "me" {}

resource "azurerm_log_analytics_workspace" "main" {
  name              = "log-main"
  location          = "westeurope"
  retention_in_days = 90 # resource "azurerm_x" "trailing" {
}

resource azurerm_resource_group bare { location = "westeurope" }

resource "azurerm_network_security_group" "edge" {
  name = "nsg-${join("-", [for k, v in local.places : "${k}${"}"}"])}"
  dynamic "security_rule" {
    for_each = [22, 3389]
    content {
      access    = "Allow"
      direction = "Inbound"
    }
  }
  tags = {
    access = "tag, not the rule's"
  }
}

check "reachable" {
  data "http" "portal" {
    url = "https://portal.example"
  }
  assert {
    condition     = data.http.portal.status_code == 200
    error_message = "no answer"
  }
}
