-- What Prisma's schema cannot say. The application keeps these rules too; here they hold for every writer there will
-- ever be: no negative amounts, one payment in flight an invoice, and documents that stay as they were issued.

ALTER TABLE "customers"
    ADD CONSTRAINT "customers_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');

CREATE UNIQUE INDEX "payment_methods_one_default_key" ON "payment_methods" ("customer_id")
    WHERE "is_default" AND "detached_at" IS NULL;

ALTER TABLE "prices"
    ADD CONSTRAINT "prices_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
    ADD CONSTRAINT "prices_model_check" CHECK ("model" IN ('flat', 'per_unit')),
    ADD CONSTRAINT "prices_unit_amount_check" CHECK ("unit_amount" >= 0),
    ADD CONSTRAINT "prices_recurrence_check" CHECK (
        ("type" = 'one_time' AND "interval" IS NULL AND "interval_count" IS NULL)
        OR ("type" = 'recurring' AND "interval" IS NOT NULL AND "interval_count" IS NOT NULL)),
    ADD CONSTRAINT "prices_interval_check" CHECK ("interval" IN ('day', 'week', 'month', 'quarter', 'year')),
    ADD CONSTRAINT "prices_interval_count_check" CHECK ("interval_count" >= 1);

ALTER TABLE "subscriptions"
    ADD CONSTRAINT "subscriptions_status_check" CHECK ("status" IN ('scheduled', 'active', 'canceled')),
    ADD CONSTRAINT "subscriptions_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
    ADD CONSTRAINT "subscriptions_interval_check" CHECK ("interval" IN ('day', 'week', 'month', 'quarter', 'year')),
    ADD CONSTRAINT "subscriptions_interval_count_check" CHECK ("interval_count" >= 1),
    ADD CONSTRAINT "subscriptions_anchor_date_check" CHECK ("anchor_date" ~ '^\d{4}-\d{2}-\d{2}$'),
    ADD CONSTRAINT "subscriptions_period_check" CHECK ("current_period_end" > "current_period_start"),
    ADD CONSTRAINT "subscriptions_collection_check" CHECK ("collection_method" IN ('charge_automatically', 'send_invoice')),
    ADD CONSTRAINT "subscriptions_terms_check" CHECK ("net_terms_days" >= 0),
    ADD CONSTRAINT "subscriptions_retries_check" CHECK ("billing_retries" >= 0);

ALTER TABLE "subscription_items"
    ADD CONSTRAINT "subscription_items_quantity_check" CHECK ("quantity" >= 0);

ALTER TABLE "billing_periods"
    ADD CONSTRAINT "billing_periods_period_check" CHECK ("period_end" > "period_start");

ALTER TABLE "invoices"
    ADD CONSTRAINT "invoices_status_check" CHECK ("status" IN ('draft', 'open', 'paid', 'void')),
    ADD CONSTRAINT "invoices_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
    ADD CONSTRAINT "invoices_collection_check" CHECK ("collection_method" IN ('charge_automatically', 'send_invoice')),
    ADD CONSTRAINT "invoices_terms_check" CHECK ("net_terms_days" >= 0),
    ADD CONSTRAINT "invoices_amounts_check"
        CHECK ("subtotal" >= 0 AND "total" >= 0 AND "amount_paid" >= 0 AND "amount_due" >= 0),
    ADD CONSTRAINT "invoices_balance_check" CHECK ("status" = 'void' OR "amount_paid" + "amount_due" = "total"),
    ADD CONSTRAINT "invoices_paid_check" CHECK ("status" <> 'paid' OR ("amount_due" = 0 AND "paid_at" IS NOT NULL)),
    ADD CONSTRAINT "invoices_void_check" CHECK (("status" = 'void') = ("voided_at" IS NOT NULL)),
    ADD CONSTRAINT "invoices_draft_check" CHECK ("status" <> 'draft' OR "number" IS NULL),
    ADD CONSTRAINT "invoices_issued_check" CHECK ("status" = 'draft' OR (
        "series" IS NOT NULL AND "sequence" IS NOT NULL AND "number" IS NOT NULL
        AND "issued_at" IS NOT NULL AND "seller" IS NOT NULL AND "buyer" IS NOT NULL));

ALTER TABLE "invoice_lines"
    ADD CONSTRAINT "invoice_lines_quantity_check" CHECK ("quantity" >= 0),
    ADD CONSTRAINT "invoice_lines_period_check" CHECK ("period_end" > "period_start");

ALTER TABLE "number_series"
    ADD CONSTRAINT "number_series_next_check" CHECK ("next" >= 1);

ALTER TABLE "payments"
    ADD CONSTRAINT "payments_status_check" CHECK ("status" IN ('created', 'pending', 'succeeded', 'failed')),
    ADD CONSTRAINT "payments_amount_check" CHECK ("amount" > 0),
    ADD CONSTRAINT "payments_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
    ADD CONSTRAINT "payments_attempt_check" CHECK ("attempt" >= 1),
    ADD CONSTRAINT "payments_checks_check" CHECK ("checks" >= 0);

-- Whoever collects an invoice twice at once is stopped here, before a provider is asked.
CREATE UNIQUE INDEX "payments_one_in_flight_key" ON "payments" ("invoice_id") WHERE "status" IN ('created', 'pending');

ALTER TABLE "sandbox_charges"
    ADD CONSTRAINT "sandbox_charges_status_check" CHECK ("status" IN ('pending', 'succeeded', 'failed')),
    ADD CONSTRAINT "sandbox_charges_amount_check" CHECK ("amount" > 0);

ALTER TABLE "email_messages"
    ADD CONSTRAINT "email_messages_status_check" CHECK ("status" IN ('queued', 'sent', 'failed'));

ALTER TABLE "test_clock"
    ADD CONSTRAINT "test_clock_one_row_check" CHECK ("id" = 1);

-- An issued invoice: only how it was settled, its metadata and its version go on changing. Columns that come later are
-- frozen too unless they are added to the list.
CREATE FUNCTION "keep_issued_invoice"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    living CONSTANT text[] := ARRAY['status', 'amount_paid', 'amount_due', 'paid_at', 'voided_at', 'metadata', 'version',
        'updated_at'];
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
    IF NEW.status <> OLD.status AND (OLD.status <> 'open' OR NEW.status = 'draft') THEN
        RAISE EXCEPTION 'Invoice % cannot go from % to %.', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER "invoices_keep_issued" BEFORE UPDATE OR DELETE ON "invoices"
    FOR EACH ROW EXECUTE FUNCTION "keep_issued_invoice"();

-- The lines of an issued invoice. Its row is locked meanwhile: otherwise a line could be written while another
-- transaction issues the invoice, and both would commit.
CREATE FUNCTION "keep_issued_lines"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner_id text := CASE WHEN TG_OP = 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END;
    owner_status text;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.invoice_id <> OLD.invoice_id THEN
        RAISE EXCEPTION 'A line stays with its invoice.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT "status" INTO owner_status FROM "invoices" WHERE "id" = owner_id FOR NO KEY UPDATE;
    IF owner_status <> 'draft' THEN
        RAISE EXCEPTION 'Invoice % has been issued and its lines stay as they are.', owner_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER "invoice_lines_keep_issued" BEFORE INSERT OR UPDATE OR DELETE ON "invoice_lines"
    FOR EACH ROW EXECUTE FUNCTION "keep_issued_lines"();

-- A payment is an attempt that was made: what it was for and over how much is history. Once it succeeded it stays so;
-- money that goes back is another row.
CREATE FUNCTION "keep_payment"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Payment % stays on record.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.invoice_id, NEW.customer_id, NEW.attempt, NEW.provider, NEW.reference, NEW.amount, NEW.currency, NEW.created_at)
        IS DISTINCT FROM
        (OLD.id, OLD.invoice_id, OLD.customer_id, OLD.attempt, OLD.provider, OLD.reference, OLD.amount, OLD.currency, OLD.created_at)
    THEN
        RAISE EXCEPTION 'What payment % was for cannot change.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status = 'succeeded' AND NEW.status <> 'succeeded' THEN
        RAISE EXCEPTION 'Payment % has succeeded and stays so.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER "payments_keep" BEFORE UPDATE OR DELETE ON "payments"
    FOR EACH ROW EXECUTE FUNCTION "keep_payment"();

-- What was sold at a price stays what it was: only its name, metadata and whether it is offered change.
CREATE FUNCTION "keep_price"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.plan_id, NEW.currency, NEW.model, NEW.type, NEW.unit_amount, NEW."interval", NEW.interval_count)
        IS DISTINCT FROM
        (OLD.plan_id, OLD.currency, OLD.model, OLD.type, OLD.unit_amount, OLD."interval", OLD.interval_count)
    THEN
        RAISE EXCEPTION 'What price % charges cannot change.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER "prices_keep" BEFORE UPDATE ON "prices"
    FOR EACH ROW EXECUTE FUNCTION "keep_price"();

-- Neither a number series nor a test clock ever goes back.
CREATE FUNCTION "refuse_going_back"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A row of % never goes back.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER "number_series_go_forward" BEFORE UPDATE ON "number_series"
    FOR EACH ROW WHEN (NEW."next" < OLD."next" OR NEW."series" <> OLD."series") EXECUTE FUNCTION "refuse_going_back"();

CREATE TRIGGER "number_series_stay" BEFORE DELETE ON "number_series"
    FOR EACH ROW EXECUTE FUNCTION "refuse_going_back"();

CREATE TRIGGER "test_clock_go_forward" BEFORE UPDATE ON "test_clock"
    FOR EACH ROW WHEN (NEW."now" < OLD."now") EXECUTE FUNCTION "refuse_going_back"();
