import { describe, expect, test } from 'vitest';

import { parseOptions } from '../../../infra/local/options.ts';

describe('options of npm start', () => {
  test('are port 8787 and .assent in the repository', () => {
    expect(parseOptions([], {}, '/repo')).toEqual({ port: 8787, memory: false, dataDir: '/repo/.assent' });
  });

  test('--port wins over PORT', () => {
    expect(parseOptions([], { PORT: '9000' }, '/repo').port).toBe(9000);
    expect(parseOptions(['--port', '9001'], { PORT: '9000' }, '/repo').port).toBe(9001);
  });

  test('a throw-away gets a folder of its own, even inside a chosen one', () => {
    expect(parseOptions(['--memory'], {}, '/repo').dataDir).toBe('/repo/.assent/memory-8787');
    expect(parseOptions(['--memory', '--data', '/kept', '--port', '9'], {}, '/repo').dataDir).toBe(
      '/kept/memory-9',
    );
  });

  test.each([['--port', 'x'], ['--port', '0'], ['--port', '70000'], ['--port'], ['--nonsense'], ['word']])(
    'refuses %s %s with the usage line',
    (...args) => {
      expect(() => parseOptions(args, {}, '/repo')).toThrow(/Usage: npm start/);
    },
  );
});
