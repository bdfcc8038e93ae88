import { wakeEach } from '../outbox/wake.ts';
import type { Instant } from '../platform/clock.ts';
import type { Key } from '../platform/keys.ts';
import { clearErased } from './clear.ts';
import { lookAt } from './look-at.ts';
import type { LookDeps } from './look-at.ts';
import { endHold, readErased, takeDue } from './store.ts';

/** Does what is due in `contacts` now: lapses, retention, erasures that were cut short, and the end of legal holds. */
export async function wakeContacts(deps: LookDeps): Promise<number> {
  return wakeEach(deps.db, 'contacts', (key, at) => wakeContact(deps, key, at));
}

async function wakeContact(deps: LookDeps, key: Key, at: Instant): Promise<boolean> {
  const { db } = deps;
  if (!(await takeDue(db, key, at))) return false;
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
