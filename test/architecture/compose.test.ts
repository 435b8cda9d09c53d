import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const text = readFileSync('docker-compose.yml', 'utf8');
const example = readFileSync('.env.example', 'utf8');
const compose = parse(text, { merge: true }) as {
  readonly services: { readonly [name: string]: Service };
  readonly configs: { readonly [name: string]: { readonly content: string } };
};
type Service = {
  readonly image?: string;
  readonly ports?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
  readonly depends_on?: { readonly [name: string]: { readonly condition: string } };
  readonly configs?: readonly { readonly source: string }[];
  readonly healthcheck?: object;
};
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  it('holds the whole picture', () => {
    const names = [
      'postgres',
      'temporal-schema',
      'temporal',
      'temporal-namespace',
      'temporal-ui',
      'migrate',
      'api',
      'worker',
    ];
    expect(services.map(([name]) => name)).toEqual(names);
  });

  it('takes every variable from .env, has no default for any, and .env.example has them all', () => {
    const used = [...text.matchAll(/(?<!\$)\$\{(\w+)([^}]*)\}/g)].map(([, name, rest]) => ({ name, rest }));
    expect(used.filter(({ rest }) => rest !== ':?')).toEqual([]);
    const given = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    expect(new Set(given)).toEqual(new Set(used.map(({ name }) => name)));
  });

  it('holds no password of its own', () => {
    const secrets = services
      .flatMap(([, { environment }]) => Object.entries(environment ?? {}))
      .filter(([name]) => /PASS|PWD|KEY/.test(name));
    expect(secrets.length).toBeGreaterThan(3);
    expect(secrets.filter(([, value]) => !/^\$\{\w+:\?\}$/.test(value))).toEqual([]);
    expect([...text.matchAll(/\/\/\w+:([^@]*)@/g)].filter(([, password]) => !password?.startsWith('${'))).toEqual([]);
  });

  it('waits for what is there, with a condition it can meet', () => {
    for (const [, service] of services) {
      for (const [on, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(compose.services).toHaveProperty(on);
        if (condition === 'service_healthy') expect(compose.services[on]).toHaveProperty('healthcheck');
      }
      for (const { source } of service.configs ?? []) expect(compose.configs).toHaveProperty(source);
    }
  });

  it('listens on this machine alone', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBe(2);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});
