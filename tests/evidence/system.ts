import { buildPack } from '../../shared/evidence/build-pack.ts';
import type { EvidencePack } from '../../shared/evidence/pack.ts';
import { secureEvidence } from '../../shared/evidence/secure.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { DAY, MINUTE, now } from '../../shared/platform/clock.ts';
import { noteMailNews } from '../../shared/outbox/note-mail-news.ts';
import type { SesEvent } from '../../shared/outbox/ses-event.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { CONTROLLER, advanceClock, linkIn, openTestSystem } from '../support/system.ts';
import type { Visit } from '../support/system.ts';
import { testRootStore, testSigner } from './signer.ts';

export const ANNA = 'Anna.Berger@example.com';

/** The domain with a signer, nights that pass, and people who sign up, confirm and withdraw. */
export async function openEvidenceSystem() {
  const system = await openTestSystem();
  const deps = { ...system.deps, signer: testSigner(), roots: testRootStore() };

  let messages = 0;

  /** SES tells of the last mail to an address that it arrived. */
  const deliver = async (email: string) => {
    const event: SesEvent = {
      kind: 'delivery',
      messageId: `ses-${messages}`,
      at: now(),
      sentAt: now(),
      sendId: system.mailsTo(email).at(-1)?.tags['sendId'],
      tenant: CONTROLLER,
      recipients: [email],
      smtpResponse: '250 2.0.0 OK',
    };
    await noteMailNews(deps, event);
  };
  return {
    ...system,
    deps,
    deliver,
    /** Signs up and presses the button in the mail. */
    subscribe: async (email: string, visit: Visit = {}) => {
      system.answers.push({ messageId: `ses-${(messages += 1)}` });
      await system.signUp(email, { topics: ['drives'], ...visit });
      await system.work();
      await deliver(email);
      advanceClock(MINUTE);
      await system.confirm(linkIn(system.mailsTo(email).at(-1), 'confirm'));
      return (await system.contactOf(email))?.id ?? '';
    },
    unsubscribe: async (contactId: string) => {
      advanceClock(MINUTE);
      await withdraw(deps, {
        contactId,
        brand: demoBrand,
        scope: { kind: 'uses', uses: ['newsletter'] },
        route: 'unsubscribe-page',
        actor: { kind: 'person' },
      });
    },
    night: async () => {
      advanceClock(DAY);
      await secureEvidence(deps);
    },
    pack: (contactId: string, mayReadHold = false): Promise<EvidencePack> =>
      buildPack(deps, { contactId, controller: CONTROLLER, mayReadHold, at: now() }),
  };
}
