import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { sentMail } from '../../shared/evidence/sent-mail.ts';
import type { SentMailDeps } from '../../shared/evidence/sent-mail.ts';
import type { EvidenceEntry, MailEvidence } from '../../shared/permission/evidence.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { randomToken } from '../../shared/platform/ids.ts';
import { captureLog, resetClock } from '../support/system.ts';
import { ANNA, openEvidenceSystem } from './system.ts';

let system: Awaited<ReturnType<typeof openEvidenceSystem>>;
let entries: EvidenceEntry[];
let entry: EvidenceEntry;

beforeAll(async () => {
  captureLog();
  system = await openEvidenceSystem();
  const id = await system.subscribe(ANNA);
  await system.unsubscribe(id);
  entries = await readEntries(system.deps.db, id);
  const [first] = entries;
  if (!first) throw new Error('nothing was recorded');
  entry = first;
});
afterAll(resetClock);

const show = (more: Partial<SentMailDeps> = {}, address: string | undefined = ANNA, of = entry) =>
  sentMail({ ...system.deps, ...more }, of, entries, address);
function withMail(change: Partial<MailEvidence>): EvidenceEntry {
  if (!entry.mail) throw new Error('the entry has no mail');
  return { ...entry, mail: { ...entry.mail, ...change } };
}
const known = () => ({ seq: 1, sha256: entry.mail?.sha256 });
const withKeys = (linkKeys: Awaited<ReturnType<SentMailDeps['secrets']['linkKeys']>>) => ({
  secrets: { ...system.deps.secrets, linkKeys: () => Promise.resolve(linkKeys) },
});

describe('a confirmation mail', () => {
  test('G5 is shown as it was sent', async () => {
    const sent = system.mailsTo(ANNA)[0];
    expect(await show()).toEqual({
      ...known(),
      content: { subject: sent?.subject, html: sent?.html, text: sent?.text },
    });
  });

  test('is shown as well once another key makes the links', async () => {
    const { keys } = await system.deps.secrets.linkKeys();
    const rotated = withKeys({ current: 'k2', keys: { k2: randomToken(), ...keys } });
    expect((await show(rotated))?.content).toBeDefined();
  });

  test('an act without a mail has none', async () => {
    expect(await show({}, ANNA, entries[1])).toBeUndefined();
  });
});

describe('what went into it is gone', () => {
  const gone = () => ({ ...known(), missing: 'inputs-gone' });

  test('the address, once the data is withheld', async () => {
    expect(await sentMail(system.deps, entry, entries, undefined)).toEqual(gone());
    expect(await show({}, 'no address')).toEqual(gone());
  });

  test('the form', async () => {
    const settings = { ...system.deps.settings, formVersion: () => Promise.resolve(undefined) };
    expect(await show({ settings })).toEqual(gone());
  });

  test.each(['changes', 'signup'] as const)('the %s of the entry', async (member) => {
    const { [member]: _, ...rest } = entry;
    expect(await show({}, ANNA, { changes: [], ...rest })).toEqual(gone());
  });

  test('the settings of that time', async () => {
    expect(await show({}, ANNA, withMail({ startedAt: '2020-01-01T00:00:00.000Z' }))).toEqual(gone());
  });
});

describe('it comes out otherwise today', () => {
  const other = () => ({ ...known(), missing: 'cannot-be-repeated' });

  test('for the words of the template', async () => {
    const { templates } = system.deps;
    const reworded: SentMailDeps['templates'] = {
      ...templates,
      confirmation: (input) => ({ ...templates.confirmation(input), subject: 'Really?' }),
    };
    expect(await show({ templates: reworded })).toEqual(other());
  });

  test('for want of the key that made its link', async () => {
    expect(await show(withKeys({ current: 'k2', keys: { k2: randomToken() } }))).toEqual(other());
  });

  test('for another address', async () => {
    expect(await show({}, 'somebody.else@example.com')).toEqual(other());
  });

  test('for a hash that is not its own', async () => {
    const sha256 = '0'.repeat(64);
    expect(await show({}, ANNA, withMail({ sha256 }))).toEqual({ ...other(), sha256 });
  });
});
