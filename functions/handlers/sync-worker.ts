import { WorkerSlots } from '../sync/records/worker-slots.ts';
import { slotsPerPortal } from '../sync/sync-environment.ts';
import { answerBell } from '../sync/worker/answer-bell.ts';
import { bellHandler } from '../sync/worker/bell-handler.ts';
import { workerAccess } from '../worker-access.ts';

const { environment, table, ...shared } = workerAccess(process.env);
const access = {
  ...shared,
  slots: new WorkerSlots({ ...table, slotsPerPortal: slotsPerPortal(environment) }),
};

/** Brings contacts and products to HubSpot, a shard for each bell. */
export const handler = bellHandler((shard, deadline) => answerBell(access, shard, deadline), Date.now);
