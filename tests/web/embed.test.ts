import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

const source = readFileSync(new URL('../../web/assets/embed.js', import.meta.url), 'utf8');

test('the embed script is at most 6 KB gzip', () => {
  expect(gzipSync(source, { level: 9 }).length).toBeLessThanOrEqual(6 * 1024);
});

test('T13 data of a form never becomes markup or code', () => {
  expect(source).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc/,
  );
});

test('T11 it needs no permission for inline styles', () => {
  expect(source).not.toMatch(/style=|\.style\b|setAttribute\('style'|createElement\('style'\)/);
});

test('it loads nothing but the form, and sends no cookies', () => {
  expect(source).not.toMatch(/\bimport\b|XMLHttpRequest|localStorage|document\.cookie/);
  expect(source.match(/\bfetch\(/g)?.length).toBe(source.match(/credentials: 'omit'/g)?.length);
});
