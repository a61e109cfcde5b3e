// npm run db:diff -- central|tenant NAME     makes the next migration from the schema's changes
// npm run db:diff -- central|tenant --check  fails when the schema has changes that no migration makes
//
// `migrations/schema.prisma` is the schema as of the last migration. It is compared with the present one, so that
// no database is needed. What Prisma's schema cannot say (CHECKs, triggers, partial indexes) is written by hand
// into a migration: `--empty` makes one to fill in.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(import.meta.dirname, '..');
const USAGE =
  'Usage: npm run db:diff -- central|tenant NAME [--empty], or npm run db:diff -- central|tenant --check';

/** Loads the engine by hand: importing a .wasm file as a module needs a flag of Node's. */
async function startEngine() {
  const entry = fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(entry.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, databaseStandIn());
}

/** The engine asks its database for the version before anything else. This answers just that: a PostgreSQL 15. */
function databaseStandIn() {
  const ok = (value) => ({ ok: true, value, map: (next) => ok(next(value)), flatMap: (next) => next(value) });
  const INT32 = 0;
  const BOOLEAN = 5;
  const TEXT = 7;
  const version = {
    columnNames: ['exists', 'version', 'numeric_version'],
    columnTypes: [BOOLEAN, TEXT, INT32],
    rows: [[true, 'PostgreSQL 15.0', 150000]],
  };
  const connection = {
    provider: 'postgres',
    adapterName: 'stand-in',
    queryRaw: async () => ok(version),
    executeRaw: async () => ok(0),
    executeScript: async () => ok(undefined),
    dispose: async () => ok(undefined),
    getConnectionInfo: () => ok({ schemaName: 'public', supportsRelationJoins: true }),
  };
  return {
    provider: 'postgres',
    adapterName: 'stand-in',
    connect: async () => ok(connection),
    connectToShadowDb: async () => ok(connection),
    errorRegistry: { consumeError: () => undefined },
  };
}

async function readIfThere(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The SQL that leads from one schema to the other; null when nothing differs. `from` is null for an empty database. */
async function difference(from, to) {
  const engine = await startEngine();
  const schema = (content) => ({ tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] });
  const result = await engine.diff({
    from: from === null ? { tag: 'empty' } : schema(from),
    to: schema(to),
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  return result.exitCode === 0 ? null : `${result.stdout.trim()}\n`;
}

function timestamp(now) {
  return now.toISOString().replace(/\D/g, '').slice(0, 14);
}

/** Two migrations made in one second still sort in the order they were made. */
async function nextFolder(migrations, name) {
  await mkdir(migrations, { recursive: true });
  const newest = (await readdir(migrations))
    .filter((entry) => /^\d{14}_/.test(entry))
    .sort()
    .at(-1)
    ?.slice(0, 14);
  let moment = new Date();
  while (newest !== undefined && timestamp(moment) <= newest) moment = new Date(moment.getTime() + 1_000);
  return path.join(migrations, `${timestamp(moment)}_${name}`);
}

function refuse(message) {
  console.error(message);
  process.exitCode = 1;
}

async function main([which, ...rest]) {
  const flags = new Set(rest.filter((argument) => argument.startsWith('--')));
  const name = rest.find((argument) => !argument.startsWith('--'));
  const check = flags.has('--check');
  if (!['central', 'tenant'].includes(which) || check === (name !== undefined)) return refuse(USAGE);
  if (name !== undefined && !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name))
    return refuse('Write NAME in snake_case.');

  const folder = path.join(ROOT, `prisma-${which}`);
  const migrations = path.join(folder, 'migrations');
  const snapshot = path.join(migrations, 'schema.prisma');
  const present = await readFile(path.join(folder, 'schema.prisma'), 'utf8');
  const sql = await difference(await readIfThere(snapshot), present);

  if (check) {
    if (sql === null) return console.log(`${which}: the migrations make the schema.`);
    return refuse(
      `${which}: the schema has changes that no migration makes. Run: npm run db:diff -- ${which} NAME\n\n${sql}`,
    );
  }
  if (flags.has('--empty') && sql !== null) {
    return refuse(`${which}: the schema has changes; make their migration first, without --empty.`);
  }
  if (!flags.has('--empty') && sql === null) {
    return refuse(
      `${which}: the schema has not changed since the last migration; --empty makes one to write by hand.`,
    );
  }
  const made = await nextFolder(migrations, name);
  await mkdir(made);
  await writeFile(
    path.join(made, 'migration.sql'),
    sql ?? '-- Say here what this is for, and write it by hand below.\n',
  );
  await writeFile(path.join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
  await writeFile(snapshot, present);
  console.log(
    `Wrote ${path.relative(ROOT, path.join(made, 'migration.sql'))}. Read it before you commit it.`,
  );
}

await main(process.argv.slice(2));
