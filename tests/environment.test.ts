import { existsSync } from 'node:fs';

import { expect, test } from 'vitest';

test('Node is 22.18 or newer, whatever the system has: npm puts our own first', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  expect(major * 1000 + minor).toBeGreaterThanOrEqual(22_018);
});

test('static files are built before the first test', () => {
  expect(existsSync(process.env['ASSENT_ASSETS'] ?? '')).toBe(true);
});
