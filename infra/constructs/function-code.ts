import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

import { entryOf } from '../bundle.ts';
import type { FunctionName } from '../functions.ts';

const BUILD_FUNCTION = fileURLToPath(new URL('./build-function.ts', import.meta.url));

/** The code of a function, built as tests measure it (F4). CDK bundles synchronously: hence a process of its own. */
export function codeOf(name: FunctionName): Code {
  const tryBundle = (folder: string) => {
    // This very Node, not the first on the path: it must be able to run TypeScript.
    execFileSync(process.execPath, [BUILD_FUNCTION, name, folder], { stdio: 'inherit' });
    return true;
  };
  return Code.fromAsset(dirname(entryOf(name)), {
    assetHashType: AssetHashType.OUTPUT,
    // The command is never run: CDK takes bundles of one folder and one command for the same.
    bundling: { image: DockerImage.fromRegistry('never-used'), command: [name], local: { tryBundle } },
  });
}
