import { wakeEach } from '../outbox/wake.ts';
import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { log, metric } from '../platform/log.ts';
import { dueRequest } from '../preferences/person-request.ts';
import { clearErased } from './clear.ts';
import { endAnswered } from './end-answered.ts';
import { lookAt } from './look-at.ts';
import type { LookDeps } from './look-at.ts';
import { endHold, readErased, takeDue } from './store.ts';

/** Does what is due in `contacts` now: lapses, retention, erasures that were cut short, and the end of legal holds. */
export async function wakeContacts(deps: LookDeps): Promise<number> {
  return wakeEach(deps.db, 'contacts', (key, at) => wakeContact(deps, key, at));
}

/** Partitions of what people asked of us. */
const REQUESTS = keys.request('', '', '').pk;

/** Tells that a person waits for an answer, never what they wrote; what is answered has an end. */
async function wakeRequest(deps: LookDeps, key: Key, at: Instant): Promise<boolean> {
  const due = await dueRequest(deps.db, key, at);
  if (due) {
    const { id, kind, answerBy } = due.request;
    log(due.late ? 'error' : 'warn', 'request-due', { id, kind, answerBy });
    metric('request-due', 1);
  } else await endAnswered(deps, key, at);
  return true;
}

async function wakeContact(deps: LookDeps, key: Key, at: Instant): Promise<boolean> {
  const { db } = deps;
  if (!(await takeDue(db, key, at))) return false;
  if (key.pk.startsWith(REQUESTS)) return wakeRequest(deps, key, at);
  const contactId = key.pk.replace(/^C#/, '');
  switch (key.sk) {
    case 'CONTACT':
      await lookAt(deps, contactId, at);
      return true;
    case 'ERASED': {
      const erased = await readErased(db, contactId);
      if (erased) await clearErased(db, erased);
      return true;
    }
    case 'HOLD':
      return endHold(db, key, at);
    default:
      throw new Error(`nobody knows what is due for ${key.sk}`);
  }
}
