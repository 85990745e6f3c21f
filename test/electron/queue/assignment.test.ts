/** An order in the hands of a worker, without a server and without training: what it tells the owner. */

import { expect, it, onTestFinished } from 'vitest';
import type { JobListener, TrainHost } from '../../../electron/main/hosts/train-host-types.ts';
import { Assignment } from '../../../electron/queue/assignment.ts';
import type { FileCache } from '../../../electron/queue/file-shelf.ts';
import { decodeText, PROTOCOL, reportSchema, type Order, type Report } from '../../../electron/queue/protocol.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { parseRunSpec } from '../../../engine/spec/run-spec.ts';
import { irisSpec } from '../services/studio.ts';

const version = { protocol: PROTOCOL, engine: '0.1.0' } as const;

function order(): Order {
  const parsed = parseRunSpec(irisSpec());
  if (!parsed.ok) throw new Error('the spec of the test is wrong');
  return {
    ...version,
    owner: 'owner0000000',
    attempt: 'attempt00000',
    runId: 'k3v9x0c2m1qa' as RunId,
    spec: parsed.spec,
    kernels: 'reference',
    resumeFrom: null,
    elapsedMs: 0,
    scoreTest: 'never',
    data: { sha256: 'a'.repeat(64), file: null },
    initialWeights: null,
  };
}

it('fails a run whose checkpoint is too large to travel, instead of ending the worker', async () => {
  const news: Report['news'][] = [];
  const commands: string[] = [];
  let listener: JobListener | null = null;
  const pool = {
    train: (_job: unknown, given: JobListener) => {
      listener = given;
      return {
        command: (command: string) => commands.push(command),
        taken: () => undefined,
        allowEpochs: () => undefined,
      };
    },
  } as unknown as TrainHost;
  const assignment = new Assignment({
    order: order(),
    engine: version.engine,
    worker: { id: 'worker000000', name: 'here/1' },
    pool,
    files: {} as FileCache,
    folders: { datasetsFolder: '', baseFolder: '' },
    post: (letter) => news.push(decodeText(reportSchema, letter, version.engine).news),
    connectedSince: () => 0,
    ownerLives: () => Promise.resolve(true),
  });
  onTestFinished(() => assignment.hear({ ...control, yours: false }));
  const control = {
    ...version,
    attempt: 'attempt00000',
    yours: true,
    received: 0,
    command: 'run',
    taken: 0,
    epochLimit: null,
    singleSteps: 0,
  } as const;
  assignment.hear(control);
  await expect.poll(() => listener).not.toBeNull();
  listener!.message({
    type: 'checkpoint',
    step: 1,
    epoch: 1,
    elapsedMs: 1,
    best: false,
    reason: 'epoch',
    bytes: new Uint8Array(420_000_000),
  });
  expect(news.at(-1)?.message).toMatchObject({ type: 'failed', error: { code: 'internal' } });
  expect(commands.at(-1)).toBe('stop');
});
