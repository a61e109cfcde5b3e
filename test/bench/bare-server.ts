import fastify from 'fastify';
import pg from 'pg';

/** The baseline of customer-read: nothing but a route and a SELECT. */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const app = fastify();

app.get('/ready', () => ({ ready: true }));
app.get<{ Params: { id: string } }>('/customers/:id', async (request, reply) => {
  const { rows } = await pool.query('SELECT * FROM customers WHERE id = $1 AND deleted_at IS NULL', [
    request.params.id,
  ]);
  return rows[0] ?? reply.code(404).send({ code: 'not_found' });
});

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.once('SIGTERM', () => {
  void app.close().then(() => pool.end());
});
