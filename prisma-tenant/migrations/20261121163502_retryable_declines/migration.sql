-- AlterTable
ALTER TABLE "payments" ADD COLUMN     "retryable" BOOLEAN;

-- A reminder of an invoice that is settled before it is sent is not sent any more.
ALTER TABLE "email_messages"
    DROP CONSTRAINT "email_messages_status_check",
    ADD CONSTRAINT "email_messages_status_check" CHECK ("status" IN ('queued', 'sent', 'failed', 'canceled')) NOT VALID;
ALTER TABLE "email_messages" VALIDATE CONSTRAINT "email_messages_status_check";
