import { addressKey } from '../contacts/address-key.ts';
import type { Contact, GrantedPermission } from '../contacts/contact.ts';
import { permissionKey } from '../contacts/contact.ts';
import { parseEmailAddress } from '../contacts/email-address.ts';
import { mailEvidenceOf } from '../outbox/dispatch.ts';
import { renderSignupMail } from '../outbox/render-signup-mail.ts';
import type { RenderDeps, SignupMail } from '../outbox/render-signup-mail.ts';
import type { SignupTemplates } from '../outbox/templates.ts';
import type { Change, EvidenceEntry } from '../permission/evidence.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import type { Settings } from '../settings/store.ts';
import { askedUses } from '../signup/plan.ts';
import type { PackMail } from './pack.ts';
import { settingAsOf } from './setting-as-of.ts';

export type SentMailDeps = {
  db: Database;
  secrets: Pick<Secrets, 'pepper' | 'linkKeys'>;
  settings: Pick<Settings, 'wording' | 'formVersion'>;
  templates: SignupTemplates;
  baseUrl: string;
};
type Wanted = { mail: SignupMail; sha256: string };

/**
 * The confirmation mail of an entry as it was sent: written once more from what went into it, and shown only if it is
 * the very same (H8). Nobody keeps mails, so texts or keys that changed since leave the hash alone.
 * @param address from the entry's payload; without it nothing can be written
 */
export async function sentMail(
  deps: SentMailDeps,
  entry: EvidenceEntry,
  all: readonly EvidenceEntry[],
  address: string | undefined,
): Promise<PackMail | undefined> {
  if (!entry.mail) return undefined;
  const known = { seq: entry.seq, sha256: entry.mail.sha256 };
  const inputs = await readInputs(deps, entry, address);
  if (!inputs) return { ...known, missing: 'inputs-gone' };
  const { keys } = await deps.secrets.linkKeys();
  for (const plan of plansOf(entry, all, askedUses(inputs.uses, inputs.request))) {
    for (const current of Object.keys(keys)) {
      const mail: SignupMail = { ...inputs, plan };
      const content = await renderSame(
        { ...deps, secrets: { linkKeys: () => Promise.resolve({ current, keys }) } },
        { mail, sha256: known.sha256 },
      );
      if (content) return { ...known, content };
    }
  }
  return { ...known, missing: 'cannot-be-repeated' };
}

async function renderSame(deps: RenderDeps, { mail, sha256 }: Wanted): Promise<PackMail['content']> {
  const rendered = await renderSignupMail(deps, mail);
  const { subject, html, text } = rendered;
  return mailEvidenceOf(rendered).sha256 === sha256 ? { subject, html, text } : undefined;
}

/** Everything that went into the mail besides its plan; undefined where any of it is gone. */
async function readInputs(
  { db, secrets, settings }: SentMailDeps,
  { signup, mail, changes, controller, contactId, at }: EvidenceEntry,
  address: string | undefined,
): Promise<Omit<SignupMail, 'plan'> | undefined> {
  const parsed = parseEmailAddress(address ?? '');
  const brandId = changes[0]?.brand;
  if (!signup || !mail || !parsed.ok || brandId === undefined) return undefined;
  const brand = await settingAsOf(db, 'brand', brandId, mail.startedAt);
  const uses = await settingAsOf(db, 'uses', controller, mail.startedAt);
  const form = await settings.formVersion(signup.form.id, signup.form.version);
  if (!brand || !uses || !form) return undefined;
  const key = addressKey(await secrets.pepper(), `${controller}\n${parsed.address.match}`);
  const { requestedAt, language, boxes, topics, requestId } = signup;
  return {
    brand: brand.document,
    form,
    uses: uses.document,
    pending: { addressKey: key },
    requestId,
    request: { at: requestedAt, language, uses: boxes, topics },
    contact: { id: contactId, permissions: grantedBefore(changes, at) },
  };
}

/** The plans that the mail may have had: what it asked for a click, and what it granted by itself. */
function plansOf(
  { signup, changes, route }: EvidenceEntry,
  all: readonly EvidenceEntry[],
  asked: readonly string[],
): SignupMail['plan'][] {
  const byMail = all.find(
    (one) => one.route === 'confirmed-opt-in' && one.signup?.requestId === signup?.requestId,
  );
  const accept = byMail ? byMail.changes.map(({ use }) => use) : [];
  const wanted = asked.filter((use) => !accept.includes(use));
  const known = new Set(
    route === 'double-opt-in' ? changes.filter(({ from }) => from === 'granted').map(({ use }) => use) : [],
  );
  const clicks = [wanted, wanted.filter((use) => !known.has(use))];
  return clicks.map((click) => ({
    kind: 'confirm',
    click,
    accept: asked.filter((use) => accept.includes(use)),
  }));
}

/** What the person had before, as far as the mail said so. */
function grantedBefore(changes: readonly Change[], since: string): Contact['permissions'] {
  const before: GrantedPermission = {
    status: 'granted',
    since,
    seq: 0,
    topics: [],
    wording: '',
    proof: 'double',
  };
  const known = changes.filter(({ from }) => from === 'granted');
  return Object.fromEntries(known.map(({ brand, use }) => [permissionKey(brand, use), before]));
}
