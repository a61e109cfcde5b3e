-- AlterTable
ALTER TABLE "payment_methods" ADD COLUMN     "email" TEXT,
ADD COLUMN     "fingerprint" TEXT,
ADD COLUMN     "provider_customer_id" TEXT;

-- AlterTable
ALTER TABLE "payments" ADD COLUMN     "action_url" TEXT,
ADD COLUMN     "payer" TEXT,
ADD COLUMN     "receipt" TEXT;

-- AlterTable
ALTER TABLE "refunds" ADD COLUMN     "sent_at" TIMESTAMPTZ(3);
