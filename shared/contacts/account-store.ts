import { keys } from '../platform/keys.ts';
import { get } from '../platform/table.ts';
import type { Action, Database, Put } from '../platform/table.ts';
import { account, domainItem } from './account.ts';
import type { Account, DomainOwner } from './account.ts';

/** Strongly consistent. */
export async function readAccount(db: Database, accountId: string): Promise<Account | undefined> {
  return get(db, 'contacts', keys.account(accountId), account);
}

/**
 * The account of an e-mail domain and its class. Half a read unit: a class changed this very second is late by no more.
 * @param domain in ASCII, lower case
 */
export async function findAccountByDomain(
  db: Database,
  controllerId: string,
  domain: string,
): Promise<DomainOwner | undefined> {
  return get(db, 'contacts', keys.domain(controllerId, domain), domainItem, { consistent: false });
}

/** The account, if it is still the one that `before` was read as. */
export function putAccount(before: Account | undefined, after: Account): Put {
  return {
    put: 'contacts',
    item: { ...keys.account(after.id), ...after },
    condition: before ? 'rev = :rev' : 'attribute_not_exists(pk)',
    ...(before ? { values: { ':rev': before.rev } } : {}),
  };
}

/** What the pointers of its domains need so that they say what `after` says; each names its domain. */
export function pointDomains(
  before: Account | undefined,
  after: Account,
): { domain: string; action: Action }[] {
  const [held, wanted] = [new Set(before?.domains), new Set(after.domains)];
  const stale = after.domains.filter((domain) => !held.has(domain) || before?.class !== after.class);
  const gone = [...held].filter((domain) => !wanted.has(domain));
  return [
    ...stale.map((domain) => ({ domain, action: claimDomain(after, domain) })),
    ...gone.map((domain) => ({ domain, action: releaseDomain(after, domain) })),
  ];
}

function claimDomain({ controller, id, class: accountClass }: Account, domain: string): Action {
  return {
    update: 'contacts',
    key: keys.domain(controller, domain),
    set: 'SET accountId = :id, #class = :class',
    condition: 'attribute_not_exists(accountId) OR accountId = :id',
    names: { '#class': 'class' },
    values: { ':id': id, ':class': accountClass },
  };
}

function releaseDomain({ controller, id }: Account, domain: string): Action {
  return {
    remove: 'contacts',
    key: keys.domain(controller, domain),
    condition: 'accountId = :id',
    values: { ':id': id },
  };
}
