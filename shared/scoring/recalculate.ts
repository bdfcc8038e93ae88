import { isDeepStrictEqual } from 'node:util';

import { readAccount } from '../contacts/account-store.ts';
import type { Contact } from '../contacts/contact.ts';
import { readContact } from '../contacts/store.ts';
import { dataUseSettings, mayUse } from '../decision/data-use.ts';
import type { EngagementEvent } from '../engagement/event.ts';
import { clearEngagement } from '../engagement/clear.ts';
import { noteAffinity } from '../frequency/note-affinity.ts';
import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Database } from '../platform/table.ts';
import type { ScoringRules } from '../settings/scoring.ts';
import { readScoringRules } from '../settings/store.ts';
import type { Settings } from '../settings/store.ts';
import { nextChange } from './changes.ts';
import { forgetEvents, forgetTracked, mustGo, trackingKept } from './forget-tracked.ts';
import { finalDay } from './interest.ts';
import { loadInput } from './load-input.ts';
import { lastReaction } from './reactions.ts';
import { scoreAt } from './score.ts';
import type { Score, ScoreInput } from './score.ts';
import { readRecent, removeScore, writeDay, writeScore } from './store.ts';
import { figuresOf } from './stored-score.ts';
import type { StoredScore } from './stored-score.ts';

export type ScoreDeps = { db: Database; settings: Pick<Settings, 'brand' | 'uses' | 'policy' | 'scoring'> };

/** Nobody loses so many races in a row; whoever does comes again with the stream. */
const ATTEMPTS = 10;
/** Writes side by side, the first time that days are counted. */
const DAYS_AT_ONCE = 25;

/**
 * Makes the stored score of a contact what it should be now. Looks at nothing but the present state, so it may be done
 * at any time, any number of times and by many of us at once: who lost a race reads everything anew (N3).
 * The score is read first: whatever is newer than it was read after it, or its version is another when it is written.
 * @param rulesSince a version of the rules that is in force, where older ones must not be taken from memory
 * @param isNews the contact itself did not change: what was tracked before went when it did, so only the events of the
 *   last weeks, among which every late one is, are looked through for what may not stay
 * @throws Error where races do not end
 */
export async function recalculate(
  deps: ScoreDeps,
  contactId: string,
  { rulesSince = 0, isNews = false }: { rulesSince?: number; isNews?: boolean } = {},
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const at = now();
    const { score: before, events: recent } = await readRecent(deps.db, contactId, finalDay(at));
    const contact = await readContact(deps.db, contactId);
    if (!contact) return clearEngagement(deps.db, contactId);
    const isKept = trackingKept(contact);
    if (isKept && isNews) await forgetEvents(deps.db, recent, isKept);
    const rebuild = isKept !== undefined && !isNews && (await forgetTracked(deps.db, contactId, isKept));
    const kept = isKept ? recent.filter((event) => !mustGo(event, isKept)) : recent;
    const found: Found = { contact, before, recent: kept, rebuild, at };
    const settled = await dataUseSettings(deps.settings, contact);
    const done = mayUse('profiling', contact, settled, at)
      ? await keepScore(deps, found, attempt === 0 ? rulesSince : Infinity)
      : await dropScore(deps, found, mayUse('tracking', contact, settled, at));
    if (done) return;
  }
  throw new Error(`the score of ${contactId} keeps changing`);
}

/** What was read, the score before all else. */
type Found = {
  contact: Contact;
  before: StoredScore | undefined;
  recent: readonly EngagementEvent[];
  rebuild: boolean;
  at: Instant;
};

/** @returns false where somebody was faster */
async function keepScore(deps: ScoreDeps, found: Found, rulesSince: number): Promise<boolean> {
  const { db } = deps;
  const { contact, before, recent, rebuild, at } = found;
  const { id: contactId, controller, accountId } = contact;
  const [rules, account] = await Promise.all([
    rulesFor(deps, controller, Math.max(before?.rules ?? 0, rulesSince)),
    accountId === undefined ? undefined : readAccount(db, accountId),
  ]);
  const input = await loadInput(db, { contact, account, rules, known: before, rebuild, recent, at });
  const score = scoreAt(input, at);
  await keepDays(db, contactId, input, score);
  const reactedAt = awaited(contact) ? lastReaction(input.events, rules, at) : undefined;
  await noteAffinity(db, contact, { highAffinity: score.band === 1, ...(reactedAt ? { reactedAt } : {}) });
  const dueAt = nextChange(input, score);
  const after = {
    schema: 1 as const,
    contactId,
    controller,
    ...(accountId === undefined ? {} : { accountId }),
    ...figuresOf(score),
    carry: score.interest.carry,
    ...(dueAt === undefined ? {} : { dueAt }),
  };
  if (isSame(before, after)) return true;
  if (!(await writeScore(db, before, after))) return false;
  // A score that was not there has no version by which a withdrawal meanwhile could have been seen, or newer rules.
  return before !== undefined || isStill(deps, contact, rules);
}

/**
 * The rules in force, from memory where these are not older than `since`: who activates others has every score worked
 * out anew, and a score says by which rules it was made.
 */
async function rulesFor(
  { db, settings }: ScoreDeps,
  controller: string,
  since: number,
): Promise<ScoringRules> {
  const remembered = await settings.scoring(controller);
  return remembered.version >= since ? remembered : readScoringRules(db, controller);
}

/** Final days are kept before the score that rests on them says so. */
async function keepDays(
  db: Database,
  contactId: string,
  { days, from }: ScoreInput,
  { days: counted, interest }: Score,
): Promise<void> {
  const { through } = interest.carry;
  const fresh = [...counted].filter(
    ([day]) => day > (from?.through ?? '') && day <= through && !days.has(day),
  );
  for (let at = 0; at < fresh.length; at += DAYS_AT_ONCE) {
    const some = fresh.slice(at, at + DAYS_AT_ONCE);
    await Promise.all(some.map(([day, counts]) => writeDay(db, contactId, day, counts)));
  }
}

/** Without `profiling` no score exists (G15); a reaction that we may know of still counts for how often we write. */
async function dropScore(deps: ScoreDeps, found: Found, tracked: boolean): Promise<boolean> {
  const { db, settings } = deps;
  const { contact, before, recent, at } = found;
  if (before && !(await removeScore(db, before))) return false;
  const reactedAt =
    tracked && awaited(contact)
      ? lastReaction(recent, await settings.scoring(contact.controller), at)
      : undefined;
  await noteAffinity(db, contact, { highAffinity: false, ...(reactedAt ? { reactedAt } : {}) });
  return true;
}

/** Whether a reaction changes anything: something was sent that nobody has answered. */
function awaited({ frequency }: Contact): boolean {
  return frequency?.unanswered !== undefined;
}

/** Whether a score says the same, and nobody waits for it to be written. */
function isSame(before: StoredScore | undefined, after: Omit<StoredScore, 'rev' | 'wokenAt'>): boolean {
  if (!before || before.wokenAt !== undefined) return false;
  const { rev: _, wokenAt: _woken, at: _at, ...rest } = before;
  const { at: _now, ...fresh } = after;
  return isDeepStrictEqual(rest, fresh);
}

async function isStill({ db }: ScoreDeps, { id, controller, head, rev }: Contact, { version }: ScoringRules) {
  const [present, rules] = await Promise.all([readContact(db, id), readScoringRules(db, controller)]);
  return present?.head.seq === head.seq && present.rev === rev && rules.version === version;
}
