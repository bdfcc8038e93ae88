import type { MailTemplates } from '../../shared/outbox/templates.ts';
import * as addressNotice from './address-notice-mail.tsx';
import * as choicesReceipt from './choices-receipt-mail.tsx';
import * as logIn from './log-in-mail.tsx';
import * as newAddress from './new-address-mail.tsx';
import * as requestAnswered from './request-answered-mail.tsx';
import { signupTemplates } from './signup-templates.ts';
import * as unsubscribeReceipt from './unsubscribe-receipt-mail.tsx';
import * as welcome from './welcome-mail.tsx';

/** Every mail we write, with the template version that evidence names. */
export const mailTemplates: MailTemplates = {
  ...signupTemplates,
  welcome: (input) => ({ template: welcome.TEMPLATE, ...welcome.welcomeMail(input) }),
  logIn: (input) => ({ template: logIn.TEMPLATE, ...logIn.logInMail(input) }),
  choicesReceipt: (input) => ({
    template: choicesReceipt.TEMPLATE,
    ...choicesReceipt.choicesReceiptMail(input),
  }),
  newAddress: (input) => ({ template: newAddress.TEMPLATE, ...newAddress.newAddressMail(input) }),
  requestAnswered: (input) => ({
    template: requestAnswered.TEMPLATE,
    ...requestAnswered.requestAnsweredMail(input),
  }),
  addressNotice: (input) => ({ template: addressNotice.TEMPLATE, ...addressNotice.addressNoticeMail(input) }),
  unsubscribeReceipt: (input) => ({
    template: unsubscribeReceipt.TEMPLATE,
    ...unsubscribeReceipt.unsubscribeReceiptMail(input),
  }),
};
