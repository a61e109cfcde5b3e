// `npm start`: makes the clone ready, then runs the whole platform on this machine.
import { runEntry } from './run.mjs';

await runEntry('cli', ['dev', ...process.argv.slice(2)]);
