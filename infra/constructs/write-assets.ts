import { argv } from 'node:process';

import { writeAssets } from '../bundle.ts';
import { FUNCTIONS } from '../functions.ts';
import type { FunctionName } from '../functions.ts';

const [, , name, folder] = argv;
if (folder === undefined || !isFunction(name)) throw new Error('usage: node write-assets.ts FUNCTION FOLDER');
await writeAssets(name, folder);

function isFunction(value: string | undefined): value is FunctionName {
  return value !== undefined && value in FUNCTIONS;
}
