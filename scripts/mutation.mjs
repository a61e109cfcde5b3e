// npm run test:mutation -- [FOLDER…] [--record] [arguments of Stryker]: changes the domain in small ways, one at a time,
// and tells which changes the specs of the same folder do not notice. Without a folder, all of them, which takes hours.
// `--record` writes the figures to infra/mutation.md.
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { rowOf, scoreOf, withRows } from './mutation-score.mjs';
import { root, run } from './run-command.mjs';
import { explain, say, StepError } from './steps.mjs';

const DOMAIN = 'apps/core/src/domain';
const RECORD = path.join(root, 'infra/mutation.md');
const REPORTS = path.join(root, '.nova/mutation');

/** Folders of the domain, and files that stand beside them. */
const known = [
  ...new Set(readdirSync(path.join(root, DOMAIN)).map((name) => name.replace(/(\.spec)?\.ts$/, ''))),
].sort((a, b) => a.localeCompare(b));
const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const named = firstOption < 0 ? args : args.slice(0, firstOption);
const options = (firstOption < 0 ? [] : args.slice(firstOption)).filter((arg) => arg !== '--record');

try {
  const unknown = named.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new StepError(`${DOMAIN} has no ${unknown.join(', ')}.`, `name some of ${known.join(', ')}.`);
  }
  const rows = [];
  for (const folder of named.length > 0 ? named : known) {
    rows.push(rowOf(folder, new Date().toISOString().slice(0, 10), await mutate(folder)));
    if (args.includes('--record')) writeFileSync(RECORD, withRows(readFileSync(RECORD, 'utf8'), rows));
  }
  console.log(withRows('', rows).trim());
} catch (error) {
  explain(error);
  process.exitCode = 1;
}

/** Runs Stryker on a folder and the specs of that folder; its report stays in .nova/mutation. */
async function mutate(folder) {
  say(`\n${folder}`);
  const place = existsSync(path.join(root, DOMAIN, folder)) ? `${folder}/**/*` : folder;
  const not = ['spec', 'cases', 'arbitrary'].map((kind) => `!${DOMAIN}/${place}.${kind}.ts`);
  const code = await run(
    process.execPath,
    [
      path.join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js'),
      'run',
      'test/stryker.config.json',
      `--mutate=${[`${DOMAIN}/${place}.ts`, ...not].join(',')}`,
      ...options,
    ],
    { MUTATED: place },
  );
  if (code !== 0) throw new StepError(`Stryker stopped at ${folder}.`, 'see what it says above.');
  for (const kind of ['html', 'json']) {
    copyFileSync(path.join(REPORTS, `report.${kind}`), path.join(REPORTS, `${folder}.${kind}`));
  }
  return scoreOf(JSON.parse(readFileSync(path.join(REPORTS, `${folder}.json`), 'utf8')));
}
