import { expect, test } from 'vitest';
import { isLocalNetwork, localAddresses } from './local-network.ts';

test.each(['192.168.1.20', '10.1.2.3', '172.16.0.1', '172.31.255.255', '127.0.0.1', '169.254.9.9', '::ffff:10.0.0.7'])(
  '%s is of a local network',
  (address) => {
    expect(isLocalNetwork(address)).toBe(true);
  },
);

test.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '11.0.0.1', '::ffff:8.8.8.8', '::1', 'localhost', '', undefined])(
  '%s is not',
  (address) => {
    expect(isLocalNetwork(address)).toBe(false);
  },
);

test('tells by which addresses others reach this machine', () => {
  const one = (address: string, more: object = {}) =>
    ({ address, family: 'IPv4', internal: false, netmask: '', mac: '', cidr: null, ...more }) as never;
  expect(
    localAddresses({
      lo: [one('127.0.0.1', { internal: true })],
      auto: [one('169.254.3.4')],
      wifi: [one('192.168.1.20'), one('fe80::1', { family: 'IPv6' })],
      wan: [one('81.2.3.4')],
    }),
  ).toEqual(['192.168.1.20', '169.254.3.4']);
  expect(localAddresses({})).toEqual(['127.0.0.1']);
});
