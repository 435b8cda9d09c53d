/** The one table of who may do what: the routes' checks, the tests' matrix and the documentation are made from it. */

const READ = [
  'profile:read',
  'workflow:read',
  'execution:read',
  'approval:read',
  'event:read',
  'executor:read',
] as const;
const OPERATE = [
  'execution:start',
  'execution:cancel',
  'execution:terminate',
  'execution:pause',
  'execution:repair',
  'event:send',
] as const;
const WRITE = ['workflow:write', 'workflow:delete', 'workflow:publish'] as const;
const ADMINISTER = ['audit:read', 'key:manage', 'user:manage'] as const;

export const PERMISSIONS = [...READ, ...OPERATE, ...WRITE, 'approval:decide', ...ADMINISTER] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = {
  admin: PERMISSIONS,
  developer: [...READ, ...OPERATE, ...WRITE],
  operator: [...READ, ...OPERATE],
  approver: [...READ, 'approval:decide'],
  analyst: READ,
  viewer: READ,
} as const satisfies { readonly [role: string]: readonly Permission[] };
export type Role = keyof typeof ROLES;

const table: ReadonlyMap<string, readonly Permission[]> = new Map([
  ...Object.entries(ROLES),
  // The documents' default role is not among their own roles: it reads.
  ['user', ROLES.viewer],
]);

/** What a user may do: what the roles give and what was granted apart, cut down to the key's scopes where it has some. */
export function permissionsOf(holder: {
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly scopes: readonly string[];
}): ReadonlySet<Permission> {
  const granted = new Set<string>([...holder.roles.flatMap((role) => table.get(role) ?? []), ...holder.permissions]);
  return new Set(
    PERMISSIONS.filter(
      (permission) => granted.has(permission) && (holder.scopes.length === 0 || holder.scopes.includes(permission)),
    ),
  );
}
