import { addressKey } from '../../shared/contacts/address-key.ts';
import { DAY, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { randomToken, sha256 } from '../../shared/platform/ids.ts';
import { keys } from '../../shared/platform/keys.ts';
import type { TableName } from '../../shared/platform/keys.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { demoNewsletterForm } from '../../shared/settings/demo-forms.ts';
import { wordingHash } from '../../shared/settings/form.ts';
import { grantRequest } from '../../shared/signup/grant.ts';
import type { PendingSignup, SignupRequest } from '../../shared/signup/pending.ts';
import { TABLE_PREFIX } from '../local/environment.ts';
import { TABLE_NAMES, prefixedName } from '../local/tables.ts';
import type { NewItem } from './import-items.ts';
import { recordingDatabase } from './recording-database.ts';
import type { RecordedWrites } from './recording-database.ts';
import type { LocalSecrets } from './requests.ts';

/** A confirmed contact as three whole items. */
export type SeedContact = { contactId: string; items: NewItem[] };

const CONTROLLER = demoBrand.controller.id;

/** Makes contacts by the very code that records a confirmation; only the writes are gathered instead of done. */
export function seedContacts(secrets: LocalSecrets): (number: number) => Promise<SeedContact> {
  let writes: RecordedWrites = [];
  const db = recordingDatabase((recorded) => (writes = recorded));
  const deps = { db, secrets: { evidenceMaster: () => Promise.resolve(secrets['evidence-master']) } };
  return async (number) => {
    const address = `seed-${number}@contacts.example`;
    const key = addressKey(secrets.pepper, `${CONTROLLER}\n${address}`);
    const request = signupRequest(address, plus(now(), -30 * DAY));
    const requestId = sha256(address).slice(0, 32);
    const granted = await grantRequest(deps, {
      pending: pendingOf(key, requestId, request),
      requestId,
      request,
      brand: demoBrand,
      uses: demoUses,
      wanted: Object.keys(request.uses),
      mail: {
        template: 'confirmation@1',
        sha256: sha256(requestId),
        startedAt: request.at,
        messageId: `seed-${number}`,
        sentAt: request.at,
        deliveredAt: request.at,
      },
      click: { ip: '127.0.0.1', userAgent: request.userAgent, pageShownAt: request.at },
      also: () => [],
    });
    if (granted?.kind !== 'granted') throw new Error('a seeded contact was not granted');
    const contactId = granted.contact.id;
    return { contactId, items: writes.map((write) => toItem(write, contactId)) };
  };
}

/** The pointer is claimed by an update; as the first word about an address it is a whole item. */
function toItem({ Put, Update }: RecordedWrites[number], contactId: string): NewItem {
  if (Put) return { table: tableOf(Put.TableName), item: Put.Item };
  if (Update && tableOf(Update.TableName) === 'contacts') {
    return { table: 'contacts', item: { ...Update.Key, contactId } };
  }
  throw new Error('a confirmation writes something that the seed does not know');
}

function tableOf(name: string): TableName {
  const table = TABLE_NAMES.find((one) => prefixedName(TABLE_PREFIX, one) === name);
  if (!table) throw new Error(`there is no table ${name}`);
  return table;
}

function signupRequest(address: string, at: string): SignupRequest {
  return {
    at,
    shownAt: plus(at, -MINUTE),
    form: { id: demoNewsletterForm.id, version: 1, sha256: sha256(randomToken()) },
    language: 'de',
    address,
    fields: { firstName: 'Kim', lastName: 'Probe' },
    // All that is asked, so that there is something to score.
    uses: Object.fromEntries(
      demoNewsletterForm.uses.map(({ use, wording }) => [use, wordingHash(wording.de)]),
    ),
    topics: demoNewsletterForm.topics,
    privacyNotice: { version: demoBrand.privacyNotice.version, url: demoBrand.privacyNotice.url.de },
    ip: '127.0.0.1',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  };
}

function pendingOf(key: string, requestId: string, request: SignupRequest): PendingSignup {
  const { pk } = keys.pendingSignup(demoBrand.id, key);
  return {
    brand: demoBrand.id,
    controller: CONTROLLER,
    addressKey: key,
    limitKey: sha256(pk).slice(0, 32),
    open: 1,
    dueAt: undefined,
    requests: new Map([[requestId, request]]),
    progress: new Map(),
  };
}
