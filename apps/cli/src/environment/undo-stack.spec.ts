import { describe, expect, it } from 'vitest';

import { UndoStack } from './undo-stack.js';

describe('the undo stack', () => {
  it('undoes the last thing first, and goes on over one that fails', async () => {
    const done: string[] = [];
    const warnings: string[] = [];
    const undo = new UndoStack((line) => warnings.push(line));
    undo.add('the folder', async () => void done.push('folder'));
    undo.add('the database', async () => {
      throw new Error('it hangs');
    });
    undo.add('the api', async () => void done.push('api'));
    await undo.run();
    expect(done).toEqual(['api', 'folder']);
    expect(warnings).toEqual(['the database: it hangs']);
    await undo.run();
    expect(done).toHaveLength(2);
  });
});
