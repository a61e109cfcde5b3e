-- CreateTable
CREATE TABLE "usage_alert_checks" (
    "customer_id" TEXT NOT NULL,
    "meter_id" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_alert_checks_pkey" PRIMARY KEY ("customer_id","meter_id")
);

-- CreateIndex
CREATE INDEX "usage_alert_checks_due_at_idx" ON "usage_alert_checks"("due_at");

-- An event is found again by its id: the key says of which moment it is, and so in which month's table it stands.
ALTER TABLE "usage_keys" ADD COLUMN "occurred_at" timestamptz(3);

-- For lists of the newest events. Events come about in the order of their time, so the index grows at its end.
CREATE INDEX "usage_events_occurred_idx" ON "usage_events" ("occurred_at");
