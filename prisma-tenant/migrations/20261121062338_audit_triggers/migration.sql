-- The audit log writes itself: what a request changes is recorded by triggers in the transaction that changes it, so that
-- no route and no command can forget it. Who it is stands in the setting `nova.actor`, which a transaction on somebody's
-- behalf sets for its own length. Jobs leave it empty, and cost nothing: a trigger's WHEN is looked at before it is called.

ALTER TABLE "idempotency_records"
    ADD CONSTRAINT "idempotency_records_status_check" CHECK ("status" IN ('running', 'finished')),
    ADD CONSTRAINT "idempotency_records_finished_check" CHECK ("status" <> 'finished' OR "status_code" IS NOT NULL);

ALTER TABLE "audit_log"
    ADD CONSTRAINT "audit_log_action_check" CHECK ("action" IN ('insert', 'update', 'delete'));

CREATE SEQUENCE "audit_log_sequence";

-- The arguments of a trigger are columns whose values are kept out of the log.
CREATE FUNCTION "record_audit"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor jsonb := current_setting('nova.actor')::jsonb;
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
    target text := COALESCE(new_row ->> 'id', old_row ->> 'id');
    secret text;
BEGIN
    FOREACH secret IN ARRAY TG_ARGV LOOP
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

CREATE TRIGGER "customers_audit" AFTER INSERT OR UPDATE OR DELETE ON "customers"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "payment_methods_audit" AFTER INSERT OR UPDATE OR DELETE ON "payment_methods"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"('token');
CREATE TRIGGER "plans_audit" AFTER INSERT OR UPDATE OR DELETE ON "plans"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "prices_audit" AFTER INSERT OR UPDATE OR DELETE ON "prices"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "subscriptions_audit" AFTER INSERT OR UPDATE OR DELETE ON "subscriptions"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "subscription_items_audit" AFTER INSERT OR UPDATE OR DELETE ON "subscription_items"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "invoices_audit" AFTER INSERT OR UPDATE OR DELETE ON "invoices"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "invoice_lines_audit" AFTER INSERT OR UPDATE OR DELETE ON "invoice_lines"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();
CREATE TRIGGER "payments_audit" AFTER INSERT OR UPDATE OR DELETE ON "payments"
    FOR EACH ROW WHEN (COALESCE(current_setting('nova.actor', true), '') <> '') EXECUTE FUNCTION "record_audit"();

CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log only grows: % is refused.', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER "audit_log_append_only" BEFORE UPDATE OR DELETE ON "audit_log"
    FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();
CREATE TRIGGER "audit_log_no_truncate" BEFORE TRUNCATE ON "audit_log"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
