import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { json, text } from 'node:stream/consumers';

import { FLUTTERWAVE_DEMO } from '../fakes/flutterwave/options.js';
import { REPOSITORY } from './source-files.js';

export type SdkCall = [group: string, method: string, data: object];

export interface SdkRun {
  answers: Record<string, unknown>[];
  /** Hosts that the SDK wanted to reach besides the fake; none was let through. */
  lookedFor: string[];
}

/** Makes calls with Flutterwave's own SDK, in a process that reaches nothing but this machine. */
export async function flutterwaveSdk(url: string, calls: readonly SdkCall[]): Promise<SdkRun> {
  const { publicKey, secretKey } = FLUTTERWAVE_DEMO;
  const program = path.join(REPOSITORY, 'test/fakes/flutterwave/sdk-without-network.mjs');
  // It keeps a file between runs, which would keep it from calling home a second time.
  const state = path.join(os.tmpdir(), `nova-flutterwave-sdk-${process.pid}-${performance.now()}.json`);
  const child = spawn(process.execPath, [program, url, publicKey, secretKey], {
    env: { ...process.env, FLW_SDK_STATE_PATH: state },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(JSON.stringify(calls));
  const errors = text(child.stderr);
  const run = json(child.stdout) as Promise<SdkRun>;
  const [[code]] = await Promise.all([once(child, 'exit'), run.catch(() => null)]);
  if (code !== 0) throw new Error(`The SDK ended with ${String(code)}: ${await errors}`);
  return run;
}
