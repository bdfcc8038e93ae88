import * as z from 'zod';

import { SECOND, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';
import { TABLES, UPDATED_SHARDS, keys } from '../platform/keys.ts';
import { getMany, queryIndexPage } from '../platform/read-many.ts';
import type { IndexPlace } from '../platform/read-many.ts';
import type { Database } from '../platform/table.ts';
import { contact } from './contact.ts';
import type { Contact } from './contact.ts';

/**
 * Changes younger than this are left for later pages: a write carries the instant it was decided at, and a lost race or
 * a busy index can make it visible some seconds after. What a page went past would be lost.
 */
const SETTLES_IN = 10 * SECOND;
const INDEX = { name: 'updated', ...TABLES.contacts.indexes.updated };

const instant = z.iso.datetime({ precision: 3 });
const place = z.object({ at: instant, id: z.string().max(100) });
/** How far a reader got: in each shard the last contact seen. */
const position = z.object({ since: instant, after: z.array(place.nullable()).length(UPDATED_SHARDS.length) });
export type Position = z.infer<typeof position>;

/** A position as text; its checksum finds what was cut or mistyped. */
export const cursor = z
  .string()
  .max(1000)
  .transform((text, context): Position => {
    const [body = '', checksum] = text.split('.');
    const [since, ...after] = Buffer.from(body, 'base64url').toString('utf8').split(' ');
    const parsed = position.safeParse({ since, after: after.map(toPlace) });
    if (parsed.success && checksum === checksumOf(body)) return parsed.data;
    context.issues.push({ code: 'custom', message: 'not a cursor of this list', input: text });
    return z.NEVER;
  });

export type ChangedPage = { contacts: Contact[]; cursor: string; more: boolean };

/**
 * Contacts of a controller in the order in which they last changed, each as it is now. One that changes between two
 * pages moves to the end and comes again; none is left out.
 */
export async function listChanged(
  db: Database,
  controller: string,
  from: Position | { since: Instant },
  { limit, at }: { limit: number; at: Instant },
): Promise<ChangedPage> {
  const before = 'after' in from ? from.after : UPDATED_SHARDS.map(() => null);
  const until = plus(at, -SETTLES_IN);
  const pages = await Promise.all(
    UPDATED_SHARDS.map((shard, index) =>
      queryIndexPage(db, 'contacts', INDEX, {
        shard: `${controller}#${shard}`,
        since: from.since,
        until,
        after: toIndexPlace(before[index]),
        limit,
      }),
    ),
  );
  const found = pages.flatMap((page, shard) => page.map((entry) => ({ ...entry, shard })));
  // Stable: what changed in the same millisecond keeps the order of its shard, which positions rest on.
  const taken = found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(0, limit);
  const after = before.map((last, shard) => {
    const latest = taken.findLast((entry) => entry.shard === shard);
    return latest ? { at: latest.at, id: idOf(latest) } : last;
  });
  const contacts = await getMany(
    db,
    'contacts',
    taken.map(({ pk, sk }) => ({ pk, sk })),
    contact,
  );
  return {
    contacts: contacts.filter((one) => one !== undefined),
    cursor: toCursor({ since: from.since, after }),
    more: found.length > taken.length || pages.some((page) => page.length === limit),
  };
}

function toIndexPlace(last: Position['after'][number] | undefined): IndexPlace | undefined {
  return last ? { ...keys.contact(last.id), at: last.at } : undefined;
}

function idOf({ pk }: IndexPlace): string {
  return pk.slice(pk.indexOf('#') + 1);
}

function toCursor({ since, after }: Position): string {
  const places = after.map((last) => (last ? `${last.at}_${last.id}` : ''));
  const body = Buffer.from([since, ...places].join(' ')).toString('base64url');
  return `${body}.${checksumOf(body)}`;
}

function toPlace(text: string): { at: string; id: string } | null {
  const cut = text.indexOf('_');
  return text === '' ? null : { at: text.slice(0, cut), id: text.slice(cut + 1) };
}

function checksumOf(body: string): string {
  return sha256(body).slice(0, 8);
}
