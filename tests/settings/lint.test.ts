import { describe, expect, test } from 'vitest';

import { lawAt } from '../../shared/decision/law.ts';
import { brand as brandSchema } from '../../shared/settings/brand.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { demoEventForm, demoNewsletterForm, demoPreferenceForm } from '../../shared/settings/demo-forms.ts';
import { demoScoring } from '../../shared/settings/demo-scoring.ts';
import { FINDINGS } from '../../shared/settings/findings.ts';
import type { FindingCode } from '../../shared/settings/findings.ts';
import type { Form } from '../../shared/settings/form.ts';
import { lintSetting } from '../../shared/settings/lint.ts';
import type { OwnSettings } from '../../shared/settings/own-settings.ts';
import { policy } from '../../shared/settings/policy.ts';
import type { Policy } from '../../shared/settings/policy.ts';
import type { Documents, SettingKind } from '../../shared/settings/store.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import { SCORING_CASES, scoringRules } from './scoring-cases.ts';

const AT = '2026-11-25T08:00:00.000Z';
const demoPolicy = policy.parse({ id: demoUses.id });
const OWN: OwnSettings = {
  brands: [demoBrand],
  forms: [demoNewsletterForm, demoEventForm, demoPreferenceForm],
  uses: demoUses,
  policy: demoPolicy,
  scoring: scoringRules({}),
};
const seen = new Set<string>();

function lint<K extends SettingKind>(kind: K, document: Documents[K], previous?: Documents[K], own = OWN) {
  const findings = lintSetting(kind, document, previous, { own, law: lawAt(AT) });
  for (const { code } of findings) seen.add(code);
  return findings;
}
const brand = (change: Partial<Brand>): Brand => ({ ...demoBrand, ...change });
const form = (change: Partial<Form>): Form => ({ ...demoNewsletterForm, ...change });
const uses = (change: Partial<Uses>): Uses => ({ ...demoUses, ...change });
const guardWith = (of: 'bounces' | 'complaints', change: object) => ({
  ...demoPolicy.guard,
  [of]: { ...demoPolicy.guard[of], ...change },
});
const terms = (change: Partial<Policy>): Policy => ({ ...demoPolicy, ...change });
const models = (more: Record<string, string>): Brand =>
  brandSchema.parse({ ...demoBrand, models: { default: 'double-opt-in', ...more } });
const override = (rule: 'OPT_IN' | 'PRESUMED' | 'OPT_OUT') => ({
  country: 'DE',
  channel: 'email' as const,
  rule,
  name: 'Dr. Silke Brandt',
  reason: 'only customers are written to',
  since: AT,
});
const [newsletter, tracking] = demoNewsletterForm.uses;
if (!newsletter || !tracking) throw new Error('the demo form offers less than these tests need');
const de = (text: string): Form =>
  form({ uses: [{ ...newsletter, wording: { ...newsletter.wording, de: text } }, tracking] });
const en = (text: string): Form =>
  form({ uses: [{ ...newsletter, wording: { ...newsletter.wording, en: text } }, tracking] });
const GOOD = 'Nordlicht Antriebstechnik GmbH darf mir E-Mails senden, bis ich widerrufe';
const GOOD_EN = 'Nordlicht Antriebstechnik GmbH may e-mail me until I withdraw';

type Case = [what: string, code: FindingCode, pointer: string, run: () => ReturnType<typeof lint>];
const CASES: Case[] = [
  [
    'a choices page that can offer nothing',
    'preference-form-unknown',
    '/preferenceForm',
    () => lint('brand', brand({ preferenceForm: 'nowhere' })),
  ],
  [
    'a choices page whose form needs no click',
    'preference-form-not-double',
    '/preferenceForm',
    () => lint('brand', brand({ preferenceForm: demoEventForm.id })),
  ],
  [
    'a brand without a form for the choices page',
    'no-preference-form',
    '',
    () => lint('brand', brand({ preferenceForm: undefined })),
  ],
  [
    'a question about a topic that there is not',
    'unknown-topic',
    '/questions/0/topics',
    () =>
      lint(
        'brand',
        brand({ questions: [{ field: 'city', why: { de: 'Darum', en: 'Because' }, topics: ['nowhere'] }] }),
      ),
  ],
  [
    'a newsletter under opt-out-only in Germany',
    'model-below-floor',
    '/models/DE',
    () => lint('brand', models({ DE: 'opt-out-only' })),
  ],
  [
    'build-up in Germany',
    'model-partly-below-floor',
    '/models/DE',
    () => lint('brand', models({ DE: 'build-up' })),
  ],
  [
    'opt-out-only for all countries not named',
    'model-partly-below-floor',
    '/models/default',
    () => lint('brand', models({ default: 'opt-out-only' })),
  ],
  [
    'an override below the law',
    'floor-override',
    '/floorOverrides/0',
    () => lint('brand', brand({ floorOverrides: [override('OPT_OUT')] })),
  ],
  [
    'no default model',
    'no-default-model',
    '/models',
    () => lint('brand', brand({ models: { DE: 'double-opt-in' } })),
  ],
  [
    'forms under a model that collects nothing',
    'ignore-with-forms',
    '/models/FR',
    () => lint('brand', models({ FR: 'ignore' })),
  ],
  [
    'a form of a brand that collects nothing',
    'ignore-with-forms',
    '/brand',
    () => lint('form', demoNewsletterForm, undefined, { ...OWN, brands: [models({ default: 'ignore' })] }),
  ],
  [
    'a Reply-To that nobody reads',
    'reply-to-unread',
    '/sender/replyTo',
    () => lint('brand', brand({ sender: { ...demoBrand.sender, replyTo: 'no-reply@nordlicht.example' } })),
  ],
  [
    'one privacy notice for two languages',
    'privacy-notice-one-language',
    '/privacyNotice/url',
    () =>
      lint(
        'brand',
        brand({ privacyNotice: { version: '1', url: { de: 'https://a.example', en: 'https://a.example' } } }),
      ),
  ],
  [
    'a colour that is hard to read',
    'colour-adjusted',
    '/colour',
    () => lint('brand', brand({ colour: '#ffe600' })),
  ],
  [
    'a brand that changes hands',
    'controller-changed',
    '/controller/id',
    () => lint('brand', brand({ controller: { ...demoBrand.controller, id: 'other' } }), demoBrand),
  ],
  ['a form of no known brand', 'unknown-brand', '/brand', () => lint('form', form({ brand: 'nobody' }))],
  [
    'a form that changes its brand',
    'brand-changed',
    '/brand',
    () => lint('form', form({ brand: 'polarstern' }), demoNewsletterForm),
  ],
  [
    'a use that is not in the catalogue',
    'unknown-use',
    '/uses/0/use',
    () => lint('form', form({ uses: [{ ...newsletter, use: 'nothing' }] })),
  ],
  [
    'a use offered twice',
    'duplicate-id',
    '/uses/1/use',
    () => lint('form', form({ uses: [newsletter, newsletter] })),
  ],
  [
    'a topic that is not in the catalogue',
    'unknown-topic',
    '/topics/0',
    () => lint('form', form({ topics: ['nothing'] })),
  ],
  [
    'a topic of a use that is not offered',
    'topic-not-offered',
    '/topics/0',
    () => lint('form', { ...demoEventForm, topics: ['drives'] }),
  ],
  [
    'G12 a German wording that bundles measuring with mail',
    'bundled-consent',
    '/uses/0/wording/de',
    () => lint('form', de(`${GOOD}, und messen, welche Links ich anklicke oder welche Mails ich öffne.`)),
  ],
  [
    'G12 a German wording that bundles a profile with mail',
    'bundled-consent',
    '/uses/0/wording/de',
    () => lint('form', de(`${GOOD}, und ein Nutzerprofil anlegen.`)),
  ],
  [
    'G12 an English wording that bundles tracking with mail',
    'bundled-consent',
    '/uses/0/wording/en',
    () => lint('form', en(`${GOOD_EN} and tracks my clicks.`)),
  ],
  [
    'G12 measuring that must be agreed to',
    'data-use-required',
    '/uses/1/required',
    () => lint('form', form({ uses: [newsletter, { ...tracking, required: true }] })),
  ],
  [
    'G9 a wording that names nobody',
    'wording-without-sender',
    '/uses/0/wording/de',
    () => lint('form', de('Sendet mir E-Mails, bis ich widerrufe.')),
  ],
  [
    'G9 a wording without a way back',
    'wording-without-withdrawal',
    '/uses/0/wording/en',
    () => lint('form', en('Nordlicht Antriebstechnik GmbH may e-mail me.')),
  ],
  [
    'G9 a wording that names no channel',
    'wording-without-channel',
    '/uses/0/wording/de',
    () => lint('form', de('Die Nordlicht Antriebstechnik GmbH darf mir schreiben, bis ich widerrufe.')),
  ],
  ['G9 a second required field', 'field-required', '/fields/0/required', () => lint('form', demoEventForm)],
  [
    'G18 a promise that no cap holds',
    'promise-not-kept',
    '/uses/0/wording/de',
    () => {
      const { promisedFrequency: _, ...unheld } = demoNewsletterForm;
      return lint('form', unheld);
    },
  ],
  [
    'G18 a promise that the cap breaks',
    'promise-not-kept',
    '/intro/en',
    () => lint('form', form({ promisedFrequency: { count: 2, days: 7 } })),
  ],
  [
    'a form embedded without TLS',
    'origin-not-secure',
    '/origins/0',
    () => lint('form', form({ origins: ['http://www.nordlicht.example'] })),
  ],
  [
    'T12 a thank-you page of somebody else',
    'thank-you-foreign',
    '/thankYouUrls/0',
    () => lint('form', form({ thankYouUrls: ['https://elsewhere.example/thanks'] })),
  ],
  [
    'a use listed twice',
    'duplicate-id',
    '/uses/9/id',
    () => lint('uses', uses({ uses: [...demoUses.uses, ...demoUses.uses.slice(0, 1)] })),
  ],
  [
    'a topic of no use',
    'unknown-use',
    '/topics/0/use',
    () => lint('uses', uses({ topics: demoUses.topics.map((topic) => ({ ...topic, use: 'nothing' })) })),
  ],
  [
    'a use taken away from a form',
    'offered-by-form',
    '/uses',
    () => lint('uses', uses({ uses: demoUses.uses.filter(({ id }) => id !== 'event-invitation') })),
  ],
  ['a topic taken away from a form', 'offered-by-form', '/topics', () => lint('uses', uses({ topics: [] }))],
  [
    'G3 a use that becomes another channel',
    'channel-changed',
    '/uses/0/channel',
    () =>
      lint(
        'uses',
        uses({ uses: demoUses.uses.map((use) => ({ ...use, channel: 'phone' as const })) }),
        demoUses,
      ),
  ],
  [
    'a warning that comes too late',
    'warning-after-lapse',
    '/lapse/warnMonths',
    () => lint('policy', terms({ lapse: { months: 18, warnMonths: 18 } })),
  ],
  [
    'G8 consents that lapse late',
    'lapse-late',
    '/lapse/months',
    () => lint('policy', terms({ lapse: { months: 25, warnMonths: 18 } })),
  ],
  [
    'B3 mail that is warned of after it was stopped',
    'warning-after-stop',
    '/guard/bounces/warn',
    () => lint('policy', terms({ guard: guardWith('bounces', { warn: 0.045 }) })),
  ],
  [
    'B3 bounces that SES would stop before us',
    'guard-too-loose',
    '/guard/bounces/stop',
    () => lint('policy', terms({ guard: guardWith('bounces', { stop: 0.06 }) })),
  ],
  [
    'B1 complaints that Gmail would stop before us',
    'guard-too-loose',
    '/guard/complaints/stop',
    () => lint('policy', terms({ guard: guardWith('complaints', { stop: 0.004 }) })),
  ],
  [
    'no cap on e-mail',
    'no-email-cap',
    '/frequency/email',
    () => lint('policy', terms({ frequency: { ...demoPolicy.frequency, email: [] } })),
  ],
  [
    'G14 proof that goes too early',
    'proof-too-short',
    '/retention/proofYears',
    () => lint('policy', terms({ retention: { ...demoPolicy.retention, proofYears: 2 } })),
  ],
  [
    'G7 proof of phone consent that goes too early',
    'proof-too-short',
    '/retention/phoneProofYears',
    () => lint('policy', terms({ retention: { ...demoPolicy.retention, phoneProofYears: 4 } })),
  ],
  [
    'G18 a policy that is looser than a promise',
    'policy-looser-than-promise',
    '/frequency/email',
    () => lint('policy', demoPolicy),
  ],
  ...SCORING_CASES.map(([what, code, pointer, document, previous]): Case => [
    what,
    code,
    pointer,
    () => lint('scoring', document, previous),
  ]),
];

describe('the linter finds', () => {
  test.each(CASES)('%s', (_, code, pointer, run) => {
    expect(run()).toContainEqual(expect.objectContaining({ code, pointer }));
  });

  test('everything that it has a code for', () =>
    expect(Object.keys(FINDINGS).filter((code) => !seen.has(code))).toEqual([]));
});

describe('the linter has nothing to say about', () => {
  test('the demo company, but for the fields that its event asks for', () => {
    expect(lint('brand', demoBrand, demoBrand)).toEqual([]);
    expect(lint('uses', demoUses, demoUses)).toEqual([]);
    const rules = scoringRules(demoScoring);
    expect(lint('scoring', rules, rules)).toEqual([]);
    expect(lint('form', demoNewsletterForm, demoNewsletterForm)).toEqual([]);
    const codes = lint('form', demoEventForm).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['field-required']));
  });

  test('the default rules of scoring, but for the lists that are the operator’s own', () => {
    expect(lint('scoring', scoringRules({})).map(({ pointer }) => pointer)).toEqual([
      '/potential/department/words',
      '/potential/industry/industries',
    ]);
  });

  test.each([
    ['opt-out-only where the law asks for no more', models({ FR: 'opt-out-only' }), []],
    [
      'an override that only tightens',
      brand({ floorOverrides: [{ ...override('OPT_IN'), country: 'FR' }] }),
      [],
    ],
  ])('%s', (_, document, expected) => expect(lint('brand', document)).toEqual(expected));

  test.each([
    'Nordlicht Antriebstechnik darf mir E-Mails zum Tag der offenen Tür und zu Öffnungszeiten senden, bis ich widerrufe.',
    'Die Nordlicht Antriebstechnik GmbH informiert mich per E-Mail über öffentliche Termine; abbestellen kann ich jederzeit.',
  ])('%s', (text) => expect(lint('form', de(text))).toEqual([]));
});

test('an override of the floor turns the error of its model into a warning that stays', () => {
  const { floorOverrides: _, ...without } = models({ DE: 'opt-out-only' });
  const findings = lint('brand', { ...without, floorOverrides: [override('OPT_OUT')] });
  expect(findings.map(({ code }) => code)).toEqual(['model-partly-below-floor', 'floor-override']);
  expect(findings.every(({ severity }) => severity === 'warning')).toBe(true);
});

test('errors come first, and a reference that leads nowhere is nobody’s to answer for', () => {
  const findings = lint(
    'form',
    form({ topics: ['nothing'], fields: demoEventForm.fields, origins: ['http://a.example'] }),
  );
  expect(findings.map(({ severity }) => severity)).toEqual([
    'error',
    'error',
    'warning',
    'warning',
    'warning',
  ]);
  const answerable = Object.fromEntries(findings.map(({ code, acknowledgeable }) => [code, acknowledgeable]));
  expect(answerable).toEqual({ 'unknown-topic': false, 'origin-not-secure': true, 'field-required': false });
});
