import { isDeepStrictEqual } from 'node:util';

import * as z from 'zod';

import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Secrets } from '../platform/secrets.ts';
import { transact } from '../platform/table.ts';
import type { Action, Database } from '../platform/table.ts';
import { accountClass } from '../settings/account-class.ts';
import { accountFacts, companyDomains } from './account.ts';
import type { Account } from './account.ts';
import { findAccountByDomain, pointDomains, putAccount, readAccount } from './account-store.ts';
import { externalKey } from './external-key.ts';
import { claimExternalId, readExternalId } from './store.ts';
import { line } from './told.ts';
import type { ExternalId } from './told.ts';

/** Actions of one transaction (N1). */
const MAX_ACTIONS = 100;

export type AccountDeps = { db: Database; secrets: Pick<Secrets, 'pepper'> };
const { employees, revenueMillions, country, reference } = accountFacts.shape;
/** What can be told of an account; null takes away, what is left out stays. */
export const toldAccount = z.strictObject({
  name: line.optional(),
  class: accountClass.optional(),
  domains: companyDomains.optional(),
  employees: employees.nullable(),
  revenueMillions: revenueMillions.nullable(),
  industry: line.nullable().optional(),
  country: country.nullable(),
  reference: reference.nullable(),
});
export type ToldAccount = z.infer<typeof toldAccount>;
export type SaveAccountInput = {
  controller: string;
  id?: string | undefined;
  externalId?: ExternalId | undefined;
  told: ToldAccount;
  at: Instant;
};
export type SavedAccount = { kind: 'created' | 'updated'; account: Account };

/** The account of this controller; whatever else there is under the id is not found. */
export async function findAccount(db: Database, controller: string, accountId: string): Promise<Account> {
  const found = await readAccount(db, accountId);
  if (found?.controller === controller) return found;
  throw new AppError('not-found', 'There is no such account.');
}

/** The account of a domain or of another system's id. */
export async function lookUpAccount(
  { db, secrets }: AccountDeps,
  controller: string,
  by: { domain: string } | { externalId: ExternalId },
): Promise<Account> {
  const pointer =
    'domain' in by
      ? await findAccountByDomain(db, controller, by.domain)
      : await readExternalId(
          db,
          controller,
          by.externalId.system,
          await keyOf(secrets, controller, by.externalId),
        );
  return findAccount(db, controller, pointer?.accountId ?? '');
}

/** Creates or updates the account of an id or of another system's id; of parallel creations one creates. */
export async function saveAccount(deps: AccountDeps, input: SaveAccountInput): Promise<SavedAccount> {
  const { controller, externalId } = input;
  const external = externalId && {
    ...externalId,
    key: await keyOf(deps.secrets, controller, externalId),
  };
  for (;;) {
    const pointer = external && (await readExternalId(deps.db, controller, external.system, external.key));
    const id = input.id ?? pointer?.accountId;
    if (pointer && pointer.accountId !== id)
      throw taken('/externalId', 'The external id is another account’s.');
    const before = id === undefined ? undefined : await findAccount(deps.db, controller, id);
    const known = before ?? newAccount(input);
    const { externalIds } = known;
    const named = external && externalIds[external.system] !== external.id;
    if (named && externalIds[external.system] !== undefined) {
      throw taken('/externalId', 'The account has another id in this system.');
    }
    const after = {
      ...applyAccount(known, input.told),
      ...(named ? { externalIds: { ...externalIds, [external.system]: external.id } } : {}),
    };
    const claim = named
      ? [claimExternalId(controller, external.system, external.key, { accountId: known.id })]
      : [];
    const account = await writeAccount(deps.db, before, { ...after, updatedAt: input.at }, claim);
    if (account) return { kind: before ? 'updated' : 'created', account };
  }
}

/**
 * Changes an account that is still at version `rev`.
 * @throws AppError `stale` where it is not
 */
export async function changeAccount(
  db: Database,
  {
    controller,
    id,
    rev,
    told,
    at,
  }: { controller: string; id: string; rev: string; told: ToldAccount; at: Instant },
): Promise<Account> {
  const before = await findAccount(db, controller, id);
  const after = { ...applyAccount(before, told), updatedAt: at };
  const account = String(before.rev) === rev ? await writeAccount(db, before, after, []) : undefined;
  if (account) return account;
  throw new AppError('stale', 'The account has changed since. Read it again.');
}

/**
 * Account, domains and claims in one transaction; the next version, or `before` where nothing changed.
 * @returns undefined where a race was lost
 */
async function writeAccount(
  db: Database,
  before: Account | undefined,
  after: Account,
  claims: Action[],
): Promise<Account | undefined> {
  if (before && isDeepStrictEqual({ ...after, updatedAt: before.updatedAt }, before)) return before;
  const next = { ...after, rev: (before?.rev ?? 0) + 1 };
  const domains = pointDomains(before, next);
  const actions = [putAccount(before, next), ...claims, ...domains.map(({ action }) => action)];
  if (actions.length > MAX_ACTIONS) {
    throw new AppError('invalid', 'Too many domains change at once. Change them in two steps.', {
      errors: [{ pointer: '/domains', detail: 'change fewer at once', code: 'too-many' }],
    });
  }
  const outcome = await transact(db, actions);
  if (outcome.done) return next;
  const first = actions.length - domains.length;
  if (outcome.failed.some((at) => at < first)) return undefined;
  const index = next.domains.indexOf(domains[(outcome.failed[0] ?? first) - first]?.domain ?? '');
  throw taken(`/domains/${index}`, 'The domain is another account’s.');
}

function newAccount({ controller, at }: SaveAccountInput): Account {
  return {
    schema: 1,
    id: newId('acc'),
    controller,
    externalIds: {},
    name: '',
    class: 'unknown',
    domains: [],
    createdAt: at,
    updatedAt: at,
    rev: 1,
  };
}

function applyAccount(known: Account, { name, class: toldClass, domains, ...facts }: ToldAccount): Account {
  const after: Account = {
    ...known,
    name: name ?? known.name,
    class: toldClass ?? known.class,
    domains: domains ?? known.domains,
  };
  for (const fact of accountFacts.keyof().options) {
    const value = facts[fact];
    if (value === null) delete after[fact];
    else if (value !== undefined) Object.assign(after, { [fact]: value });
  }
  return after;
}

function taken(pointer: string, detail: string): AppError {
  return new AppError('conflict', detail, {
    reason: 'exists',
    errors: [{ pointer, detail, code: 'exists' }],
  });
}

async function keyOf(secrets: Pick<Secrets, 'pepper'>, controller: string, id: ExternalId): Promise<string> {
  return externalKey(await secrets.pepper(), controller, 'account', id);
}
