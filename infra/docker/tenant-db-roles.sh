#!/bin/sh
# Run by the tenants' server when its data folder is new: the roles that the platform works with. Its administrator may
# make databases and roles and is no superuser; the pooler's may log in and look passwords up, no more. Running it again
# is harmless, and sets the passwords anew: docker compose exec tenant-db /docker-entrypoint-initdb.d/roles.sh
set -eu
psql -v ON_ERROR_STOP=1 -v password="$NOVA_DB_PASSWORD" -v pooler="${POOLER_PASSWORD:-}" --username postgres --dbname postgres <<'SQL'
SELECT 'CREATE ROLE ' || wanted FROM unnest(ARRAY['nova_admin', 'nova_pooler']) wanted
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) \gexec
ALTER ROLE nova_admin LOGIN CREATEDB CREATEROLE PASSWORD :'password';
ALTER ROLE nova_pooler LOGIN CONNECTION LIMIT 200;
-- Without a password nobody can log in as it.
SELECT format('ALTER ROLE nova_pooler PASSWORD %L', :'pooler') WHERE :'pooler' <> '' \gexec
GRANT nova_pooler TO nova_admin;
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO nova_admin;
SQL
