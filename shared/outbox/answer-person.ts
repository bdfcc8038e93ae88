import { readContact } from '../contacts/store.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { Database } from '../platform/table.ts';
import { answerRequest } from '../preferences/person-request.ts';
import type { PersonRequest } from '../preferences/person-request.ts';
import type { NewMail } from './mail-item.ts';
import { waitingMail } from './store.ts';

/**
 * Answers a person's request and tells them so by mail, both or neither: who restricted the use of their data must
 * hear of its end before it ends (art. 18(3) GDPR).
 * @throws AppError as `answerRequest`
 */
export async function answerPerson(
  db: Database,
  controller: string,
  id: string,
  answered: NonNullable<PersonRequest['answered']>,
): Promise<PersonRequest> {
  return answerRequest(db, controller, id, answered, async (request) => {
    const contact = await readContact(db, request.contactId);
    if (!contact) return [];
    const mail: NewMail = {
      id: `q-${request.id}`,
      kind: 'request-answered',
      controller,
      contactId: contact.id,
      brand: request.brand,
      language: contact.language,
      createdAt: answered.at,
      requestId: request.id,
    };
    return [waitingMail(mail, plus(mail.createdAt, 35 * DAY))];
  });
}
