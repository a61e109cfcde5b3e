import { randomBytes } from 'node:crypto';
import path from 'node:path';

import type { INestApplicationContext } from '@nestjs/common';
import { readJsonIfThere, writePrivateJson } from '@nova/core/platform/embedded/private-files.js';
import { z } from 'zod';

import { identityOf } from '../environment/identity-of.js';
import { platformOf } from '../environment/platform-of.js';

const OperatorSchema = z.object({ email: z.string(), password: z.string() });

/** The login of the platform's own tenant on a developer's machine, noted in the data folder. */
export type Operator = z.infer<typeof OperatorSchema>;

/** Makes the platform's tenant and its login, as far as they are missing; null where the platform bills nobody. */
export async function seedOperator(app: INestApplicationContext, dataDir: string): Promise<Operator | null> {
  const deps = await platformOf(app);
  if (!deps.platform.isOn) return null;
  const { makeOperator } = await import('@nova/core/features/platform-billing/make-operator.js');
  const operator = await readOperator(path.join(dataDir, 'operator.json'));
  await makeOperator(deps, await identityOf(app), { ...operator, name: 'Operator' });
  return operator;
}

/** Fresh credentials are noted before they are used: a start may be killed at any moment. */
async function readOperator(file: string): Promise<Operator> {
  const noted = OperatorSchema.safeParse(await readJsonIfThere(file));
  if (noted.success) return noted.data;
  const operator = {
    email: 'operator@novabilling.example',
    password: `operator-${randomBytes(6).toString('hex')}`,
  };
  await writePrivateJson(file, operator);
  return operator;
}
