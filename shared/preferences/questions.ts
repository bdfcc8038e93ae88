import type { Contact } from '../contacts/contact.ts';
import type { Brand } from '../settings/brand.ts';

/** More at a time is a form, and people leave forms. */
const AT_A_TIME = 2;

export type Question = NonNullable<Brand['questions']>[number];

/**
 * What to ask a person now: the first questions of the brand that are not answered, not skipped, and about something
 * they get. Pure.
 */
export function questionsFor(
  brand: Pick<Brand, 'id' | 'questions'>,
  contact: Pick<Contact, 'fields' | 'skipped' | 'permissions'>,
): Question[] {
  const topics = new Set(
    Object.entries(contact.permissions).flatMap(([place, permission]) =>
      place.startsWith(`${brand.id}#`) && permission.status === 'granted' ? permission.topics : [],
    ),
  );
  return (brand.questions ?? [])
    .filter(({ field }) => contact.fields[field] === undefined && !contact.skipped?.includes(field))
    .filter((question) => question.topics?.some((topic) => topics.has(topic)) ?? true)
    .slice(0, AT_A_TIME);
}
