import type { Context } from 'hono';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import type { WebEnv } from '../request.ts';
import { page } from '../respond.tsx';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import type { ChoicesDeps, Place } from './choices-place.tsx';
import { offerUndo } from './offer-undo.ts';
import { ChoicesSavedPage } from './pages/choices-saved-page.tsx';

/** What a save came to, and the way back. */
export async function showSaved(
  c: Context<WebEnv>,
  deps: ChoicesDeps,
  { token, brand, uses, contact, context }: Place,
  written: readonly (EvidenceEntry | undefined)[],
  changed: readonly string[],
  notes: readonly string[],
) {
  const { language } = context;
  const entries = written.filter((entry) => entry !== undefined);
  const left = entries.some(
    ({ type, changes }) =>
      type === 'withdrawn' && changes.some(({ from, to }) => from === 'granted' && to === 'withdrawn'),
  );
  return page(
    c,
    language,
    <ChoicesSavedPage
      context={context}
      maskedAddress={maskAddress(contact.address)}
      changed={changed}
      notes={notes}
      left={left}
      backUrl={`/preferences/${token}?lang=${language}`}
      undo={await offerUndo(deps, { token, brand, uses, contact, language }, entries)}
    />,
  );
}
