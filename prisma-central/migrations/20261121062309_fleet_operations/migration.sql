-- AlterTable
ALTER TABLE "tenants" ADD COLUMN     "delete_after" TIMESTAMPTZ(3),
ADD COLUMN     "maintenance_reason" TEXT,
ADD COLUMN     "maintenance_until" TIMESTAMPTZ(3),
ADD COLUMN     "region" TEXT,
ADD COLUMN     "status_reason" TEXT,
ADD COLUMN     "status_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "database_servers" ADD COLUMN     "capacity" INTEGER,
ADD COLUMN     "connection_budget" INTEGER,
ADD COLUMN     "pooler_host" TEXT,
ADD COLUMN     "pooler_port" INTEGER,
ADD COLUMN     "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "migration_runs" ADD COLUMN     "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "options" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "migration_results" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "phase" TEXT NOT NULL DEFAULT 'rest';

-- CreateTable
CREATE TABLE "database_moves" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "tenant_database_id" TEXT NOT NULL,
    "from_server_id" TEXT NOT NULL,
    "to_server_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'copying',
    "tables" JSONB NOT NULL DEFAULT '[]',
    "failure" TEXT,
    "started_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "switched_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "database_moves_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "database_samples" (
    "tenant_database_id" TEXT NOT NULL,
    "reachable" BOOLEAN NOT NULL,
    "error" TEXT,
    "schema_version" TEXT,
    "connections" INTEGER NOT NULL DEFAULT 0,
    "size_bytes" BIGINT,
    "outbox_rows" INTEGER NOT NULL DEFAULT 0,
    "oldest_outbox_at" TIMESTAMPTZ(3),
    "sampled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "database_samples_pkey" PRIMARY KEY ("tenant_database_id")
);

-- CreateTable
CREATE TABLE "data_keys" (
    "id" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "wrapped" TEXT NOT NULL,
    "master_key_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "data_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "idempotency_records" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'running',
    "locked_until" TIMESTAMPTZ(3) NOT NULL,
    "status_code" INTEGER,
    "sealed_body" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_records_pkey" PRIMARY KEY ("scope","key")
);

-- CreateIndex
CREATE INDEX "database_moves_tenant_database_id_idx" ON "database_moves"("tenant_database_id");

-- CreateIndex
CREATE INDEX "database_samples_sampled_at_idx" ON "database_samples"("sampled_at");

-- CreateIndex
CREATE INDEX "rate_limits_expire_idx" ON "rate_limits"("expire");

-- CreateIndex
CREATE INDEX "idempotency_records_expires_at_idx" ON "idempotency_records"("expires_at");

-- AddForeignKey
ALTER TABLE "database_samples" ADD CONSTRAINT "database_samples_tenant_database_id_fkey" FOREIGN KEY ("tenant_database_id") REFERENCES "tenant_databases"("id") ON DELETE CASCADE ON UPDATE CASCADE;
