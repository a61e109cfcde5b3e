-- What Prisma's schema cannot say: which values a status may have, at most one database a tenant and mode, and an
-- audit log that only grows.

ALTER TABLE "tenants"
    ADD CONSTRAINT "tenants_status_check" CHECK ("status" IN ('provisioning', 'active', 'suspended', 'deleted')),
    ADD CONSTRAINT "tenants_slug_check" CHECK ("slug" = lower("slug") AND "slug" <> ''),
    ADD CONSTRAINT "tenants_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');

ALTER TABLE "database_servers"
    ADD CONSTRAINT "database_servers_state_check" CHECK ("state" IN ('open', 'draining', 'closed')),
    ADD CONSTRAINT "database_servers_port_check" CHECK ("port" BETWEEN 1 AND 65535),
    ADD CONSTRAINT "database_servers_weight_check" CHECK ("weight" >= 0);

ALTER TABLE "tenant_databases"
    ADD CONSTRAINT "tenant_databases_mode_check" CHECK ("mode" IN ('test', 'live')),
    ADD CONSTRAINT "tenant_databases_status_check" CHECK ("status" IN ('provisioning', 'active', 'failed', 'retired')),
    ADD CONSTRAINT "tenant_databases_active_check" CHECK ("status" <> 'active' OR "schema_version" IS NOT NULL);

-- Two requests that provision the same mode at once meet here.
CREATE UNIQUE INDEX "tenant_databases_tenant_id_mode_key" ON "tenant_databases" ("tenant_id", "mode") WHERE "status" <> 'retired';

ALTER TABLE "users"
    ADD CONSTRAINT "users_email_check" CHECK ("email" = lower("email")),
    ADD CONSTRAINT "users_status_check" CHECK ("status" IN ('active', 'disabled'));

ALTER TABLE "memberships"
    ADD CONSTRAINT "memberships_role_check"
        CHECK ("role" IN ('owner', 'admin', 'developer', 'finance', 'support', 'viewer'));

ALTER TABLE "invitations"
    ADD CONSTRAINT "invitations_role_check"
        CHECK ("role" IN ('owner', 'admin', 'developer', 'finance', 'support', 'viewer')),
    ADD CONSTRAINT "invitations_email_check" CHECK ("email" = lower("email"));

ALTER TABLE "api_keys"
    ADD CONSTRAINT "api_keys_mode_check" CHECK ("mode" IN ('test', 'live')),
    ADD CONSTRAINT "api_keys_kind_check" CHECK ("kind" IN ('secret', 'restricted'));

ALTER TABLE "migration_runs"
    ADD CONSTRAINT "migration_runs_status_check" CHECK ("status" IN ('running', 'succeeded', 'failed', 'interrupted'));

ALTER TABLE "migration_results"
    ADD CONSTRAINT "migration_results_status_check" CHECK ("status" IN ('pending', 'running', 'succeeded', 'failed'));

CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log only grows: % is refused.', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER "audit_log_append_only" BEFORE UPDATE OR DELETE ON "audit_log"
    FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();

CREATE TRIGGER "audit_log_no_truncate" BEFORE TRUNCATE ON "audit_log"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
