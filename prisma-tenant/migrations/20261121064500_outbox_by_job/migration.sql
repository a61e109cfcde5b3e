-- DropIndex
DROP INDEX "outbox_available_at_idx";

-- CreateIndex
CREATE INDEX "outbox_job_available_at_id_idx" ON "outbox"("job", "available_at", "id");
