import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adopt } from '../../bin/command-line/sync-adopt/adopt.ts';
import { type AdoptPoint, adoptStart } from '../../bin/command-line/sync-adopt/adopt-point.ts';
import type { Remark } from '../../bin/command-line/sync-adopt/adopt-report.ts';
import type { ObjectType } from '../../functions/hubspot/hubspot-api.ts';
import { PORTAL, SyncWorld, type WorldOptions } from './sync-world.ts';

const DAY_MS = 86_400_000;

/** A sync whose portal is held, so that what is taken in waits until it is released. */
export class AdoptUnderTest {
  readonly world: SyncWorld;
  readonly directory: string;
  remarks: Remark[] = [];
  /** The resume point that the last call left. */
  saved: AdoptPoint | undefined;

  private constructor(world: SyncWorld, directory: string) {
    this.world = world;
    this.directory = directory;
  }

  static async start(options?: WorldOptions): Promise<AdoptUnderTest> {
    const directory = await mkdtemp(join(tmpdir(), 'adopt-'));
    const under = new AdoptUnderTest(await SyncWorld.start(options), directory);
    await under.world.createKeyProperties();
    await under.world.functions().control.hold(PORTAL, under.world.clock.now() + DAY_MS);
    return under;
  }

  async close(): Promise<void> {
    await this.world.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** One call of the tool's core. `stopAfter`: it ends without a word after so many resume points. */
  async adopt(
    type: ObjectType,
    { dryRun = false, stopAfter = Number.POSITIVE_INFINITY }: { dryRun?: boolean; stopAfter?: number } = {},
  ): Promise<AdoptPoint> {
    const { store, api } = this.world.functions();
    let saves = 0;
    return adopt({
      store,
      owner: { portalId: PORTAL, type },
      hubspot: api(PORTAL),
      patience: { wait: async () => undefined, told: ({ reason }) => reason, onRetry: () => undefined },
      directory: join(this.directory, type),
      from: this.saved ?? adoptStart(dryRun),
      save: async (point) => {
        if (saves === stopAfter) throw new Crash('The tool was killed.');
        saves += 1;
        this.saved = point;
      },
      remark: (remark) => this.remarks.push(remark),
      now: this.world.clock.now,
      stop: new AbortController().signal,
    });
  }

  /** Ends the hold, and lets the sync come to rest. */
  async release(): Promise<void> {
    await this.world.functions().control.release(PORTAL);
    await this.world.settle();
  }
}

export class Crash extends Error {}
