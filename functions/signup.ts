import { readAsset } from '../shared/platform/assets.ts';
import { required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { requestSignup } from '../shared/signup/request.ts';
import { createSignupApp } from '../web/public/signup.tsx';
import { toHandler } from '../web/to-handler.ts';

const db = openDatabase();
const secrets = openSecrets();
let disposableDomains: Buffer | undefined;

/** Form pages, sign-ups, the embed script, static files, and 404 for everything else. */
export const handler = toHandler(
  createSignupApp({
    settings: openSettings(db),
    baseUrl: required('ASSENT_BASE_URL'),
    linkKeys: secrets.linkKeys,
    disposableDomains: () => (disposableDomains ??= readAsset('disposable-domains.bin')),
    requestSignup: (input) => requestSignup({ db, secrets }, input),
  }),
);
