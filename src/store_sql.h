/*
 * store_sql: the SQL of both stores.
 *
 * Kept to what SQLite, PostgreSQL, CockroachDB and YugabyteDB all document:
 * two tables, 64-bit integers and bytes, no upsert, no sequence, no text
 * (whose order depends on the database's collation). Parameters are numbered
 * in the order they first appear, which is how SQLite counts $1, $2.
 */
#ifndef LUAHSM_STORE_SQL_H
#define LUAHSM_STORE_SQL_H

enum store_sql {
	SQL_HEAD_GET, SQL_HEAD_INSERT, SQL_HEAD_UPDATE,
	SQL_ROW_GET, SQL_ROW_NEWEST, SQL_ROW_INSERT, SQL_ROW_UPDATE, SQL_WALK,
	SQL_STATEMENTS
};

/* Columns of a row, in the order in which SQL_ROW_... has them. */
enum store_column {
	COLUMN_LABEL, COLUMN_VERSION, COLUMN_ID, COLUMN_ALGORITHM, COLUMN_STATE, COLUMN_CREATED,
	COLUMN_SEQUENCE, COLUMN_POLICY, COLUMN_SEALED,
	COLUMNS
};

#define STORE_COLUMNS "label, version, id, algorithm, state, created, sequence, policy, sealed"

static const char *const store_tables[] = {
	"CREATE TABLE IF NOT EXISTS luahsm_head (number BIGINT PRIMARY KEY, "
	    "format BIGINT NOT NULL, epoch BIGINT NOT NULL, wrap BYTEA NOT NULL, "
	    "sealed BYTEA NOT NULL)",
	"CREATE TABLE IF NOT EXISTS luahsm_keys (label BYTEA NOT NULL, version BIGINT NOT NULL, "
	    "id BYTEA NOT NULL, algorithm BIGINT NOT NULL, state BIGINT NOT NULL, "
	    "created BIGINT NOT NULL, sequence BIGINT NOT NULL, policy BYTEA NOT NULL, "
	    "sealed BYTEA NOT NULL, PRIMARY KEY (label, version))",
};

static const char *const store_sql[SQL_STATEMENTS] = {
	[SQL_HEAD_GET] = "SELECT format, epoch, wrap, sealed FROM luahsm_head WHERE number = 1",
	[SQL_HEAD_INSERT] = "INSERT INTO luahsm_head (number, format, epoch, wrap, sealed) "
	    "VALUES (1, $1, $2, $3, $4)",
	[SQL_HEAD_UPDATE] = "UPDATE luahsm_head SET format = $1, epoch = $2, wrap = $3, "
	    "sealed = $4 WHERE number = 1 AND epoch = $5",
	[SQL_ROW_GET] = "SELECT " STORE_COLUMNS " FROM luahsm_keys WHERE label = $1 "
	    "AND version = $2",
	[SQL_ROW_NEWEST] = "SELECT " STORE_COLUMNS " FROM luahsm_keys WHERE label = $1 "
	    "ORDER BY version DESC LIMIT 1",
	[SQL_ROW_INSERT] = "INSERT INTO luahsm_keys (" STORE_COLUMNS ") "
	    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	[SQL_ROW_UPDATE] = "UPDATE luahsm_keys SET label = $1, version = $2, id = $3, "
	    "algorithm = $4, state = $5, created = $6, sequence = $7, policy = $8, sealed = $9 "
	    "WHERE label = $1 AND version = $2",
	[SQL_WALK] = "SELECT " STORE_COLUMNS " FROM luahsm_keys ORDER BY label, version",
};

#endif
