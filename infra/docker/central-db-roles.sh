#!/bin/sh
# Run once by the central server when its data folder is new: the role that owns the central database and nothing else.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$NOVA_DB_PASSWORD" --username postgres <<'SQL'
CREATE ROLE nova_central LOGIN PASSWORD :'password';
CREATE DATABASE nova_central OWNER nova_central;
REVOKE ALL ON DATABASE nova_central, postgres, template1 FROM PUBLIC;
SQL
