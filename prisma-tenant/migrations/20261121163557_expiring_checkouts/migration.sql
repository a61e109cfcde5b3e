-- What expires next is found without reading what is over.
CREATE INDEX "checkout_sessions_expiring_idx" ON "checkout_sessions" ("expires_at", "id") WHERE "status" = 'open';
