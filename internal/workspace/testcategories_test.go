package workspace

import "waarborg/dpa"

// categories is the catalogue of categories of personal data that the tests use.
var categories = dpa.Categories{
	"name": "basic", "birth_date": "basic", "profile_photo": "basic", "marital_status": "basic", "town": "basic",
	"pension_age": "basic", "housing_situation": "basic", "job_title": "basic",
	"email": "contact", "phone": "contact", "working_hours": "contact", "department": "contact", "absence": "contact", "address": "contact",
	"iban": "financial", "income": "financial",
	"employer": "professional", "user_id": "professional", "contact_preferences": "professional",
	"bsn": "special", "health": "special", "nationality": "other", "free_text": "unclassified", "unclassified": "unclassified",
}
