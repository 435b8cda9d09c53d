import { expect, test } from 'vitest';
import { postgresAccount } from '../../src/dev/postgres-account.ts';

const NOBODY = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:nobody:/:/bin/false\n';
const POSTGRES = `${NOBODY}postgres:x:101:104::/var/lib/postgresql:/bin/bash\n`;

test.each([
  ['a plain user runs it as itself', POSTGRES, 1000, undefined],
  ['root runs it as postgres', POSTGRES, 0, { uid: 101, gid: 104 }],
  ['else as nobody', NOBODY, 0, { uid: 65_534, gid: 65_533 }],
  ['ids below zero, as on macOS', 'nobody:*:-2:-2::/:/bin/false', 0, { uid: 4_294_967_294, gid: 4_294_967_294 }],
  ['without a file of accounts', '', 0, { uid: 65_534, gid: 65_534 }],
])('%s', (_, passwd, uid, account) => {
  expect(postgresAccount(passwd, uid)).toEqual(account);
});
