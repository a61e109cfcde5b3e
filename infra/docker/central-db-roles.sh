#!/bin/sh
# Run by the central server when its data folder is new: the role that owns the central database and nothing else. Running
# it again is harmless, and sets the password anew: docker compose exec central-db /docker-entrypoint-initdb.d/roles.sh
set -eu
psql -v ON_ERROR_STOP=1 -v password="$NOVA_DB_PASSWORD" --username postgres --dbname postgres <<'SQL'
SELECT 'CREATE ROLE nova_central' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nova_central') \gexec
ALTER ROLE nova_central LOGIN PASSWORD :'password';
SELECT 'CREATE DATABASE nova_central OWNER nova_central'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'nova_central') \gexec
REVOKE ALL ON DATABASE nova_central, postgres, template1 FROM PUBLIC;
SQL
