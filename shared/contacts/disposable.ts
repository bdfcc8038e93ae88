import { domainToASCII } from 'node:url';

import { sha256 } from '../platform/ids.ts';

/** 40 bits of SHA-256 per domain: 600 KB for 120,000 of them, one false alarm in nine million. */
const PREFIX_BYTES = 5;

/** The list as shipped: sorted prefixes, one after the other. */
export function disposableList(domains: readonly string[]): Buffer {
  const prefixes = new Set(domains.map((domain) => prefixOf(domainToASCII(domain)).toString('hex')));
  return Buffer.from([...prefixes].sort().join(''), 'hex');
}

/**
 * Whether mailboxes of this domain, or of one above it, are thrown away after use.
 * @param domain in ASCII, lower case
 * @param list made by `disposableList`
 */
export function isDisposable(domain: string, list: Buffer): boolean {
  const labels = domain.split('.');
  return labels.slice(0, -1).some((_, from) => contains(list, prefixOf(labels.slice(from).join('.'))));
}

function contains(list: Buffer, prefix: Buffer): boolean {
  let [low, high] = [0, list.length / PREFIX_BYTES];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = prefix.compare(list, middle * PREFIX_BYTES, (middle + 1) * PREFIX_BYTES);
    if (order === 0) return true;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return false;
}

function prefixOf(domain: string): Buffer {
  return Buffer.from(sha256(domain).slice(0, 2 * PREFIX_BYTES), 'hex');
}
