import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const LOCAL = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
] as const) {
  LOCAL.addSubnet(net, bits, 'ipv4');
}

/** Whether an IPv4 address is one of this machine or of networks that the internet does not reach (RFC 1918, 3927). */
export function isLocalNetwork(address: string | undefined): boolean {
  const plain = (address ?? '').replace(/^::ffff:/i, '');
  return isIP(plain) === 4 && LOCAL.check(plain, 'ipv4');
}

/** Addresses by which the local network may reach this machine; where it is in none, the one that only itself reaches. */
export function localAddresses(
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): readonly string[] {
  const found = Object.values(interfaces)
    .flatMap((each) => each ?? [])
    .filter(({ internal, family, address }) => !internal && family === 'IPv4' && isLocalNetwork(address))
    .map(({ address }) => address)
    // Addresses of the home's network before those that a machine gives itself.
    .sort((a, b) => Number(a.startsWith('169.254.')) - Number(b.startsWith('169.254.')));
  return found.length > 0 ? found : ['127.0.0.1'];
}
