import { EXECUTION_STATUSES } from '../../src/contract.ts';
import { createSqlSurface } from './sql-surface.ts';

/** A workflow `ran` in two tenants; in `default` with executions of every status. */
export async function createGaia() {
  const gaia = await createSqlSurface({
    system: { userId: 'system', tenant: 'default' },
    ann: { userId: 'ann', tenant: 'default' },
    stranger: { userId: 'system', tenant: 'other' },
  });
  const { as } = gaia;

  await gaia.asOwner(
    `insert into weft.users (tenant_id, id, email, username, name) values ('default', 'ann', 'ann@gaia.test', 'ann', 'Ann'), ('other', 'ann', 'ann@gaia.test', 'ann', 'Ann')`,
  );
  await gaia.createLogins();
  for (const user of ['system', 'stranger'] as const) {
    await as(user, `insert into gaia.gaia_workflow (workflow_code, workflow_name) values ('ran', 'Ran in ${user}')`);
    await as(
      user,
      `insert into gaia.gaia_workflow_version (workflow_code, version_number, workflow_data, is_current) values ('ran', '1.0', $1, 1)`,
      ['{"tasks": []}'],
    );
  }
  await as('system', `insert into gaia.gaia_workflow_template (template_code, template_name) values ('seeded', 'S')`);
  for (const status of EXECUTION_STATUSES)
    await gaia.asOwner(
      `insert into weft.workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, status,
         start_time, end_time, error_code, input, output)
       select tenant_id, $1, $1, workflow_id, id, 1, $1, '2026-11-01T10:00:00Z', '2026-11-01T10:00:01.5Z', 'E', '{"a":1}', '[2]'
       from weft.workflow_definitions where tenant_id = 'default'`,
      [status],
    );

  return gaia;
}

export type Gaia = Awaited<ReturnType<typeof createGaia>>;
