import type { Contact } from '../../shared/contacts/contact.ts';
import type { Change } from '../../shared/permission/evidence.ts';
import { permissionOf } from '../../shared/permission/status.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { Settings } from '../../shared/settings/store.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import { describeUses } from '../../shared/signup/items.ts';

/** What an undo agrees to anew. A topic comes back under the declaration that its use still stands on. */
export function describeRestored(
  { settings }: { settings: Pick<Settings, 'wording'> },
  uses: Uses,
  language: Language,
  contact: Contact,
  changes: readonly Change[],
) {
  const refs = changes.map(({ brand, use, wording, topics = [], topicsLeft, topicsJoined }) => {
    const held = permissionOf(contact, brand, use);
    const declared = wording ?? (held?.status === 'granted' ? held.wording : undefined);
    return { use, wording: declared, topics: topicsJoined ?? topicsLeft ?? topics };
  });
  return describeUses(settings, uses, language, refs);
}
