-- What Prisma's schema cannot say of the tables and columns that operating a fleet needs.

ALTER TABLE "tenants"
    DROP CONSTRAINT "tenants_status_check",
    ADD CONSTRAINT "tenants_status_check"
        CHECK ("status" IN ('provisioning', 'active', 'suspended', 'archived', 'deleting', 'deleted')),
    ADD CONSTRAINT "tenants_delete_after_check" CHECK ("status" <> 'deleting' OR "delete_after" IS NOT NULL);

ALTER TABLE "database_servers"
    ADD CONSTRAINT "database_servers_pooler_check" CHECK (("pooler_host" IS NULL) = ("pooler_port" IS NULL)),
    ADD CONSTRAINT "database_servers_pooler_port_check" CHECK ("pooler_port" BETWEEN 1 AND 65535),
    ADD CONSTRAINT "database_servers_capacity_check" CHECK ("capacity" >= 0),
    ADD CONSTRAINT "database_servers_connection_budget_check" CHECK ("connection_budget" >= 1);

ALTER TABLE "database_moves"
    ADD CONSTRAINT "database_moves_state_check"
        CHECK ("state" IN ('copying', 'switched', 'confirmed', 'reverted', 'failed')),
    ADD CONSTRAINT "database_moves_servers_check" CHECK ("from_server_id" <> "to_server_id");

-- One move of a database at a time: until it is confirmed or given up, the old copy bears the database's name.
CREATE UNIQUE INDEX "database_moves_one_open_key" ON "database_moves" ("tenant_database_id")
    WHERE "state" IN ('copying', 'switched');

ALTER TABLE "data_keys"
    ADD CONSTRAINT "data_keys_purpose_check" CHECK ("purpose" IN ('seal', 'hash')),
    ADD CONSTRAINT "data_keys_state_check" CHECK ("state" IN ('active', 'retired'));

CREATE UNIQUE INDEX "data_keys_one_active_key" ON "data_keys" ("purpose") WHERE "state" = 'active';

ALTER TABLE "idempotency_records"
    ADD CONSTRAINT "idempotency_records_status_check" CHECK ("status" IN ('running', 'finished')),
    ADD CONSTRAINT "idempotency_records_finished_check" CHECK ("status" <> 'finished' OR "status_code" IS NOT NULL);

ALTER TABLE "migration_runs"
    DROP CONSTRAINT "migration_runs_status_check",
    ADD CONSTRAINT "migration_runs_status_check"
        CHECK ("status" IN ('running', 'paused', 'succeeded', 'failed', 'interrupted'));

ALTER TABLE "migration_results"
    ADD CONSTRAINT "migration_results_phase_check" CHECK ("phase" IN ('central', 'template', 'canary', 'rest'));
