import { nextSlot } from '../frequency/next-slot.ts';
import { lapsesAt, warnsAt } from '../permission/lapse.ts';
import { heldBy } from '../permission/status.ts';
import type { Instant } from '../platform/clock.ts';
import { consentOf } from './consent.ts';
import type { Decision, Need, Reason } from './decision.ts';
import { floorBasisOf, floorRefuses } from './floor-step.ts';
import type { Floor } from './legal-floor.ts';
import { RESTING_ALLOWS, kindOf } from './model-rules.ts';
import type { Snapshot } from './snapshot.ts';

/** `until`: when time alone lifts it. */
type Refusal = { reason: Reason; needs: Need[]; until?: Instant };
type Step = (snapshot: Snapshot) => Refusal[];

/** DOMAIN 4, in its order; each step asks for itself, so that an answer can name every refusal. */
const STEPS: readonly Step[] = [
  reachable,
  withdrawn,
  blocked,
  restricted,
  accountClass,
  hold,
  modelAndStatus,
  chosenTopic,
  legalFloor,
  flawedConsent,
  paused,
  stopped,
  frequency,
];

/** The answer about an address that we were told to forget: nothing else is known of its owner. */
export const ERASED: Decision = {
  allowed: false,
  reason: 'erased',
  reasons: ['erased'],
  evidence: [],
  wouldNeed: ['own-double-opt-in'],
  duties: [],
  warnings: [],
};

/** May this person be contacted, this way, at this instant, and why not? Pure: a stored snapshot replays (DOMAIN 4). */
export function decide(snapshot: Snapshot): Decision {
  const refusals = STEPS.flatMap((step) => step(snapshot));
  const allowed = refusals.length === 0;
  const retryAt = whenTimeHelps(snapshot, refusals);
  const { floor } = snapshot;
  const basis = floorBasisOf(snapshot);
  return {
    allowed,
    reason: refusals[0]?.reason ?? 'allowed',
    reasons: refusals.map(({ reason }) => reason),
    evidence: evidenceOf(snapshot),
    wouldNeed: [...new Set(refusals.flatMap(({ needs }) => needs))],
    ...(retryAt === undefined ? {} : { retryAt }),
    duties: allowed
      ? [...floor.duties, ...(basis?.kind === 'existing-customer' ? (['objection-notice'] as const) : [])]
      : [],
    warnings: [
      ...(lapsesSoon(snapshot) ? (['lapses-soon'] as const) : []),
      ...(floor.reviewDue ? (['floor-review-due'] as const) : []),
    ],
    ...(allowed && floor.override && isBelowFloor(snapshot, floor.override.from)
      ? { override: { name: floor.override.name, reason: floor.override.reason } }
      : {}),
  };
}

function evidenceOf(snapshot: Snapshot): number[] {
  const { permission, noAdvertising, lapsed, restricted } = snapshot;
  const held = permission?.status === 'blocked' ? permission.underneath : undefined;
  const seqs = [
    permission?.seq,
    held?.seq,
    noAdvertising?.seq,
    restricted?.seq,
    permission === undefined ? lapsed?.seq : undefined,
    floorBasisOf(snapshot)?.seq,
  ];
  return [...new Set(seqs.filter((seq) => seq !== undefined))].sort((a, b) => a - b);
}

/** Whether the law's own default would have refused: no sound consent, and no basis for it. */
function isBelowFloor(snapshot: Snapshot, rule: Floor['rule']): boolean {
  const consent = consentOf(snapshot);
  const carried = consent.given && consent.flaws.length === 0;
  return !carried && floorRefuses({ ...snapshot, floor: { ...snapshot.floor, rule } });
}

function reachable({ erased, reachable: hasPoint, suppressed }: Snapshot): Refusal[] {
  if (erased) return [{ reason: 'erased', needs: ['own-double-opt-in'] }];
  if (!hasPoint) return [{ reason: 'no-contact-point', needs: ['contact-point'] }];
  switch (suppressed) {
    case undefined:
      return [];
    case 'complaint':
      return [{ reason: 'suppressed', needs: ['staff-release'] }];
    case 'hard-bounce':
      return [{ reason: 'suppressed', needs: ['own-double-opt-in'] }];
    case 'soft-bounces':
      return [{ reason: 'suppressed', needs: ['time'] }];
  }
}

/** Also a no that lies under a block: it stays when the block ends. */
function withdrawn({ permission, noAdvertising }: Snapshot): Refusal[] {
  const held = heldBy(permission);
  const objected = noAdvertising !== undefined && (held === undefined || held.seq <= noAdvertising.seq);
  return held?.status === 'withdrawn' || objected
    ? [{ reason: 'withdrawn', needs: ['own-double-opt-in'] }]
    : [];
}

function blocked({ permission }: Snapshot): Refusal[] {
  return permission?.status === 'blocked' ? [{ reason: 'blocked', needs: ['unblock'] }] : [];
}

function restricted({ restricted }: Snapshot): Refusal[] {
  return restricted ? [{ reason: 'restricted', needs: ['end-of-restriction'] }] : [];
}

/** A competitor gets no advertising but what a named person of ours allowed; data uses advertise nothing. */
function accountClass({ accountClass: theirs, permission, use }: Snapshot): Refusal[] {
  const approved = permission?.status === 'granted' && permission.approved === true;
  const refusals: Refusal[] = [];
  if (theirs === 'competitor' && use.channel !== 'data' && !approved) {
    refusals.push({ reason: 'competitor', needs: ['approval'] });
  }
  if (use.classes && !use.classes.includes(theirs)) {
    refusals.push({ reason: 'account-class', needs: ['other-class'] });
  }
  return refusals;
}

function hold({ holdUntil, use, at }: Snapshot): Refusal[] {
  return use.bulk && holdUntil !== undefined && holdUntil > at
    ? [{ reason: 'hold', needs: ['time'], until: holdUntil }]
    : [];
}

function modelAndStatus(snapshot: Snapshot): Refusal[] {
  const { model, use, permission } = snapshot;
  // What was withdrawn or blocked has been refused already.
  if (permission !== undefined && permission.status !== 'granted') return [];
  if (RESTING_ALLOWS[model][kindOf(use)] || consentOf(snapshot).given) return [];
  return [{ reason: 'not-granted', needs: [consentNeed(snapshot)] }];
}

/** Who chose topics gets these and no others; who chose none gets what the use is about. */
function chosenTopic({ permission, topic }: Snapshot): Refusal[] {
  if (topic === undefined || permission?.status !== 'granted') return [];
  const { topics } = permission;
  return topics.length === 0 || topics.includes(topic.id)
    ? []
    : [{ reason: 'topic-not-chosen', needs: ['topic-choice'] }];
}

function legalFloor(snapshot: Snapshot): Refusal[] {
  const { floor, permission } = snapshot;
  if (permission !== undefined && permission.status !== 'granted') return [];
  if (consentOf(snapshot).given || !floorRefuses(snapshot)) return [];
  return [
    {
      reason: 'legal-floor',
      needs: [
        consentNeed(snapshot),
        ...(floor.rule === 'PRESUMED' ? (['presumed-interest'] as const) : []),
        ...(floor.customer ? (['existing-customer'] as const) : []),
        ...(floor.implied ? (['implied-consent'] as const) : []),
      ],
    },
  ];
}

/** A flaw matters only where the consent is needed: at rest the model and the floor may both do without. */
function flawedConsent(snapshot: Snapshot): Refusal[] {
  const consent = consentOf(snapshot);
  const needed = !RESTING_ALLOWS[snapshot.model][kindOf(snapshot.use)] || floorRefuses(snapshot);
  if (!consent.given || !needed) return [];
  return consent.flaws.map((reason) => ({ reason, needs: [consentNeed(snapshot)] }));
}

function paused({ pausedUntil, use, at }: Snapshot): Refusal[] {
  return use.channel === 'email' && pausedUntil !== undefined && pausedUntil > at
    ? [{ reason: 'paused', needs: ['time'], until: pausedUntil }]
    : [];
}

/** Only mail is stopped, and only of this purpose: by whatever else is asked it stays as it is (B3). */
function stopped({ stopped: stop, use }: Snapshot): Refusal[] {
  return use.channel === 'email' && stop ? [{ reason: 'sending-stopped', needs: ['release'] }] : [];
}

function frequency({ slots, limits, at }: Snapshot): Refusal[] {
  const answer = nextSlot(slots, limits, at);
  if (answer.free) return [];
  return answer.reasons.map((reason) => ({
    reason,
    needs: [reason === 'unanswered' && answer.retryAt === undefined ? 'reaction' : 'time'],
    ...(answer.retryAt === undefined ? {} : { until: answer.retryAt }),
  }));
}

/** The first instant at which nothing but time has to pass; none where something else is missing, or will be then. */
function whenTimeHelps(snapshot: Snapshot, refusals: Refusal[]): Instant | undefined {
  let at: Instant | undefined;
  for (const { until } of refusals) {
    if (until === undefined) return undefined;
    if (at === undefined || until > at) at = until;
  }
  if (at === undefined) return undefined;
  // The end of a hold or a pause may find every slot taken; a consent may lapse before.
  const later = STEPS.flatMap((step) => step({ ...snapshot, at }));
  return later.length === 0 ? at : whenTimeHelps({ ...snapshot, at }, later);
}

function consentNeed({ use, model, floor }: Snapshot): Need {
  switch (use.channel) {
    case 'email':
      return model === 'double-opt-in' || floor.double ? 'double-opt-in' : 'confirmed-opt-in';
    case 'data':
      return 'double-opt-in';
    case 'phone':
      return 'phone-consent';
    case 'post':
      return 'consent';
  }
}

function lapsesSoon(snapshot: Snapshot): boolean {
  const { permission, lastUse, at } = snapshot;
  if (permission?.status !== 'granted') return false;
  return warnsAt(permission, lastUse, snapshot) <= at && at < lapsesAt(permission, lastUse, snapshot);
}
