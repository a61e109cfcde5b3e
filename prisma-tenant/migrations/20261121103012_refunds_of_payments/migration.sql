-- AlterTable
ALTER TABLE "refunds" ADD COLUMN     "checks" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "failure_code" TEXT,
ADD COLUMN     "next_check_at" TIMESTAMPTZ(3),
ADD COLUMN     "note" TEXT,
ADD COLUMN     "source" TEXT NOT NULL,
ALTER COLUMN "credit_note_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "sandbox_refunds" (
    "reference" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "charge_reference" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "failure_code" TEXT,
    "settles_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sandbox_refunds_pkey" PRIMARY KEY ("reference")
);

-- CreateIndex
CREATE UNIQUE INDEX "sandbox_refunds_id_key" ON "sandbox_refunds"("id");

-- CreateIndex
CREATE INDEX "sandbox_refunds_charge_reference_idx" ON "sandbox_refunds"("charge_reference");

-- CreateIndex
CREATE UNIQUE INDEX "refunds_source_key" ON "refunds"("source");

-- CreateIndex
CREATE INDEX "refunds_next_check_at_idx" ON "refunds"("next_check_at");

-- What a refund is for is written before the provider is asked, and stays.
CREATE FUNCTION "keep_refund"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Refund % stays on record.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.payment_id, NEW.credit_note_id, NEW.provider, NEW.reference, NEW.amount, NEW.currency, NEW.source, NEW.created_at)
        IS DISTINCT FROM
        (OLD.id, OLD.payment_id, OLD.credit_note_id, OLD.provider, OLD.reference, OLD.amount, OLD.currency, OLD.source, OLD.created_at)
    THEN
        RAISE EXCEPTION 'What refund % is for cannot change.', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER "refunds_keep" BEFORE UPDATE OR DELETE ON "refunds"
    FOR EACH ROW EXECUTE FUNCTION "keep_refund"();

ALTER TABLE "sandbox_refunds"
    ADD CONSTRAINT "sandbox_refunds_status_check" CHECK ("status" IN ('pending', 'succeeded', 'failed')),
    ADD CONSTRAINT "sandbox_refunds_amount_check" CHECK ("amount" > 0);
