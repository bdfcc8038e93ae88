import { readAccount } from '../contacts/account-store.ts';
import type { Contact } from '../contacts/contact.ts';
import { dataUseSettings, mayUse } from '../decision/data-use.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Database } from '../platform/table.ts';
import { trackingKept, withoutForgotten } from '../scoring/forget-tracked.ts';
import { finalDay } from '../scoring/interest.ts';
import { carries, loadInput } from '../scoring/load-input.ts';
import type { ScoreDeps } from '../scoring/recalculate.ts';
import { scoreAt } from '../scoring/score.ts';
import type { Score, ScoreInput } from '../scoring/score.ts';
import { readRecent } from '../scoring/store.ts';
import type { ScoringRules } from '../settings/scoring.ts';
import { parseSetting, readSettingVersion, scoringRules } from '../settings/store.ts';
import { oneByOne } from './judge-contacts.ts';
import type { Judge, Judged } from './judge-contacts.ts';
import type { Job } from './job.ts';
import { crosses } from './score-tally.ts';
import type { ScoreMove } from './score-tally.ts';
import type { Task } from './task.ts';

type ScorePreview = Extract<Task, { kind: 'scoring-preview' }>;
/** What both scores of a contact rest on; undefined where there is none: nobody lets us keep a profile. */
type Both = { before: ScoreInput; after: ScoreInput } | undefined;

/**
 * Scores each contact under the rules that were in force when the preview was asked for, and under the draft, both at
 * that very instant: one answer, however long it takes and whoever changes the rules meanwhile.
 */
export async function openScorePreview(
  deps: ScoreDeps,
  { controller, createdAt: at }: Pick<Job, 'controller' | 'createdAt'>,
  { document, against }: ScorePreview,
): Promise<Judge> {
  const inForce = await rulesOf(deps.db, controller, against);
  const draft = { ...parseSetting('scoring', document), version: against + 1 };
  return oneByOne(
    (contact) => loadBoth(deps, contact, { inForce, draft, at }),
    (both) => compare(both, at),
  );
}

async function rulesOf(db: Database, controller: string, version: number): Promise<ScoringRules> {
  if (version === 0) return scoringRules(controller, undefined);
  const found = await readSettingVersion(db, 'scoring', controller, version, { consistent: true });
  if (!found) throw new AppError('not-found', 'there are no such rules');
  return scoringRules(controller, found);
}

/** Reads once what recalculating under either rules would read. */
async function loadBoth(
  { db, settings }: ScoreDeps,
  contact: Contact,
  { inForce, draft, at }: { inForce: ScoringRules; draft: ScoringRules; at: Instant },
): Promise<Both> {
  if (!mayUse('profiling', contact, await dataUseSettings(settings, contact), at)) return undefined;
  const { id, accountId } = contact;
  const [{ score: known, events: recent }, account] = await Promise.all([
    readRecent(db, id, finalDay(at)),
    accountId === undefined ? undefined : readAccount(db, accountId),
  ]);
  const whole = await loadInput(db, { contact, account, rules: draft, known, rebuild: true, recent, at });
  const isKept = trackingKept(contact);
  const after = isKept ? withoutForgotten(whole, isKept) : whole;
  const before = { ...after, rules: inForce };
  const isCarried = !isKept && carries(known, inForce, at);
  return { after, before: isCarried ? { ...before, days: new Map(), from: known.carry } : before };
}

function compare(both: Both, at: Instant): Judged {
  if (!both) return { listed: false };
  const moved: ScoreMove = { before: says(scoreAt(both.before, at)), after: says(scoreAt(both.after, at)) };
  return { listed: crosses(moved), moved };
}

function says({ interest, potential, band, action, mql }: Score): ScoreMove['before'] {
  return { total: interest.total, band, grade: potential.grade, action, isMql: mql !== undefined };
}
