import { HUMAN_CASES } from './human-cases.ts';
import { MACHINE_CASES } from './machine-cases.ts';
import type { Case } from './reaction-mail.ts';

/**
 * Mails and what happened to them, with the truth: built from what filters, proxies and link expanders are known to do
 * and from how people read (V10). No recorded traffic: it says how rules stand to these patterns, not how often they
 * occur.
 */
export const CORPUS: Case[] = [...HUMAN_CASES, ...MACHINE_CASES];
