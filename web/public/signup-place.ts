import { AppError } from '../../shared/platform/errors.ts';
import type { LinkKeys } from '../../shared/platform/token.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import type { VersionedForm } from '../../shared/settings/form.ts';
import type { Settings } from '../../shared/settings/store.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import type { SignupAnswer, SignupRequestInput } from '../../shared/signup/request.ts';

export type SignupDeps = {
  settings: Settings;
  /** Public origin of our own pages. */
  baseUrl: string;
  linkKeys: () => Promise<LinkKeys>;
  /** Domains of throw-away mailboxes; asked for only where a form refuses them. */
  disposableDomains: () => Buffer;
  /** The use case: the only thing here that writes. */
  requestSignup: (input: SignupRequestInput) => Promise<SignupAnswer>;
};

/** A form with all it refers to. */
export type SignupPlace = { form: VersionedForm; brand: Brand; uses: Uses; path: string };

/** @throws AppError `not-found` where there is no such form */
export async function openPlace({ settings }: SignupDeps, formId: string): Promise<SignupPlace> {
  const form = await settings.form(formId);
  const brand = form && (await settings.brand(form.brand));
  if (!form || !brand) throw new AppError('not-found', 'There is no such form.');
  return { form, brand, uses: await settings.uses(brand.controller.id), path: `/forms/${form.id}` };
}
