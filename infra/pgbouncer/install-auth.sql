-- Lets PgBouncer look up how tenants' roles log in. Run by a superuser, in the template of tenant databases (its clones
-- carry it) and in every tenant database made before; running it again is harmless. See README.md beside this file.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nova_pooler') THEN
    -- Its password is set by whoever installs it, and stands in PgBouncer's userlist.txt.
    CREATE ROLE nova_pooler LOGIN CONNECTION LIMIT 200;
  END IF;
END
$$;

CREATE SCHEMA IF NOT EXISTS nova_pooler;
REVOKE ALL ON SCHEMA nova_pooler FROM PUBLIC;
GRANT USAGE ON SCHEMA nova_pooler TO nova_pooler;

-- Runs as its owner, a superuser, for nobody else may read verifiers. So it names every schema it uses, and tells only
-- of roles that enter this database and can do nothing to the server.
CREATE OR REPLACE FUNCTION nova_pooler.look_up(wanted text, OUT role_name text, OUT verifier text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.rolname::pg_catalog.text, a.rolpassword
    FROM pg_catalog.pg_authid a
   WHERE a.rolname = wanted
     AND a.rolcanlogin
     AND NOT (a.rolsuper OR a.rolcreaterole OR a.rolcreatedb OR a.rolreplication OR a.rolbypassrls)
     AND (a.rolvaliduntil IS NULL OR a.rolvaliduntil > pg_catalog.now())
     AND pg_catalog.has_database_privilege(a.oid, pg_catalog.current_database(), 'CONNECT')
$$;
REVOKE ALL ON FUNCTION nova_pooler.look_up(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nova_pooler.look_up(text) TO nova_pooler;

DO $$
DECLARE
  administrator regrole := (SELECT datdba::regrole FROM pg_database WHERE datname = current_database());
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO nova_pooler', current_database());
  -- Only a member of a role may end its sessions, and the platform's administrator drops databases that it is in.
  IF NOT pg_has_role(administrator, 'nova_pooler', 'USAGE') THEN
    EXECUTE format('GRANT nova_pooler TO %s', administrator);
  END IF;
END
$$;
