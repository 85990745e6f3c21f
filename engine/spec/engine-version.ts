/**
 * Counts up whenever the same spec, seed and kernels give other numbers than before, so that a run knows whether its
 * engine is still the one it began with.
 */
export const ENGINE_VERSION = 3;
