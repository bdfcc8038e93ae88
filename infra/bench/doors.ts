import type { BenchOptions } from './options.ts';
import type { Mail } from '../local/mailbox.ts';
import type { LoadRequest } from './load.ts';
import type { LocalSystem } from './local-system.ts';
import { awaitMails, measure } from './measure.ts';
import type { Client, Figures } from './measure.ts';
import { choicesPage, confirm, formPage, oneClick, signUp } from './requests.ts';
import type { Seed } from './seed.ts';
import { confirmTokenOf, newAddresses } from './visitors.ts';

export type Bench = { system: LocalSystem; client: Client; seed: Seed; options: BenchOptions };

type Door = {
  operation: string;
  /** Answer of a request that did what it should. */
  expect: number;
  /** So many requests that were never sent before. */
  requests: (count: number) => LoadRequest[];
};

/** Measures every door: the request with the streams held back, then the request and all that follows from it. */
export async function measureDoors(bench: Bench): Promise<Figures[]> {
  const { system, seed, options } = bench;
  const links = seed.secrets['link-keys'];
  const tokens: string[] = [];
  const contactIds = seed.contactIds.values();
  const known = seed.contactIds.slice(-1_000);
  const pages: Door[] = [
    {
      operation: 'form page',
      expect: 200,
      requests: (count) => Array.from({ length: 2 * count }, formPage),
    },
    {
      operation: 'choices page',
      expect: 200,
      requests: (count) =>
        Array.from({ length: 2 * count }, (_, at) => choicesPage(links, known[at % known.length] ?? '')),
    },
  ];
  const remember = (texts: { text: string }[]) =>
    tokens.push(...texts.flatMap((mail) => confirmTokenOf(mail) ?? []));
  const doors: Door[] = [
    {
      operation: 'sign-up',
      expect: 303,
      requests: (count) => newAddresses(count).map((address) => signUp(links, address)),
    },
    {
      operation: 'confirm',
      expect: 200,
      requests: (count) => tokens.splice(0, count).map((token) => confirm(links, token)),
    },
    {
      operation: 'one-click',
      expect: 200,
      requests: (count) => [...contactIds.take(count)].map((id) => oneClick(links, id)),
    },
  ];
  await warmUp(bench, doors, pages, remember);

  const figures: Figures[] = [];
  await system.streams(false);
  for (const page of pages) {
    for (const connections of options.connections) figures.push(await measureAlone(bench, page, connections));
  }
  for (const door of doors) {
    for (const connections of options.connections) figures.push(await measureAlone(bench, door, connections));
    await system.streams(true);
    remember(await awaitMails(system, options.connections.length * options.operations));
    for (const connections of options.connections) {
      const { figures: chain, mails } = await measureChain(bench, door, connections);
      figures.push(chain);
      remember(mails);
    }
    await system.streams(false);
  }
  return figures;
}

/** Code that was never run is slow, and connections to the engine are still to be opened. */
async function warmUp(
  bench: Bench,
  doors: Door[],
  pages: Door[],
  remember: (mails: { text: string }[]) => void,
): Promise<void> {
  const { system, client, options } = bench;
  await system.streams(true);
  const count = Math.min(200, options.operations);
  for (const { operation, expect, requests } of doors) {
    const job = { operation, expect, client, port: system.port, connections: 32, of: system };
    await measure({ ...job, requests: requests(count) });
    remember(await awaitMails(system, count));
  }
  for (const page of pages)
    await measureAlone({ ...bench, options: { ...options, operations: count } }, page, 32);
}

function measureAlone(bench: Bench, door: Door, connections: number): Promise<Figures> {
  const { system, client, options } = bench;
  const { operation, expect } = door;
  const requests = door.requests(options.operations);
  return measure({ operation, expect, client, port: system.port, connections, of: system, requests });
}

async function measureChain(bench: Bench, { operation, expect, requests }: Door, connections: number) {
  const { system, client, options } = bench;
  const batch = requests(Math.ceil(options.operations / 2));
  let mails: Mail[] = [];
  const figures = await measure({
    operation: `${operation}, whole chain`,
    expect,
    client,
    port: system.port,
    connections,
    of: system,
    requests: batch,
    settled: async () => (mails = await awaitMails(system, batch.length)),
  });
  return { figures, mails };
}
