import type { Contact } from '../contacts/contact.ts';
import { DAY, plus, plusMonths } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Policy } from '../settings/policy.ts';
import { grantsOf, idleSince } from './idle-since.ts';
import { lapsesAt, warnsAt } from './lapse.ts';

/** Data got from others: the person must be told within a month, and on this day somebody is (G10). */
const INFORM_AFTER = 25 * DAY;
/**
 * Every contact is looked at this often. Shorter than any month, the unit of every policy, so nothing that an act sets
 * going is due before the look that is planned already, and a policy that was tightened holds by then.
 */
const LOOK_EVERY = 28 * DAY;

/** What follows for a contact from time alone. */
export type DueKind = 'lapse' | 'warning' | 'hold-ends' | 'pause-ends' | 'inform' | 'idle';
export type Due = { kind: DueKind; at: Instant; place?: string };

/** All that follows from time alone, under the policy in force. What lies in the past is told as well. */
export function contactDues(contact: Contact, policy: Pick<Policy, 'lapse' | 'retention'>): Due[] {
  const grants = grantsOf(contact).flatMap(({ place, granted }): Due[] => {
    const lastUse = contact.lastUses?.[place];
    return [
      { kind: 'lapse', place, at: lapsesAt(granted, lastUse, policy) },
      { kind: 'warning', place, at: warnsAt(granted, lastUse, policy) },
    ];
  });
  // Restricted data is kept until the matter is settled: the person may need it (art. 18(1) GDPR).
  const idle: Due[] =
    grants.length > 0 || contact.restricted
      ? []
      : [{ kind: 'idle', at: plusMonths(idleSince(contact), policy.retention.idleContactMonths) }];
  return [...grants, ...idle, ...fixedDues(contact)];
}

/** When a contact must be looked at next, after `at`. */
export function nextContactDue(
  contact: Contact,
  policy: Pick<Policy, 'lapse' | 'retention'>,
  at: Instant,
): Instant {
  return earliest(contactDues(contact, policy), at, plus(at, LOOK_EVERY));
}

/** When a contact just written must be looked at: its writer need not know the policy. */
export function dueAfterWrite(before: Contact | undefined, after: Contact): Instant {
  const { updatedAt } = after;
  return earliest(fixedDues(after), updatedAt, before?.dueAt ?? plus(updatedAt, LOOK_EVERY));
}

function fixedDues({ source, informedAt, createdAt, holdUntil, pausedUntil }: Contact): Due[] {
  const told = source.kind === 'form' || informedAt !== undefined;
  return [
    ...(holdUntil === undefined ? [] : [{ kind: 'hold-ends', at: holdUntil } as const]),
    ...(pausedUntil === undefined ? [] : [{ kind: 'pause-ends', at: pausedUntil } as const]),
    ...(told ? [] : [{ kind: 'inform', at: plus(createdAt, INFORM_AFTER) } as const]),
  ];
}

/** The first of `dues` after `after`, and never later than `latest`. */
function earliest(dues: Due[], after: Instant, latest: Instant): Instant {
  return dues.reduce((first, { at }) => (at > after && at < first ? at : first), latest);
}
