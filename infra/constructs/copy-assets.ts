import { argv } from 'node:process';

import { copyAssets } from '../bundle.ts';

const [, , folder] = argv;
if (folder === undefined) throw new Error('usage: node copy-assets.ts FOLDER');
await copyAssets(folder);
