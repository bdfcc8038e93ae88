import { openConnection } from '../../infra/bench/http-connection.ts';
import type { HttpConnection } from '../../infra/bench/http-connection.ts';
import type { LoadRequest } from '../../infra/bench/load.ts';
import { openMailFeed } from '../../infra/bench/mail-feed.ts';
import { confirm, oneClick, signUp } from '../../infra/bench/requests.ts';
import type { Mail } from '../../infra/local/mailbox.ts';
import type { LinkKeys } from '../../shared/platform/token.ts';
import { readConfirmToken, readUnsubscribeToken } from '../../shared/signup/links.ts';

/** What people were told is done. */
export type Acknowledged = {
  /** Addresses. */
  signUps: Set<string>;
  /** Request ids. */
  confirmations: Set<string>;
  /** Contact ids. */
  withdrawals: Set<string>;
};
export type Visits = {
  acknowledged: Acknowledged;
  /** All mails that ever came, oldest first. */
  mails(): readonly Mail[];
  /** Lets people come over eight connections until `until` resolves; answers how many acts nobody answered. */
  run(port: number, links: LinkKeys, random: () => number, until: Promise<unknown>): Promise<number>;
};

const CONNECTIONS = 8;

/** People who sign up, confirm from their mail and leave again, and who try again what was not answered. */
export function openVisits(mailboxFile: string): Visits {
  const feed = openMailFeed(mailboxFile);
  const mails: Mail[] = [];
  const acknowledged: Acknowledged = { signUps: new Set(), confirmations: new Set(), withdrawals: new Set() };
  const toConfirm: string[] = [];
  const toLeave: string[] = [];
  let visitors = 0;

  const readMails = (links: LinkKeys) => {
    for (const mail of feed.next()) {
      mails.push(mail);
      const token = /\/confirm\/([\w.-]+)/.exec(mail.text)?.[1];
      if (token) toConfirm.push(token);
      const leave = /\/unsubscribe\/([\w.-]+)/.exec(mail.headers['List-Unsubscribe'] ?? '')?.[1];
      const contactId = leave && readUnsubscribeToken(links, leave)?.contactId;
      if (contactId) toLeave.push(contactId);
    }
  };

  const act = async (connection: HttpConnection, links: LinkKeys, random: () => number): Promise<void> => {
    const choice = random();
    const contactId = choice < 0.25 ? toLeave.shift() : undefined;
    if (contactId !== undefined) {
      await send(connection, oneClick(links, contactId), 200, toLeave, contactId);
      acknowledged.withdrawals.add(contactId);
      return;
    }
    const token = choice < 0.7 ? toConfirm.shift() : undefined;
    if (token !== undefined) {
      await send(connection, confirm(links, token), 200, toConfirm, token);
      acknowledged.confirmations.add(readConfirmToken(links, token)?.requestId ?? token);
      return;
    }
    visitors += 1;
    const address = `crash-${visitors}@visitors.example`;
    await send(connection, signUp(links, address), 303, [], address);
    acknowledged.signUps.add(address);
  };

  return {
    acknowledged,
    mails: () => mails,
    run: async (port, links, random, until) => {
      let over = false;
      let unanswered = 0;
      void until.then(() => (over = true));
      const person = async (_: unknown, at: number) => {
        const connection = await openConnection(port, `127.2.0.${at + 1}`).catch(() => undefined);
        try {
          while (connection && !over) {
            if (at === 0) readMails(links);
            await act(connection, links, random);
          }
        } catch {
          unanswered += 1;
        } finally {
          connection?.close();
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, person));
      readMails(links);
      return unanswered;
    },
  };
}

/** Throws where no answer came, after `again` took note of what is to be tried once more. */
async function send(
  connection: HttpConnection,
  request: LoadRequest,
  expected: number,
  again: string[],
  what: string,
): Promise<void> {
  try {
    const status = await connection.send(request);
    if (status !== expected) throw new Error(`${request.method} answered ${status}`);
  } catch (error) {
    again.push(what);
    throw error;
  }
}
