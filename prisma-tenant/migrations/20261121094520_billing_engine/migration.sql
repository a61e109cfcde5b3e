-- AlterTable
ALTER TABLE "customers" ADD COLUMN     "invoicing" TEXT NOT NULL DEFAULT 'separate',
ADD COLUMN     "region" TEXT,
ADD COLUMN     "tax_reason" TEXT,
ADD COLUMN     "tax_status" TEXT NOT NULL DEFAULT 'taxable';

-- AlterTable
ALTER TABLE "plans" ADD COLUMN     "current_version" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'base';

-- AlterTable
ALTER TABLE "prices" ADD COLUMN     "billing" TEXT NOT NULL DEFAULT 'in_advance',
ADD COLUMN     "group_by" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "maximum_amount" BIGINT,
ADD COLUMN     "meter_id" TEXT,
ADD COLUMN     "minimum_amount" BIGINT,
ADD COLUMN     "optional" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "plan_version" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "prorated" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "tax_behavior" TEXT NOT NULL DEFAULT 'exclusive',
ADD COLUMN     "tax_category" TEXT NOT NULL DEFAULT 'standard',
ADD COLUMN     "terms" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "unit" TEXT;

-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "alignment" TEXT NOT NULL DEFAULT 'anniversary',
ADD COLUMN     "bill_trial_usage" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "cancel_at" TIMESTAMPTZ(3),
ADD COLUMN     "commitment_amount" BIGINT,
ADD COLUMN     "grace_hours" INTEGER,
ADD COLUMN     "pause_mode" TEXT,
ADD COLUMN     "paused_at" TIMESTAMPTZ(3),
ADD COLUMN     "plan_version" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "proration_basis" TEXT NOT NULL DEFAULT 'day',
ADD COLUMN     "resumes_at" TIMESTAMPTZ(3),
ADD COLUMN     "trial_ends_at" TIMESTAMPTZ(3),
ADD COLUMN     "usage_threshold" BIGINT;

-- AlterTable
ALTER TABLE "subscription_items" ADD COLUMN     "ended_at" TIMESTAMPTZ(3),
ADD COLUMN     "started_at" TIMESTAMPTZ(3),
ADD COLUMN     "terms_override" JSONB;

-- AlterTable
ALTER TABLE "invoices" ADD COLUMN     "amount_credited" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "balance_applied" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "discount_total" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "finalize_at" TIMESTAMPTZ(3),
ADD COLUMN     "fiscal_number" TEXT,
ADD COLUMN     "fiscal_qr" TEXT,
ADD COLUMN     "fiscal_signature" TEXT,
ADD COLUMN     "fiscal_status" TEXT,
ADD COLUMN     "on_finalize" TEXT,
ADD COLUMN     "purchase_order" TEXT,
ADD COLUMN     "tax_total" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "taxes" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "uncollectible_at" TIMESTAMPTZ(3),
ADD COLUMN     "wallet_applied" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "invoice_lines" ADD COLUMN     "discount_amount" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "event_count" BIGINT,
ADD COLUMN     "group_values" JSONB,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'manual',
ADD COLUMN     "meter_id" TEXT,
ADD COLUMN     "net_amount" BIGINT,
ADD COLUMN     "subscription_id" TEXT,
ADD COLUMN     "subscription_item_id" TEXT,
ADD COLUMN     "tax_amount" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "tax_behavior" TEXT NOT NULL DEFAULT 'exclusive',
ADD COLUMN     "tax_category" TEXT NOT NULL DEFAULT 'standard',
ADD COLUMN     "taxes" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "unit" TEXT;

-- CreateTable
CREATE TABLE "plan_versions" (
    "plan_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "description" TEXT,
    "commitments" JSONB NOT NULL DEFAULT '[]',
    "trial_days" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_versions_pkey" PRIMARY KEY ("plan_id","number")
);

-- CreateTable
CREATE TABLE "meters" (
    "id" TEXT NOT NULL,
    "external_id" TEXT,
    "name" TEXT NOT NULL,
    "event_name" TEXT NOT NULL,
    "aggregation" TEXT NOT NULL,
    "property" TEXT,
    "filters" JSONB NOT NULL DEFAULT '[]',
    "group_by" JSONB NOT NULL DEFAULT '[]',
    "rounding" JSONB,
    "unit" TEXT,
    "archived_at" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "meters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_alerts" (
    "id" TEXT NOT NULL,
    "meter_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "name" TEXT,
    "thresholds" JSONB NOT NULL,
    "window" TEXT NOT NULL DEFAULT 'billing_period',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_alert_firings" (
    "id" TEXT NOT NULL,
    "alert_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "threshold" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DECIMAL(38,12) NOT NULL,
    "fired_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_alert_firings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription_changes" (
    "id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "proration" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "result" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "applied_at" TIMESTAMPTZ(3),
    "canceled_at" TIMESTAMPTZ(3),

    CONSTRAINT "subscription_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coupons" (
    "id" TEXT NOT NULL,
    "external_id" TEXT,
    "name" TEXT NOT NULL,
    "code" TEXT,
    "kind" TEXT NOT NULL,
    "percent_off" DECIMAL(9,6),
    "amount_off" BIGINT,
    "currency" TEXT,
    "duration" TEXT NOT NULL,
    "periods" INTEGER,
    "applies_to" JSONB,
    "max_redemptions" INTEGER,
    "redeemed" INTEGER NOT NULL DEFAULT 0,
    "redeem_by" TIMESTAMPTZ(3),
    "active" BOOLEAN NOT NULL DEFAULT true,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "coupons_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "discounts" (
    "id" TEXT NOT NULL,
    "coupon_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "subscription_id" TEXT,
    "status" TEXT NOT NULL,
    "amount_left" BIGINT,
    "periods_used" INTEGER NOT NULL DEFAULT 0,
    "attached_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "discounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_discounts" (
    "invoice_id" TEXT NOT NULL,
    "discount_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "invoice_discounts_pkey" PRIMARY KEY ("invoice_id","discount_id")
);

-- CreateTable
CREATE TABLE "tax_rates" (
    "id" TEXT NOT NULL,
    "external_id" TEXT,
    "name" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "region" TEXT,
    "category" TEXT NOT NULL DEFAULT 'standard',
    "components" JSONB NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tax_rates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_notes" (
    "id" TEXT NOT NULL,
    "external_id" TEXT,
    "invoice_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "series" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "number" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "subtotal" BIGINT NOT NULL,
    "discount_total" BIGINT NOT NULL DEFAULT 0,
    "tax_total" BIGINT NOT NULL DEFAULT 0,
    "total" BIGINT NOT NULL,
    "to_invoice" BIGINT NOT NULL DEFAULT 0,
    "to_balance" BIGINT NOT NULL DEFAULT 0,
    "to_refund" BIGINT NOT NULL DEFAULT 0,
    "taxes" JSONB NOT NULL DEFAULT '[]',
    "memo" TEXT,
    "seller" JSONB NOT NULL,
    "buyer" JSONB NOT NULL,
    "source" TEXT,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "voided_at" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credit_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_note_lines" (
    "id" TEXT NOT NULL,
    "credit_note_id" TEXT NOT NULL,
    "invoice_line_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "quantity" DECIMAL(38,12),
    "amount" BIGINT NOT NULL,
    "discount_amount" BIGINT NOT NULL DEFAULT 0,
    "net_amount" BIGINT NOT NULL,
    "tax_amount" BIGINT NOT NULL DEFAULT 0,
    "taxes" JSONB NOT NULL DEFAULT '[]',
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "explanation" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "credit_note_lines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refunds" (
    "id" TEXT NOT NULL,
    "credit_note_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "provider_refund_id" TEXT,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "failure_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "refunds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_balances" (
    "customer_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_balances_pkey" PRIMARY KEY ("customer_id","currency")
);

-- CreateTable
CREATE TABLE "balance_entries" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "balance_after" BIGINT NOT NULL,
    "invoice_id" TEXT,
    "credit_note_id" TEXT,
    "note" TEXT,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "balance_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallets" (
    "id" TEXT NOT NULL,
    "external_id" TEXT,
    "customer_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "balance" BIGINT NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL DEFAULT 'active',
    "priority" INTEGER NOT NULL DEFAULT 50,
    "auto_top_up" JSONB,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "wallets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallet_grants" (
    "id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "remaining" BIGINT NOT NULL,
    "invoice_id" TEXT,
    "source" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "wallet_grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallet_entries" (
    "id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "grant_id" TEXT,
    "kind" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "balance_after" BIGINT NOT NULL,
    "invoice_id" TEXT,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "wallet_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "features" (
    "id" TEXT NOT NULL,
    "external_id" TEXT,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "unit" TEXT,
    "meter_id" TEXT,
    "archived_at" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "features_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_features" (
    "plan_id" TEXT NOT NULL,
    "plan_version" INTEGER NOT NULL,
    "feature_id" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "amount" DECIMAL(38,12),
    "reset" TEXT,

    CONSTRAINT "plan_features_pkey" PRIMARY KEY ("plan_id","plan_version","feature_id")
);

-- CreateTable
CREATE TABLE "feature_overrides" (
    "customer_id" TEXT NOT NULL,
    "feature_id" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "amount" DECIMAL(38,12),
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feature_overrides_pkey" PRIMARY KEY ("customer_id","feature_id")
);

-- CreateTable
CREATE TABLE "feature_uses" (
    "customer_id" TEXT NOT NULL,
    "feature_id" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "used" DECIMAL(38,12) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feature_uses_pkey" PRIMARY KEY ("customer_id","feature_id","window_start")
);

-- CreateTable
CREATE TABLE "feature_consumptions" (
    "transaction_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "feature_id" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DECIMAL(38,12) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feature_consumptions_pkey" PRIMARY KEY ("transaction_id")
);

-- CreateTable
CREATE TABLE "events" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "object_type" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "meters_external_id_key" ON "meters"("external_id");

-- CreateIndex
CREATE INDEX "meters_created_at_id_idx" ON "meters"("created_at", "id");

-- CreateIndex
CREATE INDEX "meters_event_name_idx" ON "meters"("event_name");

-- CreateIndex
CREATE INDEX "usage_alerts_meter_id_idx" ON "usage_alerts"("meter_id");

-- CreateIndex
CREATE INDEX "usage_alerts_created_at_id_idx" ON "usage_alerts"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "usage_alert_firings_alert_id_customer_id_threshold_window_s_key" ON "usage_alert_firings"("alert_id", "customer_id", "threshold", "window_start");

-- CreateIndex
CREATE INDEX "subscription_changes_subscription_id_effective_at_idx" ON "subscription_changes"("subscription_id", "effective_at");

-- CreateIndex
CREATE UNIQUE INDEX "coupons_external_id_key" ON "coupons"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "coupons_code_key" ON "coupons"("code");

-- CreateIndex
CREATE INDEX "coupons_created_at_id_idx" ON "coupons"("created_at", "id");

-- CreateIndex
CREATE INDEX "discounts_customer_id_idx" ON "discounts"("customer_id");

-- CreateIndex
CREATE INDEX "discounts_subscription_id_idx" ON "discounts"("subscription_id");

-- CreateIndex
CREATE INDEX "invoice_discounts_discount_id_idx" ON "invoice_discounts"("discount_id");

-- CreateIndex
CREATE UNIQUE INDEX "tax_rates_external_id_key" ON "tax_rates"("external_id");

-- CreateIndex
CREATE INDEX "tax_rates_created_at_id_idx" ON "tax_rates"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_notes_external_id_key" ON "credit_notes"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_notes_number_key" ON "credit_notes"("number");

-- CreateIndex
CREATE UNIQUE INDEX "credit_notes_source_key" ON "credit_notes"("source");

-- CreateIndex
CREATE INDEX "credit_notes_created_at_id_idx" ON "credit_notes"("created_at", "id");

-- CreateIndex
CREATE INDEX "credit_notes_invoice_id_idx" ON "credit_notes"("invoice_id");

-- CreateIndex
CREATE INDEX "credit_notes_customer_id_created_at_id_idx" ON "credit_notes"("customer_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_notes_series_sequence_key" ON "credit_notes"("series", "sequence");

-- CreateIndex
CREATE INDEX "credit_note_lines_invoice_line_id_idx" ON "credit_note_lines"("invoice_line_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_note_lines_credit_note_id_position_key" ON "credit_note_lines"("credit_note_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "refunds_reference_key" ON "refunds"("reference");

-- CreateIndex
CREATE INDEX "refunds_credit_note_id_idx" ON "refunds"("credit_note_id");

-- CreateIndex
CREATE INDEX "refunds_payment_id_idx" ON "refunds"("payment_id");

-- CreateIndex
CREATE INDEX "refunds_created_at_id_idx" ON "refunds"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "balance_entries_source_key" ON "balance_entries"("source");

-- CreateIndex
CREATE INDEX "balance_entries_customer_id_created_at_id_idx" ON "balance_entries"("customer_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "wallets_external_id_key" ON "wallets"("external_id");

-- CreateIndex
CREATE INDEX "wallets_created_at_id_idx" ON "wallets"("created_at", "id");

-- CreateIndex
CREATE INDEX "wallets_customer_id_idx" ON "wallets"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "wallet_grants_invoice_id_key" ON "wallet_grants"("invoice_id");

-- CreateIndex
CREATE UNIQUE INDEX "wallet_grants_source_key" ON "wallet_grants"("source");

-- CreateIndex
CREATE INDEX "wallet_grants_wallet_id_status_idx" ON "wallet_grants"("wallet_id", "status");

-- CreateIndex
CREATE INDEX "wallet_grants_expires_at_idx" ON "wallet_grants"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "wallet_entries_source_key" ON "wallet_entries"("source");

-- CreateIndex
CREATE INDEX "wallet_entries_wallet_id_created_at_id_idx" ON "wallet_entries"("wallet_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "features_external_id_key" ON "features"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "features_code_key" ON "features"("code");

-- CreateIndex
CREATE INDEX "features_created_at_id_idx" ON "features"("created_at", "id");

-- CreateIndex
CREATE INDEX "plan_features_feature_id_idx" ON "plan_features"("feature_id");

-- CreateIndex
CREATE INDEX "feature_consumptions_customer_id_feature_id_window_start_idx" ON "feature_consumptions"("customer_id", "feature_id", "window_start");

-- CreateIndex
CREATE INDEX "events_created_at_id_idx" ON "events"("created_at", "id");

-- CreateIndex
CREATE INDEX "events_object_id_created_at_idx" ON "events"("object_id", "created_at");

-- CreateIndex
CREATE INDEX "invoices_finalize_at_idx" ON "invoices"("finalize_at");

-- CreateIndex
CREATE INDEX "invoice_lines_subscription_item_id_idx" ON "invoice_lines"("subscription_item_id");

-- AddForeignKey
ALTER TABLE "prices" ADD CONSTRAINT "prices_meter_id_fkey" FOREIGN KEY ("meter_id") REFERENCES "meters"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_subscription_item_id_fkey" FOREIGN KEY ("subscription_item_id") REFERENCES "subscription_items"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_versions" ADD CONSTRAINT "plan_versions_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plans"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_alerts" ADD CONSTRAINT "usage_alerts_meter_id_fkey" FOREIGN KEY ("meter_id") REFERENCES "meters"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_alerts" ADD CONSTRAINT "usage_alerts_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_alert_firings" ADD CONSTRAINT "usage_alert_firings_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "usage_alerts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_changes" ADD CONSTRAINT "subscription_changes_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "subscriptions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "discounts" ADD CONSTRAINT "discounts_coupon_id_fkey" FOREIGN KEY ("coupon_id") REFERENCES "coupons"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "discounts" ADD CONSTRAINT "discounts_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "discounts" ADD CONSTRAINT "discounts_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "subscriptions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice_discounts" ADD CONSTRAINT "invoice_discounts_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice_discounts" ADD CONSTRAINT "invoice_discounts_discount_id_fkey" FOREIGN KEY ("discount_id") REFERENCES "discounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_notes" ADD CONSTRAINT "credit_notes_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_notes" ADD CONSTRAINT "credit_notes_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_note_lines" ADD CONSTRAINT "credit_note_lines_credit_note_id_fkey" FOREIGN KEY ("credit_note_id") REFERENCES "credit_notes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_note_lines" ADD CONSTRAINT "credit_note_lines_invoice_line_id_fkey" FOREIGN KEY ("invoice_line_id") REFERENCES "invoice_lines"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_credit_note_id_fkey" FOREIGN KEY ("credit_note_id") REFERENCES "credit_notes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet_grants" ADD CONSTRAINT "wallet_grants_wallet_id_fkey" FOREIGN KEY ("wallet_id") REFERENCES "wallets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet_entries" ADD CONSTRAINT "wallet_entries_wallet_id_fkey" FOREIGN KEY ("wallet_id") REFERENCES "wallets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "features" ADD CONSTRAINT "features_meter_id_fkey" FOREIGN KEY ("meter_id") REFERENCES "meters"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_features" ADD CONSTRAINT "plan_features_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plans"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_features" ADD CONSTRAINT "plan_features_feature_id_fkey" FOREIGN KEY ("feature_id") REFERENCES "features"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feature_overrides" ADD CONSTRAINT "feature_overrides_feature_id_fkey" FOREIGN KEY ("feature_id") REFERENCES "features"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
