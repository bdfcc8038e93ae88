import * as z from 'zod';

import type { PackDeps } from '../../shared/evidence/build-pack.ts';
import { consentRecord, toConsentRecord } from '../../shared/evidence/consent-record.ts';
import type { Holding } from '../../shared/evidence/consent-record.ts';
import { signJws } from '../../shared/evidence/jws.ts';
import { evidencePack } from '../../shared/evidence/pack.ts';
import { RECEIPT_TYP, receipt, toReceipt } from '../../shared/evidence/receipt.ts';
import type { Receipt } from '../../shared/evidence/receipt.ts';
import { settingId } from '../../shared/settings/brand.ts';
import { language } from '../../shared/settings/language.ts';
import { printedPolicy } from '../components/printed.tsx';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';
import type { Answer } from './endpoint.ts';
import { EvidencePage } from './evidence-page.tsx';
import { readAbout, readGrant, readPack } from './evidence-about.ts';
import type { Asked } from './evidence-about.ts';
import { ReceiptPage } from './receipt-page.tsx';

/** What proving needs besides what all endpoints have: a key to sign with, and the templates of mails sent. */
export type EvidenceDeps = ApiDeps & PackDeps & Pick<Holding, 'storage' | 'processors'>;

const params = z.strictObject({ id: z.string().min(1).max(100) });
/** Without a brand, the first that asked for the use; without a language, the brand's. */
const query = z.strictObject({ use: settingId, brand: settingId.optional(), lang: language.optional() });
const HTML = 'text/html; charset=utf-8';
const PAGE = { 200: { description: 'A page that is whole in itself', contentType: 'text/html' } } as const;
const shape = { method: 'GET', scope: 'evidence:read', params, body: NOTHING } as const;

/** The proof of a contact's permissions, for machines, for judges and for the person (G4, H8). */
export const evidenceEndpoints = [
  endpoint({
    ...shape,
    path: '/v1/contacts/{id}/evidence',
    summary: 'All evidence about a contact as one signed file that anybody can verify',
    description:
      'Verify it with `assent-verify.mjs`; docs/evidence-format.md describes every step. Of an erased contact, personal data is readable with the scope `evidence:legal` alone, for as long as the law keeps it.',
    query: NONE,
    answers: { 200: { description: 'The evidence pack', schema: evidencePack } },
    handle: async (deps: EvidenceDeps, asked) => {
      const body = await readPack(deps, asked);
      const headers = { 'Content-Disposition': `attachment; filename="evidence-${asked.params.id}.json"` };
      return { status: 200, body, headers };
    },
  }),
  endpoint({
    ...shape,
    path: '/v1/contacts/{id}/evidence.html',
    summary: 'The evidence about one use, to print',
    query,
    answers: PAGE,
    handle: async (deps: EvidenceDeps, asked) => {
      const found = await readAbout(deps, asked);
      return printed(found.brand, <EvidencePage {...found} />);
    },
  }),
  endpoint({
    ...shape,
    path: '/v1/contacts/{id}/evidence.27560.json',
    summary: 'The consent to one use as a record by ISO/IEC TS 27560',
    query,
    answers: { 200: { description: 'The record', schema: consentRecord } },
    handle: async (deps: EvidenceDeps, asked) => {
      const found = await readAbout(deps, asked);
      const policy = await deps.settings.policy(asked.caller.controller);
      const { uses } = await deps.settings.uses(asked.caller.controller);
      const channel = uses.find((use) => use.id === asked.query.use)?.channel;
      const holding = { storage: deps.storage, processors: deps.processors, channel, policy };
      return { status: 200, body: toConsentRecord(found, readGrant(found.story), holding) };
    },
  }),
  endpoint({
    ...shape,
    path: '/v1/contacts/{id}/receipt.html',
    summary: 'A receipt for the person, to print',
    query,
    answers: PAGE,
    handle: async (deps: EvidenceDeps, asked) => {
      const found = await readAbout(deps, asked);
      return printed(found.brand, <ReceiptPage {...found} grant={readGrant(found.story)} />);
    },
  }),
  endpoint({
    ...shape,
    path: '/v1/contacts/{id}/receipt.json',
    summary: 'A receipt for the person, in the field names of Kantara’s Consent Receipt 1.1',
    query,
    answers: { 200: { description: 'The receipt', schema: receipt } },
    handle: async (deps: EvidenceDeps, asked) => ({ status: 200, body: await readReceipt(deps, asked) }),
  }),
  endpoint({
    ...shape,
    path: '/v1/contacts/{id}/receipt.jws',
    summary: 'The same receipt, signed: a compact JWS by a key of /.well-known/jwks.json',
    query,
    answers: { 200: { description: 'The signed receipt', contentType: 'application/jose' } },
    handle: async (deps: EvidenceDeps, asked) => ({
      status: 200,
      body: await signJws(deps.signer, RECEIPT_TYP, await readReceipt(deps, asked)),
      contentType: 'application/jose',
    }),
  }),
];

async function readReceipt(deps: EvidenceDeps, asked: Asked): Promise<Receipt> {
  const found = await readAbout(deps, asked);
  return toReceipt(found, readGrant(found.story), found.language);
}

type Printed = Parameters<typeof printedPolicy>[0];

async function printed(brand: Printed, page: { toString(): string | Promise<string> }): Promise<Answer> {
  const body = await page.toString();
  const headers = { 'Content-Security-Policy': printedPolicy(brand) };
  return { status: 200, body, headers, contentType: HTML };
}
