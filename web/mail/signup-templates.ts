import type { SignupTemplates } from '../../shared/outbox/templates.ts';
import * as alreadyRegistered from './already-registered-mail.tsx';
import * as confirmation from './confirmation-mail.tsx';
import * as registered from './registered-mail.tsx';

/** The mails that follow from a sign-up; evidence renders them again to show them as they were sent. */
export const signupTemplates: SignupTemplates = {
  confirmation: (input) => ({ template: confirmation.TEMPLATE, ...confirmation.confirmationMail(input) }),
  registered: (input) => ({ template: registered.TEMPLATE, ...registered.registeredMail(input) }),
  alreadyRegistered: (input) => ({
    template: alreadyRegistered.TEMPLATE,
    ...alreadyRegistered.alreadyRegisteredMail(input),
  }),
};
