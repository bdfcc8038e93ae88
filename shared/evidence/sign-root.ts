import * as z from 'zod';

import { entryHash, evidenceEntry } from '../permission/evidence.ts';
import { DAY, MINUTE, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { createdAt } from '../platform/created-at.ts';
import type { Key } from '../platform/keys.ts';
import { keys } from '../platform/keys.ts';
import { log } from '../platform/log.ts';
import { getMany } from '../platform/read-many.ts';
import type { Signer } from '../platform/signer.ts';
import type { Database } from '../platform/table.ts';
import { readJws, signJws } from './jws.ts';
import { rootOf } from './merkle.ts';
import { tellBroken } from './tell-broken.ts';
import { ROOT_TYP, ROOTS_START, nodeOfLeaf, rootHash, toLeaves } from './root.ts';
import type { Leaf, RootStatement } from './root.ts';
import {
  allLeaves,
  evidenceOfDay,
  pageCount,
  publishKey,
  readLastRoot,
  readRoots,
  writeRoot,
} from './store.ts';
import type { RootItem } from './store.ts';

/** The day index is written later than the entry, and clocks of two functions differ. */
const SAFETY = 5 * MINUTE;
/** The index of days is looked through again for so long before what is known: it may lag, and clocks differ. */
const OVERLAP = 2 * DAY;

export type SignRootDeps = { db: Database; signer: Signer };

/**
 * Signs one root over all evidence that is in none yet. Which that is, is found by comparing, not by a position:
 * an entry that shows up late joins the next root (H3).
 * @returns undefined where there is nothing to sign yet, or another run was faster
 */
export async function signRoot(
  { db, signer }: SignRootDeps,
  at: Instant,
  checkFrom: RootItem['checkFrom'],
): Promise<RootItem | undefined> {
  const last = await readLastRoot(db);
  const until = plus(at, -SAFETY);
  if (last && last.until >= until) return undefined;
  const leaves = toLeaves(await readNew(db, last, until));
  const statement: RootStatement = {
    seq: (last?.seq ?? 0) + 1,
    at,
    until,
    size: leaves.length,
    root: rootOf(leaves.map(nodeOfLeaf)),
    prevRoot: last ? rootHash(readJws(last.jws)?.text ?? '') : ROOTS_START,
  };
  await publishKey(db, await signer.publicKey(), at);
  const root: RootItem = {
    ...statement,
    jws: await signJws(signer, ROOT_TYP, statement),
    pagesSoFar: (last?.pagesSoFar ?? 0) + pageCount(leaves.length),
    checkFrom,
  };
  if (!(await writeRoot(db, root, leaves))) return undefined;
  log('info', 'root-signed', { seq: root.seq, size: root.size });
  return root;
}

type New = Pick<Leaf, 'contactId' | 'seq' | 'hash'>;

/** All evidence up to an instant that no root holds: day by day since the last root, or since there is a ledger. */
async function readNew(db: Database, last: RootItem | undefined, until: Instant): Promise<New[]> {
  const found: New[] = [];
  const known = last?.until ?? (await createdAt(db, 'ledger'));
  const since = `${plus(known, -OVERLAP).slice(0, 10)}T00:00:00.000Z`;
  const rooted = await readRooted(db, plus(since, -DAY));
  // Until today: right after midnight an entry of before it may have come in.
  for (let day = since; day <= plus(until, SAFETY); day = plus(day, DAY)) {
    for await (const page of evidenceOfDay(db, day.slice(0, 10), until)) {
      const unrooted = page.filter((key) => !rooted.has(nameOf(key)));
      found.push(...(await readEntries(db, unrooted)));
    }
  }
  return found;
}

/** Everything in the roots signed since an instant. */
async function readRooted(db: Database, since: Instant): Promise<Set<string>> {
  const rooted = new Set<string>();
  for (const root of await readRoots(db)) {
    if (root.at < since) continue;
    for await (const leaves of allLeaves(db, root)) {
      for (const { contactId, seq } of leaves) rooted.add(nameOf(keys.evidence(contactId, seq)));
    }
  }
  return rooted;
}

/** What cannot be read, or is not what it was, is told; one bad entry must not keep all others from their root. */
async function readEntries(db: Database, found: readonly Key[]): Promise<New[]> {
  const items = await getMany(db, 'ledger', found, z.record(z.string(), z.unknown()));
  return items.flatMap((item, at): New[] => {
    const entry = evidenceEntry.safeParse(item).data;
    const { pk = '', sk = '' } = found[at] ?? {};
    if (!entry || entryHash(entry) !== entry.hash) {
      tellBroken({ contactId: pk.slice(2), seq: Number(sk), problem: entry ? 'hash' : 'unreadable' });
    }
    return entry ? [entry] : [];
  });
}

function nameOf({ pk, sk }: Key): string {
  return `${pk}#${sk}`;
}
