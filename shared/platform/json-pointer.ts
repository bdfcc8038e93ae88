/** JSON Pointer (RFC 6901) to a member of a document, from the outermost inwards; '' is the document itself. */
export function pointerTo(...members: readonly string[]): string {
  return members.map((member) => `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
