/** Why a checkpoint was taken. */

/** `start` is the state before the first step of a new run; `epoch` and `interval` come by the spec or by themselves. */
export const CHECKPOINT_REASONS = ['start', 'epoch', 'interval', 'pause', 'suspend', 'stop', 'finish'] as const;
export type CheckpointReason = (typeof CHECKPOINT_REASONS)[number];
