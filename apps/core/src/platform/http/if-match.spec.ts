import { describe, expect, it } from 'vitest';

import { checkVersion, etagOf, parseIfMatch } from './if-match.js';

describe('If-Match', () => {
  it('is a version, or several, or anything', () => {
    expect(parseIfMatch(etagOf(7))).toEqual([7]);
    expect(parseIfMatch('"1", "2"')).toEqual([1, 2]);
    expect(parseIfMatch('*')).toBeNull();
    expect(parseIfMatch(undefined)).toBeNull();
  });

  it('matches nothing with a weak tag, or one that is not ours', () => {
    expect(parseIfMatch('W/"7"')).toEqual([]);
    expect(parseIfMatch('"abc"')).toEqual([]);
  });

  it.each(['', '7', '"7', 'W/7', '"1" "2"'])('is refused when it is %j', (header) => {
    expect(() => parseIfMatch(header)).toThrow('entity tags');
  });

  it('lets a change of the expected version pass, and tells the version otherwise', () => {
    expect(() => checkVersion(null, 3)).not.toThrow();
    expect(() => checkVersion([2, 3], 3)).not.toThrow();
    expect(() => checkVersion([2], 3)).toThrowError(
      expect.objectContaining({
        definition: expect.objectContaining({ status: 412 }),
        headers: { etag: '"3"' },
      }),
    );
  });
});
