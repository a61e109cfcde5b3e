-- CreateTable
CREATE TABLE "subscription_mrr" (
    "subscription_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "mrr" BIGINT NOT NULL DEFAULT 0,
    "movements" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscription_mrr_pkey" PRIMARY KEY ("subscription_id")
);

-- CreateTable
CREATE TABLE "mrr_movements" (
    "subscription_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "customer_id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "delta" BIGINT NOT NULL,
    "mrr" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mrr_movements_pkey" PRIMARY KEY ("subscription_id","number")
);

-- CreateIndex
CREATE INDEX "subscription_mrr_customer_id_idx" ON "subscription_mrr"("customer_id");

-- CreateIndex
CREATE INDEX "mrr_movements_occurred_at_idx" ON "mrr_movements"("occurred_at");
