import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { StartError } from './start-error.ts';

export type Options = { port: number; memory: boolean; dataDir: string };

const USAGE = 'Usage: npm start -- [--memory] [--port N] [--data DIR]';

/**
 * What `npm start` was asked for.
 * @throws StartError with the usage line
 */
export function parseOptions(
  args: readonly string[],
  env: { PORT?: string | undefined },
  root: string,
): Options {
  const { memory, port, data } = parseFlags(args);
  const number = Number(port ?? env.PORT ?? 8787);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new StartError(`${port ?? env.PORT} is not a port. ${USAGE}`);
  }
  const kept = data ? resolve(data) : join(root, '.assent');
  // A throw-away never touches what is kept, and two of them on two ports never each other.
  return { port: number, memory, dataDir: memory ? join(kept, `memory-${number}`) : kept };
}

function parseFlags(args: readonly string[]): { memory: boolean; port?: string; data?: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        memory: { type: 'boolean', default: false },
        port: { type: 'string' },
        data: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : 'unknown option'}. ${USAGE}`);
  }
}
