import * as z from 'zod';

import { readAccount } from '../contacts/account-store.ts';
import type { Contact } from '../contacts/contact.ts';
import { promotion } from '../decision/promotion.ts';
import { judgeReactions } from '../engagement/verdict.ts';
import { openAct } from '../evidence/history.ts';
import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import type { Secrets } from '../platform/secrets.ts';
import { get } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { readEntries } from '../permission/store.ts';
import { newAddress, newAddressMailId } from '../preferences/new-address.ts';
import { requestsOf } from '../preferences/person-request.ts';
import { listSessions } from '../preferences/session-store.ts';
import { explainScore } from '../scoring/explain.ts';
import { readDays, readEvents } from '../scoring/store.ts';
import type { Brand } from '../settings/brand.ts';
import type { Language } from '../settings/language.ts';
import { brandsOf } from '../settings/own-settings.ts';
import type { Settings } from '../settings/store.ts';
import { readPending } from '../signup/store.ts';
import { EXPORT_FORMAT, exportDocument } from './export.ts';
import type { ExportDocument } from './export.ts';
import { exportScore } from './export-score.ts';
import type { ScoreWords } from './export-score.ts';

export type ExportDeps = {
  db: Database;
  secrets: Pick<Secrets, 'evidenceMaster'>;
  settings: Settings;
};
/** What stands in every export, in words. */
export type ExportWords = Pick<ExportDocument, 'retention' | 'rights'> & { score: ScoreWords };

const waiting = z.object({ change: newAddress });

/** Reads all that is held about a person and leaves out what is only ours (D1, D2). */
export async function readExport(
  deps: ExportDeps,
  {
    contact,
    brand,
    language,
    words: { score: scoreWords, ...words },
    at,
  }: { contact: Contact; brand: Brand; language: Language; words: ExportWords; at: Instant },
): Promise<ExportDocument> {
  const { db, settings } = deps;
  const { id, controller, accountId } = contact;
  const [entries, policy] = [await readEntries(db, id), await settings.policy(controller)];
  const acts = await Promise.all(
    entries.map(async (entry) => {
      const { wordings, personal } = await openAct(deps, contact, entry);
      return { ...entry, wordings, personal };
    }),
  );
  const messages = queryPartition(db, 'engagement', keys.contact(id).pk, promotion, 'PROMO#');
  const change = await get(db, 'outbox', keys.mail(newAddressMailId(id)), waiting);
  const account = accountId === undefined ? undefined : await readAccount(db, accountId);
  const found = await explainScore(deps, contact, { at, now: at });
  const { name, address, contact: reach } = brand.controller;
  return exportDocument.parse({
    format: EXPORT_FORMAT,
    exportedAt: at,
    controller: { name, address, contact: reach },
    recipients: policy.recipients.map((each) => ({ name: each.name, purpose: each.purpose[language] })),
    ...words,
    contact,
    account,
    acts,
    messages: await Array.fromAsync(messages),
    events: await judgedEvents(db, id),
    eventDays: [...(await readDays(db, id))].map(([day, counts]) => ({ day, counts })),
    score: exportScore(found, scoreWords, language),
    sessions: await listSessions(db, id, at),
    requests: await requestsOf(db, controller, id),
    openSignups: await openSignups(db, contact),
    newAddress: change?.change.address,
  });
}

/** Every event that is still held, oldest first. */
async function judgedEvents(db: Database, contactId: string) {
  const events = (await readEvents(db, contactId, { since: '', most: Infinity })).reverse();
  const judged = judgeReactions(events);
  return events.map((event) => ({ ...event, judged: judged.get(event) }));
}

/** Sign-ups of the person's address, for any brand of the controller. */
async function openSignups(db: Database, { controller, addressKey }: Contact) {
  if (addressKey === undefined) return [];
  const brands = await brandsOf(db, controller);
  const pending = await Promise.all(brands.map((id) => readPending(db, id, addressKey)));
  return pending.flatMap((item) => (item ? [...item.requests.values()] : []));
}
