import { createHmac } from 'node:crypto';

import fastify from 'fastify';
import pg from 'pg';

/** The baseline of webhooks-in: nothing but a route, a signature and an INSERT of its own for each webhook. */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
await pool.query(
  'CREATE TABLE bare_webhooks (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, key text UNIQUE, body bytea)',
);
const app = fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

app.get('/ready', () => ({ ready: true }));
app.post('/webhooks', async (request, reply) => {
  const body = request.body as Buffer;
  const expected = createHmac('sha512', process.env['SECRET'] ?? '')
    .update(body)
    .digest('hex');
  if (request.headers['x-paystack-signature'] !== expected) return reply.code(401).send();
  const { data } = JSON.parse(body.toString()) as { data: { id: number } };
  await pool.query('INSERT INTO bare_webhooks (key, body) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    data.id,
    body,
  ]);
  return { received: true };
});

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.once('SIGTERM', () => {
  void app.close().then(() => pool.end());
});
