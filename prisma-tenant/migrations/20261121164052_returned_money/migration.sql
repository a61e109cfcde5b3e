-- AlterTable
ALTER TABLE "refunds" ADD COLUMN     "unmatched_payment_id" TEXT,
ALTER COLUMN "payment_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "reconciliations" ADD COLUMN     "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateIndex
CREATE INDEX "refunds_unmatched_payment_id_idx" ON "refunds"("unmatched_payment_id");

-- AddForeignKey
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_unmatched_payment_id_fkey" FOREIGN KEY ("unmatched_payment_id") REFERENCES "unmatched_payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot say.
ALTER TABLE "refunds"
    ADD CONSTRAINT "refunds_of_check" CHECK (num_nonnulls("payment_id", "unmatched_payment_id") = 1);

-- Money is told of by different ways, each under its own name, and by one receipt: it counts once.
CREATE UNIQUE INDEX "payments_receipt_key" ON "payments" ("provider", "receipt")
    WHERE "status" = 'succeeded' AND "receipt" IS NOT NULL;
