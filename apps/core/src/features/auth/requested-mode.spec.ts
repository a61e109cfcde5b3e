import { describe, expect, it } from 'vitest';

import { ProblemError } from '../../platform/errors/define-error.js';
import { requestedMode } from './requested-mode.js';

describe('requested mode', () => {
  it('is test for a person, unless he says otherwise', () => {
    expect(requestedMode({ mode: null }, undefined)).toBe('test');
    expect(requestedMode({ mode: null }, 'test')).toBe('test');
    expect(requestedMode({ mode: null }, 'live')).toBe('live');
  });

  it('is the key’s own', () => {
    expect(requestedMode({ mode: 'live' }, undefined)).toBe('live');
    expect(requestedMode({ mode: 'live' }, 'live')).toBe('live');
    expect(requestedMode({ mode: 'test' }, undefined)).toBe('test');
  });

  it.each<['test' | 'live' | null, string | string[]]>([
    ['test', 'live'],
    ['live', 'test'],
    [null, 'prod'],
    [null, ''],
    [null, 'LIVE'],
    [null, ['test', 'live']],
  ])('of a credential of mode %j is not taken from %j', (mode, header) => {
    expect(() => requestedMode({ mode }, header)).toThrow(ProblemError);
  });
});
