#!/usr/bin/env node
import { buildProgram } from './program.js';
import { explainFailure } from './output/explain-failure.js';

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = explainFailure(error);
}
