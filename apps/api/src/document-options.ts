import type { DocumentOptions } from '@nova/core/platform/http/openapi/build-document.js';
import {
  liveModeNotReady,
  tenantCapacity,
  tenantSchemaBehind,
  tenantSuspended,
} from '@nova/core/tenancy/tenancy.errors.js';

/** What the document says of every route that works in a tenant. */
export const DOCUMENT_OPTIONS: DocumentOptions = {
  tenantErrors: [tenantSuspended, liveModeNotReady, tenantCapacity, tenantSchemaBehind],
};
