import type { Contact } from '../contacts/contact.ts';
import type { Choices } from './evidence.ts';

/** The profile that changed wishes come to; what is undefined goes. */
export function wishesOf({ wish, pausedUntil, language }: Choices) {
  return {
    ...(wish ? { wish: wish.to } : {}),
    ...(pausedUntil ? { pausedUntil: pausedUntil.to } : {}),
    ...(language?.to ? { language: language.to, languageFrom: 'person' as const } : {}),
  };
}

/** The way back from changed wishes, but for those changed again `since`, be it to the same. */
export function wishesBack(changed: Choices, contact: Contact, since: readonly Choices[]): Choices {
  const back: Choices = {};
  for (const name of ['wish', 'pausedUntil', 'language'] as const) {
    const change = changed[name];
    const isLast = contact[name] === change?.to && !since.some((later) => later[name]);
    if (change && isLast) Object.assign(back, { [name]: { from: change.to, to: change.from } });
  }
  return back;
}
