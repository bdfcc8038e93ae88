/**
 * Keeps CloudWatch's metric lines off the terminal: on one machine nobody collects them, and they hide the log lines
 * that people read. The functions write them all the same.
 */
export function hideMetricLines(stdout: NodeJS.WritableStream): void {
  const write = stdout.write.bind(stdout);
  stdout.write = (chunk: string | Uint8Array, ...rest: never[]) =>
    typeof chunk === 'string' && chunk.startsWith('{"_aws"') ? true : write(chunk, ...rest);
}
