-- What Prisma's schema cannot say about the billing engine's tables: which values there are, what never changes once it is
-- issued, and that sums hold, for every writer there will ever be.

ALTER TABLE "customers"
    ADD CONSTRAINT "customers_tax_status_check" CHECK ("tax_status" IN ('taxable', 'exempt', 'reverse_charge')),
    ADD CONSTRAINT "customers_invoicing_check" CHECK ("invoicing" IN ('separate', 'together'));

ALTER TABLE "plans"
    ADD CONSTRAINT "plans_kind_check" CHECK ("kind" IN ('base', 'add_on')),
    ADD CONSTRAINT "plans_current_version_check" CHECK ("current_version" >= 1);

-- Plans of the release before have their first version.
INSERT INTO "plan_versions" ("plan_id", "number", "created_at") SELECT "id", 1, "created_at" FROM "plans"
    ON CONFLICT DO NOTHING;

ALTER TABLE "prices"
    DROP CONSTRAINT "prices_model_check",
    ADD CONSTRAINT "prices_model_check" CHECK ("model" IN ('flat', 'per_unit', 'graduated', 'volume', 'package',
        'percentage', 'graduated_percentage', 'tiered_blocks', 'dynamic', 'capacity')),
    DROP CONSTRAINT "prices_recurrence_check",
    ADD CONSTRAINT "prices_recurrence_check" CHECK (
        ("type" = 'one_time' AND "interval" IS NULL AND "interval_count" IS NULL)
        OR ("type" IN ('recurring', 'usage') AND "interval" IS NOT NULL AND "interval_count" IS NOT NULL)),
    DROP CONSTRAINT "prices_interval_check",
    ADD CONSTRAINT "prices_interval_check" CHECK ("interval" IN ('day', 'week', 'month', 'quarter', 'half_year', 'year')),
    ADD CONSTRAINT "prices_billing_check" CHECK ("billing" IN ('in_advance', 'in_arrears')),
    ADD CONSTRAINT "prices_usage_check" CHECK (("type" = 'usage') = ("meter_id" IS NOT NULL)),
    ADD CONSTRAINT "prices_usage_billing_check" CHECK ("type" <> 'usage' OR "billing" = 'in_arrears'),
    ADD CONSTRAINT "prices_bounds_check" CHECK ("minimum_amount" >= 0 AND "maximum_amount" >= 0),
    ADD CONSTRAINT "prices_bounds_order_check" CHECK ("maximum_amount" >= "minimum_amount"),
    ADD CONSTRAINT "prices_tax_behavior_check" CHECK ("tax_behavior" IN ('exclusive', 'inclusive'));

CREATE OR REPLACE FUNCTION "keep_price"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    living CONSTANT text[] := ARRAY['name', 'active', 'metadata', 'version', 'updated_at', 'external_id'];
BEGIN
    IF (to_jsonb(NEW) - living) IS DISTINCT FROM (to_jsonb(OLD) - living) THEN
        RAISE EXCEPTION 'What price % charges cannot change.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

ALTER TABLE "meters"
    ADD CONSTRAINT "meters_aggregation_check"
        CHECK ("aggregation" IN ('count', 'sum', 'max', 'unique_count', 'latest', 'weighted_sum')),
    ADD CONSTRAINT "meters_property_check" CHECK (("aggregation" = 'count') OR ("property" IS NOT NULL));

ALTER TABLE "subscriptions"
    DROP CONSTRAINT "subscriptions_status_check",
    ADD CONSTRAINT "subscriptions_status_check"
        CHECK ("status" IN ('scheduled', 'trialing', 'active', 'paused', 'canceled')),
    DROP CONSTRAINT "subscriptions_interval_check",
    ADD CONSTRAINT "subscriptions_interval_check"
        CHECK ("interval" IN ('day', 'week', 'month', 'quarter', 'half_year', 'year')),
    ADD CONSTRAINT "subscriptions_alignment_check" CHECK ("alignment" IN ('anniversary', 'calendar')),
    ADD CONSTRAINT "subscriptions_proration_basis_check" CHECK ("proration_basis" IN ('day', 'second')),
    ADD CONSTRAINT "subscriptions_grace_check" CHECK ("grace_hours" >= 0),
    ADD CONSTRAINT "subscriptions_commitment_check" CHECK ("commitment_amount" >= 0),
    ADD CONSTRAINT "subscriptions_threshold_check" CHECK ("usage_threshold" > 0),
    ADD CONSTRAINT "subscriptions_pause_mode_check"
        CHECK ("pause_mode" IN ('credit', 'extend', 'keep_invoices', 'void_invoices')),
    ADD CONSTRAINT "subscriptions_trial_check" CHECK ("status" <> 'trialing' OR "trial_ends_at" IS NOT NULL);

ALTER TABLE "subscription_items"
    ADD CONSTRAINT "subscription_items_time_check" CHECK ("ended_at" >= "started_at");

ALTER TABLE "subscription_changes"
    ADD CONSTRAINT "subscription_changes_status_check" CHECK ("status" IN ('scheduled', 'applied', 'canceled')),
    ADD CONSTRAINT "subscription_changes_proration_check" CHECK ("proration" IN ('lines', 'none', 'full_price_reset'));

ALTER TABLE "invoices"
    DROP CONSTRAINT "invoices_status_check",
    ADD CONSTRAINT "invoices_status_check" CHECK ("status" IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
    DROP CONSTRAINT "invoices_balance_check",
    ADD CONSTRAINT "invoices_balance_check" CHECK ("status" = 'void'
        OR "amount_paid" + "balance_applied" + "wallet_applied" + "amount_credited" + "amount_due" = "total"),
    DROP CONSTRAINT "invoices_amounts_check",
    ADD CONSTRAINT "invoices_amounts_check"
        CHECK ("subtotal" >= 0 AND "total" >= 0 AND "amount_paid" >= 0 AND "amount_due" >= 0 AND "discount_total" >= 0
            AND "tax_total" >= 0 AND "balance_applied" >= 0 AND "wallet_applied" >= 0 AND "amount_credited" >= 0),
    ADD CONSTRAINT "invoices_uncollectible_check" CHECK ("status" <> 'uncollectible' OR "uncollectible_at" IS NOT NULL),
    ADD CONSTRAINT "invoices_on_finalize_check" CHECK ("on_finalize" IN ('keep', 'void'));

ALTER TABLE "invoice_lines"
    ADD CONSTRAINT "invoice_lines_tax_behavior_check" CHECK ("tax_behavior" IN ('exclusive', 'inclusive'));

-- An issued invoice: only how it was settled, what an authority says of it, its metadata and its version go on changing.
CREATE OR REPLACE FUNCTION "keep_issued_invoice"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    living CONSTANT text[] := ARRAY['status', 'amount_paid', 'amount_due', 'balance_applied', 'wallet_applied',
        'amount_credited', 'paid_at', 'voided_at', 'uncollectible_at', 'fiscal_number', 'fiscal_signature', 'fiscal_qr',
        'fiscal_status', 'metadata', 'version', 'updated_at'];
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

CREATE FUNCTION "keep_invoice_discounts"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner_id text := CASE WHEN TG_OP = 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END;
    owner_status text;
BEGIN
    SELECT "status" INTO owner_status FROM "invoices" WHERE "id" = owner_id FOR NO KEY UPDATE;
    IF owner_status <> 'draft' THEN
        RAISE EXCEPTION 'Invoice % has been issued and its discounts stay as they are.', owner_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER "invoice_discounts_keep_issued" BEFORE INSERT OR UPDATE OR DELETE ON "invoice_discounts"
    FOR EACH ROW EXECUTE FUNCTION "keep_invoice_discounts"();

ALTER TABLE "coupons"
    ADD CONSTRAINT "coupons_kind_check" CHECK (
        ("kind" = 'percentage' AND "percent_off" > 0 AND "percent_off" <= 100 AND "amount_off" IS NULL)
        OR ("kind" = 'fixed' AND "amount_off" > 0 AND "currency" IS NOT NULL AND "percent_off" IS NULL)),
    ADD CONSTRAINT "coupons_duration_check" CHECK (
        ("duration" = 'repeating' AND "periods" >= 1) OR ("duration" IN ('once', 'forever') AND "periods" IS NULL)),
    ADD CONSTRAINT "coupons_redeemed_check" CHECK ("redeemed" >= 0 AND "redeemed" <= COALESCE("max_redemptions", "redeemed"));

ALTER TABLE "discounts"
    ADD CONSTRAINT "discounts_status_check" CHECK ("status" IN ('active', 'used_up', 'removed')),
    ADD CONSTRAINT "discounts_left_check" CHECK ("amount_left" >= 0);

CREATE UNIQUE INDEX "discounts_one_active_key" ON "discounts" ("coupon_id", "customer_id", COALESCE("subscription_id", ''))
    WHERE "status" = 'active';

CREATE UNIQUE INDEX "tax_rates_one_active_key" ON "tax_rates" ("country", COALESCE("region", ''), "category")
    WHERE "active";

ALTER TABLE "credit_notes"
    ADD CONSTRAINT "credit_notes_status_check" CHECK ("status" IN ('issued', 'void')),
    ADD CONSTRAINT "credit_notes_void_check" CHECK (("status" = 'void') = ("voided_at" IS NOT NULL)),
    ADD CONSTRAINT "credit_notes_amounts_check" CHECK ("total" >= 0 AND "tax_total" >= 0 AND "discount_total" >= 0
        AND "to_invoice" >= 0 AND "to_balance" >= 0 AND "to_refund" >= 0),
    ADD CONSTRAINT "credit_notes_split_check" CHECK ("to_invoice" + "to_balance" + "to_refund" = "total");

-- A credit note is a document too: it is issued, perhaps voided, and never changed.
CREATE FUNCTION "keep_credit_note"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    living CONSTANT text[] := ARRAY['status', 'voided_at', 'metadata', 'version', 'updated_at'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Credit note % has been issued and cannot be deleted.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (to_jsonb(NEW) - living) IS DISTINCT FROM (to_jsonb(OLD) - living) OR (OLD.status = 'void' AND NEW.status <> 'void') THEN
        RAISE EXCEPTION 'Credit note % has been issued and stays as it is.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER "credit_notes_keep" BEFORE UPDATE OR DELETE ON "credit_notes"
    FOR EACH ROW EXECUTE FUNCTION "keep_credit_note"();

CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % is refused.', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER "credit_note_lines_keep" BEFORE UPDATE OR DELETE ON "credit_note_lines"
    FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "balance_entries_keep" BEFORE UPDATE OR DELETE ON "balance_entries"
    FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "wallet_entries_keep" BEFORE UPDATE OR DELETE ON "wallet_entries"
    FOR EACH ROW EXECUTE FUNCTION "refuse_change"();

ALTER TABLE "refunds"
    ADD CONSTRAINT "refunds_status_check" CHECK ("status" IN ('pending', 'succeeded', 'failed')),
    ADD CONSTRAINT "refunds_amount_check" CHECK ("amount" > 0);

ALTER TABLE "customer_balances" ADD CONSTRAINT "customer_balances_amount_check" CHECK ("amount" >= 0);
ALTER TABLE "balance_entries" ADD CONSTRAINT "balance_entries_after_check" CHECK ("balance_after" >= 0);

ALTER TABLE "wallets"
    ADD CONSTRAINT "wallets_status_check" CHECK ("status" IN ('active', 'closed')),
    ADD CONSTRAINT "wallets_balance_check" CHECK ("balance" >= 0);

ALTER TABLE "wallet_grants"
    ADD CONSTRAINT "wallet_grants_status_check" CHECK ("status" IN ('pending', 'active', 'used_up', 'expired', 'canceled')),
    ADD CONSTRAINT "wallet_grants_kind_check" CHECK ("kind" IN ('paid', 'free')),
    ADD CONSTRAINT "wallet_grants_amount_check" CHECK ("amount" > 0 AND "remaining" >= 0 AND "remaining" <= "amount");

ALTER TABLE "features" ADD CONSTRAINT "features_kind_check" CHECK ("kind" IN ('switch', 'limit', 'quota'));
ALTER TABLE "plan_features" ADD CONSTRAINT "plan_features_amount_check" CHECK ("amount" >= 0);
ALTER TABLE "feature_overrides" ADD CONSTRAINT "feature_overrides_amount_check" CHECK ("amount" >= 0);
ALTER TABLE "feature_uses" ADD CONSTRAINT "feature_uses_used_check" CHECK ("used" >= 0);

-- Drafts that are finalised by themselves, and grants that expire, are found without reading the others.
CREATE INDEX "wallet_grants_expiring_idx" ON "wallet_grants" ("expires_at") WHERE "status" = 'active' AND "expires_at" IS NOT NULL;
CREATE INDEX "subscription_changes_scheduled_idx" ON "subscription_changes" ("subscription_id", "effective_at")
    WHERE "status" = 'scheduled';

-- What has no id of its own is told by what it belongs to.
-- The arguments of a trigger are columns whose values are kept out of the log.
CREATE OR REPLACE FUNCTION "record_audit"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor jsonb := current_setting('nova.actor')::jsonb;
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
    whole jsonb := CASE WHEN TG_OP = 'DELETE' THEN old_row ELSE new_row END;
    target text := COALESCE(whole ->> 'id', whole ->> 'plan_id', whole ->> 'customer_id');
    secret text;
BEGIN
    FOREACH secret IN ARRAY COALESCE(TG_ARGV, '{}') LOOP
        IF old_row ->> secret IS NOT NULL THEN old_row := jsonb_set(old_row, ARRAY[secret], '"[secret]"'); END IF;
        IF new_row ->> secret IS NOT NULL THEN new_row := jsonb_set(new_row, ARRAY[secret], '"[secret]"'); END IF;
    END LOOP;
    IF TG_OP = 'UPDATE' THEN
        SELECT COALESCE(jsonb_object_agg(o.key, o.value), '{}'), COALESCE(jsonb_object_agg(o.key, new_row -> o.key), '{}')
          INTO old_row, new_row
          FROM jsonb_each(old_row) AS o
         WHERE o.value IS DISTINCT FROM new_row -> o.key AND o.key NOT IN ('version', 'updated_at');
        IF old_row = '{}' THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO "audit_log"
        ("id", "actor_type", "actor_id", "action", "target_type", "target_id", "before", "after", "ip_address", "request_id", "created_at")
    VALUES
        ('aud_' || lpad(nextval('audit_log_sequence')::text, 16, '0'), actor ->> 'type', actor ->> 'id', lower(TG_OP),
         TG_TABLE_NAME, target, NULLIF(old_row, '{}'), NULLIF(new_row, '{}'), actor ->> 'ip', actor ->> 'requestId',
         clock_timestamp());
    RETURN NULL;
END
$$;

-- The audit log has them as it has the others.
CREATE TRIGGER "plan_versions_audit" AFTER INSERT OR UPDATE OR DELETE ON "plan_versions"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "meters_audit" AFTER INSERT OR UPDATE OR DELETE ON "meters"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "usage_alerts_audit" AFTER INSERT OR UPDATE OR DELETE ON "usage_alerts"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "subscription_changes_audit" AFTER INSERT OR UPDATE OR DELETE ON "subscription_changes"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "coupons_audit" AFTER INSERT OR UPDATE OR DELETE ON "coupons"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "discounts_audit" AFTER INSERT OR UPDATE OR DELETE ON "discounts"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "tax_rates_audit" AFTER INSERT OR UPDATE OR DELETE ON "tax_rates"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "credit_notes_audit" AFTER INSERT OR UPDATE OR DELETE ON "credit_notes"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "credit_note_lines_audit" AFTER INSERT OR UPDATE OR DELETE ON "credit_note_lines"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "refunds_audit" AFTER INSERT OR UPDATE OR DELETE ON "refunds"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "wallets_audit" AFTER INSERT OR UPDATE OR DELETE ON "wallets"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "wallet_grants_audit" AFTER INSERT OR UPDATE OR DELETE ON "wallet_grants"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "features_audit" AFTER INSERT OR UPDATE OR DELETE ON "features"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "plan_features_audit" AFTER INSERT OR UPDATE OR DELETE ON "plan_features"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "feature_overrides_audit" AFTER INSERT OR UPDATE OR DELETE ON "feature_overrides"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
