import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Package = { readonly optionalDependencies?: { readonly [name: string]: string } };

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: { readonly [path: string]: Package };
};

describe('the lock file', () => {
  it('knows the optional packages of every platform, without which `npm ci` refuses it', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  it("names no registry's address", () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": *"https?:/);
  });
});
