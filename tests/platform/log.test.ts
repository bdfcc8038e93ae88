import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';

import { errorFields, log, metric } from '../../shared/platform/log.ts';

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

const one = () => z.record(z.string(), z.unknown()).parse(JSON.parse(lines.join('')));

test('a log entry is one line of JSON, whatever is in it', () => {
  log('warn', 'mail-failed', { reason: 'two\nlines', attempts: 3, missing: undefined });
  expect(lines.join('')).toMatch(/^\{[^\n]*\}\n$/);
  expect(one()).toEqual({
    level: 'warn',
    event: 'mail-failed',
    at: expect.any(Number),
    reason: 'two\nlines',
    attempts: 3,
  });
});

test('a metric is in embedded metric format: its value stands where the directive points', () => {
  metric('form-under-attack', 2, { form: 'newsletter' }, { rate: 9 });
  expect(one()).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'assent',
          Dimensions: [['form']],
          Metrics: [{ Name: 'form-under-attack', Unit: 'Count' }],
        },
      ],
    },
    event: 'form-under-attack',
    form: 'newsletter',
    'form-under-attack': 2,
    rate: 9,
  });
});

test('T15 of an error its name, message and place are told, none of the data it carries', () => {
  const error = Object.assign(new TypeError('no'), {
    address: 'anna@example.com',
    $response: { body: 'anna' },
  });
  expect(errorFields(error)).toEqual({ error: 'TypeError', message: 'no', stack: error.stack });
  expect(errorFields('anna@example.com')).toEqual({ error: 'string', message: 'not an Error' });
  expect(errorFields(undefined)).toEqual({ error: 'undefined', message: 'not an Error' });
});
