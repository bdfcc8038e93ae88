import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

import type { Instant } from '../platform/clock.ts';
import { publicJwk } from '../platform/jwk.ts';
import type { PublicJwk } from '../platform/jwk.ts';
import { TABLES, dayShards, keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import { get, measured, meter, write } from '../platform/table.ts';
import type { Database, Item } from '../platform/table.ts';
import { inclusionPath, rootOf } from './merkle.ts';
import { leaf, node, nodeOfLeaf, rootStatement } from './root.ts';
import type { Leaf } from './root.ts';

/** A power of two, so that each page is a subtree; 512 leaves take about 80 KB. */
export const PAGE_SIZE = 512;

/** A signed root as stored: what was signed, and how far the checking of chains had come. */
export const rootItem = rootStatement.extend({
  jws: z.string(),
  /** Pages of leaves in all roots so far. */
  pagesSoFar: z.int().nonnegative(),
  /** The page that the next check of chains begins with. */
  checkFrom: z.object({ root: z.int().positive(), page: z.int().nonnegative() }),
});
export type RootItem = z.infer<typeof rootItem>;

const pageItem = z.object({ leaves: z.array(leaf) });
const keptItem = z.object({ seq: z.int().positive() });
const pagesItem = z.object({ firsts: z.array(z.string()), nodes: z.array(node) });

/** All roots, oldest first; a day adds one. */
export async function readRoots(db: Database): Promise<RootItem[]> {
  return Array.fromAsync(queryPartition(db, 'ledger', keys.root(1).pk, rootItem));
}

/** The newest root; undefined before the first. */
export async function readLastRoot(db: Database): Promise<RootItem | undefined> {
  const output = await db.client.send(
    new QueryCommand({
      TableName: db.name('ledger'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.root(1).pk },
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: 1,
      ...measured(db),
    }),
  );
  meter(db, 'read', output.ConsumedCapacity);
  const [last] = output.Items ?? [];
  return last && rootItem.parse(last);
}

/** The leaves first, then the root: whoever sees a root can prove from it. `false` where another run was faster. */
export async function writeRoot(db: Database, root: RootItem, leaves: readonly Leaf[]): Promise<boolean> {
  const pages = toPages(leaves);
  for (const [page, held] of pages.entries()) {
    const key = keys.rootPage(root.seq, root.root, page);
    await write(db, { put: 'ledger', item: { ...key, leaves: held } });
  }
  const key = keys.rootPages(root.seq, root.root);
  const firsts = pages.map(([first]) => (first ? orderOf(first) : ''));
  const nodes = pages.map((held) => rootOf(held.map(nodeOfLeaf)));
  await write(db, { put: 'ledger', item: { ...key, firsts, nodes } });
  return write(db, {
    put: 'ledger',
    item: { ...keys.root(root.seq), ...root },
    condition: 'attribute_not_exists(pk)',
  });
}

export async function readLeaves(
  db: Database,
  { seq, root }: Pick<RootItem, 'seq' | 'root'>,
  page: number,
): Promise<Leaf[] | undefined> {
  return (await get(db, 'ledger', keys.rootPage(seq, root, page), pageItem))?.leaves;
}

/** All leaves of a root, page by page. */
export async function* allLeaves(
  db: Database,
  root: Pick<RootItem, 'seq' | 'root' | 'size'>,
): AsyncGenerator<Leaf[]> {
  for (let page = 0; page < pageCount(root.size); page += 1) yield (await readLeaves(db, root, page)) ?? [];
}

/** Where an entry stands in a root, and the way up from there; undefined where it is not in it. */
export async function findLeaf(
  db: Database,
  root: Pick<RootItem, 'seq' | 'root'>,
  entry: { contactId: string; seq: number },
): Promise<{ leaf: Leaf; index: number; path: string[] } | undefined> {
  const pages = await get(db, 'ledger', keys.rootPages(root.seq, root.root), pagesItem);
  const page = (pages?.firsts.filter((first) => first <= orderOf(entry)).length ?? 0) - 1;
  const leaves = page < 0 ? undefined : await readLeaves(db, root, page);
  const at = leaves?.findIndex(({ contactId, seq }) => contactId === entry.contactId && seq === entry.seq);
  const found = at === undefined ? undefined : leaves?.[at];
  if (!pages || !leaves || at === undefined || !found) return undefined;
  const path = [...inclusionPath(leaves.map(nodeOfLeaf), at), ...inclusionPath(pages.nodes, page)];
  return { leaf: found, index: page * PAGE_SIZE + at, path };
}

export function pageCount(size: number): number {
  return Math.ceil(size / PAGE_SIZE);
}

function toPages(leaves: readonly Leaf[]): Leaf[][] {
  return Array.from({ length: pageCount(leaves.length) }, (_, page) =>
    leaves.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
  );
}

/** Sorts as text in the order of leaves. */
function orderOf({ contactId, seq }: { contactId: string; seq: number }): string {
  return `${contactId}#${keys.evidence(contactId, seq).sk}`;
}

/** Evidence that came in on one UTC day, of acts up to an instant, from the eventually consistent day index. */
export async function* evidenceOfDay(db: Database, day: string, until: Instant): AsyncGenerator<Key[]> {
  for (const shard of dayShards(day)) {
    let from: Item | undefined;
    do {
      const output = await db.client.send(
        new QueryCommand({
          TableName: db.name('ledger'),
          IndexName: 'day',
          KeyConditionExpression: '#shard = :shard AND #at <= :until',
          ExpressionAttributeNames: {
            '#shard': TABLES.ledger.indexes.day.pk,
            '#at': TABLES.ledger.indexes.day.sk,
          },
          ExpressionAttributeValues: { ':shard': shard, ':until': until },
          ...(from ? { ExclusiveStartKey: from } : {}),
          ...measured(db),
        }),
      );
      meter(db, 'read', output.ConsumedCapacity);
      yield (output.Items ?? []).map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
      from = output.LastEvaluatedKey;
    } while (from);
  }
}

/** Publishes a key for good; again changes nothing. */
export async function publishKey(db: Database, key: PublicJwk, at: Instant): Promise<void> {
  await write(db, {
    put: 'ledger',
    item: { ...keys.signingKey(key.kid), ...key, publishedAt: at },
    condition: 'attribute_not_exists(pk)',
  });
}

/** Every key that ever signed, oldest or newest in no order. */
export async function readPublishedKeys(db: Database): Promise<PublicJwk[]> {
  return Array.fromAsync(queryPartition(db, 'ledger', keys.signingKey('').pk, publicJwk));
}

/** Notes that a root is kept beside the table, with all that belongs to it. */
export async function noteKept(db: Database, seq: number): Promise<void> {
  await write(db, { put: 'ledger', item: { ...keys.keptRoot(seq), seq } });
}

/** Roots that are nowhere but in the table, however old. */
export async function readUnkept(db: Database): Promise<RootItem[]> {
  const kept = new Set<number>();
  for await (const { seq } of queryPartition(db, 'ledger', keys.keptRoot(1).pk, keptItem)) kept.add(seq);
  return (await readRoots(db)).filter(({ seq }) => !kept.has(seq));
}
