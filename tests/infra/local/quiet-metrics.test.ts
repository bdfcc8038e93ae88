import { PassThrough } from 'node:stream';

import { expect, test } from 'vitest';

import { hideMetricLines } from '../../../infra/local/quiet-metrics.ts';

test('metric lines stay off the terminal, log lines do not', () => {
  const terminal = new PassThrough();
  hideMetricLines(terminal);
  terminal.write('{"_aws":{"Timestamp":1},"woken":0}\n');
  terminal.write('{"level":"info","event":"mail-sent"}\n');
  expect(String(terminal.read())).toBe('{"level":"info","event":"mail-sent"}\n');
});
