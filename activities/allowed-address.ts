import { BlockList, isIP } from 'node:net';

/** What an `http` task may reach. */
export type Reach = {
  /** Loopback, private and link-local addresses too: the local stack. @default false */
  readonly allowPrivate?: boolean;
  /** Ports never called on this machine even then. */
  readonly denyPorts?: readonly number[];
};

/** IPv4 that isn't the internet: RFC 6890 and its successors. */
const PRIVATE_V4 = listOf('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);
/** Of IPv6 only global unicast is the internet, less what carries an IPv4 address or is for documentation. */
const GLOBAL_V6 = listOf('ipv6', [['2000::', 3]]);
const PRIVATE_V6 = listOf('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);
const LOOPBACK_V4 = listOf('ipv4', [
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
]);
/** `::`, `::1`, and every form that may carry an IPv4 address. */
const LOOPBACK_V6 = listOf('ipv6', [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
]);

/** Why this address may not be called; undefined when it may. */
export function refusal(address: string, port: number, reach: Reach): string | undefined {
  const family = isIP(address);
  if (family === 0) return 'is no address';
  if (reach.allowPrivate !== true) return isPublic(address, family) ? undefined : 'is not on the public internet';
  const isHere = family === 4 ? LOOPBACK_V4.check(address, 'ipv4') : LOOPBACK_V6.check(address, 'ipv6');
  return isHere && reach.denyPorts?.includes(port) === true ? 'belongs to this installation' : undefined;
}

function isPublic(address: string, family: number): boolean {
  if (family === 4) return !PRIVATE_V4.check(address, 'ipv4');
  return GLOBAL_V6.check(address, 'ipv6') && !PRIVATE_V6.check(address, 'ipv6');
}

function listOf(family: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
