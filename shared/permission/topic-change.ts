import type { Change } from './evidence.ts';

/** Topics joined and left within a grant, which stays what it was. */
export function topicChange(
  { brand, use }: Pick<Change, 'brand' | 'use'>,
  held: readonly string[],
  { joined, left }: { joined: string[]; left: string[] },
): Change {
  return {
    brand,
    use,
    from: 'granted',
    to: 'granted',
    topics: [...held.filter((topic) => !left.includes(topic)), ...joined],
    ...(joined.length > 0 ? { topicsJoined: joined } : {}),
    ...(left.length > 0 ? { topicsLeft: left } : {}),
  };
}
