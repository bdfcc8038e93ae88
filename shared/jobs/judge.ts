import { readAccount } from '../contacts/account-store.ts';
import { permissionKey } from '../contacts/contact.ts';
import { ask } from '../decision/ask.ts';
import { decide } from '../decision/decide.ts';
import { takeSnapshot } from '../decision/take-snapshot.ts';
import { RESTING, modelFor } from '../permission/models.ts';
import { statusOf } from '../permission/status.ts';
import { assertNever } from '../platform/assert-never.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Database } from '../platform/table.ts';
import { readOwnSettings } from '../settings/own-settings.ts';
import type { Settings } from '../settings/store.ts';
import type { Job } from './job.ts';
import type { Judged } from './judge-contacts.ts';
import { knownFor } from './load-page.ts';
import type { Loaded } from './load-page.ts';
import { comparing, readStops, withDocument } from './preview.ts';
import type { Side } from './preview.ts';
import type { AudienceFilter, StatusFilter, Task } from './task.ts';

export type DecidedDeps = { db: Database; settings: Pick<Settings, 'brand' | 'uses' | 'policy'> };
export type DecidedTask = Exclude<Task, { kind: 'scoring-preview' | 'recalculation' }>;
/** Pure, and made once for many contacts. */
type Decided = (loaded: Loaded) => Judged;

const ASIDE: Judged = { listed: false };

/**
 * What a job about decisions asks of each contact, under the settings as they are now.
 * @throws AppError where it names what does not exist, or belongs to somebody else
 */
export async function openDecided(
  deps: DecidedDeps,
  { controller, createdAt }: Pick<Job, 'controller' | 'createdAt'>,
  task: DecidedTask,
): Promise<Decided> {
  switch (task.kind) {
    case 'audience':
      return openAudience(deps, controller, task.filter, createdAt);
    case 'contacts-by-status':
      return openStatus(deps, controller, task.filter, createdAt);
    case 'settings-preview': {
      const now = await readOwnSettings(deps.db, controller);
      return openComparison(deps.db, now, withDocument(now, task, controller), createdAt);
    }
    case 'class-preview': {
      const account = await readAccount(deps.db, task.account);
      if (account?.controller !== controller) throw new AppError('not-found', 'there is no such account');
      const now = await readOwnSettings(deps.db, controller);
      const compare = await openComparison(deps.db, now, { ...now, accountClass: task.class }, createdAt);
      return (loaded) => (loaded.contact.accountId === account.id ? compare(loaded) : ASIDE);
    }
    default:
      return assertNever(task);
  }
}

async function openComparison(db: Database, now: Side, then: Side, at: Instant): Promise<Decided> {
  return comparing(now, then, at, await readStops(db, now, then, at));
}

/** A past instant would need each person's history, which decisions read for one contact at a time. */
function refusePast(at: Instant | undefined, present: Instant): void {
  if (at === undefined || at >= present) return;
  throw new AppError('invalid', 'an audience is decided for the present or later', {
    errors: [{ pointer: '/at', detail: 'This instant is past.', code: 'past' }],
  });
}

/** Whoever may be contacted is listed; all others are counted by the first reason against it. */
async function openAudience(
  deps: DecidedDeps,
  controller: string,
  filter: AudienceFilter,
  present: Instant,
): Promise<Decided> {
  refusePast(filter.at, present);
  const { question, settled } = await ask(deps, controller, filter, filter.at ?? present);
  const { brand, use } = filter;
  const place = permissionKey(brand, use);
  return (loaded) => {
    if (!isAsked(filter, loaded)) return ASIDE;
    const { allowed, reason } = decide(takeSnapshot(question, settled, knownFor(loaded, place)));
    return allowed
      ? { listed: true, marks: [{ brand, use, outcome: 'allowed' }] }
      : { listed: false, marks: [{ brand, use, outcome: 'refused', reason }] };
  };
}

function isAsked(
  { countries, classes, languages }: AudienceFilter,
  { contact, accountClass }: Loaded,
): boolean {
  const { country, language } = contact;
  return (
    (countries === undefined || (country !== undefined && countries.includes(country))) &&
    (classes === undefined || classes.includes(accountClass)) &&
    (languages === undefined || languages.includes(language))
  );
}

async function openStatus(
  deps: DecidedDeps,
  controller: string,
  { brand: brandId, use, status: wanted }: StatusFilter,
  present: Instant,
): Promise<Decided> {
  const { question } = await ask(deps, controller, { brand: brandId, use }, present);
  const { brand } = question;
  return ({ contact }) => {
    const status = statusOf(contact, brand.id, use, RESTING[modelFor(brand, contact.country)]);
    return { listed: status === wanted, marks: [{ brand: brand.id, use, outcome: status }] };
  };
}
