import * as z from 'zod';

import { canonical } from '../permission/evidence.ts';
import type { EvidenceEntry } from '../permission/evidence.ts';
import { gradeGrants } from '../permission/grade.ts';
import { openPayload } from '../permission/seal.ts';
import { sentUse } from '../permission/sent-use.ts';
import type { Instant } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Signer } from '../platform/signer.ts';
import type { Database } from '../platform/table.ts';
import type { Settings } from '../settings/store.ts';
import { signJws } from './jws.ts';
import { LIMITS } from './limits.ts';
import { PACK_FORMAT, PACK_TYP } from './pack.ts';
import type { EvidencePack } from './pack.ts';
import { readProofs } from './read-proofs.ts';
import { sentMail } from './sent-mail.ts';
import type { SentMailDeps } from './sent-mail.ts';
import { readSentUses } from './sent-uses.ts';
import { publishKey, readPublishedKeys } from './store.ts';
import { readSubject, saltFor } from './subject.ts';
import type { Access, Subject } from './subject.ts';
import { packHash } from './verify-signed.ts';

export type PackDeps = SentMailDeps & {
  db: Database;
  secrets: Pick<Secrets, 'pepper' | 'linkKeys' | 'evidenceMaster'>;
  settings: Settings;
  signer: Signer;
};
export type PackInput = { contactId: string; controller: string; mayReadHold: boolean; at: Instant };

/**
 * Everything that is known in proof of a contact's permissions, signed by whoever issues it.
 * @throws AppError `not-found`
 */
export async function buildPack(deps: PackDeps, input: PackInput): Promise<EvidencePack> {
  const { db } = deps;
  const { contactId, controller, at } = input;
  const subject = await readSubject(db, controller, contactId);
  const { entries, head, contact } = subject;
  const access = await saltFor(db, subject, input.mayReadHold);
  const { payloads, ...withheld } = await openPayloads(deps, subject, access);
  const addressOf = ({ seq }: EvidenceEntry) => z.string().safeParse(payloads[seq]?.['address']).data;
  const mails = await Promise.all(entries.map((entry) => sentMail(deps, entry, entries, addressOf(entry))));
  await publishKey(db, await deps.signer.publicKey(), at);
  const pack: Omit<EvidencePack, 'statement'> = {
    format: PACK_FORMAT,
    issuedAt: at,
    contactId,
    controller: await describeController(deps.settings, subject),
    head,
    entries: [...entries],
    payloads,
    ...withheld,
    permissions: { ...contact?.permissions },
    wordings: { ...(await readWordings(deps.settings, entries)), ...spokenWordings(payloads) },
    forms: await readForms(deps.settings, entries),
    mails: mails.filter((mail) => mail !== undefined),
    uses: [...sealedCalls(payloads), ...(await readSentUses(db, contactId))],
    grades: gradeGrants(entries),
    ...(await readProofs(db, entries)),
    jwks: { keys: await readPublishedKeys(db) },
    limits: { de: [...LIMITS.de], en: [...LIMITS.en] },
  };
  const statement = { contactId, head, at, sha256: packHash(pack) };
  return { ...pack, statement: await signJws(deps.signer, PACK_TYP, statement) };
}

type Payloads = Pick<EvidencePack, 'payloads' | 'payloadsWithheld'>;

async function openPayloads(deps: PackDeps, subject: Subject, access: Access): Promise<Payloads> {
  if ('withheld' in access) return { payloads: {}, payloadsWithheld: access.withheld };
  const master = await deps.secrets.evidenceMaster();
  const payloads: Payloads['payloads'] = {};
  for (const { contactId, seq, sealed } of subject.entries) {
    payloads[seq] = openPayload(master, access.salt, { contactId, seq }, sealed);
  }
  return { payloads };
}

async function describeController(
  settings: Settings,
  { controller, entries }: Subject,
): Promise<EvidencePack['controller']> {
  for (const { brand: id } of entries.flatMap(({ changes }) => changes)) {
    const brand = await settings.brand(id);
    if (brand?.controller.id === controller) return brand.controller;
  }
  return { id: controller, name: controller, address: '', contact: '' };
}

async function readWordings(
  settings: Settings,
  entries: readonly EvidenceEntry[],
): Promise<EvidencePack['wordings']> {
  const hashes = entries.flatMap(({ changes, signup }) => [
    ...changes.flatMap(({ wording }) => wording ?? []),
    ...Object.values(signup?.boxes ?? {}),
  ]);
  const texts = await Promise.all(
    [...new Set(hashes)].map(async (hash) => [hash, await settings.wording(hash)] as const),
  );
  return Object.fromEntries(texts.flatMap(([hash, text]) => (text === undefined ? [] : [[hash, text]])));
}

const spoken = z.object({ notes: z.object({ wording: z.string() }) });

/** What somebody agreed to on the phone or on paper lies sealed with the act, for it may name the person (G7). */
function spokenWordings(payloads: Payloads['payloads']): EvidencePack['wordings'] {
  const texts = Object.values(payloads).flatMap(
    (payload) => spoken.safeParse(payload).data?.notes.wording ?? [],
  );
  return Object.fromEntries(texts.map((text) => [sha256(text), text]));
}

const erasing = z.object({ calls: z.array(sentUse) });

/** An erasure takes the history of messages away, and seals what it says of calls with its own entry (G7). */
function sealedCalls(payloads: Payloads['payloads']): EvidencePack['uses'] {
  return Object.values(payloads).flatMap((payload) => erasing.safeParse(payload).data?.calls ?? []);
}

async function readForms(
  settings: Settings,
  entries: readonly EvidenceEntry[],
): Promise<EvidencePack['forms']> {
  const named = new Map(entries.flatMap(({ signup }) => (signup ? [[signup.form.sha256, signup.form]] : [])));
  const forms = await Promise.all(
    [...named.values()].map(async ({ id, version }) => {
      const document = await settings.formVersion(id, version);
      return document && { id, version, sha256: sha256(canonical(document)), document: { ...document } };
    }),
  );
  return forms.filter((form) => form !== undefined);
}
