/** Hands what signals bring to the task that waits for it. */
export type Mailbox<T> = {
  readonly deliver: (address: string, letter: T) => void;
  /** Calls with what came already and with all that comes; returns how to stop. */
  readonly listen: (address: string, receive: (letter: T) => void) => () => void;
};

/**
 * @param isExpected whether a task that doesn't listen yet is about to, as in the first moment of a run that goes on;
 *   anything else comes too late and is dropped
 */
export function createMailbox<T>(isExpected: (address: string) => boolean): Mailbox<T> {
  const listeners = new Map<string, (letter: T) => void>();
  const kept = new Map<string, T[]>();
  return {
    deliver: (address, letter) => {
      const receive = listeners.get(address);
      if (receive) receive(letter);
      else if (isExpected(address)) kept.set(address, [...(kept.get(address) ?? []), letter]);
    },
    listen: (address, receive) => {
      listeners.set(address, receive);
      for (const letter of kept.get(address) ?? []) receive(letter);
      kept.delete(address);
      return () => void listeners.delete(address);
    },
  };
}
