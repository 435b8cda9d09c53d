import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../activities/allowed-address.ts';
import { createHttp } from '../../activities/http.ts';
import { run } from './executor-context.ts';
import type { LocalServer } from './local-server.ts';
import { startServer } from './local-server.ts';

/** Hosts that are this machine or its neighbours, in every spelling that a URL allows. */
// prettier-ignore
const FORBIDDEN_HOSTS = [
  '127.0.0.1', '127.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.0.0.1', '017700000001', '0177.0.0.1',
  '0', '0.0.0.0', '0x0', 'localhost', 'LOCALHOST', '127.0.0.1.', '１２７.０.０.１', '127。0。0。1',
  '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '169.254.169.254', '0xa9fea9fe',
  '2852039166', '100.64.0.1', '100.127.255.255', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1',
  '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
  '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:169.254.169.254]',
  '[::ffff:0:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]', '[2002:a9fe:a9fe::]', '[2001::1]', '[2001:db8::1]', '[3fff::1]', '[fc00::1]', '[fd12:3456::1]',
  '[fe80::1]', '[fec0::1]', '[ff02::1]', '[100::1]',
];

describe('what http may reach', () => {
  let canary: LocalServer;
  beforeAll(async () => {
    canary = await startServer((_request, response) => void response.end());
  });
  afterAll(() => canary.close());

  it.each(FORBIDDEN_HOSTS)('not %s', async (host) => {
    const call = run(createHttp(), { url: `http://${host}:${canary.port}/` });
    await expect(call).rejects.toMatchObject({ code: 'URL_REFUSED', retryable: false });
    expect(canary.seen).toEqual([]);
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '192.0.1.1',
    '2606:4700::1111',
    '2a00::1',
  ])('%s is the internet', (address) => {
    expect(refusal(address, 80, {})).toBeUndefined();
  });

  it('private addresses where that is allowed, but not the ports of the installation', async () => {
    const here = createHttp({ allowPrivate: true });
    expect(await run(here, { url: canary.url })).toMatchObject({ status: 200 });
    canary.seen.length = 0;
    const guarded = createHttp({ allowPrivate: true, denyPorts: [canary.port] });
    const spellings = [
      '127.0.0.1',
      '127.9.9.9',
      'localhost',
      '0.0.0.0',
      '2130706433',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
    ];
    for (const host of spellings) {
      await expect(run(guarded, { url: `http://${host}:${canary.port}/` })).rejects.toMatchObject({
        code: 'URL_REFUSED',
      });
    }
    expect(canary.seen).toEqual([]);
  });

  it('a redirect is checked like the first address', async () => {
    const redirecting = await startServer(
      (_request, response) => void response.writeHead(302, { location: canary.url }).end(),
    );
    const guarded = createHttp({ allowPrivate: true, denyPorts: [canary.port] });
    await expect(run(guarded, { url: redirecting.url })).rejects.toMatchObject({ code: 'URL_REFUSED' });
    expect(canary.seen).toEqual([]);
    await redirecting.close();
  });
});
