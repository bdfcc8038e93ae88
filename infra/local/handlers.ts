import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';

import * as z from 'zod';

import { SECOND } from '../../shared/platform/clock.ts';
import { FUNCTIONS } from '../functions.ts';
import type { FunctionName } from '../functions.ts';

type Context = { awsRequestId: string; functionName: string; getRemainingTimeInMillis: () => number };
type Handler = (event: unknown, context: Context) => unknown;

/** Calls a function with an event as Lambda would; rejects where the function does. */
export type Invoke = (name: FunctionName, event: unknown) => Promise<unknown>;
export type Handlers = {
  invoke: Invoke;
  /** Loads every bundle afresh, as new containers would: nothing that they cached is left. */
  reload(): Promise<void>;
};

const bundle = z.object({ handler: z.custom<Handler>((value) => typeof value === 'function') });

/** Loads the bundles. The environment must be set before. */
export async function loadHandlers(files: ReadonlyMap<FunctionName, string>): Promise<Handlers> {
  let version = 0;
  let loaded = new Map<FunctionName, Handler>();
  const reload = async () => {
    version += 1;
    const entries = [...files].map(async ([name, file]) => {
      // A module is cached by its URL, so a new query is a new module.
      const module: unknown = await import(`${pathToFileURL(file).href}?v=${version}`);
      return [name, bundle.parse(module).handler] as const;
    });
    loaded = new Map(await Promise.all(entries));
  };
  await reload();
  return {
    reload,
    invoke: async (name, event) => {
      const handler = loaded.get(name);
      if (!handler) throw new Error(`there is no function ${name}`);
      return handler(event, contextOf(name));
    },
  };
}

function contextOf(name: FunctionName): Context {
  const end = performance.now() + FUNCTIONS[name].timeoutSeconds * SECOND;
  return {
    awsRequestId: randomUUID(),
    functionName: name,
    getRemainingTimeInMillis: () => Math.max(0, end - performance.now()),
  };
}
