import { argv } from 'node:process';

import { buildFunction } from '../bundle.ts';
import { FUNCTIONS } from '../functions.ts';
import type { FunctionName } from '../functions.ts';

const [, , name, folder] = argv;
if (folder === undefined || !isFunction(name))
  throw new Error('usage: node build-function.ts FUNCTION FOLDER');
await buildFunction(name, folder, { lambda: true });

function isFunction(value: string | undefined): value is FunctionName {
  return value !== undefined && value in FUNCTIONS;
}
