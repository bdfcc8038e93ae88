import { beforeAll, describe, expect, test } from 'vitest';

import type { EvidenceDraft, EvidenceEntry } from '../../shared/permission/evidence.ts';
import { PIECES, gradeGrants, missingPieces } from '../../shared/permission/grade.ts';
import type { Grade, Piece } from '../../shared/permission/grade.ts';
import { approveReview } from '../../shared/permission/review.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { now } from '../../shared/platform/clock.ts';
import { sha256 } from '../../shared/platform/ids.ts';
import { PERSON, act, asked, brand, createPerson, draft, granted, openLedger } from './person.ts';
import type { Deps } from './person.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});

const AT = now();
const { signup, mail } = asked(AT);
const { messageId: _id, deliveredAt: _delivered, sentAt: _sent, ...started } = mail;
const { deliveredAt: _arrived, ...taken } = mail;
const { confirmPageShownAt: _shown, ...unclicked } = signup;

/** The grades in a chain of somebody who did this, newest last. */
async function gradesAfter(...made: EvidenceDraft[]) {
  const { id } = await createPerson(deps, []);
  for (const each of made) await act(deps, id, each);
  return gradesOf(id);
}
async function gradesOf(contactId: string): Promise<[number, Grade, Piece[]][]> {
  return gradeGrants(await readEntries(deps.db, contactId)).map(({ seq, grade, missing }) => [
    seq,
    grade,
    missing,
  ]);
}
const confirms = (more: Partial<EvidenceDraft> = {}) => draft([granted('newsletter')], more);
const report = (requestId: string) =>
  draft([], {
    type: 'delivery',
    route: 'delivery-report',
    delivery: { requestId, messageId: 'ses-1', deliveredAt: AT },
  });

describe('G5 the proof of a double opt-in', () => {
  test('is an A where nothing is missing', async () => {
    expect(await gradesAfter(confirms())).toEqual([[2, 'A', []]]);
  });

  test.each<[string, Partial<EvidenceDraft>, Grade, Piece[]]>([
    ['the form and its sign-up', { signup: undefined }, 'C', ['form', 'confirmation']],
    ['the mail', { mail: undefined }, 'B', ['mail', 'messageId', 'delivery']],
    ['its message id', { mail: started }, 'B', ['messageId', 'delivery']],
    ['its delivery', { mail: taken }, 'B', ['delivery']],
    ['the click', { signup: unclicked }, 'B', ['confirmation']],
    ['the click by its route', { route: 'confirmed-opt-in' }, 'B', ['confirmation']],
    [
      'click and message id',
      { signup: unclicked, mail: started },
      'C',
      ['messageId', 'delivery', 'confirmation'],
    ],
  ])('is none without %s', async (_, more, grade, missing) => {
    expect(await gradesAfter(confirms(more))).toEqual([[2, grade, missing]]);
  });

  test('lacks the wording where no text is named', async () => {
    const { id } = await createPerson(deps);
    const [entry] = await readEntries(deps.db, id);
    const { wording: _, ...untold } = granted('newsletter');
    expect(entry && missingPieces(entry, untold)).toEqual(['wording']);
    expect(entry && missingPieces({ ...entry, signup: undefined, mail: undefined }, untold)).toEqual([
      ...PIECES,
    ]);
  });

  test('is complete once a later report tells of its mail, and of no other', async () => {
    const early = confirms({ mail: started });
    expect(await gradesAfter(early, report(early.signup?.requestId ?? ''))).toEqual([[2, 'A', []]]);
    expect(await gradesAfter(early, report('another'))).toEqual([[2, 'B', ['messageId', 'delivery']]]);
  });

  test('after a log-in is the mail that the person logged in by, whose arrival nobody reports', async () => {
    const route = 'log-in';
    expect(await gradesAfter(confirms({ route, mail: taken }))).toEqual([[2, 'A', []]]);
    expect(await gradesAfter(confirms({ route, mail: undefined }))).toEqual([
      [2, 'B', ['mail', 'messageId']],
    ]);
  });
});

describe('G7 a consent by word or on paper', () => {
  const told = (proof: 'oral' | 'written', hash?: string) =>
    draft([granted('call-centre', [], { proof, form: undefined })], {
      route: proof === 'oral' ? 'oral' : 'paper',
      signup: undefined,
      mail: undefined,
      document: { givenAt: AT, ...(hash ? { sha256: hash } : {}) },
    });

  test.each(['oral', 'written'] as const)('%s: is a B with its document and a C without', async (proof) => {
    const [[, grade] = []] = await gradesAfter(told(proof, sha256('kept')));
    const [[, without, missing] = []] = await gradesAfter(told(proof));
    expect([grade, without]).toEqual(['B', 'C']);
    expect(missing).toEqual(PIECES.filter((piece) => piece !== 'wording'));
  });

  test('that others claim is no grant and has no grade', async () => {
    const claim = { brand: brand.id, use: 'newsletter', from: 'unclear', to: 'unclear' } as const;
    expect(
      await gradesAfter(draft([{ ...claim, basis: 'claimed' }], { type: 'basis', route: 'import' })),
    ).toEqual([]);
  });
});

describe('G5 what repeats a declaration is as good as that', () => {
  const asks = (more: Partial<EvidenceDraft> = {}) =>
    draft([granted('newsletter', [], { to: 'unclear', review: true })], { type: 'review', ...more });
  const allow = (contactId: string) =>
    approveReview(deps, {
      controller: brand.controller.id,
      contactId,
      brand: brand.id,
      use: 'newsletter',
      actor: { kind: 'staff', id: 'a.sommer' },
      at: now(),
    });
  const leaveAndReturn = async (contactId: string) => {
    const scope = { kind: 'uses', uses: ['newsletter'] } as const;
    const left = await withdraw(deps, { contactId, brand, scope, route: 'one-click', actor: PERSON });
    const seq = left.kind === 'withdrawn' ? left.entry.seq : 0;
    await undoWithdrawal(deps, { contactId, seq, route: 'undo', ip: '', userAgent: '' });
  };
  const last = (entries: [number, Grade, Piece[]][]) => entries.at(-1);

  test('a yes of ours', async () => {
    for (const [more, grade, missing] of [
      [{}, 'A', []],
      [{ mail: taken }, 'B', ['delivery']],
      [{ signup: undefined }, 'C', ['form', 'confirmation']],
    ] as const) {
      const { id } = await createPerson(deps, []);
      await act(deps, id, asks(more));
      expect(await gradesOf(id)).toEqual([]);
      await allow(id);
      expect(await gradesOf(id)).toEqual([[3, grade, missing]]);
      await leaveAndReturn(id);
      expect(last(await gradesOf(id))).toEqual([5, grade, missing]);
    }
  });

  test('an undo, also of an undo, and whatever was asked for since', async () => {
    const { id } = await createPerson(deps, []);
    await act(deps, id, confirms({ mail: taken }));
    await act(
      deps,
      id,
      draft([granted('newsletter', [], { from: 'granted', to: 'granted', review: true })], {
        type: 'review',
      }),
    );
    await leaveAndReturn(id);
    await leaveAndReturn(id);
    expect(await gradesOf(id)).toEqual([
      [2, 'B', ['delivery']],
      [5, 'B', ['delivery']],
      [7, 'B', ['delivery']],
    ]);
  });
});

test('what lies in another chain or place proves nothing here', () => {
  const entry = (seq: number, use: string, more: Partial<EvidenceEntry>): EvidenceEntry => ({
    ...{ schema: 1, contactId: 'con_1', seq, prevHash: '', actor: PERSON, controller: '' },
    ...{ payloadHash: '', sealed: '', hash: '' },
    ...draft([granted(use)]),
    ...more,
  });
  const repeated = entry(2, 'newsletter', { route: 'review', signup: undefined, mail: undefined });
  const [, graded] = gradeGrants([entry(1, 'event-invitation', {}), repeated]);
  expect(graded).toMatchObject({ seq: 2, grade: 'C' });
});
