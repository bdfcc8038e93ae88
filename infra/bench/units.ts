import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DAY, SECOND } from '../../shared/platform/clock.ts';
import type { LinkKeys } from '../../shared/platform/token.ts';
import { startEngine } from '../local/engine.ts';
import { readJson } from '../local/json-file.ts';
import type { Mail } from '../local/mailbox.ts';
import { newAct } from './acts.ts';
import { QUESTION, openApi } from './api.ts';
import type { Api } from './api.ts';
import { startCountingProxy } from './counting-proxy.ts';
import type { Units } from './counting-proxy.ts';
import type { LoadRequest } from './load.ts';
import { startLocalSystem } from './local-system.ts';
import { awaitMails, send } from './measure.ts';
import type { Client } from './measure.ts';
import { confirm, localSecrets, oneClick, signUp } from './requests.ts';
import { confirmTokenOf, newAddresses } from './visitors.ts';

/** Request units per operation: of the request, and of everything that follows from it. */
export type OperationUnits = { operation: string; request: Units; chain: Units };

const TIMES = 10;

/** Counts request units on an empty engine, the same functions and mails as ever; streams wait for each request. */
export async function countUnits(dir: string, client: Client): Promise<OperationUnits[]> {
  await mkdir(dir);
  const engine = await startEngine();
  const proxy = await startCountingProxy(engine.endpoint);
  const system = await startLocalSystem(dir, proxy.endpoint);
  try {
    const secrets = await readJson(join(dir, 'secrets.json'), localSecrets);
    if (!secrets) throw new Error('the local system has no secrets');
    const links = secrets['link-keys'];
    const run = async (operation: string, requests: LoadRequest[], expected = requests.length) => {
      await system.streams(false);
      proxy.take();
      await send(client, { port: system.port, connections: 1, requests });
      const request = each(proxy.take());
      await system.streams(true);
      const mails = await awaitMails(system, expected);
      return { mails, units: { operation, request, chain: each(proxy.take()) } };
    };
    const signUps = () => newAddresses(TIMES).map((address) => signUp(links, address));
    const confirms = (mails: { text: string }[]) =>
      mails.flatMap((mail) => confirmTokenOf(mail) ?? []).map((token) => confirm(links, token));
    // The first round fills what functions remember for a minute; nobody pays for that per request.
    const warmed = await run('', signUps());
    const others = contactsOf((await run('', confirms(warmed.mails))).mails);
    const signedUp = await run('sign-up', signUps());
    const confirmed = await run('confirm', confirms(signedUp.mails));
    const contactIds = contactsOf(confirmed.mails);
    const asked = await countDecisions(await openApi(dir), others, (operation, requests) =>
      run(operation, requests, 0),
    );
    await run(
      '',
      contactIds.slice(0, 2).map((id) => oneClick(links, id)),
    );
    const left = await run(
      'one-click',
      contactIds.slice(2).map((id) => oneClick(links, id)),
    );
    const clicks = contactIds.length - 2;
    const perClick = (units: Units) => scale(units, TIMES / clicks);
    const scored = await countScored(await openApi(dir), links, run);
    return [
      signedUp.units,
      confirmed.units,
      { ...left.units, request: perClick(left.units.request), chain: perClick(left.units.chain) },
      ...asked,
      scored,
    ];
  } finally {
    await system.stop();
    await proxy.stop();
    await engine.stop();
  }
}

/** Ten events in one post about somebody with a score, each of which changes it. */
async function countScored(api: Api, links: LinkKeys, run: Run): Promise<OperationUnits> {
  const [address = ''] = newAddresses(1);
  const { mails } = await run('', [signUp(links, address, ['newsletter', 'profiling'])], 1);
  const [token = ''] = mails.flatMap((mail) => confirmTokenOf(mail) ?? []);
  const [id] = contactsOf((await run('', [confirm(links, token)], 1)).mails);
  const ten = (agoMs: number) =>
    api('/v1/engagements', {
      events: Array.from({ length: TIMES }, () => ({ ...newAct(agoMs), contact: { id } })),
    });
  await run('', [ten(DAY)], 0);
  return (await run('engagement event, ten in one', [ten(SECOND)], 0)).units;
}

/** Whom the welcome mails went to. */
function contactsOf(mails: Mail[]): string[] {
  return mails.flatMap(({ headers }) => {
    const token = /\/unsubscribe\/([\w.-]+)/.exec(headers['List-Unsubscribe'] ?? '')?.[1];
    return token?.split('.')[1] ?? [];
  });
}

type Run = (
  operation: string,
  requests: LoadRequest[],
  expected?: number,
) => Promise<{ mails: Mail[]; units: OperationUnits }>;

/** Each way to ask about as many contacts. */
async function countDecisions(api: Api, ids: string[], run: Run): Promise<OperationUnits[]> {
  const decide = (contacts: string[], more = {}) =>
    api('/v1/decisions', { ...QUESTION, ...more, contacts: contacts.map((id) => ({ id })) });
  const alone = ids.map((id) => decide([id]));
  // The first finds nothing that the function remembers.
  await run('', alone);
  const ways = [
    { operation: 'decision', requests: alone },
    { operation: 'decision in a batch', requests: [decide(ids)] },
    { operation: 'decision with reservation', requests: ids.map((id) => decide([id], { reserve: true })) },
  ];
  const counted: OperationUnits[] = [];
  for (const { operation, requests } of ways) counted.push((await run(operation, requests)).units);
  return counted;
}

function each(units: Units): Units {
  return scale(units, 1 / TIMES);
}

function scale({ read, write }: Units, by: number): Units {
  return { read: read * by, write: write * by };
}
