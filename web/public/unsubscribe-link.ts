import type { Context } from 'hono';

import { splitPermissionKey } from '../../shared/contacts/contact.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import type { Database } from '../../shared/platform/table.ts';
import type { Scope } from '../../shared/permission/scope.ts';
import { permissionOf } from '../../shared/permission/status.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import { chooseLanguage } from '../../shared/settings/language.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { Settings } from '../../shared/settings/store.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import { readUnsubscribeToken } from '../../shared/signup/links.ts';
import type { UnsubscribeRef } from '../../shared/signup/links.ts';
import { pageContext } from '../assets.ts';
import { inLanguages } from '../components/layout.tsx';
import type { PageContext } from '../components/layout.tsx';
import { textsFor } from '../texts/texts.ts';

export type UnsubscribeAppDeps = {
  db: Database;
  secrets: Pick<Secrets, 'linkKeys' | 'evidenceMaster'>;
  settings: Settings;
};

/** A good unsubscribe link and what it is about. */
export type BareLink = { token: string; ref: UnsubscribeRef; brand: Brand; uses: Uses };
/** `contact` is absent once the person was erased. */
export type Link = BareLink & { contact: Contact | undefined };

export async function readLink(deps: UnsubscribeAppDeps, token: string): Promise<BareLink | undefined> {
  const ref = readUnsubscribeToken(await deps.secrets.linkKeys(), token);
  const brand = ref && (await deps.settings.brand(ref.brand));
  if (!ref || !brand) return undefined;
  const uses = await deps.settings.uses(brand.controller.id);
  return { token, ref, brand, uses };
}

/** With the person as they are now; an act reads them itself, under its own condition. */
export async function withContact({ db }: UnsubscribeAppDeps, link: BareLink): Promise<Link> {
  return { ...link, contact: await readContact(db, link.ref.contactId) };
}

/** The page in the reader's language: what they chose, else the one we write to them in. */
export function linkContext(c: Context, { brand, contact, token }: Link): PageContext {
  const language = chooseLanguage(c.req.query('lang'), undefined, contact?.language ?? brand.language);
  return { ...pageContext(brand, language), alternates: inLanguages(`/unsubscribe/${token}`) };
}

/** Wants no advertising at all and asked for nothing since. */
export function isLeftAlone(contact: Contact): boolean {
  const granted = Object.keys(contact.permissions).some((key) => {
    const { brand, use } = splitPermissionKey(key);
    return permissionOf(contact, brand, use)?.status === 'granted';
  });
  return contact.noAdvertising !== undefined && !granted;
}

/** Ways out, from the narrowest to "no advertising at all"; only what the person still gets (U10). */
export function wayOuts({ ref, brand, uses, contact }: Link, language: Language) {
  const texts = textsFor(language).unsubscribe;
  const permission = permissionOf(contact, brand.id, ref.use);
  const granted = permission?.status === 'granted' ? permission.topics : [];
  const use = uses.uses.find(({ id }) => id === ref.use);
  const topics = uses.topics
    .filter(
      ({ id, use: of }) => of === ref.use && granted.includes(id) && (granted.length > 1 || id === ref.topic),
    )
    .map(({ id, name }) => ({ value: `topic.${id}`, label: texts.onlyTopic(name[language]) }));
  const whole = {
    value: 'use',
    label: use?.name[language] ?? ref.use,
    hint: use?.description[language] ?? '',
  };
  return [
    ...topics,
    ...(permission?.status === 'withdrawn' ? [] : [whole]),
    { value: 'brand', label: texts.everything(brand.name) },
    { value: 'all', label: texts.nothingAtAll, hint: texts.nothingAtAllHint(brand.controller.name) },
  ];
}

/** The scope behind a posted choice; undefined for anything we did not offer. */
export function toScope(choice: string | undefined, { ref, uses }: BareLink): Scope | undefined {
  if (choice === 'use') return { kind: 'uses', uses: [ref.use] };
  if (choice === 'brand' || choice === 'all') return { kind: choice };
  const topic = choice?.startsWith('topic.') ? choice.slice('topic.'.length) : undefined;
  const known = uses.topics.some(({ id, use }) => id === topic && use === ref.use);
  return topic && known ? { kind: 'topic', use: ref.use, topic } : undefined;
}

/** Names of what a scope covers, for "you will no longer receive". */
export function scopeNames(scope: Scope, { brand, uses }: Link, language: Language): string[] {
  const { everything } = textsFor(language).unsubscribe;
  switch (scope.kind) {
    case 'topic':
      return uses.topics.filter(({ id }) => id === scope.topic).map(({ name }) => name[language]);
    case 'uses':
      return uses.uses.filter(({ id }) => scope.uses.includes(id)).map(({ name }) => name[language]);
    case 'brand':
    case 'email':
    case 'all':
      return [everything(brand.name)];
  }
}
