-- AlterTable
ALTER TABLE "customers" ADD COLUMN     "dunning_policy_id" TEXT;

-- AlterTable
ALTER TABLE "plans" ADD COLUMN     "dunning_policy_id" TEXT;

-- AlterTable
ALTER TABLE "invoices" ADD COLUMN     "overdue_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "payments" ADD COLUMN     "checkout_session_id" TEXT,
ADD COLUMN     "excess" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "saves_method" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "email_messages" ADD COLUMN     "about" TEXT;

-- CreateTable
CREATE TABLE "checkout_sessions" (
    "id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "amount" BIGINT,
    "currency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "success_url" TEXT,
    "cancel_url" TEXT,
    "saves_method" TEXT NOT NULL DEFAULT 'offered',
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checkout_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider_webhooks" (
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "headers" JSONB NOT NULL,
    "reference" TEXT,
    "provider_payment_id" TEXT,
    "provider_refund_id" TEXT,
    "event" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "note" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "provider_webhooks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unmatched_payments" (
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_payment_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "reference" TEXT,
    "payment_id" TEXT,
    "invoice_id" TEXT,
    "customer_id" TEXT,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "receipt" TEXT,
    "payer" TEXT,
    "status" TEXT NOT NULL,
    "resolution" TEXT,
    "resolved_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unmatched_payments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "disputes" (
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_dispute_id" TEXT NOT NULL,
    "payment_id" TEXT,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "due_by" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "disputes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reconciliations" (
    "provider" TEXT NOT NULL,
    "reconciled_until" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reconciliations_pkey" PRIMARY KEY ("provider")
);

-- CreateTable
CREATE TABLE "dunning_policies" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "steps" JSONB NOT NULL,
    "final_action" TEXT NOT NULL,
    "final_after_days" INTEGER NOT NULL,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "dunning_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dunning_runs" (
    "id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "policy_id" TEXT NOT NULL,
    "steps" JSONB NOT NULL,
    "final_action" TEXT NOT NULL,
    "final_after_days" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "next_step" INTEGER NOT NULL DEFAULT 0,
    "next_step_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "dunning_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dunning_entries" (
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "payment_id" TEXT,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dunning_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "checkout_sessions_created_at_id_idx" ON "checkout_sessions"("created_at", "id");

-- CreateIndex
CREATE INDEX "checkout_sessions_invoice_id_idx" ON "checkout_sessions"("invoice_id");

-- CreateIndex
CREATE INDEX "checkout_sessions_customer_id_created_at_id_idx" ON "checkout_sessions"("customer_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "provider_webhooks_received_at_id_idx" ON "provider_webhooks"("received_at", "id");

-- CreateIndex
CREATE INDEX "provider_webhooks_next_attempt_at_id_idx" ON "provider_webhooks"("next_attempt_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "provider_webhooks_provider_dedupe_key_key" ON "provider_webhooks"("provider", "dedupe_key");

-- CreateIndex
CREATE INDEX "unmatched_payments_created_at_id_idx" ON "unmatched_payments"("created_at", "id");

-- CreateIndex
CREATE INDEX "unmatched_payments_status_idx" ON "unmatched_payments"("status");

-- CreateIndex
CREATE UNIQUE INDEX "unmatched_payments_provider_provider_payment_id_key" ON "unmatched_payments"("provider", "provider_payment_id");

-- CreateIndex
CREATE INDEX "disputes_created_at_id_idx" ON "disputes"("created_at", "id");

-- CreateIndex
CREATE INDEX "disputes_payment_id_idx" ON "disputes"("payment_id");

-- CreateIndex
CREATE UNIQUE INDEX "disputes_provider_provider_dispute_id_key" ON "disputes"("provider", "provider_dispute_id");

-- CreateIndex
CREATE INDEX "reconciliations_next_at_idx" ON "reconciliations"("next_at");

-- CreateIndex
CREATE INDEX "dunning_policies_created_at_id_idx" ON "dunning_policies"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "dunning_runs_invoice_id_key" ON "dunning_runs"("invoice_id");

-- CreateIndex
CREATE INDEX "dunning_runs_next_step_at_idx" ON "dunning_runs"("next_step_at");

-- CreateIndex
CREATE INDEX "dunning_runs_policy_id_idx" ON "dunning_runs"("policy_id");

-- CreateIndex
CREATE UNIQUE INDEX "dunning_entries_run_id_step_kind_key" ON "dunning_entries"("run_id", "step", "kind");

-- CreateIndex
CREATE INDEX "payments_checkout_session_id_idx" ON "payments"("checkout_session_id");

-- AddForeignKey
ALTER TABLE "customers" ADD CONSTRAINT "customers_dunning_policy_id_fkey" FOREIGN KEY ("dunning_policy_id") REFERENCES "dunning_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plans" ADD CONSTRAINT "plans_dunning_policy_id_fkey" FOREIGN KEY ("dunning_policy_id") REFERENCES "dunning_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payments" ADD CONSTRAINT "payments_checkout_session_id_fkey" FOREIGN KEY ("checkout_session_id") REFERENCES "checkout_sessions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkout_sessions" ADD CONSTRAINT "checkout_sessions_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkout_sessions" ADD CONSTRAINT "checkout_sessions_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dunning_runs" ADD CONSTRAINT "dunning_runs_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dunning_runs" ADD CONSTRAINT "dunning_runs_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "dunning_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dunning_entries" ADD CONSTRAINT "dunning_entries_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "dunning_runs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot say.
ALTER TABLE "payments"
    ADD CONSTRAINT "payments_excess_check" CHECK ("excess" >= 0 AND "excess" <= "amount");

ALTER TABLE "checkout_sessions"
    ADD CONSTRAINT "checkout_sessions_status_check" CHECK ("status" IN ('open', 'complete', 'expired')),
    ADD CONSTRAINT "checkout_sessions_amount_check" CHECK ("amount" > 0),
    ADD CONSTRAINT "checkout_sessions_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
    ADD CONSTRAINT "checkout_sessions_saves_check" CHECK ("saves_method" IN ('never', 'offered', 'always')),
    ADD CONSTRAINT "checkout_sessions_complete_check" CHECK (("status" = 'complete') = ("completed_at" IS NOT NULL));

ALTER TABLE "provider_webhooks"
    ADD CONSTRAINT "provider_webhooks_status_check" CHECK ("status" IN ('received', 'processed', 'ignored', 'parked')),
    ADD CONSTRAINT "provider_webhooks_next_check" CHECK (("status" = 'received') = ("next_attempt_at" IS NOT NULL));

ALTER TABLE "unmatched_payments"
    ADD CONSTRAINT "unmatched_payments_reason_check" CHECK ("reason" IN
        ('unknown_reference', 'amount_differs', 'currency_differs', 'invoice_not_open', 'unconfirmed')),
    ADD CONSTRAINT "unmatched_payments_status_check" CHECK ("status" IN ('open', 'applied', 'returned', 'dismissed')),
    ADD CONSTRAINT "unmatched_payments_resolved_check" CHECK (("status" = 'open') = ("resolved_at" IS NULL)),
    ADD CONSTRAINT "unmatched_payments_amount_check" CHECK ("amount" > 0),
    ADD CONSTRAINT "unmatched_payments_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');

ALTER TABLE "disputes"
    ADD CONSTRAINT "disputes_status_check" CHECK ("status" IN ('open', 'under_review', 'won', 'lost')),
    ADD CONSTRAINT "disputes_closed_check" CHECK (("status" IN ('won', 'lost')) = ("closed_at" IS NOT NULL)),
    ADD CONSTRAINT "disputes_amount_check" CHECK ("amount" >= 0);

ALTER TABLE "dunning_policies"
    ADD CONSTRAINT "dunning_policies_action_check" CHECK ("final_action" IN ('none', 'uncollectible', 'pause', 'cancel')),
    ADD CONSTRAINT "dunning_policies_days_check" CHECK ("final_after_days" >= 0);

CREATE UNIQUE INDEX "dunning_policies_one_default_key" ON "dunning_policies" ("is_default")
    WHERE "is_default" AND "archived_at" IS NULL;

ALTER TABLE "dunning_runs"
    ADD CONSTRAINT "dunning_runs_status_check" CHECK ("status" IN ('running', 'recovered', 'exhausted', 'stopped')),
    ADD CONSTRAINT "dunning_runs_ended_check" CHECK (("status" = 'running') = ("ended_at" IS NULL)),
    ADD CONSTRAINT "dunning_runs_next_check" CHECK ("next_step_at" IS NULL OR "status" = 'running');

-- What falls overdue next is found without reading what is paid.
CREATE INDEX "invoices_falling_due_idx" ON "invoices" ("due_at", "id") WHERE "status" = 'open' AND "overdue_at" IS NULL;

-- An issued invoice: only how it was settled, what an authority says of it, its metadata and its version go on changing.
CREATE OR REPLACE FUNCTION "keep_issued_invoice"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    living CONSTANT text[] := ARRAY['status', 'amount_paid', 'amount_due', 'balance_applied', 'wallet_applied',
        'amount_credited', 'paid_at', 'voided_at', 'uncollectible_at', 'overdue_at', 'fiscal_number', 'fiscal_signature',
        'fiscal_qr', 'fiscal_status', 'metadata', 'version', 'updated_at'];
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Invoice % has been issued and cannot be deleted.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (to_jsonb(NEW) - living) IS DISTINCT FROM (to_jsonb(OLD) - living) THEN
        RAISE EXCEPTION 'Invoice % has been issued and stays as it is.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> OLD.status
        AND NOT (OLD.status = 'open' AND NEW.status IN ('paid', 'void', 'uncollectible'))
        AND NOT (OLD.status = 'uncollectible' AND NEW.status IN ('paid', 'void'))
    THEN
        RAISE EXCEPTION 'Invoice % cannot go from % to %.', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER "checkout_sessions_audit" AFTER INSERT OR UPDATE OR DELETE ON "checkout_sessions"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "unmatched_payments_audit" AFTER INSERT OR UPDATE OR DELETE ON "unmatched_payments"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "disputes_audit" AFTER INSERT OR UPDATE OR DELETE ON "disputes"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "dunning_policies_audit" AFTER INSERT OR UPDATE OR DELETE ON "dunning_policies"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
