import { fileURLToPath } from 'node:url';

import { OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';

import { BUNDLE_OPTIONS, LAMBDA_ALIAS } from '../bundle.ts';
import type { FunctionName } from '../functions.ts';

const WRITE_ASSETS = fileURLToPath(new URL('./write-assets.ts', import.meta.url));

/** `BUNDLE_OPTIONS` in CDK's words: the bundle that is deployed is the one that tests measure (F4). */
export function bundlingOf(name: FunctionName): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    target: BUNDLE_OPTIONS.target,
    mainFields: [...BUNDLE_OPTIONS.mainFields],
    minify: BUNDLE_OPTIONS.minify,
    banner: BUNDLE_OPTIONS.banner.js,
    externalModules: [],
    esbuildArgs: {
      '--jsx': BUNDLE_OPTIONS.jsx,
      '--jsx-import-source': BUNDLE_OPTIONS.jsxImportSource,
      '--legal-comments': BUNDLE_OPTIONS.legalComments,
      ...Object.fromEntries(Object.entries(LAMBDA_ALIAS).map(([from, to]) => [`--alias:${from}`, to])),
    },
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      // This very Node, not the first on the path: it must be able to run TypeScript.
      afterBundling: (_input, output) => [
        [process.execPath, WRITE_ASSETS, name, `${output}/assets`].map((part) => `"${part}"`).join(' '),
      ],
    },
  };
}
