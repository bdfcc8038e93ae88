import type { Mail } from '../../infra/local/mailbox.ts';
import { toSendId } from '../../shared/outbox/send-id.ts';
import { permissionKey } from '../../shared/contacts/contact.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import type { Stored } from './stored.ts';
import type { Acknowledged } from './visits.ts';

/** One promise: how many times it had to hold, and where it did not. */
export type Verdict = { promise: string; cases: number; broken: string[] };

/** A mail that was accepted shortly before a kill may come twice: nobody can know whether SES had it (S7). */
const UNKNOWABLE_MS = 250;
const USE = permissionKey('nordlicht', 'newsletter');

/** Compares what people were told and what SES got with what is stored. */
export function checkPromises(
  told: Acknowledged,
  mails: readonly Mail[],
  stored: Stored,
  killedAt: readonly number[],
): Verdict[] {
  const bySendId = Map.groupBy(mails, ({ tags }) => tags['sendId'] ?? '');
  const entries = [...stored.chains.values()].flat();
  const contactById = new Map(stored.contacts.map((contact) => [contact.id, contact]));
  const mailed = new Set(mails.map(({ to }) => to));
  const waiting = new Set(
    stored.pending.flatMap(({ requests }) => [...requests.values()].map(({ address }) => address)),
  );
  const granted = Map.groupBy(
    entries.filter(({ type }) => type === 'granted'),
    ({ signup }) => signup?.requestId ?? '',
  );
  const check = (promise: string, cases: Iterable<string>, holds: (one: string) => boolean): Verdict => {
    const all = [...cases];
    return { promise, cases: all.length, broken: all.filter((one) => !holds(one)) };
  };
  const requests = stored.pending.flatMap(({ brand, addressKey, progress, requests: open }) =>
    [...new Set([...open.keys(), ...progress.keys()])].map((requestId) => ({
      sendId: toSendId({ kind: 'signup', brand, addressKey, requestId }),
      state: progress.get(requestId)?.state,
    })),
  );
  return [
    check(
      'an acknowledged sign-up is mailed or waits',
      told.signUps,
      (address) => mailed.has(address) || waiting.has(address),
    ),
    check(
      'an acknowledged confirmation is recorded, once',
      told.confirmations,
      (requestId) => granted.get(requestId)?.length === 1,
    ),
    check(
      'no confirmation is recorded twice',
      granted.keys(),
      (requestId) => granted.get(requestId)?.length === 1,
    ),
    check('an acknowledged withdrawal is recorded and holds', told.withdrawals, (contactId) => {
      const recorded = stored.chains.get(contactId)?.filter(({ type }) => type === 'withdrawn') ?? [];
      return recorded.length === 1 && contactById.get(contactId)?.permissions[USE]?.status === 'withdrawn';
    }),
    check('every chain verifies up to its head', contactById.keys(), (contactId) => {
      return verifyChain(stored.chains.get(contactId) ?? [], contactById.get(contactId)?.head).ok;
    }),
    check('evidence, contact and pointer belong together', stored.chains.keys(), (contactId) => {
      return contactById.has(contactId) && stored.pointers.has(contactId);
    }),
    check(
      'every request comes to an end or waits for its owner',
      requests.map(({ sendId, state }) => `${sendId} ${state ?? 'new'}`),
      (one) => / (sent|closed)$/.test(one),
    ),
    check(
      'every request is mailed',
      requests.map(({ sendId }) => sendId),
      (sendId) => bySendId.has(sendId),
    ),
    check(
      'every act is followed by its mail',
      entries.flatMap(({ type, route, contactId, seq }) => {
        if (type === 'granted' && route === 'double-opt-in') return [`w-${contactId}-${seq}`];
        return type === 'withdrawn' && route === 'one-click' ? [`r-${contactId}-${seq}`] : [];
      }),
      (id) => {
        const state = stored.mails.get(id)?.progress;
        if (state?.state === 'dropped') return state.why !== 'failed';
        return state?.state === 'sent' && bySendId.has(toSendId({ kind: 'mail', mailId: id }));
      },
    ),
    check(
      'no mail comes more than twice',
      bySendId.keys(),
      (sendId) => (bySendId.get(sendId)?.length ?? 0) <= 2,
    ),
    check(
      'a mail comes twice only where nobody could know that it came',
      [...bySendId].filter(([, copies]) => copies.length === 2).map(([sendId]) => sendId),
      (sendId) => {
        const first = Date.parse(bySendId.get(sendId)?.[0]?.at ?? '');
        return killedAt.some((at) => first <= at && at - first < UNKNOWABLE_MS);
      },
    ),
  ];
}
