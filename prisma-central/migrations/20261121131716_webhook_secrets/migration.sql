-- CreateTable
CREATE TABLE "webhook_secrets" (
    "id" TEXT NOT NULL,
    "tenant_database_id" TEXT NOT NULL,
    "endpoint_id" TEXT NOT NULL,
    "secret_sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_secrets_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "webhook_secrets_tenant_database_id_endpoint_id_idx" ON "webhook_secrets"("tenant_database_id", "endpoint_id");

-- AddForeignKey
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_tenant_database_id_fkey" FOREIGN KEY ("tenant_database_id") REFERENCES "tenant_databases"("id") ON DELETE CASCADE ON UPDATE CASCADE;
