import { expect, test } from 'vitest';

import { readSources } from './support/sources.ts';

const product = readSources().filter(({ path }) => /^(functions|shared|web)\//.test(path));
/** The files of the product in which `pattern` is found. */
const having = (pattern: RegExp) =>
  product
    .filter(({ code }) => pattern.test(code))
    .map(({ path }) => path)
    .toSorted();

/** What makes a MAC, or a secret that is derived from one. */
const MAC = /\b(createHmac|shortCodes)\(/;
/** A comparison by `===` of what was derived: it tells by its time how much was right. */
const HASTY =
  /\b(expected|given|typed|code|mac\([^)]*\))\s*[!=]==|[!=]==\s*(expected|given|typed|code|mac\([^)]*\))(?!\.length)\b/;

test('T2 what a MAC or a code says is compared in constant time; all else is looked up by its hash', () => {
  const checks = [
    'shared/platform/token.ts',
    'shared/platform/webhook-signature.ts',
    'shared/preferences/login.ts',
  ];
  const makesKeysAndSignatures = [
    'shared/contacts/address-key.ts',
    'shared/platform/signed-request.ts',
    'shared/signup/request.ts',
  ];
  expect(having(MAC)).toEqual([...checks, ...makesKeysAndSignatures].toSorted());
  expect(having(/\btimingSafeEqual\(/)).toEqual(checks);
  expect(having(HASTY).filter((path) => checks.includes(path))).toEqual([]);
  expect('typed === code').toMatch(HASTY);
  expect('given.length === expected.length').not.toMatch(HASTY);
});

test('T12 nothing is called over the network but AWS, whose addresses nobody can post', () => {
  const ours = {
    aws: 'shared/platform/signed-request.ts',
    // These two run at others: in a browser, and wherever the API is called from.
    embed: 'web/assets/embed.js',
    client: 'web/api/client.ts',
  };
  expect(having(/\bfetch\(|\bWebSocket\b|\bXMLHttpRequest\b/)).toEqual(Object.values(ours).toSorted());
  const modules = /^(node:)?(https?|http2|net|tls|dgram|dns|child_process)(\/|$)/;
  const callers = product.filter(({ imports }) =>
    imports.some(
      ({ target, clause }) => modules.test(target) && !/^\{ (isIPv4, isIPv6|BlockList) \}$/.test(clause),
    ),
  );
  expect(callers.map(({ path }) => path)).toEqual([]);
  expect(having(/\beval\(|\bnew Function\b|\bnode:vm\b/)).toEqual([]);
});
