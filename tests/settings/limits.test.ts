import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { limits } from '../../shared/settings/limits.ts';

test('T7 docs/limits.md names every limit with its default', () => {
  const text = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` +\| +([\d.]+) \|/gm)];
  expect(Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]))).toEqual(limits.parse({}));
});
