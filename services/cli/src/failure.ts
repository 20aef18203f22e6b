/** 2: the request is wrong; 3: an engine or service is away; 1: anything else. */
export type ExitStatus = 1 | 2 | 3;

/** Ends a command with a message for the user and a status; never with a stack trace. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    message: string,
    readonly status: ExitStatus,
  ) {
    super(message);
  }
}

export const badRequest = (message: string) => new CommandFailure(message, 2);
export const unavailable = (message: string) => new CommandFailure(message, 3);
