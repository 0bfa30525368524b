# METADATA
# description: >-
#   Reads the reference data: regions, adequacy decisions, categories. It alone knows where they lie: opa names
#   documents after their folder. Lookups go down to one entry, so that no table is copied.
package waarborg.lib.reference

# region is the entry of a provider's region in the shipped table: country, paired, restricted.
region(provider, name) := data.reference.geo.regions[provider][name]

# special holds for a name that a provider uses as a location although it is no region, such as "global".
special(provider, name) if data.reference.geo.special[provider][name]

# in_eea holds for the thirty countries of the EEA and the territories where the GDPR applies as in them.
in_eea(country) if country in data.reference.geo.eea

in_eea(country) if data.reference.geo.territories.inside[country]

# unclear holds for a territory of which it is not settled whether it counts as the EEA.
unclear(country) if data.reference.geo.territories.unclear[country]

# decision is the European Commission's adequacy decision for a country (GDPR 45): from, until, scope.
decision(country) := data.reference.adequacy[country]

# group is the group of a category of personal data: basic, contact, professional, financial, special, unclassified.
group(category) := data.reference.categories[category].group
