import { expect, test } from 'vitest';

import type { Permission } from '../../shared/contacts/contact.ts';
import { PROOFS } from '../../shared/contacts/contact.ts';
import type { LegalBasis } from '../../shared/contacts/legal-basis.ts';
import { BASIS_KINDS } from '../../shared/contacts/legal-basis.ts';
import { sha256 } from '../../shared/platform/ids.ts';
import { PROVENANCES, provenanceOf } from '../../shared/permission/provenance.ts';
import { grant } from './person.ts';

const AT = '2026-11-20T08:00:00.000Z';
const made = { at: AT, seq: 1 };
const document = sha256('a scan');
const withdrawn = { status: 'withdrawn', since: AT, seq: 2 } as const;
const over = (underneath?: Exclude<Permission, { status: 'blocked' }>): Permission => ({
  status: 'blocked',
  since: AT,
  seq: 3,
  ...(underneath ? { underneath } : {}),
});
const claim: LegalBasis = { kind: 'claimed', ...made, source: 'fair list' };
const OTHERS: LegalBasis[] = [
  { kind: 'presumed-interest', ...made, matter: 'm', act: 'a', source: 's', recordedBy: 'b' },
  {
    kind: 'existing-customer',
    ...made,
    saleRef: 'o',
    productGroup: 'g',
    noticeShownAt: AT,
    noticeVersion: '1',
  },
  { kind: 'implied', ...made, impliedKind: 'inquiry', anchorAt: AT },
  { kind: 'business-card', ...made, receivedAt: AT, occasion: 'fair' },
];

test.each<[string, Permission | undefined, LegalBasis | undefined, (typeof PROVENANCES)[number]]>([
  ['double opt-in', grant(1), undefined, 'proven'],
  ['confirmed opt-in', { ...grant(1), proof: 'confirmed' }, undefined, 'confirmed'],
  ['a call with its recording', { ...grant(1), proof: 'oral', document }, undefined, 'proven'],
  ['a call without', { ...grant(1), proof: 'oral' }, undefined, 'claimed'],
  ['a paper with its scan', { ...grant(1), proof: 'written', document }, undefined, 'proven'],
  ['a paper without', { ...grant(1), proof: 'written' }, undefined, 'claimed'],
  ['a grant that a claim stands beside', { ...grant(1), proof: 'confirmed' }, claim, 'confirmed'],
  ['a grant under a block', over(grant(1)), undefined, 'proven'],
  ['a claim', undefined, claim, 'claimed'],
  ['a claim with a document, kept elsewhere', undefined, { ...claim, document }, 'claimed'],
  ['a claim under a block', over(), claim, 'claimed'],
  ['a no', withdrawn, undefined, 'unknown'],
  ['a no, whatever others claim', withdrawn, claim, 'unknown'],
  ['a no under a block', over(withdrawn), claim, 'unknown'],
  ['a block', over(), undefined, 'unknown'],
  ['nothing', undefined, undefined, 'unknown'],
  ...OTHERS.map((basis): [string, undefined, LegalBasis, 'unknown'] => [
    basis.kind,
    undefined,
    basis,
    'unknown',
  ]),
])('the provenance of %s', (_, permission, basis, grade) => {
  expect(provenanceOf(permission, basis)).toBe(grade);
});

test('there is no proof and no basis beside the table', () => {
  expect([...PROOFS]).toEqual(['double', 'confirmed', 'oral', 'written']);
  expect([claim, ...OTHERS].map(({ kind }) => kind)).toEqual([...BASIS_KINDS]);
  expect([...PROVENANCES]).toEqual(['proven', 'confirmed', 'claimed', 'unknown']);
});
