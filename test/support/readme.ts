import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { REPOSITORY } from './source-files.js';

/** The shell lines of a section of the README, in their order. */
export async function shellLinesOf(heading: string): Promise<string[]> {
  const readme = await readFile(path.join(REPOSITORY, 'README.md'), 'utf8');
  const section = readme.split(/\n(?=#{2,3} )/).find((part) => part.startsWith(`## ${heading}`));
  if (!section) throw new Error(`The README has no section "${heading}".`);
  return [...section.matchAll(/```bash\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
}
