-- AlterTable
ALTER TABLE "tenants" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'customer';

-- CreateTable
CREATE TABLE "tenant_entitlements" (
    "tenant_id" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "amount" DECIMAL(38,12),
    "plan_name" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_entitlements_pkey" PRIMARY KEY ("tenant_id","feature")
);

-- AddForeignKey
ALTER TABLE "tenant_entitlements" ADD CONSTRAINT "tenant_entitlements_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE CASCADE ON UPDATE CASCADE;
