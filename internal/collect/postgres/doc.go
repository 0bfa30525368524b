// Package postgres reads the metadata of one PostgreSQL database, version 13 to 18: where copies of it go, how it is
// reached, who can do what, how customers are kept apart, and how old the oldest record of each customer is.
//
// It reads the system catalogues whole, in a number of queries that does not grow with the tables or roles, and works
// out memberships itself. Of the tables that the data map names it reads one aggregate each, never a row. Everything
// runs in read-only transactions with short time limits; docs/collectors/postgres.md has the permissions it needs.
package postgres
