// `npm start`: makes the clone ready, then runs the whole platform on this machine, with fake payment providers.
import { startFakes } from './fakes.mjs';
import { runEntry } from './run.mjs';

await runEntry('cli', ['dev', ...process.argv.slice(2)], { before: startFakes });
