import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Package = { readonly optionalDependencies?: { readonly [name: string]: string } };

describe.each(['package-lock.json', 'bench/peers/package-lock.json'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');
  const lock = JSON.parse(text) as { readonly packages: { readonly [path: string]: Package } };

  it('knows the optional packages of every platform, without which `npm ci` refuses it', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  it("names no registry's address", () => {
    expect(text).not.toMatch(/"resolved": *"https?:/);
  });
});
