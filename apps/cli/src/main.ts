#!/usr/bin/env node
import { buildProgram } from './program.js';

try {
  await buildProgram().parseAsync();
} catch (error) {
  const { explainFailure } = await import('./output/explain-failure.js');
  process.exitCode = explainFailure(error);
}
