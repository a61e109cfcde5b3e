import { HttpException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';

import { notFound } from '../errors/common-errors.js';
import { problemOf } from './problem-of.js';

const coded = (code: string, extras: object = {}) => Object.assign(new Error('inner text'), { code }, extras);
const codeOf = (error: unknown) => problemOf(error).definition.code;

describe('problemOf', () => {
  it('leaves a problem as it is', () => {
    const problem = notFound('no such thing');
    expect(problemOf(problem)).toBe(problem);
  });

  it.each(['ECONNREFUSED', '57P01', '57P03', '53300', 'P1001', 'P2024', 'P2037'])(
    'says that %s is a part which is away',
    (code) => {
      expect(codeOf(coded(code))).toBe('unavailable');
      expect(codeOf(new Error('outer', { cause: coded(code) }))).toBe('unavailable');
    },
  );

  it('finds what is away however deep it stands', () => {
    const adapterError = coded('P2010', {
      meta: { driverAdapterError: { cause: { originalCode: '57P01' } } },
    });
    expect(codeOf(adapterError)).toBe('unavailable');
    expect(codeOf(new AggregateError([coded('ECONNREFUSED')], 'all failed'))).toBe('unavailable');
    expect(codeOf(new Error('Connection terminated unexpectedly'))).toBe('unavailable');
    const loop: { cause?: unknown } = new Error('loop');
    loop.cause = loop;
    expect(codeOf(loop)).toBe('internal_error');
  });

  it('says that a broken key, or a lost race, is a conflict', () => {
    expect(codeOf(coded('P2002'))).toBe('conflict');
    expect(codeOf(coded('P2003'))).toBe('conflict');
    expect(codeOf(coded('P2034'))).toBe('conflict');
  });

  it.each([
    [404, 'not_found'],
    [405, 'method_not_allowed'],
    [413, 'body_too_large'],
    [418, 'invalid_request'],
    [429, 'too_many_requests'],
    [502, 'internal_error'],
    [503, 'unavailable'],
  ])('gives an HTTP exception of %i the code %s', (status, code) => {
    expect(codeOf(new HttpException('message', status))).toBe(code);
  });

  it.each([new Error('SELECT 1'), 'text', null, undefined, { message: 'odd' }])(
    'tells nothing of the unexpected %s',
    (error) => {
      const problem = problemOf(error);
      expect(problem.definition.code).toBe('internal_error');
      expect(problem.message).not.toContain('SELECT');
    },
  );
});
