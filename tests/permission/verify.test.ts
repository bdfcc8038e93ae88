import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CHAIN_START, entryHash } from '../../shared/permission/evidence.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { granted } from './person.ts';

const AT = '2026-11-22T07:25:00.000Z';
const HASH = 'c'.repeat(64);

/** An entry in which every attribute is set, in its place of the chain of `contactId`. */
function entryAt(seq: number, prevHash: string, contactId: string): EvidenceEntry {
  const unhashed = {
    schema: 1 as const,
    contactId,
    seq,
    prevHash,
    type: 'granted' as const,
    at: AT,
    actor: { kind: 'system' as const, name: 'mail' },
    route: 'double-opt-in' as const,
    controller: 'nordlicht-gmbh',
    changes: [granted('newsletter', ['drives'], { review: true }), granted('tracking')],
    noAdvertising: true,
    undoes: 7,
    reason: 'too much',
    signup: {
      requestId: 'r1',
      requestedAt: AT,
      formShownAt: AT,
      form: { id: 'newsletter', version: 3, sha256: HASH },
      boxes: { newsletter: HASH },
      topics: ['drives'],
      language: 'de' as const,
      model: 'double-opt-in' as const,
      privacyNotice: { version: '2026-10', url: 'https://example.com/privacy' },
      confirmPageShownAt: AT,
    },
    mail: {
      template: 'confirmation',
      sha256: HASH,
      startedAt: AT,
      messageId: 'm1',
      sentAt: AT,
      deliveredAt: AT,
    },
    delivery: { requestId: 'r1', messageId: 'm1', deliveredAt: AT },
    payloadHash: HASH,
    sealed: 'c2VhbGVk',
  };
  return { ...unhashed, hash: entryHash(unhashed) };
}

function chainOf(length: number, contactId = 'con_a', from = { seq: 0, hash: CHAIN_START }): EvidenceEntry[] {
  const entries: EvidenceEntry[] = [];
  for (let seq = from.seq + 1; seq <= length; seq += 1) {
    entries.push(entryAt(seq, entries.at(-1)?.hash ?? from.hash, contactId));
  }
  return entries;
}

const LENGTH = 5;
const good = chainOf(LENGTH);
const head = { seq: LENGTH, hash: good.at(-1)?.hash ?? '' };
const position = fc.integer({ min: 0, max: LENGTH - 1 });

describe('H2 a chain as written', () => {
  test('verifies, with and without its head, and names its own head', () => {
    expect(verifyChain(good, head)).toEqual({ ok: true, entries: LENGTH, head: head.hash });
    expect(verifyChain(good)).toEqual({ ok: true, entries: LENGTH, head: head.hash });
  });

  test('may be empty where nothing was ever written', () => {
    expect(verifyChain([])).toEqual({ ok: true, entries: 0, head: CHAIN_START });
    expect(verifyChain([], { seq: 1, hash: HASH })).toEqual({ ok: false, seq: 1, problem: 'tail' });
  });

  test('does not depend on the order of attributes', () => {
    const reversed = good.map(
      (entry) => Object.fromEntries(Object.entries(entry).reverse()) as EvidenceEntry,
    );
    expect(verifyChain(reversed, head).ok).toBe(true);
  });
});

describe('H2 the first bad entry is named', () => {
  test('whichever attribute is changed, at whatever depth', () => {
    fc.assert(
      fc.property(position, fc.nat(), fc.nat(), (at, leaf, place) => {
        const entries = structuredClone(good);
        const leaves = leavesOf(entries[at]);
        const path = leaves[leaf % leaves.length] ?? [];
        change(entries[at], path, place);
        expect(verifyChain(entries, head)).toMatchObject({ ok: false, seq: at + 1 });
        expect(verifyChain(entries)).toMatchObject({ ok: false, seq: at + 1 });
      }),
      { numRuns: 1_000 },
    );
  });

  test('whichever attribute is taken away or added', () => {
    for (const name of Object.keys(good[2] ?? {})) {
      const entries = structuredClone(good);
      Reflect.deleteProperty(entries[2] ?? {}, name);
      expect(verifyChain(entries, head)).toMatchObject({ ok: false, seq: 3 });
    }
    const entries = structuredClone(good);
    Object.assign(entries[2]?.signup ?? {}, { added: 1 });
    expect(verifyChain(entries, head)).toEqual({ ok: false, seq: 3, problem: 'hash' });
  });

  test('changed and hashed anew: its follower, or the head, gives it away', () => {
    for (let at = 0; at < LENGTH; at += 1) {
      const entries = structuredClone(good);
      const forged = { ...entryAt(at + 1, entries[at]?.prevHash ?? '', 'con_a'), reason: 'forged' };
      entries[at] = { ...forged, hash: entryHash(forged) };
      const last = at === LENGTH - 1;
      expect(verifyChain(entries, head)).toEqual({
        ok: false,
        seq: last ? LENGTH : at + 2,
        problem: last ? 'tail' : 'link',
      });
    }
  });

  test('an entry dropped in the middle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LENGTH - 2 }), (at) => {
        expect(verifyChain(good.toSpliced(at, 1))).toEqual({ ok: false, seq: at + 1, problem: 'order' });
      }),
    );
  });

  test('a dropped tail is seen by the head, and by nothing else', () => {
    for (let kept = 0; kept < LENGTH; kept += 1) {
      const entries = good.slice(0, kept);
      expect(verifyChain(entries, head)).toEqual({ ok: false, seq: kept + 1, problem: 'tail' });
      expect(verifyChain(entries).ok).toBe(true);
    }
  });

  test('two entries that changed places', () => {
    fc.assert(
      fc.property(position, position, (one, other) => {
        fc.pre(one !== other);
        const entries = [...good];
        [entries[one], entries[other]] = [entryOf(other), entryOf(one)];
        expect(verifyChain(entries, head)).toEqual({
          ok: false,
          seq: Math.min(one, other) + 1,
          problem: 'order',
        });
      }),
    );
  });

  test('an entry of somebody else in its place', () => {
    const foreign = chainOf(LENGTH, 'con_b');
    for (let at = 1; at < LENGTH; at += 1) {
      const entries = good.with(at, foreign[at] ?? entryOf(at));
      expect(verifyChain(entries, head)).toEqual({ ok: false, seq: at + 1, problem: 'contact' });
    }
  });

  test('somebody else’s first entry shows where the contact changes, somebody else’s chain by the head', () => {
    const foreign = chainOf(LENGTH, 'con_b');
    expect(verifyChain(good.with(0, foreign[0] ?? entryOf(0)), head)).toMatchObject({
      seq: 2,
      problem: 'contact',
    });
    expect(verifyChain(foreign, head)).toEqual({ ok: false, seq: LENGTH, problem: 'tail' });
  });

  test('an inserted entry, well made or not', () => {
    for (let at = 0; at < LENGTH; at += 1) {
      const inserted = entryAt(at + 1, good[at - 1]?.hash ?? CHAIN_START, 'con_a');
      const changed = { ...inserted, reason: 'inserted' };
      const forged = { ...changed, hash: entryHash(changed) };
      expect(verifyChain(good.toSpliced(at, 0, forged), head)).toEqual({
        ok: false,
        seq: at + 2,
        problem: 'order',
      });
      expect(verifyChain(good.toSpliced(at, 0, entryOf(at)), head)).toMatchObject({
        seq: at + 2,
        problem: 'order',
      });
    }
  });

  test('entries appended behind the head', () => {
    const longer = [...good, ...chainOf(LENGTH + 2, 'con_a', head)];
    expect(verifyChain(longer).ok).toBe(true);
    expect(verifyChain(longer, head)).toEqual({ ok: false, seq: LENGTH + 1, problem: 'tail' });
  });
});

function entryOf(at: number): EvidenceEntry {
  const entry = good[at];
  if (!entry) throw new Error(`the chain has no entry at ${at}`);
  return entry;
}

/** The way to every text, number and boolean of an entry. */
function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

/** Changes one leaf: one character of a text, the value of anything else. */
function change(root: unknown, path: string[], place: number): void {
  const parent: unknown = path
    .slice(0, -1)
    .reduce<unknown>((value, name) => Reflect.get(Object(value), name), root);
  const name = path.at(-1) ?? '';
  const value: unknown = Reflect.get(Object(parent), name);
  Reflect.set(Object(parent), name, changed(value, place));
}

function changed(value: unknown, place: number): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  const text = String(value);
  const at = place % text.length;
  return `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
}
