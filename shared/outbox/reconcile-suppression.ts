import * as z from 'zod';

import { readAddress } from '../contacts/store.ts';
import { isStricter } from '../contacts/suppression.ts';
import type { SuppressionNews } from '../contacts/suppression.ts';
import { DAY, now, plus } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { log, metric } from '../platform/log.ts';
import type { ListSuppressed, SuppressedAddress } from '../platform/ses.ts';
import { get, write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { listBrands } from '../settings/store.ts';
import { recipientKey, tellNews } from './tell-news.ts';
import type { TellDeps } from './tell-news.ts';

export type ReconcileDeps = TellDeps & { listSuppressed: ListSuppressed };

/** What is added while a night looks is looked at again, and clocks differ. */
const OVERLAP = DAY;
/** Of 1,000 addresses each; the next night goes on where this one ends. */
const MOST_PAGES = 100;
const AT_ONCE = 25;

const instant = z.iso.datetime({ precision: 3 });
const run = z.object({ startedAt: instant, since: instant.optional(), token: z.string().optional() });
type Run = z.infer<typeof run>;
/** `until`: all that SES had by then is compared. */
const progress = z.object({ until: instant.optional(), run: run.optional() });
type Progress = z.infer<typeof progress>;
const stored = z.object({ progress });

/**
 * Finds on SES's suppression list the bounces and complaints whose event was lost (V6), and tells our own list. That one
 * is the truth (V8): what we hold already stays as it is, and what SES forgets we do not.
 */
export async function reconcileSuppression(deps: ReconcileDeps): Promise<void> {
  const known = await readProgress(deps.db);
  const controllers = await controllersOf(deps);
  let open = known.run ?? newRun(known);
  let found = 0;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await deps.listSuppressed(open);
    if (page === 'stale-token') {
      if (open.token === undefined) throw new Error('SES refuses a token that was not given');
      open = newRun(known);
      continue;
    }
    for (let from = 0; from < page.entries.length; from += AT_ONCE) {
      const told = page.entries.slice(from, from + AT_ONCE).map((entry) => tell(deps, controllers, entry));
      found += (await Promise.all(told)).reduce((sum, count) => sum + count, 0);
    }
    if (page.next === undefined) {
      await save(deps.db, { until: open.startedAt });
      return report(found, true);
    }
    open = { ...open, token: page.next };
    await save(deps.db, { ...known, run: open });
  }
  report(found, false);
}

function newRun({ until }: Progress): Run {
  return { startedAt: now(), ...(until === undefined ? {} : { since: plus(until, -OVERLAP) }) };
}

/** Whose address it is SES does not know: every controller that holds it learns of it. */
async function tell(
  deps: ReconcileDeps,
  controllers: readonly string[],
  { address, reason, at }: SuppressedAddress,
): Promise<number> {
  const news: SuppressionNews =
    reason === 'complaint'
      ? { kind: 'complaint', at }
      : { kind: 'hard-bounce', at, reason: 'Permanent/OnAccountSuppressionList' };
  let told = 0;
  for (const controller of controllers) {
    const key = await recipientKey(deps, controller, address);
    const known = key === undefined ? undefined : await readAddress(deps.db, controller, key);
    if (key === undefined || !known || !isStricter(known.suppression, news)) continue;
    await tellNews(deps, controller, key, news);
    told += 1;
  }
  return told;
}

async function controllersOf({ db, settings }: ReconcileDeps): Promise<string[]> {
  const brands = await Promise.all((await listBrands(db)).map((id) => settings.brand(id)));
  return [...new Set(brands.flatMap((brand) => brand?.controller.id ?? []))];
}

async function readProgress(db: Database): Promise<Progress> {
  return (await get(db, 'contacts', keys.suppressionList(), stored))?.progress ?? {};
}

async function save(db: Database, made: Progress): Promise<void> {
  await write(db, {
    update: 'contacts',
    key: keys.suppressionList(),
    set: 'SET progress = :progress',
    values: { ':progress': made },
  });
}

function report(found: number, finished: boolean): void {
  log(finished ? 'info' : 'warn', 'suppression-compared', { found, finished });
  if (found > 0) metric('suppression-event-lost', found);
}
