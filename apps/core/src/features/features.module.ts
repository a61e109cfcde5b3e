import { Module } from '@nestjs/common';

import { HttpModule } from '../platform/http/http.module.js';
import { MailModule } from '../platform/mail/mail.module.js';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BalancesModule } from './balances/balances.module.js';
import { BillingModule } from './billing/billing.module.js';
import { CheckoutSessionsModule } from './checkout-sessions/checkout-sessions.module.js';
import { CouponsModule } from './coupons/coupons.module.js';
import { CreditNotesModule } from './credit-notes/credit-notes.module.js';
import { CustomersModule } from './customers/customers.module.js';
import { DisputesModule } from './disputes/disputes.module.js';
import { DunningModule } from './dunning/dunning.module.js';
import { EntitlementsModule } from './entitlements/entitlements.module.js';
import { EventsModule } from './events/events.module.js';
import { FeatureCatalogModule } from './feature-catalog/feature-catalog.module.js';
import { HealthModule } from './health/health.module.js';
import { HostedPagesModule } from './hosted-pages/hosted-pages.module.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { InvoiceEmailsModule } from './invoice-emails/invoice-emails.module.js';
import { InvoicesModule } from './invoices/invoices.module.js';
import { MembersModule } from './members/members.module.js';
import { MetersModule } from './meters/meters.module.js';
import { PaymentMethodsModule } from './payment-methods/payment-methods.module.js';
import { PaymentProvidersModule } from './payment-providers/payment-providers.module.js';
import { PayPagesModule } from './hosted-pages/pay-pages.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { PlatformBillingModule } from './platform-billing/platform-billing.module.js';
import { PlansModule } from './plans/plans.module.js';
import { ProviderWebhooksModule } from './provider-webhooks/provider-webhooks.module.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { RefundsModule } from './refunds/refunds.module.js';
import { RequestLogModule } from './request-log/request-log.module.js';
import { SubscriptionsModule } from './subscriptions/subscriptions.module.js';
import { TaxRatesModule } from './tax-rates/tax-rates.module.js';
import { TenantLifeModule } from './tenant-life/tenant-life.module.js';
import { TenantsModule } from './tenants/tenants.module.js';
import { TestModeModule } from './test-mode/test-mode.module.js';
import { UnmatchedPaymentsModule } from './unmatched-payments/unmatched-payments.module.js';
import { UsageAlertsModule } from './usage-alerts/usage-alerts.module.js';
import { UsageModule } from './usage/usage.module.js';
import { WalletsModule } from './wallets/wallets.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** Every feature, for the api, the worker and the cli alike; routes and job handlers live in the same modules. */
@Module({
  imports: [
    // In this order the interceptors stand around a handler: the tenant's database is leased, then an Idempotency-Key is
    // looked up, then the input is looked at and the answer given its form, which is the form that a key keeps.
    AuthModule,
    IdempotencyModule,
    HttpModule,
    MailModule,
    HealthModule,
    TenantsModule,
    TenantLifeModule,
    MembersModule,
    ApiKeysModule,
    CustomersModule,
    PaymentMethodsModule,
    PlansModule,
    CouponsModule,
    TaxRatesModule,
    MetersModule,
    UsageModule,
    UsageAlertsModule,
    EventsModule,
    WebhooksModule,
    FeatureCatalogModule,
    EntitlementsModule,
    SubscriptionsModule,
    BillingModule,
    InvoicesModule,
    InvoiceEmailsModule,
    PaymentsModule,
    PaymentProvidersModule,
    ProviderWebhooksModule,
    HostedPagesModule,
    PayPagesModule,
    CheckoutSessionsModule,
    DunningModule,
    CreditNotesModule,
    BalancesModule,
    RefundsModule,
    UnmatchedPaymentsModule,
    DisputesModule,
    ReconciliationModule,
    WalletsModule,
    AnalyticsModule,
    PlatformBillingModule,
    TestModeModule,
    AuditModule,
    RequestLogModule,
  ],
})
export class FeaturesModule {}
