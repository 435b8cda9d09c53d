import type { Lab } from './lab.ts';
import type { Violation } from './violation.ts';

/** Reset by somebody, or followed again after a restore, in this very moment: what it was counts no more. */
const isReopened = (id: string, at: string): string =>
  `exists (select from weft.execution_history h where h.execution_id = ${id} and h.event_type = 'workflow_reopened'
     and ${at} between h.created_at - interval '1 s' and h.created_at + interval '5 s')`;

/** I3: nothing leaves an end that Temporal has confirmed, unless it was opened again, or told anew, which is a later epoch. */
export async function checkEnds({ database }: Lab): Promise<readonly Violation[]> {
  const { rows } = await database.query(
    `select id, old_status, new_status, new_authority, at from chaos.journal j
       where old_authority = 2 and new_epoch is not distinct from old_epoch
         and (new_status is distinct from old_status or new_authority is distinct from 2)
         and not ${isReopened('j.id', 'j.at')}
     union all
     select id, 'nothing', new_status, new_authority, at from chaos.journal
       where old_authority is null and new_authority = 2
     order by at`,
  );
  return rows.map(({ id, old_status, new_status, new_authority }) => ({
    invariant: 'I3',
    execution: id,
    what: `from a confirmed ${old_status} to ${new_status ?? 'no row'} with authority ${new_authority ?? 'none'}`,
  }));
}

/** I6: the order of a row never goes down, unless its execution was opened again. */
export async function checkOrders({ database }: Lab): Promise<readonly Violation[]> {
  const { rows } = await database.query(
    `select what, was, came from chaos.order_drops d
       where not ${isReopened("split_part(what, ' ', 2)", 'd.at')} order by at`,
  );
  return rows.map(({ what, was, came }) => ({
    invariant: 'I6',
    execution: String(what).split(' ')[1] ?? null,
    what: `${what}: ${was} was followed by ${came}`,
  }));
}

/** From each end until the mirror showed it, ms, sorted; ends in the windows given are left out. */
export async function readLags(
  { database }: Lab,
  windows: readonly { readonly from: number; readonly to: number }[],
): Promise<readonly number[]> {
  const { rows } = await database.query<{ ended: Date; seen: Date }>(
    `select distinct on (id) end_time as ended, at as seen from chaos.journal
       where new_status in ('success', 'failed', 'cancelled', 'timeout') and end_time is not null order by id, at`,
  );
  return rows
    .map(({ ended, seen }) => ({ ended: ended.getTime(), lag: Math.max(0, seen.getTime() - ended.getTime()) }))
    .filter(({ ended }) => !windows.some(({ from, to }) => ended >= from && ended <= to))
    .map(({ lag }) => lag)
    .sort((a, b) => a - b);
}
