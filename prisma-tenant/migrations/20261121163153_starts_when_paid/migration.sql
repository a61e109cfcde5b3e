-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "awaits_invoice_id" TEXT;

-- CreateIndex
-- Hardly any subscription waits: the index has those alone.
CREATE UNIQUE INDEX "subscriptions_awaits_invoice_id_key" ON "subscriptions"("awaits_invoice_id")
    WHERE "awaits_invoice_id" IS NOT NULL;

-- AddForeignKey
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_awaits_invoice_id_fkey" FOREIGN KEY ("awaits_invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
