import { inside, keysOf } from '../pointer.ts';

/** Where the parts of a native body came from. */
export type Origins = {
  /** What stands at `pointer`, and all in it, came from `origin`; what is in it from `content`, where that is another place. */
  readonly put: (pointer: string, origin: string, content?: string) => void;
  /** Of the nearest part around it, where nothing was said of itself. */
  readonly of: (pointer: string) => string;
};

export function createOrigins(): Origins {
  const known = new Map<string, { readonly origin: string; readonly content: string }>();
  return {
    put: (pointer, origin, content = origin) => void known.set(pointer, { origin, content }),
    of: (pointer) => {
      const keys = keysOf(pointer);
      for (let length = keys.length; length >= 0; length--) {
        const found = known.get(inside('', ...keys.slice(0, length)));
        const rest = keys.slice(length);
        if (found) return rest.length === 0 ? found.origin : inside(found.content, ...rest);
      }
      return pointer;
    },
  };
}
