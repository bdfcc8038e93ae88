import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { EvidencePack } from '../../shared/evidence/pack.ts';
import { ROOT_TYP } from '../../shared/evidence/root.ts';
import { verifyPack } from '../../shared/evidence/verify-pack.ts';
import type { PublicJwk } from '../../shared/platform/jwk.ts';
import { captureLog, resetClock } from '../support/system.ts';
import { signAnew } from './forger.ts';
import { testSigner } from './signer.ts';
import { ANNA, openEvidenceSystem } from './system.ts';

let good: EvidencePack;
let trusted: PublicJwk[];
afterAll(resetClock);

/** Anna subscribes, is written to a root, withdraws, subscribes again; others come and go. */
beforeAll(async () => {
  captureLog();
  const system = await openEvidenceSystem();
  const id = await system.subscribe(ANNA);
  await system.subscribe('ben@example.com');
  await system.night();
  await system.unsubscribe(id);
  await system.subscribe(ANNA);
  await system.subscribe('cleo@example.com');
  await system.night();
  await system.night();
  good = await system.pack(id);
  trusted = [await system.deps.signer.publicKey()];
});

function nth<T>(list: readonly T[], at: number): T {
  const found = list[at];
  if (found === undefined) throw new Error(`there are only ${list.length}`);
  return found;
}
/** A pack as it comes out of a file. */
const copy = (): EvidencePack => JSON.parse(JSON.stringify(good));
const failing = (pack: unknown, keys: readonly PublicJwk[] | undefined = trusted) =>
  verifyPack(pack, keys).flatMap(({ step, verdict, detail }) => (verdict === 'fail' ? [[step, detail]] : []));

describe('a good pack', () => {
  test('H8 passes every step', () => {
    const steps = verifyPack(copy(), trusted);
    expect(steps.map(({ verdict }) => verdict)).toEqual(steps.map(() => 'pass'));
    expect(steps.map(({ step }) => step)).toEqual(
      'format chain head inclusion roots signatures keys wordings forms payloads mails issue'.split(' '),
    );
    expect(good.entries.length).toBe(3);
    expect(good.proofs.map(({ seq, root }) => [seq, root])).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
    ]);
  });

  test('H4 without keys from elsewhere their trust stays open, and nothing else', () => {
    const open = verifyPack(copy()).filter(({ verdict }) => verdict !== 'pass');
    expect(open.map(({ step, verdict }) => [step, verdict])).toEqual([['keys', 'open']]);
    expect(open[0]?.detail).toContain(trusted[0]?.kid);
  });

  test('G5 holds the complete proof of each grant, with the very mail that was sent', () => {
    expect(good.grades.map(({ seq, grade, missing }) => [seq, grade, missing])).toEqual([
      [1, 'A', []],
      [3, 'A', []],
    ]);
    expect(good.mails.map(({ content }) => content?.text.includes('/confirm/'))).toEqual([true, true]);
    expect(good.payloads['1']).toMatchObject({ address: ANNA, signup: { ip: '203.0.113.9' } });
  });
});

describe('a pack that somebody touched', () => {
  test('H8 a byte flipped in a text', () => {
    const pack = copy();
    const [[hash, text] = ['', '']] = Object.entries(pack.wordings);
    pack.wordings[hash] = text.replace('J', 'j');
    expect(failing(pack)).toEqual([
      ['wordings', `the text ${hash.slice(0, 12)}… is not the one agreed to`],
      ['issue', 'it was altered after it was issued'],
    ]);
  });

  test('H8 an entry dropped in the middle', () => {
    const pack = copy();
    pack.entries.splice(1, 1);
    expect(failing(pack)).toContainEqual(['chain', 'entry 2 is missing or out of order']);
  });

  test('H2 H8 the tail dropped', () => {
    const pack = copy();
    pack.entries.pop();
    expect(failing(pack)[0]).toEqual([
      'head',
      'entry 3 is missing at the end: there were 3 when it was signed',
    ]);
  });

  test('H2 H8 the tail dropped, and everything else made to agree: a signed root remembers', async () => {
    const pack = copy();
    pack.entries.pop();
    const last = pack.entries.at(-1);
    pack.head = { seq: 2, hash: last?.hash ?? '' };
    pack.proofs.pop();
    pack.mails.pop();
    delete pack.payloads['3'];
    expect(failing(pack).map(([step]) => step)).toEqual(['head', 'issue']);
    expect(failing(pack)[0]?.[1]).toContain('there were 3');
  });

  test('H8 the order swapped', () => {
    const pack = copy();
    pack.entries.reverse();
    expect(failing(pack)).toContainEqual(['chain', 'entry 1 is missing or out of order']);
  });

  test('H8 a time changed', () => {
    const pack = copy();
    nth(pack.entries, 0).at = '2026-01-01T00:00:00.000Z';
    expect(failing(pack)[0]).toEqual(['chain', 'entry 1 has been changed']);
  });

  test('H8 a time changed and the hash made to fit', () => {
    const pack = copy();
    nth(pack.entries, 2).at = '2026-01-01T00:00:00.000Z';
    nth(pack.entries, 2).hash = pack.head.hash = 'a'.repeat(64);
    expect(failing(pack).map(([step]) => step)).toEqual(['chain', 'inclusion', 'issue']);
  });

  test('H8 the root of another day', () => {
    const pack = copy();
    nth(pack.proofs, 0).root = 2;
    expect(failing(pack)).toContainEqual(['inclusion', 'entry 1 is not in root 2']);
  });

  test('a proof left out is missed', () => {
    const pack = copy();
    pack.proofs.shift();
    expect(failing(pack)[0]).toEqual(['inclusion', 'entry 1 has no proof that it is in a root']);
  });

  test('a root left out is missed', () => {
    const pack = copy();
    pack.roots.splice(1, 1);
    expect(failing(pack).map(([step]) => step)).toEqual(['inclusion', 'roots', 'issue']);
  });

  test('H4 H8 a foreign key', async () => {
    const pack = await signAnew(copy(), testSigner());
    expect(failing(pack).map(([step]) => step)).toEqual(['signatures', 'keys']);
    expect(failing(pack)[0]?.[1]).toContain('root 1: unknown-key');
  });

  test('H4 H8 signed again by another key, which the pack brings along', async () => {
    const forger = testSigner();
    const pack = copy();
    pack.jwks.keys = [await forger.publicKey()];
    const { kid } = await forger.publicKey();
    expect(failing(await signAnew(pack, forger))).toEqual([
      ['keys', `the key ${kid} is none of the issuer's`],
    ]);
  });

  test('H4 another key under our name', async () => {
    const pack = copy();
    pack.jwks.keys = [{ ...(await testSigner().publicKey()), kid: trusted[0]?.kid ?? '' }];
    expect(failing(pack)[0]).toEqual(['signatures', expect.stringContaining('wrong-key-name')]);
  });

  test('H4 a signature without an algorithm is refused', () => {
    const pack = copy();
    const [, payload] = nth(pack.roots, 0).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: trusted[0]?.kid, typ: ROOT_TYP })).toString(
      'base64url',
    );
    pack.roots[0] = `${header}.${payload}.`;
    expect(failing(pack)[0]).toEqual(['signatures', 'root 1: wrong-kind']);
  });

  test.each([
    ['payloads', (pack: EvidencePack) => (nth(Object.values(pack.payloads), 0)['ip'] = '192.0.2.1')],
    ['forms', (pack: EvidencePack) => (nth(pack.forms, 0).document['title'] = 'another')],
    ['mails', (pack: EvidencePack) => Object.assign(nth(pack.mails, 0).content ?? {}, { text: 'Buy now' })],
    ['issue', (pack: EvidencePack) => (pack.uses = [{ at: 'never' }])],
    ['issue', (pack: EvidencePack) => (pack.limits.en = [])],
  ])('%s altered is named', (step, alter) => {
    const pack = copy();
    alter(pack);
    expect(failing(pack)[0]?.[0]).toBe(step);
  });

  test.each([[null], [{}], [{ format: 'assent-evidence/1' }], ['text']])(
    'what is no pack is told so: %#',
    (input) => {
      expect(failing(input).map(([step]) => step)).toEqual(['format']);
    },
  );
});
