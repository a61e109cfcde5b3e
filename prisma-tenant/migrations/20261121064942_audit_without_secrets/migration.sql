-- A trigger without arguments has no array of them, not an empty one: without this, tables that keep no secret could not
-- be written on somebody's behalf.

-- The arguments of a trigger are columns whose values are kept out of the log.
CREATE OR REPLACE FUNCTION "record_audit"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor jsonb := current_setting('nova.actor')::jsonb;
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
    target text := COALESCE(new_row ->> 'id', old_row ->> 'id');
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
