import { defineConfig } from 'prisma/config';

// Only `prisma generate`, `validate` and `format` are run with this: they need no database.
// Migrations run through the platform's own migrator (apps/core/src/tenancy/migrator).
export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
});
