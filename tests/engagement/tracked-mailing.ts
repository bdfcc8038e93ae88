import { engagementEvent } from '../../shared/engagement/event.ts';
import { receiveReaction } from '../../shared/engagement/receive-reaction.ts';
import type { Intent } from '../../shared/decision/reserve.ts';
import type { SesEvent } from '../../shared/outbox/ses-event.ts';
import { now } from '../../shared/platform/clock.ts';
import type { Change } from '../../shared/permission/evidence.ts';
import { agreed, decideOne, makePerson } from '../decision/people.ts';
import { CONTROLLER } from '../support/system.ts';
import type { openTestSystem } from '../support/system.ts';

type System = Awaited<ReturnType<typeof openTestSystem>>;
type About = Omit<Extract<SesEvent, { kind: 'send' }>, 'kind'>;
export type Mailed = { contactId: string; about: About };

const TRACKED = [agreed('newsletter'), agreed('tracking')];
export const LINK = 'https://www.nordlicht.example/pumpen?wer=anna';
/** A person's browser. */
export const BROWSER = {
  ip: '203.0.113.77',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

/** Mailings that are decided, booked and sent the way other systems send them, and what comes back. */
export function openMailing({ deps, dump }: System) {
  let sent = 0;
  return {
    /** A mailing to somebody new. */
    mailTo: async (email: string, changes: Change[] = TRACKED): Promise<Mailed> => {
      const { id: contactId } = await makePerson(deps, email, changes);
      const intent: Intent = { kind: 'record', channel: 'email', mailing: 'november', topics: ['drives'] };
      const { sendId } = await decideOne(deps, contactId, { intent });
      if (sendId === undefined) throw new Error('not allowed');
      const at = now();
      const messageId = `ses-mailing-${(sent += 1)}`;
      const about = { at, sentAt: at, messageId, tenant: CONTROLLER, sendId, recipients: [email] };
      return { contactId, about };
    },
    receive: (event: SesEvent) => receiveReaction(deps, event),
    /** What is stored of a contact's engagement, in order. */
    eventsOf: async (contactId: string) =>
      (await dump('engagement'))
        .filter(({ pk, sk }) => pk === `C#${contactId}` && sk.startsWith('EVT#'))
        .toSorted((a, b) => (a.sk < b.sk ? -1 : 1))
        .map((item) => engagementEvent.parse(item)),
    scans: async () => (await dump('engagement')).filter(({ pk }) => pk.startsWith('SCANS#')),
  };
}

export function delivery({ about }: Mailed, at = about.at): SesEvent {
  return { kind: 'delivery', smtpResponse: '250 OK', ...about, at };
}

export function open({ about }: Mailed, at: string, more: object = {}): SesEvent {
  return { kind: 'open', ...about, ...BROWSER, at, ...more };
}

export function click({ about }: Mailed, at: string, more: object = {}): SesEvent {
  return { kind: 'click', link: LINK, ...about, ...BROWSER, at, ...more };
}
