#!/bin/sh
# Run once by the tenants' server when its data folder is new: the roles that the platform works with. Its administrator
# may make databases and roles and is no superuser; the pooler's may log in and look passwords up, no more.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$NOVA_DB_PASSWORD" -v pooler="${POOLER_PASSWORD:-}" --username postgres <<'SQL'
CREATE ROLE nova_admin LOGIN CREATEDB CREATEROLE PASSWORD :'password';
CREATE ROLE nova_pooler LOGIN CONNECTION LIMIT 200;
-- Without a password nobody can log in as it.
SELECT format('ALTER ROLE nova_pooler PASSWORD %L', :'pooler') WHERE :'pooler' <> '' \gexec
GRANT nova_pooler TO nova_admin;
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO nova_admin;
SQL
