import * as z from 'zod';

/**
 * What the linter looks for. An `error` refuses the document unless somebody takes the responsibility by name and
 * reason; an `impossible` one refuses it for good; warnings are told for as long as they are true.
 */
export const FINDINGS = {
  /** A reference that leads nowhere, or a change that would alter what was agreed to. */
  'unknown-brand': 'impossible',
  'unknown-use': 'impossible',
  'unknown-topic': 'impossible',
  'topic-not-offered': 'impossible',
  'duplicate-id': 'impossible',
  'offered-by-form': 'impossible',
  'controller-changed': 'impossible',
  'brand-changed': 'impossible',
  'channel-changed': 'impossible',
  'warning-after-lapse': 'impossible',
  /** Scoring rules of which a part could never hold. */
  'bands-not-descending': 'impossible',
  'grades-not-descending': 'impossible',
  'steps-not-ascending': 'impossible',
  'action-missing': 'impossible',
  'act-without-purpose': 'error',
  'tracked-as-act': 'error',
  'warning-after-stop': 'impossible',
  'model-below-floor': 'error',
  'bundled-consent': 'error',
  'data-use-required': 'error',
  'wording-without-sender': 'error',
  'wording-without-withdrawal': 'error',
  'promise-not-kept': 'error',
  'origin-not-secure': 'error',
  'no-email-cap': 'error',
  'guard-too-loose': 'error',
  /** The choices page could not offer anything, or a forwarded link could agree in somebody's place. */
  'preference-form-unknown': 'error',
  'preference-form-not-double': 'error',
  /** People could leave by the choices page, but not join. */
  'no-preference-form': 'info',
  'model-partly-below-floor': 'warning',
  'floor-override': 'warning',
  'no-default-model': 'warning',
  'ignore-with-forms': 'warning',
  'reply-to-unread': 'warning',
  'privacy-notice-one-language': 'warning',
  'wording-without-channel': 'warning',
  'field-required': 'warning',
  'thank-you-foreign': 'warning',
  'lapse-late': 'warning',
  'proof-too-short': 'warning',
  'built-in-type-missing': 'warning',
  'type-removed': 'warning',
  'cap-of-nothing': 'warning',
  'no-quiet-time': 'warning',
  'mql-below-bands': 'warning',
  'topic-above-total': 'warning',
  'word-of-two-positions': 'warning',
  'criterion-unused': 'info',
  'policy-looser-than-promise': 'info',
  /** Pages and mails show the brand's colour darker or lighter than it is. */
  'colour-adjusted': 'info',
} as const satisfies Record<string, 'impossible' | 'error' | 'warning' | 'info'>;
export type FindingCode = keyof typeof FINDINGS;

export const finding = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  /** Into the document that was looked at (RFC 6901). */
  pointer: z.string(),
  detail: z.string(),
  /** Somebody may take the responsibility for it. */
  acknowledgeable: z.boolean(),
});
export type Finding = z.infer<typeof finding>;

/** A finding of a code, with the severity that the table gives it. */
export function found(code: FindingCode, pointer: string, detail: string): Finding {
  const weight = FINDINGS[code];
  return {
    severity: weight === 'impossible' ? 'error' : weight,
    code,
    pointer,
    detail,
    acknowledgeable: weight === 'error',
  };
}
