-- The platform bills its tenants as a tenant of its own: there is one of it.

ALTER TABLE "tenants" ADD CONSTRAINT "tenants_kind_check" CHECK ("kind" IN ('customer', 'platform'));

CREATE UNIQUE INDEX "tenants_one_platform_key" ON "tenants" ("kind") WHERE "kind" = 'platform';

ALTER TABLE "tenant_entitlements" ADD CONSTRAINT "tenant_entitlements_amount_check" CHECK ("amount" >= 0);
