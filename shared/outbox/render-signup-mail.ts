import type { Contact } from '../contacts/contact.ts';
import type { Secrets } from '../platform/secrets.ts';
import { permissionOf } from '../permission/status.ts';
import type { Brand } from '../settings/brand.ts';
import type { VersionedForm } from '../settings/form.ts';
import type { Settings } from '../settings/store.ts';
import type { Uses } from '../settings/uses.ts';
import { describeUses } from '../signup/items.ts';
import { confirmToken, choicesToken } from '../signup/links.ts';
import type { PendingSignup, Plan, SignupRequest } from '../signup/pending.ts';
import { askedUses } from '../signup/plan.ts';
import type { SignupTemplates, RenderedMail } from './templates.ts';

export type RenderDeps = {
  secrets: Pick<Secrets, 'linkKeys'>;
  settings: Pick<Settings, 'wording'>;
  templates: SignupTemplates;
  baseUrl: string;
};
export type SignupMail = {
  brand: Brand;
  form: VersionedForm;
  uses: Uses;
  pending: Pick<PendingSignup, 'addressKey'>;
  requestId: string;
  request: Pick<SignupRequest, 'at' | 'language' | 'uses' | 'topics'>;
  plan: Plan;
  contact: Pick<Contact, 'id' | 'permissions' | 'noAdvertising'> | undefined;
};

/** The mail that answers a sign-up: please confirm, you are registered, or you were already (G6). */
export async function renderSignupMail(deps: RenderDeps, input: SignupMail): Promise<RenderedMail> {
  const { brand, form, uses, request, plan, contact } = input;
  const { language } = request;
  const links = await deps.secrets.linkKeys();
  const describe = (wanted: readonly string[]) =>
    describeUses(
      deps.settings,
      uses,
      language,
      wanted.map((use) => ({ use, wording: request.uses[use], topics: request.topics })),
    );
  const common = { brand, language, formTitle: form.title[language] };
  const asked = askedUses(uses, request);
  if (plan.kind === 'already-registered' && contact) {
    const token = choicesToken(links, { contactId: contact.id, brand: brand.id });
    return deps.templates.alreadyRegistered({
      ...common,
      items: await describe(asked),
      choicesUrl: `${deps.baseUrl}/preferences/${token}`,
    });
  }
  const token = confirmToken(links, {
    brand: brand.id,
    form: form.id,
    addressKey: input.pending.addressKey,
    requestId: input.requestId,
  });
  const confirmUrl = `${deps.baseUrl}/confirm/${token}`;
  const shared = { ...common, signedUpAt: request.at, confirmUrl, notMeUrl: `${confirmUrl}#not-me` };
  if (plan.accept.length > 0) {
    return deps.templates.registered({
      ...shared,
      items: await describe(plan.accept),
      pending: await describe(plan.click),
    });
  }
  const granted = asked.filter((use) => permissionOf(contact, brand.id, use)?.status === 'granted');
  return deps.templates.confirmation({
    ...shared,
    items: await describe(plan.click),
    alreadyGranted: await describe(granted.filter((use) => !plan.click.includes(use))),
  });
}
