-- CreateTable
CREATE TABLE "payment_accounts" (
    "id" TEXT NOT NULL,
    "tenant_database_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "currencies" TEXT[],
    "priority" INTEGER NOT NULL DEFAULT 100,
    "credentials_sealed" TEXT NOT NULL,
    "previous_key_sealed" TEXT,
    "previous_key_until" TIMESTAMPTZ(3),
    "hint" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "webhook_token_hash" TEXT NOT NULL,
    "access_token_sealed" TEXT,
    "access_token_until" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "payment_accounts_webhook_token_hash_key" ON "payment_accounts"("webhook_token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "payment_accounts_tenant_database_id_provider_key" ON "payment_accounts"("tenant_database_id", "provider");

-- AddForeignKey
ALTER TABLE "payment_accounts" ADD CONSTRAINT "payment_accounts_tenant_database_id_fkey" FOREIGN KEY ("tenant_database_id") REFERENCES "tenant_databases"("id") ON DELETE CASCADE ON UPDATE CASCADE;
