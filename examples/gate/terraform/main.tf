# Embrace Social, as it would be made for the first time. Some of it is not what the agreement says: see README.md.
terraform {
  required_version = ">= 1.9"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.14"
    }
  }
}

provider "azurerm" {
  features {}
  subscription_id = var.subscription_id
}

variable "subscription_id" {
  type = string
}

variable "tenant_id" {
  type = string
}

variable "app_principal_id" {
  type        = string
  description = "The managed identity that the application runs as."
}

locals {
  location = "westeurope"
  tags = {
    application = "social"
    environment = "production"
    team        = "platform"
  }
  surveys = {
    employees  = { location = "westeurope", days = 90 }
    applicants = { location = "eastus", days = 30 }
  }
}

resource "azurerm_resource_group" "social" {
  name     = "rg-social"
  location = local.location
  tags     = local.tags
}

resource "azurerm_log_analytics_workspace" "main" {
  name                          = "log-embrace-social"
  resource_group_name           = azurerm_resource_group.social.name
  location                      = azurerm_resource_group.social.location
  sku                           = "PerGB2018"
  retention_in_days             = 180
  internet_ingestion_enabled    = false
  internet_query_enabled        = false
  local_authentication_disabled = true
  tags                          = local.tags
}

resource "azurerm_monitor_diagnostic_setting" "logs" {
  name                       = "to-main"
  target_resource_id         = azurerm_log_analytics_workspace.main.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

  enabled_log {
    category = "Audit"
  }
}

module "surveys" {
  source   = "./modules/surveys"
  for_each = local.surveys

  name                = each.key
  location            = each.value.location
  days                = each.value.days
  resource_group_name = azurerm_resource_group.social.name
  workspace_id        = azurerm_log_analytics_workspace.main.id
  tags                = local.tags
}
