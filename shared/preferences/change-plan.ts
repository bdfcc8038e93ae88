import type { Contact } from '../contacts/contact.ts';
import type { Instant } from '../platform/clock.ts';
import type { Change, Choices } from '../permission/evidence.ts';
import { withdrawalChanges } from '../permission/scope.ts';
import { heldBy, permissionOf } from '../permission/status.ts';
import { topicChange } from '../permission/topic-change.ts';
import type { Brand } from '../settings/brand.ts';
import type { Uses } from '../settings/uses.ts';
import type { Acts } from './acts.ts';

/** Wishes that somebody changed since the page was shown, to something else than the person wants now. */
export type Conflict = 'wish' | 'pausedUntil' | 'language';

export type ChangePlan = {
  /** Uses and topics left, and topics joined in uses that are granted. */
  changes: Change[];
  choices: Choices;
  /** New uses: they need proof of the mailbox. */
  join: string[];
  /** Withdrawn since the page was shown: a no wins over a page that did not know of it (DOMAIN 2). */
  overtaken: string[];
  conflicts: Conflict[];
};

/** What acts on a page shown at `shownAt` come to, for the contact as it is now. Pure. */
export function planChanges(
  acts: Acts,
  contact: Contact,
  { brand, uses, shownAt }: { brand: Brand; uses: Uses; shownAt: Instant },
): ChangePlan {
  const left = [...acts.leaveUses, ...acts.refuse];
  const changes = [
    ...(left.length > 0
      ? withdrawalChanges({ kind: 'uses', uses: left }, 'withdraws', contact, brand, uses)
      : []),
  ];
  const overtaken: string[] = [];
  const places = uses.uses.map(({ id }) => id).filter((use) => !left.includes(use));
  for (const use of places) {
    const own = new Set(uses.topics.filter((topic) => topic.use === use).map(({ id }) => id));
    const [joined, gone] = [acts.joinTopics, acts.leaveTopics].map((ids) => ids.filter((id) => own.has(id)));
    if (acts.joinUses.includes(use) || !joined || !gone || joined.length + gone.length === 0) continue;
    const permission = permissionOf(contact, brand.id, use);
    if (permission?.status === 'granted') {
      changes.push(...changeTopics(permission.topics, { brand: brand.id, use, joined, gone }));
    } else if (joined.length > 0) overtaken.push(use);
  }
  const join: string[] = [];
  // Control of a mailbox proves no consent to calls or letters (G3).
  const provable = uses.uses.filter(({ channel }) => channel === 'email' || channel === 'data');
  const asked = provable.filter(({ id }) => acts.joinUses.includes(id) && !left.includes(id));
  for (const { id: use } of asked) {
    const permission = permissionOf(contact, brand.id, use);
    const no = heldBy(permission);
    if (no?.status === 'withdrawn' && no.since > shownAt) overtaken.push(use);
    else if (permission?.status !== 'granted') join.push(use);
  }
  return { changes, join, overtaken, ...planWishes(acts, contact, shownAt) };
}

function changeTopics(
  held: readonly string[],
  { brand, use, joined, gone }: { brand: string; use: string; joined: string[]; gone: string[] },
): Change[] {
  const topicsJoined = joined.filter((id) => !held.includes(id));
  const topicsLeft = gone.filter((id) => held.includes(id));
  if (topicsJoined.length + topicsLeft.length === 0) return [];
  const changed = topicChange({ brand, use }, held, { joined: topicsJoined, left: topicsLeft });
  // Another tab left the others: with nothing chosen nothing would be sent, so the use is left.
  return changed.topics?.length === 0
    ? [{ brand, use, from: 'granted', to: 'withdrawn', topics: [...held] }]
    : [changed];
}

/** A wish that two tabs changed differently is shown again: neither wins in silence. */
function planWishes(
  acts: Acts,
  { wish, pausedUntil, language }: Contact,
  shownAt: Instant,
): Pick<ChangePlan, 'choices' | 'conflicts'> {
  // A pause that was over was shown as none.
  const running = pausedUntil !== undefined && pausedUntil > shownAt ? pausedUntil : undefined;
  const held = { wish, pausedUntil: running, language };
  const choices: Choices = {};
  const conflicts: Conflict[] = [];
  for (const name of ['wish', 'pausedUntil', 'language'] as const) {
    const act = acts[name];
    const is = held[name];
    if (!act || is === act.to) continue;
    if (is === act.was) Object.assign(choices, { [name]: { from: is, to: act.to } });
    else conflicts.push(name);
  }
  return { choices, conflicts };
}
