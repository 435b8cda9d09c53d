import type { Json } from '../../contract.ts';
import type { Move } from './wait.ts';

/** @param words of the command line, quoted here where they need it */
export function weft(what: string, words: readonly string[], call?: Call): Move {
  return { what, how: ['weft', ...words.map(quote)].join(' '), http: call ? shown(call) : null };
}

/** A command of Temporal's own command line. */
export function temporalCli(what: string, namespace: string, words: readonly string[]): Move {
  const where = namespace === 'default' ? [] : ['--namespace', namespace];
  return { what, how: ['temporal', ...words, ...where].map(quote).join(' '), http: null };
}

/** What comes by itself. */
export function byItself(what: string): Move {
  return { what, how: null, http: null };
}

export type Call = {
  readonly method: 'GET' | 'POST';
  /** Under `/api/v1`; its parts are encoded here. */
  readonly path: readonly string[];
  readonly body?: Json;
};

function shown({ method, path, body }: Call): string {
  const url = ['/api/v1', ...path.map(encodeURIComponent)].join('/');
  return `${method} ${url}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`;
}

/** A word as a POSIX shell reads it back. */
export function quote(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) && !word.startsWith('~') ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
