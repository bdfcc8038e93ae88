import { BlockList } from 'node:net';

import { MINUTE, SECOND } from '../platform/clock.ts';
import type { REACTIONS } from './event.ts';

type Reaction = (typeof REACTIONS)[number];
type ScannerNetwork = {
  owner: string;
  /** None smaller than the /24 or /48 that an event keeps. */
  prefixes: readonly string[];
  /** What it tells something about: people's pictures may come through a network that none of their clicks comes from. */
  of: readonly Reaction[];
  /** Only so many seconds after delivery: later it may be people whose browser runs there. */
  within?: number;
  source: string;
  /** When the source was read. */
  seen: string;
};

const BOTH = ['open', 'click'] as const;
const SOON = (10 * MINUTE) / SECOND;
const OWN = 'own knowledge, not verified';

/**
 * Networks of mail filters. Apple's relays are not among them, because Safari's users leave by the same ones; nor are
 * the networks of cloud providers at large, where companies let whole desktops run.
 */
const SCANNER_NETWORKS: readonly ScannerNetwork[] = [
  {
    owner: 'Microsoft, Exchange Online Protection',
    // A safe link leads the person's own browser on; pictures in Outlook come through Microsoft when somebody looks.
    of: ['click'],
    prefixes: [
      ...['40.92.0.0/15', '40.107.0.0/16', '52.100.0.0/14', '104.47.0.0/17'],
      ...['2a01:111:f400::/48', '2a01:111:f403::/48'],
    ],
    source: 'Microsoft 365 URLs and IP address ranges, copies of 2023 and 2026',
    seen: '2026-11',
  },
  {
    owner: 'Microsoft, detonation of links',
    of: ['click'],
    within: SOON,
    prefixes: ['40.94.0.0/16'],
    source: OWN,
    seen: '2026-11',
  },
  {
    owner: 'Barracuda, Email Gateway Defense',
    of: BOTH,
    prefixes: ['209.222.80.0/21'],
    source: 'campus.barracuda.com, IP Analysis – Inbound',
    seen: '2026-11',
  },
  { owner: 'Barracuda', of: BOTH, within: SOON, prefixes: ['64.235.144.0/20'], source: OWN, seen: '2026-11' },
  {
    owner: 'Hornetsecurity',
    of: BOTH,
    prefixes: ['94.100.128.0/20', '185.140.204.0/22', '173.45.18.0/24', '83.246.65.0/24'],
    source: 'support.hornetsecurity.com, Migration for Vade Cloud Customers',
    seen: '2026-11',
  },
  {
    owner: 'Proofpoint',
    of: BOTH,
    // Whoever browses in its isolation leaves by its networks too.
    within: SOON,
    prefixes: ['67.231.144.0/20', '148.163.128.0/19', '205.220.160.0/19'],
    source: OWN,
    seen: '2026-11',
  },
  {
    owner: 'Mimecast',
    of: BOTH,
    within: SOON,
    prefixes: [
      ...['91.220.42.0/24', '195.130.217.0/24', '146.101.78.0/24', '185.58.84.0/22'],
      ...['205.139.110.0/24', '207.211.30.0/23'],
    ],
    source: OWN,
    seen: '2026-11',
  },
  {
    owner: 'Broadcom, Email Security.cloud',
    of: BOTH,
    within: SOON,
    prefixes: ['67.219.240.0/20', '85.158.136.0/21', '46.226.48.0/21', '195.245.230.0/23'],
    source: OWN,
    seen: '2026-11',
  },
  { owner: 'Cisco', of: BOTH, within: SOON, prefixes: ['68.232.128.0/19'], source: OWN, seen: '2026-11' },
];

const LISTS = SCANNER_NETWORKS.map((network) => ({ network, list: toBlockList(network.prefixes) }));

/**
 * Whether a reaction came out of a mail filter.
 * @param network cut to /24 or /48
 * @param since seconds since delivery; undefined where that is not known, and then it is never soon after
 */
export function isScannerNetwork(network: string, reaction: Reaction, since: number | undefined): boolean {
  const [address = ''] = network.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return LISTS.some(
    ({ network: { of, within }, list }) =>
      of.includes(reaction) &&
      (within === undefined || (since !== undefined && Math.abs(since) <= within)) &&
      list.check(address, family),
  );
}

function toBlockList(prefixes: readonly string[]): BlockList {
  const list = new BlockList();
  for (const prefix of prefixes) {
    const [address = '', bits = ''] = prefix.split('/');
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
