-- Usage events, by raw SQL alone: Prisma knows no partitioned tables, and this is the hottest path there is.
-- An event is taken once by the caller's own id of it, whichever month it is of, so the ids are a table of their own.

CREATE TABLE "usage_keys" (
    "transaction_id" text COLLATE "C" NOT NULL,
    CONSTRAINT "usage_keys_pkey" PRIMARY KEY ("transaction_id")
);

CREATE TABLE "usage_events" (
    "transaction_id" text COLLATE "C" NOT NULL,
    "event_name" text COLLATE "C" NOT NULL,
    "customer_id" text COLLATE "C" NOT NULL,
    "subscription_id" text COLLATE "C",
    "occurred_at" timestamptz(3) NOT NULL,
    "received_at" timestamptz(3) NOT NULL,
    "properties" jsonb NOT NULL DEFAULT '{}'
) PARTITION BY RANGE ("occurred_at");

CREATE INDEX "usage_events_customer_idx" ON "usage_events" ("customer_id", "event_name", "occurred_at");

-- Whatever month has no table of its own yet. Events are never lost for want of one.
CREATE TABLE "usage_events_rest" PARTITION OF "usage_events" DEFAULT;

-- Makes a month's table, in UTC. Tenants' own roles make no tables, so it runs as its owner; months that are there are left.
CREATE FUNCTION "make_usage_month"(month date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first_day date := date_trunc('month', month)::date;
    name text := 'usage_events_' || to_char(first_day, 'YYYY_MM');
    from_moment timestamptz := first_day::timestamp AT TIME ZONE 'UTC';
    to_moment timestamptz := (first_day + interval '1 month')::timestamp AT TIME ZONE 'UTC';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('make_usage_month'));
    IF to_regclass('public.' || quote_ident(name)) IS NOT NULL THEN RETURN false; END IF;
    -- Events of the month that came before its table stand in the rest: they move, in this transaction.
    EXECUTE format('CREATE TABLE %I (LIKE usage_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format('WITH moved AS (DELETE FROM usage_events_rest WHERE occurred_at >= %L AND occurred_at < %L RETURNING *)
                    INSERT INTO %I SELECT * FROM moved', from_moment, to_moment, name);
    EXECUTE format('ALTER TABLE usage_events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, from_moment, to_moment);
    RETURN true;
END
$$;

-- Where events came for a time that may have been billed: the next billing rates that time again and bills the difference.
CREATE TABLE "usage_late" (
    "customer_id" text COLLATE "C" NOT NULL,
    "event_name" text COLLATE "C" NOT NULL,
    "occurred_from" timestamptz(3) NOT NULL,
    CONSTRAINT "usage_late_pkey" PRIMARY KEY ("customer_id", "event_name")
);
