import type { Contact } from '../../shared/contacts/contact.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import { canBeUndone } from '../../shared/permission/undo.ts';
import { now, plus } from '../../shared/platform/clock.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { Settings } from '../../shared/settings/store.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import { UNDO_ON_PAGE, undoToken } from '../../shared/signup/links.ts';
import { describeRestored } from './describe-restored.ts';
import type { UndoOffer } from './pages/undo-offer.tsx';

type About = { token: string; brand: Brand; uses: Uses; contact: Contact; language: Language };

/**
 * The way back from acts on choices, with the wordings that it agrees to anew. Only the answer to the act itself carries
 * it, for ten minutes; a repeated post wrote nothing and has none.
 */
export async function offerUndo(
  deps: { secrets: Pick<Secrets, 'linkKeys'>; settings: Pick<Settings, 'wording'> },
  { token, brand, uses, contact, language }: About,
  written: readonly EvidenceEntry[],
): Promise<UndoOffer | undefined> {
  const entries = written.filter(canBeUndone);
  if (entries.length === 0) return undefined;
  const links = await deps.secrets.linkKeys();
  const until = plus(now(), UNDO_ON_PAGE);
  const tokens = entries.map(({ seq }) =>
    undoToken(links, 'undo', { contactId: contact.id, brand: brand.id, seq, until }),
  );
  const lost = entries
    .filter(({ type }) => type === 'withdrawn')
    .flatMap(({ changes }) => changes.filter(({ from, to }) => from === 'granted' && to === 'withdrawn'));
  const items = await describeRestored(deps, uses, language, contact, lost);
  return {
    action: `/preferences/${token}/undo?lang=${language}`,
    tokens,
    wordings: items.map(({ name, wording }) => wording || name),
  };
}
