import { describe, expect, test } from 'vitest';

import { STREAMS } from '../../../infra/triggers.ts';
import { compileFilter } from '../../../infra/local/stream-filter.ts';

describe('stream filters', () => {
  const todo = compileFilter({
    eventName: ['INSERT', 'MODIFY'],
    dynamodb: { NewImage: { todo: { S: ['mail'] } } },
  });
  const record = (eventName: string, image?: object) => ({ eventName, dynamodb: { NewImage: image } });

  test.each([
    [true, record('INSERT', { todo: { S: 'mail' } })],
    [true, record('MODIFY', { todo: { S: 'mail' }, more: { N: '1' } })],
    [false, record('REMOVE', { todo: { S: 'mail' } })],
    [false, record('INSERT', { todo: { S: 'other' } })],
    [false, record('INSERT', {})],
    [false, record('INSERT')],
  ])('pass %s on %j', (passes, given) => {
    expect(todo(given)).toBe(passes);
  });

  test('know exists and prefix', () => {
    const filter = compileFilter({ a: { S: [{ prefix: 'E#' }] }, b: [{ exists: false }] });
    expect(filter({ a: { S: 'E#1' } })).toBe(true);
    expect(filter({ a: { S: 'C#1' } })).toBe(false);
    expect(filter({ a: { S: 'E#1' }, b: 'x' })).toBe(false);
  });

  test('refuse what they do not know', () => {
    expect(() => compileFilter({ a: [{ numeric: ['>', 1] }] })).toThrow(/does not know/);
    expect(() => compileFilter({ a: 'text' })).toThrow(/does not know/);
  });

  test.each(STREAMS)('know the filters of $function', ({ filters }) => {
    for (const filter of filters) expect(compileFilter(filter)({})).toBe(false);
  });
});
