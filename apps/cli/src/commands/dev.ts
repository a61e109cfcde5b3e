import type { Command } from 'commander';

/** `nova dev`, which is what `npm start` runs. */
export function register(program: Command): void {
  program
    .command('dev')
    .description('Run the whole platform on this machine: PostgreSQL, API, worker, mail catcher, demo tenant')
    .addHelpText(
      'after',
      '\nPORT chooses the port, NOVA_DATA_DIR the data folder; .env.example explains the rest.',
    )
    .action(async () => {
      const { runDev } = await import('../dev/run-dev.js');
      await runDev(process.env);
    });
}
