import { readContact } from '../contacts/store.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { Database } from '../platform/table.ts';
import { answerRequest, readRequest } from '../preferences/person-request.ts';
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
  const request = await readRequest(db, controller, id);
  const contact = request && (await readContact(db, request.contactId));
  const mail: NewMail | undefined = contact && {
    id: `q-${request.id}`,
    kind: 'request-answered',
    controller,
    contactId: contact.id,
    brand: request.brand,
    language: contact.language,
    createdAt: answered.at,
    requestId: request.id,
  };
  const follows = mail ? [waitingMail(mail, plus(mail.createdAt, 35 * DAY))] : [];
  return answerRequest(db, controller, id, answered, follows);
}
