-- Since when it is known, by the tenant's clock: where no billing of the customer is to come, it is billed an hour later.

ALTER TABLE "usage_late" ADD COLUMN "noted_at" timestamptz(3) NOT NULL DEFAULT now();
