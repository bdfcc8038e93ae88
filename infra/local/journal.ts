import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** Where an entry stands in its file. */
export type Position = { offset: number; length: number };
/** An append-only file of JSON lines. What `append` returned from survives kill -9 of this process. */
export type Journal = {
  append(entry: object): Position;
  read(position: Position): unknown;
  /** Forgets every entry. */
  clear(): void;
  size(): number;
  close(): void;
};

/**
 * Opens or creates a journal and hands over what it holds.
 * A last line that was cut off by the end of the machine is dropped: nobody was told that it was accepted.
 */
export function openJournal(path: string, onEntry: (entry: unknown, position: Position) => void): Journal {
  const file = openSync(path, 'a+', 0o600);
  let end = 0;
  const read = ({ offset, length }: Position): unknown => {
    const bytes = Buffer.allocUnsafe(length);
    readSync(file, bytes, 0, length, offset);
    return JSON.parse(bytes.toString('utf8'));
  };
  for (const position of linesOf(file)) {
    onEntry(read(position), position);
    end = position.offset + position.length + 1;
  }
  ftruncateSync(file, end);
  return {
    append: (entry) => {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      writeSync(file, line);
      const position = { offset: end, length: line.length - 1 };
      end += line.length;
      return position;
    },
    read,
    clear: () => {
      ftruncateSync(file, 0);
      end = 0;
    },
    size: () => end,
    close: () => closeSync(file),
  };
}

function* linesOf(file: number): Generator<Position> {
  const total = fstatSync(file).size;
  const chunk = Buffer.allocUnsafe(1 << 20);
  let start = 0;
  for (let at = 0; at < total;) {
    const count = readSync(file, chunk, 0, chunk.length, at);
    if (count === 0) return;
    for (let found = chunk.indexOf(10); found !== -1 && found < count; found = chunk.indexOf(10, found + 1)) {
      yield { offset: start, length: at + found - start };
      start = at + found + 1;
    }
    at += count;
  }
}
