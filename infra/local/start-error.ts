/** The local system cannot start, for a reason a person can mend: its message is shown alone, without a stack. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}
